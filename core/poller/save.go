package poller

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"partnerdesk/core/tenant"
)

const (
	// saveEvery is how often results are saved in the middle of a tick, and batchSize how many at most in one
	// transaction, and how many make it come earlier.
	saveEvery = time.Second
	batchSize = 500
)

// result is what a visit came to, on its way to the store.
type result struct {
	visit tenant.Visit
	count func(*tenant.Tick)
	line  line
}

// line is what the journal is told of a visit once its result is stored.
type line struct {
	level slog.Level
	text  string
	attrs []slog.Attr
}

// unsaved are the results that the store has yet to get, one a tenant: where it has trouble for long, a later visit
// takes the place of the earlier one. Guarded by the poller's mu.
type unsaved struct {
	order   []tenant.Key
	results map[tenant.Key]*result
}

func (u *unsaved) add(r *result) {
	if u.results == nil {
		u.results = map[tenant.Key]*result{}
	}
	earlier := u.results[r.visit.Key]
	u.results[r.visit.Key] = r
	if earlier == nil {
		u.order = append(u.order, r.visit.Key)
		return
	}
	// What was news then is news now, and what was counted is counted.
	r.line.level = max(r.line.level, earlier.line.level)
	count := r.count
	r.count = func(t *tenant.Tick) { earlier.count(t); count(t) }
}

// take removes up to n results, the oldest first.
func (u *unsaved) take(n int) []*result {
	var taken []*result
	for len(u.order) > 0 && len(taken) < n {
		k := u.order[0]
		u.order = u.order[1:]
		if r := u.results[k]; r != nil {
			taken = append(taken, r)
			delete(u.results, k)
		}
	}
	return taken
}

// putBack returns results that could not be saved. Those that have come meanwhile are newer.
func (u *unsaved) putBack(results []*result) {
	newer := u.take(len(u.order))
	for _, r := range results {
		u.add(r)
	}
	for _, r := range newer {
		u.add(r)
	}
}

// stands reports whether a result still counts beside what is stored: a failure that a person has answered does not.
func stands(result, stored tenant.Visit) bool {
	return result.Trouble == nil || result.Forgiven == stored.Forgiven
}

// unsavedCount returns how many results wait for the store.
func (s *shift) unsavedCount() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.unsaved.results)
}

// save writes the results of visits that have ended to the store, and then their lines to the journal. Where the
// store has trouble, they are kept for the next time, and nothing is said of them.
func (s *shift) save(ctx context.Context) error {
	for {
		s.mu.Lock()
		batch := s.unsaved.take(batchSize)
		s.mu.Unlock()
		if len(batch) == 0 {
			return nil
		}
		visits := make([]tenant.Visit, len(batch))
		for i, r := range batch {
			visits[i] = r.visit
		}
		bounded, cancel := s.storing()
		err := s.Store.SaveVisits(bounded, visits)
		cancel()
		if err != nil {
			err = fmt.Errorf("save visits: %w", err)
			s.mu.Lock()
			s.unsaved.putBack(batch)
			s.mu.Unlock()
			s.logTrouble(ctx, "The results of visits could not be saved; they are kept and saved later", err)
			return err
		}
		s.tell(ctx, batch)
	}
}

// tell counts results that are stored, and tells of them.
func (s *shift) tell(ctx context.Context, batch []*result) {
	s.mu.Lock()
	for _, r := range batch {
		r.count(&s.counts)
	}
	s.mu.Unlock()
	for _, r := range batch {
		s.Log.LogAttrs(ctx, r.line.level, r.line.text, r.line.attrs...)
	}
}
