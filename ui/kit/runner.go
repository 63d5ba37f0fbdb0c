package kit

import (
	"context"
	"sync"
	"time"
)

// slowAfter is how long work may take before the window offers to cancel it.
const slowAfter = 200 * time.Millisecond

// Runner owns every goroutine of the window. It is the one place where work leaves the user interface's
// goroutine and where results come back to it.
type Runner struct {
	// Ctx ends when the window is closed.
	Ctx    context.Context
	cancel context.CancelFunc
	do     func(func())

	mu     sync.Mutex
	closed bool
	group  sync.WaitGroup
}

// NewRunner makes a runner whose work ends with ctx at the latest. Do runs a function on the user interface's goroutine and
// does not wait for it.
func NewRunner(ctx context.Context, do func(func())) *Runner {
	ctx, cancel := context.WithCancel(ctx)
	return &Runner{Ctx: ctx, cancel: cancel, do: do}
}

// Spawn runs work in a goroutine that [Runner.Close] waits for. After that it does nothing.
func (r *Runner) Spawn(work func(ctx context.Context)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return
	}
	r.group.Go(func() { work(r.Ctx) })
}

// Hop runs f on the user interface's goroutine, unless the window has been closed by then.
func (r *Runner) Hop(f func()) {
	if r.Ctx.Err() != nil {
		return
	}
	r.do(func() {
		if r.Ctx.Err() == nil {
			f()
		}
	})
}

// Close cancels all work and waits for it. No goroutine ever waits for the user interface, so that it may
// be called from there.
func (r *Runner) Close() {
	r.mu.Lock()
	r.closed = true
	r.mu.Unlock()
	r.cancel()
	r.group.Wait()
}

// Job is one piece of work that [Perform] has started. Its fields belong to the user interface's goroutine.
type Job struct {
	Ctx      context.Context
	Cancel   context.CancelFunc
	Finished bool
}

// Perform runs work off the user interface's goroutine and then done on it, once, unless the window has been
// closed by then. slow is called before that when the work takes longer than a person takes for instant; it
// may be nil.
func Perform[T any](r *Runner, work func(ctx context.Context) (T, error), slow func(), done func(T, error)) *Job {
	ctx, cancel := context.WithCancel(r.Ctx)
	j := &Job{Ctx: ctx, Cancel: cancel}
	r.Spawn(func(context.Context) {
		defer cancel()
		if slow != nil {
			timer := time.AfterFunc(slowAfter, func() {
				r.Hop(func() {
					if !j.Finished {
						slow()
					}
				})
			})
			defer timer.Stop()
		}
		result, err := work(ctx)
		r.Hop(func() {
			j.Finished = true
			done(result, err)
		})
	})
	return j
}

// Act is [Perform] for work that yields nothing but success or failure.
func Act(r *Runner, work func(ctx context.Context) error, done func(error)) *Job {
	return Perform(r, func(ctx context.Context) (struct{}, error) { return struct{}{}, work(ctx) }, nil,
		func(_ struct{}, err error) { done(err) })
}
