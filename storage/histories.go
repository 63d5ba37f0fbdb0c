package storage

import (
	"context"
	"fmt"
	"time"

	"partnerdesk/core/tenant"
)

type historyRecord struct {
	Changes []tenant.Change `json:"changes"`
}

// histories are kept in a bucket of their own, as nobody reads them but for the one tenant that is looked at.
var histories = table[tenant.History, historyRecord]{
	bucket: bucketHistories,
	noun:   "history",
	pack:   func(h tenant.History, _ *box) historyRecord { return historyRecord{Changes: h.Changes} },
	unpack: func(r historyRecord, x *box) tenant.History {
		return tenant.History{Key: tenantKey(x.key), Changes: r.Changes}
	},
}

// noteChange adds a change to a tenant's history. It says nothing of a tenant whose history cannot be trusted: it
// begins anew.
func noteChange(w *work, key tenant.Key, c tenant.Change) error {
	h, err := histories.orNone(w, recordKey(key))
	if err != nil {
		return err
	}
	c.At = c.At.UTC()
	return histories.put(w, recordKey(key), h.Then(c))
}

// noteTurn adds to a tenant's history what has changed, at a time, in what is known of its visits. Nearly always
// nothing has, and then it reads and writes nothing: it is asked for every visit of every tenant.
func noteTurn(w *work, before, after tenant.Visit, at time.Time) error {
	c := after.Fares()
	if c.Like(before.Fares()) {
		return nil
	}
	c.At = at
	return noteChange(w, after.Key, c)
}

// noteSwitch adds to a tenant's history that a person has switched it on or off.
func noteSwitch(w *work, key tenant.Key, on bool) error {
	verdict := tenant.Inactive
	if on {
		verdict = tenant.Unknown // until the next visit
	}
	return noteChange(w, key, tenant.Change{At: w.now(), Verdict: verdict})
}

// History returns how a tenant fared since a time, and when somebody looked. Those of the last 24 hours are kept.
func (s *Store) History(ctx context.Context, key tenant.Key, since time.Time) (tenant.History, error) {
	var h tenant.History
	err := s.view(ctx, "read history", func(w *work) (err error) {
		if h, err = histories.orNone(w, recordKey(key)); err != nil {
			return err
		}
		h.Key = key
		h.Polled, err = polledSince(w, since)
		return err
	})
	return h, err
}

// polledSince tells from the keys of the ticks alone when a poller was at work: there are thousands.
func polledSince(w *work, since time.Time) ([]tenant.Stretch, error) {
	b, err := ticks.in(w)
	if err != nil {
		return nil, err
	}
	chosen, err := readSettings(w)
	if err != nil {
		chosen = tenant.DefaultSettings() // the stretches are then as good as they can be
	}
	var times []time.Time
	cursor := b.Cursor()
	for k, _ := cursor.Seek([]byte(tickKey(since))); k != nil; k, _ = cursor.Next() {
		if at, err := time.Parse(tickForm, string(k)); err == nil {
			times = append(times, at)
		}
	}
	pause, now := tickPause(chosen.PollInterval), w.now().UTC()
	if n := len(times); n > 0 && times[n-1].Before(now) && now.Sub(times[n-1]) <= pause {
		times = append(times, now) // somebody is about to tick again
	}
	return tenant.PolledStretches(times, pause), nil
}

// tickPause is the longest time between two ticks that is no interruption: two intervals, and the time that a slow
// tick may take.
func tickPause(interval time.Duration) time.Duration { return 2*interval + 2*time.Minute }

// seedHistories begins the history of each tenant with how it fares.
func seedHistories(w *work) error {
	known, err := visits.byTenant(w)
	if err != nil {
		return err
	}
	for key, v := range known {
		if at := v.LookedAt(); !at.IsZero() {
			if err := noteTurn(w, tenant.Visit{}, v, at); err != nil {
				return fmt.Errorf("begin the history of %s: %w", key, err)
			}
		}
	}
	return nil
}
