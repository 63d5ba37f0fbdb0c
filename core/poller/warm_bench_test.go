package poller_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"partnerdesk/core/poller"
	"partnerdesk/core/tenant"
)

// BenchmarkWarmTick is a tick of 10,000 tenants in which nobody is due, without the store's own work.
func BenchmarkWarmTick(b *testing.B) {
	w := newWorld(10000)
	now := time.Now()
	w.settings.PollInterval = time.Hour
	for _, t := range w.tenants {
		// The next try of each lies ahead.
		w.visits[t.Key] = tenant.Visit{Key: t.Key, Failures: 1, FailedAt: now, RetryAt: now.Add(24 * time.Hour)}
	}
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	var p *poller.Poller
	ticks := 0
	p = w.poller(func(o *poller.Options) {
		o.Log = slog.New(slog.DiscardHandler)
		o.Ticked = func(tenant.Tick, error) {
			if ticks == 1 {
				b.ResetTimer() // the first tick has read the roster
			}
			if ticks++; ticks > b.N+1 {
				cancel()
			}
			p.PollNow()
		}
	})
	p.Run(ctx)
	if w.rosters != 1 || w.begun() != 0 {
		b.Fatalf("the roster was read %d times, and %d visited", w.rosters, w.begun())
	}
}
