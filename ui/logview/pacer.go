package logview

import (
	"sync"
	"time"
)

// pacer runs a function on the UI thread after it was asked to, at most once in
// an interval however often it is asked, and never while an earlier run is still
// waiting for the UI thread. It does nothing while nobody asks.
type pacer struct {
	interval time.Duration
	do       func(func())
	run      func()

	mu      sync.Mutex
	pending bool
	closed  bool
	last    time.Time // when run began last
	timer   *time.Timer
	timers  sync.WaitGroup
}

// ask may be called from any goroutine.
func (p *pacer) ask() {
	p.mu.Lock()
	if p.closed || p.pending {
		p.mu.Unlock()
		return
	}
	p.pending = true
	wait := p.interval - time.Since(p.last)
	if wait > 0 {
		p.timers.Add(1)
		p.timer = time.AfterFunc(wait, func() {
			defer p.timers.Done()
			p.do(p.fire)
		})
	}
	p.mu.Unlock()
	if wait <= 0 {
		p.do(p.fire) // not under the lock: do may run it here and now
	}
}

func (p *pacer) fire() {
	p.mu.Lock()
	p.pending = false
	p.last = time.Now()
	closed := p.closed
	p.mu.Unlock()
	if !closed {
		p.run()
	}
}

// close waits for a timer that is just going off; nothing runs afterwards.
func (p *pacer) close() {
	p.mu.Lock()
	p.closed = true
	if p.timer != nil && p.timer.Stop() {
		p.timers.Done()
	}
	p.timer = nil
	p.mu.Unlock()
	p.timers.Wait()
}
