package poller_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"partnerdesk/core/keeper"
	"partnerdesk/core/online"
	"partnerdesk/core/poller"
	"partnerdesk/core/tenant"
)

func TestOneProcessPolls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(1)
		w.lease = tenant.Lease{Owner: other, Until: time.Now().Add(time.Minute)}
		if _, err := w.poller().Once(t.Context()); !errors.Is(err, poller.ErrHeld) {
			t.Errorf("got %v", err)
		}
		if w.begun() != 0 {
			t.Error("polled without the lease")
		}
		run(t, w.poller(), 2*time.Minute) // the other one has died; its lease ends
		if w.count("Cust1") < 3 {
			t.Errorf("took over for %d ticks only", w.count("Cust1"))
		}
	})
}

func TestAFreeLeaseIsTakenWithinASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(1)
		w.settings.PollInterval = time.Hour
		w.lease = tenant.Lease{Owner: other, Until: time.Now().Add(10*time.Second + time.Millisecond)}
		stop := start(t, w.poller())
		defer stop()
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if w.begun() != 0 {
			t.Error("polled without the lease")
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if w.begun() != 1 {
			t.Error("the lease is free, and nobody polls")
		}
	})
}

// program is a process's own view of the world, which sees that no other one polls at the same time.
type program struct {
	*world
	busy  *atomic.Pointer[program]
	mu    sync.Mutex
	calls int
}

func (p *program) Call(ctx context.Context, s keeper.Subject, as tenant.Actor, o keeper.CallOptions, do func(context.Context, online.Call) error) error {
	p.mu.Lock()
	if p.calls++; p.calls == 1 && !p.busy.CompareAndSwap(nil, p) {
		panic("two processes poll")
	}
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.calls--; p.calls == 0 {
			p.busy.Store(nil)
		}
	}()
	return p.world.Call(ctx, s, as, o, do)
}

func TestALeaseOutlastsEveryTick(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(30)
		w.settings.PollInterval = tenant.MinPollInterval
		w.enter = func(ctx context.Context, _ tenant.Key) error { return hang(ctx) }
		var both sync.WaitGroup
		var busy atomic.Pointer[program]
		for _, owner := range []tenant.Owner{me, other} {
			both.Go(func() {
				run(t, w.poller(func(o *poller.Options) { o.Owner, o.Keeper = owner, &program{world: w, busy: &busy} }), 10*time.Minute)
			})
		}
		both.Wait()
		if w.begun() < 30 {
			t.Errorf("%d visits", w.begun())
		}
	})
}

func TestALeaseIsRenewedThroughALongTick(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(1000)
		w.settings.PollInterval, w.settings.RequestBudget = time.Hour, 1
		stop := start(t, w.poller(func(o *poller.Options) { o.Budget = 1 }))
		defer stop()
		for range 30 {
			time.Sleep(time.Minute)
			synctest.Wait()
			w.mu.Lock()
			left := time.Until(w.lease.Until)
			w.mu.Unlock()
			// A process that is killed must not keep the lease for an hour.
			if left <= 0 || left > 3*time.Minute {
				t.Fatalf("the lease has %s left", left)
			}
		}
		if n := w.begun(); n < 900 {
			t.Errorf("%d visits", n)
		}
	})
}

func TestStandingByIsNoError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(1)
		w.lease = tenant.Lease{Owner: other, Until: time.Now().Add(time.Hour)}
		held := 0
		run(t, w.poller(func(o *poller.Options) {
			o.Ticked = func(_ tenant.Tick, err error) {
				if errors.Is(err, poller.ErrHeld) {
					held++
				}
			}
		}), 10*time.Minute-time.Second)
		if len(w.told("stands by")) != 1 || len(w.told("level=ERROR")) != 0 || held != 40 {
			t.Errorf("%d turns; the log says:\n%s", held, w.log.String())
		}
	})
}

// Who asks for the lease gets it in a second or two, also in the middle of a tick that has thousands to visit.
func TestTheLeaseIsHandedOverWhenAskedFor(t *testing.T) {
	for name, interval := range map[string]time.Duration{"in a long tick": time.Hour, "between ticks": 10 * time.Minute} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(5000)
				if interval < time.Hour {
					w.tenants = w.tenants[:3]
				}
				w.settings.PollInterval = interval
				w.enter = func(ctx context.Context, _ tenant.Key) error { return takes(ctx, 500*time.Millisecond) }
				stop := start(t, w.poller(func(o *poller.Options) { o.Budget = 10 }))
				time.Sleep(time.Minute)
				w.mu.Lock()
				w.lease.AskedBy, w.lease.AskedUntil = other, time.Now().Add(30*time.Second)
				w.mu.Unlock()
				time.Sleep(2 * time.Second)
				synctest.Wait()
				begun, saved := w.begun(), 0
				for _, v := range w.visits {
					if !v.LogOnAt.IsZero() {
						saved++
					}
				}
				if w.lease.Held(time.Now()) || saved != begun || begun == 0 || len(w.told("Handed the polling over to console on there, process 2")) != 1 {
					t.Errorf("held until %s; %d of %d results are saved", w.lease.Until, saved, begun)
				}
				// Who asked does not come: the other one goes on.
				time.Sleep(interval + 40*time.Second)
				stop()
				if w.begun() == begun {
					t.Error("nobody polls")
				}
			})
		})
	}
}

func TestTheOneWhoAskedTakesTheLeaseAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(3)
		w.settings.PollInterval = time.Hour
		first := start(t, w.poller())
		defer first()
		time.Sleep(time.Second / 2)
		second := start(t, w.poller(func(o *poller.Options) { o.Owner = other }))
		defer second()
		time.Sleep(time.Minute)
		w.mu.Lock()
		w.lease.AskedBy, w.lease.AskedUntil = other, time.Now().Add(30*time.Second)
		w.mu.Unlock()
		time.Sleep(2 * time.Second)
		synctest.Wait()
		w.mu.Lock()
		defer w.mu.Unlock()
		if !w.lease.Same(other) || !w.lease.Held(time.Now()) {
			t.Errorf("the lease is %+v", w.lease)
		}
	})
}

func TestPollNowVisitsWhoIsAskedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(2)
		w.settings.PollInterval = time.Hour
		p := w.poller()
		stop := start(t, p)
		defer stop()
		synctest.Wait()
		w.forgive("Cust1")
		p.PollNow()
		synctest.Wait()
		if a, b := w.count("Cust1"), w.count("Cust2"); a != 2 || b != 1 {
			t.Errorf("visited %d and %d times", a, b)
		}
	})
}

func TestTheLoopSaysThatItLives(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(500)
		alive := 0
		run(t, w.poller(func(o *poller.Options) { o.Budget, o.Alive = 10, func() { alive++ } }), time.Minute)
		if alive < 50 {
			t.Errorf("said so %d times in a minute", alive)
		}
	})
}
