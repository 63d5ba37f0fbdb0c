package poller

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"partnerdesk/core/journal"
	"partnerdesk/core/tenant"
)

// leaseFor is how long the lease lasts after each renewal: two ticks, so that another process takes over soon when
// this one is no more, but with long intervals no more than two minutes. The loop renews it in time, in the middle
// of a tick too.
func leaseFor(interval time.Duration) time.Duration {
	return max(2*min(interval, time.Minute), minLease)
}

// minLease outlasts a store that is slow for a moment.
const minLease = 20 * time.Second

// take takes the lease or keeps it.
func (s *shift) take(ctx context.Context) error {
	bounded, cancel := s.storing()
	defer cancel()
	lease, ours, err := s.Store.TakeLease(bounded, s.Owner, leaseFor(s.interval()))
	if err != nil {
		return fmt.Errorf("take the poller lease: %w", err)
	}
	if !ours {
		if !lease.Held(s.Now()) { // it waits for who has asked for it
			lease.Owner = lease.AskedBy
		}
		return s.held(ctx, lease)
	}
	if !s.holding {
		s.won(ctx)
	}
	s.signals.Lease = lease
	return nil
}

// won begins to poll. Another process may have polled until now, so that nothing is known.
func (s *shift) won(ctx context.Context) {
	s.holding = true
	s.endVisits()
	s.visits, s.endVisits = context.WithCancel(context.WithoutCancel(ctx))
	s.mu.Lock()
	defer s.mu.Unlock()
	s.entries, s.other = nil, tenant.Owner{}
}

// held notes once who polls instead.
func (s *shift) held(ctx context.Context, lease tenant.Lease) error {
	s.holding = false
	s.mu.Lock()
	known := s.other.Same(lease.Owner)
	s.other = lease.Owner
	s.mu.Unlock()
	if !known {
		s.Log.InfoContext(ctx, "Another process polls; this one stands by", journal.Step(tenant.StepPoll),
			slog.String("holder", words(lease.Owner)))
	}
	return &tenant.Problem{Op: "take the poller lease", Err: ErrHeld, Explanation: tenant.CauseElsewhere.Explain(
		fmt.Sprintf("The %s on %s (process %d) polls already.", lease.Program, lease.Host, lease.PID),
		"One process polls at a time.", "Its results appear here too.")}
}

// look reads the signals, and renews the lease where half of it is over.
func (s *shift) look(ctx context.Context) {
	if s.Alive != nil {
		s.Alive()
	}
	bounded, cancel := s.storing()
	defer cancel()
	signals, err := s.Store.Signals(bounded)
	if err != nil {
		s.logTrouble(ctx, "The poller could not look at what has changed", err)
		return
	}
	s.signals = signals
	if !s.holding {
		return
	}
	now := s.Now()
	if !signals.Lease.Same(s.Owner) || !signals.Lease.Held(now) {
		// The machine slept, or the clock was set: another process may poll, or have polled.
		s.holding = false
		return
	}
	if whole := leaseFor(s.interval()); signals.Lease.Until.Sub(now) < whole/2 && !s.asked() {
		if err := s.take(ctx); err != nil && !errors.Is(err, ErrHeld) {
			s.logTrouble(ctx, "The poller could not renew its lease", err)
		}
	}
}

// asked reports whether another process waits for the lease.
func (s *shift) asked() bool {
	l := s.signals.Lease
	return l.Asked(s.Now()) && !l.AskedBy.Same(s.Owner)
}

// free reports whether the lease is there to be taken by this process.
func (s *shift) free() bool {
	return (s.signals.Lease.Same(s.Owner) || !s.signals.Lease.Held(s.Now())) && !s.asked()
}
