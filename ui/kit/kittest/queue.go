// Package kittest helps to test the window's regions: a stand-in for the user interface's goroutine, a store with two
// tenants that all tests know, and pictures to compare with.
package kittest

import (
	"sync"
	"testing"
	"time"
)

// Queue stands for the user interface's goroutine: what hops there runs when the test says so, on the test's own
// goroutine, so that the race detector sees the same order as in the real window.
type Queue struct {
	mu     sync.Mutex
	jobs   []func()
	signal chan struct{}
}

// NewQueue returns an empty queue.
func NewQueue() *Queue { return &Queue{signal: make(chan struct{}, 1)} }

// Do takes a job, from any goroutine. It is what a region is given in the place of fyne.Do.
func (q *Queue) Do(f func()) {
	q.mu.Lock()
	q.jobs = append(q.jobs, f)
	q.mu.Unlock()
	select {
	case q.signal <- struct{}{}:
	default:
	}
}

// Drain runs what has come so far, and what that brings.
func (q *Queue) Drain() {
	for {
		q.mu.Lock()
		jobs := q.jobs
		q.jobs = nil
		q.mu.Unlock()
		if len(jobs) == 0 {
			return
		}
		for _, f := range jobs {
			f()
		}
	}
}

// Await runs what comes until the condition holds. What does not come within a minute fails the test.
func (q *Queue) Await(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline := time.After(time.Minute)
	for {
		q.Drain()
		if holds() {
			return
		}
		select {
		case <-q.signal:
		case <-deadline:
			t.Fatalf("waited in vain: %s", what)
		}
	}
}
