package storage

import (
	"context"
	"time"

	"partnerdesk/core/tenant"
)

// keepTicks is how long the summaries of ticks are kept.
const keepTicks = 24 * time.Hour

// ticks are the summaries of a day, by the time of their beginning.
var ticks = table[tenant.Tick, tickRecord]{
	bucket: bucketTicks,
	noun:   "tick",
	pack: func(t tenant.Tick, _ *box) tickRecord {
		t.At = t.At.UTC()
		return tickRecord(t)
	},
	unpack: func(r tickRecord, _ *box) tenant.Tick { return tenant.Tick(r) },
}

// tickKey sorts as the times do.
func tickKey(at time.Time) string { return at.UTC().Format(tickForm) }

const tickForm = "2006-01-02T15:04:05.000000000"

// keepTick adds a tick and forgets those of more than a day ago, and those of a time so far ahead that a clock
// must have been wrong. A tick without tenants tells nothing.
func keepTick(w *work, t tenant.Tick, now time.Time) error {
	b, err := ticks.in(w)
	if err != nil {
		return err
	}
	oldest, newest := tickKey(now.Add(-keepTicks)), tickKey(now.Add(keepTicks))
	var gone []string // bbolt allows no changes while it walks
	cursor := b.Cursor()
	for k, _ := cursor.First(); k != nil && string(k) < oldest; k, _ = cursor.Next() {
		gone = append(gone, string(k))
	}
	for k, _ := cursor.Last(); k != nil && string(k) > newest; k, _ = cursor.Prev() {
		gone = append(gone, string(k))
	}
	for _, k := range gone {
		if err := ticks.remove(w, k); err != nil {
			return err
		}
	}
	if t.Active == 0 {
		return nil
	}
	return ticks.put(w, tickKey(t.At), t)
}

// Ticks returns the summaries of the ticks that began at since or later, the oldest first. Those of the last 24
// hours are kept.
func (s *Store) Ticks(ctx context.Context, since time.Time) ([]tenant.Tick, error) {
	var all []tenant.Tick
	err := s.view(ctx, "list ticks", func(w *work) error {
		b, err := ticks.in(w)
		if err != nil {
			return err
		}
		cursor := b.Cursor()
		for k, stored := cursor.Seek([]byte(tickKey(since))); k != nil; k, stored = cursor.Next() {
			t, err := ticks.decode(w, string(k), stored)
			if err != nil {
				continue // one that cannot be trusted is missing from a chart, and no more than that
			}
			all = append(all, t)
		}
		return nil
	})
	return all, err
}
