package storage

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// commitEvery is the time from one shared commit to the next. A change that comes alone is committed at once;
// those of a crowd wait for each other for so long, as each commit costs more than what is in it.
const commitEvery = 10 * time.Millisecond

// joint gathers small changes of many goroutines, for one commit.
type joint struct {
	// baton is held by the goroutine that commits for all.
	baton chan struct{}

	mu        sync.Mutex
	waiting   []*share
	committed time.Time
}

// share is what one goroutine wants in the next commit.
type share struct {
	op   string
	do   func(*work) error
	done chan struct{}
	err  error // to be read when done is closed
}

// updateTogether is update for small changes of which many may come at once: those that come within
// [commitEvery] share a transaction. It returns after the commit, with what became of this change alone. do may run
// more than once. When the commit is under way, the end of ctx no longer stops it.
func (s *Store) updateTogether(ctx context.Context, op string, do func(*work) error) error {
	j := &s.joint
	c := &share{op: op, do: do, done: make(chan struct{})}
	j.mu.Lock()
	j.waiting = append(j.waiting, c)
	j.mu.Unlock()
	select {
	case <-c.done:
	case <-ctx.Done():
	case j.baton <- struct{}{}:
		if pause(ctx, j.pauseFor(c)) == nil {
			s.commitTogether(ctx)
		}
		<-j.baton
	}
	if j.withdraw(c) {
		return fmt.Errorf("%s: wait for a commit: %w", op, context.Cause(ctx))
	}
	<-c.done
	return c.err
}

// pauseFor is how long a commit for c and all others is to wait for more of them.
func (j *joint) pauseFor(c *share) time.Duration {
	j.mu.Lock()
	defer j.mu.Unlock()
	if !slices.Contains(j.waiting, c) {
		return 0 // the one before has taken it along
	}
	return time.Until(j.committed.Add(commitEvery))
}

// withdraw takes a change back that no commit has taken up yet.
func (j *joint) withdraw(c *share) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	at := slices.Index(j.waiting, c)
	if at < 0 {
		return false
	}
	j.waiting = slices.Delete(j.waiting, at, at+1)
	return true
}

// commitTogether commits what waits. A change that fails is taken out, and the others are tried without it.
func (s *Store) commitTogether(ctx context.Context) {
	j := &s.joint
	j.mu.Lock()
	shares := j.waiting
	j.waiting = nil
	j.mu.Unlock()
	for len(shares) > 0 {
		at := -1
		err := s.update(context.WithoutCancel(ctx), "commit together", func(w *work) (err error) {
			at, err = apply(w, shares)
			return err
		})
		if at < 0 {
			finish(err, shares...)
			break
		}
		finish(err, shares[at])
		shares = slices.Delete(shares, at, at+1)
	}
	j.mu.Lock()
	j.committed = time.Now()
	j.mu.Unlock()
}

// apply makes all changes, and returns the place of the one that failed, or -1.
func apply(w *work, shares []*share) (int, error) {
	outcome := errUnchanged
	for i, c := range shares {
		err := c.do(w)
		switch {
		case err == nil:
			outcome = nil
		case !errors.Is(err, errUnchanged):
			return i, fmt.Errorf("%s: %w", c.op, err)
		}
	}
	return -1, outcome
}

func finish(err error, shares ...*share) {
	for _, c := range shares {
		c.err = err
		close(c.done)
	}
}
