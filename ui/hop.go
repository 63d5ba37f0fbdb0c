package ui

import (
	"context"
	"sync"
	"time"
)

// slowAfter is how long work may take before the window offers to cancel it.
const slowAfter = 200 * time.Millisecond

// runner owns every goroutine of the window. It is the one place where work leaves the user interface's
// goroutine and where results come back to it.
type runner struct {
	ctx    context.Context
	cancel context.CancelFunc
	do     func(func())

	mu     sync.Mutex
	closed bool
	group  sync.WaitGroup
}

func newRunner(ctx context.Context, do func(func())) *runner {
	ctx, cancel := context.WithCancel(ctx)
	return &runner{ctx: ctx, cancel: cancel, do: do}
}

// spawn runs work in a goroutine that close waits for. After close it does nothing.
func (r *runner) spawn(work func(ctx context.Context)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return
	}
	r.group.Go(func() { work(r.ctx) })
}

// hop runs f on the user interface's goroutine, unless the window has been closed by then.
func (r *runner) hop(f func()) {
	if r.ctx.Err() != nil {
		return
	}
	r.do(func() {
		if r.ctx.Err() == nil {
			f()
		}
	})
}

// close cancels all work and waits for it. No goroutine ever waits for the user interface, so that it may
// be called from there.
func (r *runner) close() {
	r.mu.Lock()
	r.closed = true
	r.mu.Unlock()
	r.cancel()
	r.group.Wait()
}

// job is one piece of work that perform has started. Its fields belong to the user interface's goroutine.
type job struct {
	ctx      context.Context
	cancel   context.CancelFunc
	finished bool
}

// perform runs work off the user interface's goroutine and then done on it, once, unless the window has been
// closed by then. slow is called before that when the work takes longer than a person takes for instant; it
// may be nil.
func perform[T any](r *runner, work func(ctx context.Context) (T, error), slow func(), done func(T, error)) *job {
	ctx, cancel := context.WithCancel(r.ctx)
	j := &job{ctx: ctx, cancel: cancel}
	r.spawn(func(context.Context) {
		defer cancel()
		if slow != nil {
			timer := time.AfterFunc(slowAfter, func() {
				r.hop(func() {
					if !j.finished {
						slow()
					}
				})
			})
			defer timer.Stop()
		}
		result, err := work(ctx)
		r.hop(func() {
			j.finished = true
			done(result, err)
		})
	})
	return j
}

// act is perform for work that yields nothing but success or failure.
func act(r *runner, work func(ctx context.Context) error, done func(error)) *job {
	return perform(r, func(ctx context.Context) (struct{}, error) { return struct{}{}, work(ctx) }, nil,
		func(_ struct{}, err error) { done(err) })
}
