package poller_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"partnerdesk/core/keeper"
	"partnerdesk/core/online"
	"partnerdesk/core/tenant"
)

func TestEveryActiveTenantIsLoggedOnAtEveryTick(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(3)
		w.tenants[2].Active = false
		run(t, w.poller(), time.Minute-time.Second) // ticks at 0, 15, 30 and 45 s
		if a, b, c := w.count("Cust1"), w.count("Cust2"), w.count("Cust3"); a != 4 || b != 4 || c != 0 {
			t.Errorf("logged on %d, %d and %d times", a, b, c)
		}
		if v := w.visit("Cust1"); v.LogOnAs != "api-user" || v.State != tenant.StateRunning || v.API != "https://x/api" {
			t.Errorf("the visit is %+v", v)
		}
		if w.released != 1 || w.lease.Held(time.Now()) {
			t.Error("the lease was not given back")
		}
	})
}

func TestATenantsFailureTouchesNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(2)
		w.enter = func(_ context.Context, k tenant.Key) error {
			if k.ContextID == "Cust1" {
				return temporary("the tenant is down")
			}
			return nil
		}
		run(t, w.poller(), time.Hour)
		if n := w.count("Cust2"); n < 240 {
			t.Errorf("the healthy tenant was logged on %d times in an hour", n)
		}
		// Resting 15 s, 30 s, 1, 2, 4, 8 and 15 minutes, each with half a step of jitter.
		if n := w.count("Cust1"); n < 6 || n > 20 {
			t.Errorf("the failing tenant was tried %d times in an hour", n)
		}
		v := w.visit("Cust1")
		if rest := v.RetryAt.Sub(v.FailedAt); rest > 15*time.Minute || v.Trouble == nil || v.Trouble.Why != "the tenant is down" {
			t.Errorf("the visit is %+v", v)
		}
	})
}

func TestAHealedTenantIsWellAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(1)
		broken := time.Now().Add(5 * time.Minute)
		w.enter = func(context.Context, tenant.Key) error {
			if time.Now().Before(broken) {
				return temporary("down")
			}
			return nil
		}
		run(t, w.poller(), time.Hour)
		if v := w.visit("Cust1"); v.Failures != 0 || v.Trouble != nil || v.LogOnAt.IsZero() || w.tenants[0].Verdict(tenant.ProofsOf(v, tenant.Exchanges{}), time.Now()) != tenant.Well {
			t.Errorf("the visit is %+v", v)
		}
	})
}

func TestAHealedTenantIsNewsEvenIfItWasForgiven(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(1)
		k := w.tenants[0].Key
		w.visits[k] = tenant.Visit{Key: k, LogOnAt: time.Now().Add(-2 * time.Minute), LogOnAs: "api-user", FailedAt: time.Now().Add(-time.Minute)}
		p := w.poller()
		for range 3 {
			if _, err := p.Once(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if lines := w.told("Logged on to context Cust1 as api-user"); len(lines) != 1 {
			t.Errorf("told %d times", len(lines))
		}
	})
}

func TestALastingFailureRestsUntilAPersonOrASlowRetry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(1)
		w.enter = func(context.Context, tenant.Key) error {
			return &tenant.Problem{Op: "x", Explanation: tenant.CauseRevoked.Explain("Revoked.", "", "")}
		}
		run(t, w.poller(), 3*time.Hour-time.Minute)
		if n := w.count("Cust1"); n != 3 {
			t.Errorf("tried %d times in three hours", n)
		}
		if w.tenants[0].Verdict(tenant.ProofsOf(w.visit("Cust1"), tenant.Exchanges{}), time.Now()) != tenant.NeedsAttention {
			t.Error("the tenant does not need attention")
		}
		if last := w.lastTick(); last.Attention != 1 || last.Resting != 0 {
			t.Errorf("the tick counts it otherwise than its verdict does: %+v", last)
		}
	})
}

func TestATenantThatDoesNotRunRestsUntilItsStatusEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(1)
		until := time.Now().Add(4 * time.Minute)
		w.statuses[w.tenants[0].Key] = online.Status{State: tenant.StateOfflineMaintenance, ValidUntil: until}
		w.enter = func(context.Context, tenant.Key) error {
			return &tenant.Problem{Op: "enter", Err: &keeper.NotRunning{State: tenant.StateOfflineMaintenance}, Explanation: tenant.CauseMaintenance.Explain("", "maintenance", "")}
		}
		tick, err := w.poller().Once(t.Context())
		if err != nil || tick.Resting != 1 || tick.Failed != 0 {
			t.Errorf("the tick is %+v, %v", tick, err)
		}
		if v := w.visit("Cust1"); !v.RetryAt.Equal(until) || v.State != tenant.StateOfflineMaintenance {
			t.Errorf("the visit is %+v", v)
		}
	})
}

// What a tenant's failure says of a time that has not come yet was noted under a clock that was wrong.
func TestAFailureOfAClockThatWasAheadDoesNotRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(2)
		for i, ahead := range []time.Duration{0, 48 * time.Hour} {
			w.visits[w.tenants[i].Key] = tenant.Visit{Key: w.tenants[i].Key, Failures: 1,
				FailedAt: time.Now().Add(ahead), RetryAt: time.Now().Add(ahead + time.Hour)}
		}
		run(t, w.poller(), time.Minute)
		if w.count("Cust1") != 0 || w.count("Cust2") == 0 {
			t.Errorf("%d and %d visits", w.count("Cust1"), w.count("Cust2"))
		}
	})
}

func TestASlowTenantIsVisitedOnceAtATimeAndTicksStartOnTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(1)
		w.enter = func(ctx context.Context, _ tenant.Key) error {
			select {
			case <-time.After(19 * time.Second): // longer than a tick, shorter than a visit may take
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		run(t, w.poller(), 5*time.Minute)
		if w.twice || w.count("Cust1") < 8 {
			t.Errorf("%d visits in five minutes of 19 s each, two at once: %t", w.count("Cust1"), w.twice)
		}
		for i, tick := range w.ticks {
			if at := tick.At.Sub(w.ticks[0].At); at != time.Duration(i)*15*time.Second {
				t.Errorf("tick %d began after %s", i, at)
			}
		}
	})
}

func TestAVisitsRequestsAreMadeOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(3)
		if _, err := w.poller().Once(t.Context()); err != nil || w.once != 3 {
			t.Errorf("%d of 3 visits asked for it, %v", w.once, err)
		}
	})
}

func TestDemonstrationExchangesAtEveryTick(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(2)
		w.settings.Demonstration = true
		run(t, w.poller(), time.Minute-time.Second)
		if w.fresh != 8 {
			t.Errorf("%d exchanges in four ticks of two tenants", w.fresh)
		}
	})
}
