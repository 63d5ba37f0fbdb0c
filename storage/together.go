package storage

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

const (
	// commitEvery is the time from one shared commit to the next, lookEvery that from one shared look to the next.
	// Who comes alone is served at once; a crowd waits for each other for so long, as to open the file, and still
	// more to commit, costs more than what each of them wants of it.
	commitEvery = 10 * time.Millisecond
	lookEvery   = 4 * time.Millisecond
)

// joint gathers what many goroutines want of the file, for one transaction.
type joint struct {
	// baton is held by the goroutine that opens the file for all.
	baton chan struct{}
	every time.Duration
	// transact is update or view.
	transact func(ctx context.Context, op string, do func(*work) error) error

	mu      sync.Mutex
	waiting []*share
	last    time.Time
}

func newJoint(every time.Duration, transact func(context.Context, string, func(*work) error) error) *joint {
	return &joint{baton: make(chan struct{}, 1), every: every, transact: transact}
}

// share is what one goroutine wants of the next transaction.
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
	return s.changes.do(ctx, op, do)
}

// viewTogether is view for small looks of which many may come at once. What it reads is as of now or later.
func (s *Store) viewTogether(ctx context.Context, op string, do func(*work) error) error {
	return s.looks.do(ctx, op, do)
}

func (j *joint) do(ctx context.Context, op string, do func(*work) error) error {
	c := &share{op: op, do: do, done: make(chan struct{})}
	j.mu.Lock()
	j.waiting = append(j.waiting, c)
	j.mu.Unlock()
	select {
	case <-c.done:
	case <-ctx.Done():
	case j.baton <- struct{}{}:
		if pause(ctx, j.pauseFor(c)) == nil {
			j.serve(ctx)
		}
		<-j.baton
	}
	if j.withdraw(c) {
		return fmt.Errorf("%s: wait for the others: %w", op, context.Cause(ctx))
	}
	<-c.done
	return c.err
}

// pauseFor is how long a transaction for c and all others is to wait for more of them.
func (j *joint) pauseFor(c *share) time.Duration {
	j.mu.Lock()
	defer j.mu.Unlock()
	if !slices.Contains(j.waiting, c) {
		return 0 // the one before has taken it along
	}
	return time.Until(j.last.Add(j.every))
}

// withdraw takes a share back that no transaction has taken up yet.
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

// serve does what waits. A share that fails is taken out, and the others are tried without it.
func (j *joint) serve(ctx context.Context) {
	j.mu.Lock()
	shares := j.waiting
	j.waiting = nil
	j.mu.Unlock()
	for len(shares) > 0 {
		at := -1
		err := j.transact(context.WithoutCancel(ctx), "work together", func(w *work) (err error) {
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
	j.last = time.Now()
	j.mu.Unlock()
}

// apply does all of it, and returns the place of the one that failed, or -1.
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
