package app

import (
	"context"
	"sync"

	"partnerdesk/core/poller"
)

// Polling owns the goroutine of this process's poller.
type Polling struct {
	root   context.Context
	poller *poller.Poller

	mu   sync.Mutex
	stop context.CancelFunc // nil while it does not run
	done chan struct{}
}

func newPolling(root context.Context, o poller.Options) *Polling {
	return &Polling{root: root, poller: poller.New(o)}
}

// Start lets the poller run; it does nothing if it runs.
func (p *Polling) Start() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stop != nil {
		return
	}
	ctx, stop := context.WithCancel(p.root)
	done := make(chan struct{})
	p.stop, p.done = stop, done
	go func() {
		defer close(done)
		p.poller.Run(ctx)
	}()
}

// Stop ends the poller and returns when nothing of it runs any more.
func (p *Polling) Stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stop == nil {
		return
	}
	p.stop()
	<-p.done
	p.stop, p.done = nil, nil
}

// Running reports whether the poller has been started.
func (p *Polling) Running() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.stop != nil
}

// Now makes a running poller begin a tick at once.
func (p *Polling) Now() { p.poller.PollNow() }
