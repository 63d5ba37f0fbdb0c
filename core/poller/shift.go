package poller

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"partnerdesk/core/journal"
	"partnerdesk/core/tenant"
)

const (
	// grace is how long visits under way may take to end by themselves once the poller is told to stop or to
	// hand over: an exchange that is cut off has written its row in the customer's database for nothing.
	grace = 3 * time.Second
	// endWithin is how long a visit that was cancelled is waited for.
	endWithin = 500 * time.Millisecond
	// saveWithin and leaveWithin bound the store's last pieces of work, from the moment of the stop.
	saveWithin  = 4200 * time.Millisecond
	leaveWithin = 4900 * time.Millisecond
	// storeTimeout bounds any other piece of work of the store.
	storeTimeout = 10 * time.Second
	// lookEvery is how often the signals are looked at.
	lookEvery = time.Second
)

// shift is one Run or one Once, from its coming to its leaving. Its loop's goroutine alone talks to the store
// and changes the fields that mu is not named for.
type shift struct {
	*Poller
	// store outlives the context of Run by as much as it takes to leave in order.
	store    context.Context
	endStore context.CancelFunc
	unhook   func() bool
	leaveBy  time.Time // by the machine's clock; guarded by mu

	holding  bool
	signals  tenant.Signals
	settings tenant.Settings // of the last roster
	revision uint64          // of the last roster
	loaded   time.Time       // when it was read
	loadTook time.Duration   // how long that took
	cadence  time.Time       // when the last regular tick began
	next     time.Time       // when the next one is to begin
	cutShort bool            // the last tick ended early for the sake of another at once

	visits    context.Context // of visits under way
	endVisits context.CancelFunc
	news      chan struct{} // says that a visit has ended, or is no longer waited for

	// Guarded by mu:
	entries map[tenant.Key]*entry // nil before the first roster
	// switchedOff are the entries of tenants whose visits are still under way: should one be switched on again meanwhile,
	// there must not be a second one beside it.
	switchedOff map[tenant.Key]*entry
	young       int // visits under way that the tick waits for
	underWay    int
	unsaved     unsaved
	counts      tenant.Tick // of visits that were saved since the last tick's end
}

func (p *Poller) newShift(ctx context.Context) *shift {
	s := &shift{Poller: p, settings: tenant.DefaultSettings(), news: make(chan struct{}, 1),
		switchedOff: map[tenant.Key]*entry{}}
	s.store, s.endStore = context.WithCancel(context.WithoutCancel(ctx))
	s.visits, s.endVisits = context.WithCancel(context.WithoutCancel(ctx))
	s.unhook = context.AfterFunc(ctx, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.leaveBy = time.Now().Add(leaveWithin)
		time.AfterFunc(saveWithin, s.endStore)
	})
	return s
}

// interval is the time between two regular ticks.
func (s *shift) interval() time.Duration {
	switch {
	case s.Interval != 0:
		return s.Interval
	case tenant.CheckPollInterval(s.settings.PollInterval) != nil:
		return tenant.DefaultPollInterval
	}
	return s.settings.PollInterval
}

// storing bounds one piece of work of the store.
func (s *shift) storing() (context.Context, context.CancelFunc) {
	return context.WithTimeout(s.store, storeTimeout)
}

// await waits for the next tick and tells what kind it is. Once a second it saves what late visits have left and
// looks at the signals.
func (s *shift) await(ctx context.Context) kind {
	if s.cutShort {
		s.cutShort = false
		return extra
	}
	for {
		if s.holding && s.asked() {
			s.settle(ctx)
			s.handOver(ctx)
		}
		left := s.next.Sub(s.Now())
		if left <= 0 || ctx.Err() != nil {
			return regular
		}
		woken := s.pause(ctx, min(left, lookEvery))
		if ctx.Err() != nil {
			return regular
		}
		if s.unsavedCount() > 0 {
			_ = s.save(ctx) // it has told of its trouble, and the next second tries again
		}
		s.look(ctx)
		switch {
		case !s.holding && (woken || s.free()):
			return regular
		case s.holding && !s.asked() && (woken || s.signals.Roster != s.revision):
			return extra
		}
	}
}

// settle waits for visits under way to end: by themselves within the grace, and cancelled after that. What they
// learned is saved.
func (s *shift) settle(ctx context.Context) {
	for _, within := range []time.Duration{grace, endWithin} {
		over := time.NewTimer(within)
		for waiting := s.visiting() > 0; waiting; waiting = waiting && s.visiting() > 0 {
			select {
			case <-s.news:
			case <-over.C:
				waiting = false
			}
		}
		over.Stop()
		if within == grace {
			s.endVisits()
		}
	}
	_ = s.save(ctx) // it has told of its trouble
}

// visiting returns how many visits are under way.
func (s *shift) visiting() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.underWay
}

// leave ends the shift: nothing of it runs any more, and the lease is given back.
func (s *shift) leave(ctx context.Context) {
	s.settle(ctx)
	s.release(ctx)
	s.unhook()
	s.endStore()
}

// release gives the lease back even when ctx has ended, which is why Run is being left.
func (s *shift) release(ctx context.Context) {
	s.mu.Lock()
	by := s.leaveBy
	s.mu.Unlock()
	if by.IsZero() {
		by = time.Now().Add(grace)
	}
	bounded, cancel := context.WithDeadline(context.WithoutCancel(ctx), by)
	defer cancel()
	s.holding = false
	if err := s.Store.ReleaseLease(bounded, s.Owner); err != nil {
		s.Log.WarnContext(bounded, "Could not give the poller lease back; it ends by itself", journal.Failure(err))
	}
}

// handOver gives the lease to who has asked for it.
func (s *shift) handOver(ctx context.Context) {
	to := s.signals.Lease.AskedBy
	s.release(ctx)
	s.mu.Lock()
	s.other = to // so that its taking the lease is no news
	s.mu.Unlock()
	s.Log.InfoContext(ctx, "Handed the polling over to "+words(to)+"; this one stands by", journal.Step(tenant.StepPoll),
		slog.String("holder", words(to)))
}

// words names a process for people.
func words(o tenant.Owner) string {
	return fmt.Sprintf("%s on %s, process %d", o.Program, o.Host, o.PID)
}
