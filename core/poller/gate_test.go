package poller_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"partnerdesk/core/keeper"
	"partnerdesk/core/online"
	"partnerdesk/core/poller"
	"partnerdesk/core/tenant"
)

func TestABudgetSmallerThanTheFleetLetsEveryoneHaveATurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(500)
		run(t, w.poller(func(o *poller.Options) { o.Budget = 10 }), 90*time.Second)
		least, most := 500, 0
		for i := range 500 {
			n := w.count(fmt.Sprintf("Cust%d", i+1))
			least, most = min(least, n), max(most, n)
		}
		if least < 1 || most > least+1 {
			t.Errorf("some were visited %d times, some %d times", least, most)
		}
		if limit := 10*90 + 10; len(w.calls) > limit {
			t.Errorf("%d visits in 90 s at 10 a second", len(w.calls))
		}
		if w.peak > 8 {
			t.Errorf("%d visits at once", w.peak)
		}
	})
}

func TestTheBudgetCountsRequests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(500)
		w.settings.Demonstration = true // each visit is an exchange and a log-on
		run(t, w.poller(func(o *poller.Options) { o.Budget = 10 }), time.Minute)
		if n := len(w.calls); n > (10*60+10)/2 {
			t.Errorf("%d visits of two requests in a minute at 10 requests a second", n)
		}
	})
}

func TestOneEnvironmentDoesNotStarveAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(400)
		for i := range 300 { // of the first environment, which hangs
			w.tenants[i].Registration = "slow"
			w.statuses[w.tenants[i].Key] = online.Status{}
		}
		w.enter = func(ctx context.Context, k tenant.Key) error {
			if k.Registration == "slow" {
				<-ctx.Done()
				return ctx.Err()
			}
			return nil
		}
		tick, err := w.poller().Once(t.Context())
		if err != nil || tick.LoggedOn != 100 {
			t.Errorf("the tick is %+v, %v", tick, err)
		}
	})
}

func TestWhenTheIdentityProviderIsDownAllRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(100)
		down := time.Now().Add(time.Hour)
		w.enter = func(context.Context, tenant.Key) error {
			if time.Now().Before(down) {
				return fmt.Errorf("%w: %w", keeper.ErrProvider, temporary("no answer"))
			}
			return nil
		}
		p := w.poller(func(o *poller.Options) { o.Budget = 10 })
		run(t, p, time.Hour)
		if n := len(w.calls); n > 200 {
			t.Errorf("%d attempts in an hour of a provider that is down", n)
		}
		run(t, p, time.Hour)
		for i := range 100 {
			if v := w.visit(fmt.Sprintf("Cust%d", i+1)); v.LogOnAt.IsZero() {
				t.Fatalf("tenant %d is still resting an hour after the provider came back: %+v", i+1, v)
			}
		}
	})
}

func TestAProviderThatAsksForTimeGetsItFromAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(100)
		asks := fmt.Errorf("%w: %w", keeper.ErrProvider, tenant.WithRetryAfter(&tenant.Problem{
			Op: "exchange the system user token", Explanation: tenant.CauseProviderFailed.Explain("x", "", ""),
		}, 20*time.Minute))
		w.enter = func(context.Context, tenant.Key) error { return asks }
		run(t, w.poller(func(o *poller.Options) { o.Budget = 1 }), 19*time.Minute)
		if n := len(w.calls); n > 8 { // those that were under way at once
			t.Errorf("%d visits before the time that it asked for was over", n)
		}
	})
}
