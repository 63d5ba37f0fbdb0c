package poller_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"partnerdesk/core/keeper"
	"partnerdesk/core/poller"
	"partnerdesk/core/tenant"
)

func TestWhenTheIdentityProviderIsDownAllRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(100)
		down := time.Now().Add(time.Hour)
		w.enter = func(context.Context, tenant.Key) error {
			if time.Now().Before(down) {
				return providerDown()
			}
			return nil
		}
		p := w.poller(func(o *poller.Options) { o.Budget = 10 })
		stop := start(t, p)
		time.Sleep(30 * time.Minute)
		if s := p.Stats().Environments; len(s) != 1 || s[0].Breaker == "closed" {
			t.Errorf("the environments are %+v", s)
		}
		time.Sleep(30 * time.Minute)
		if n := w.begun(); n > 50 {
			t.Errorf("%d attempts in an hour of a provider that is down", n)
		}
		time.Sleep(16*time.Minute + 15*time.Second) // the longest wait, a half more by jitter, and a tick
		time.Sleep(8 * time.Minute)
		stop()
		for i := range 100 {
			if v := w.visit(fmt.Sprintf("Cust%d", i+1)); v.LogOnAt.IsZero() {
				t.Fatalf("tenant %d is still resting after the provider came back: %+v", i+1, v)
			}
		}
		broke, healed := w.told("does not work; its tenants rest"), w.told("works again")
		if len(broke) != 1 || len(healed) != 1 || !strings.Contains(broke[0], "sod.superoffice.com") || !strings.Contains(broke[0], "SuperOffice has trouble of its own.") {
			t.Errorf("told:\n%s%s", broke, healed)
		}
		if s := p.Stats().Environments; s[0].Breaker != "closed" {
			t.Errorf("the breaker is %s", s[0].Breaker)
		}
		// Those who were not visited meanwhile have no trouble.
		if n := len(w.told("Could not log on")); n > 50 {
			t.Errorf("%d tenants were said to fail", n)
		}
	})
}

// Visits that need neither a status nor an exchange prove nothing about the provider.
func TestATenantWithATicketDoesNotCloseTheBreaker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(40)
		w.cached = true
		down := time.Now().Add(time.Hour)
		w.enter = func(_ context.Context, k tenant.Key) error {
			if strings.HasSuffix(k.ContextID, "0") && time.Now().Before(down) { // some need the provider
				return providerDown()
			}
			return nil
		}
		stop := start(t, w.poller(func(o *poller.Options) { o.Budget = 10 }))
		time.Sleep(time.Hour)
		if broke, healed := w.told("does not work; its tenants rest"), w.told("works again"); len(broke) != 1 || len(healed) != 0 {
			t.Errorf("told:\n%s%s", broke, healed)
		}
		w.mu.Lock()
		w.cached = false
		w.mu.Unlock()
		time.Sleep(time.Hour)
		stop()
		if broke, healed := w.told("does not work; its tenants rest"), w.told("works again"); len(broke) != 1 || len(healed) != 1 {
			t.Errorf("told:\n%s%s", broke, healed)
		}
	})
}

func TestAProviderThatAsksForTimeGetsItFromAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(100)
		asks := fmt.Errorf("%w: %w", keeper.ErrProvider, tenant.WithRetryAfter(&tenant.Problem{
			Op: "exchange the system user token", Explanation: tenant.CauseProviderFailed.Explain("x", "", ""),
		}, 20*time.Minute))
		w.enter = func(ctx context.Context, _ tenant.Key) error { _ = takes(ctx, 100*time.Millisecond); return asks }
		stop := start(t, w.poller(func(o *poller.Options) { o.Budget = 1 }))
		time.Sleep(19 * time.Minute)
		if n := w.begun(); n > 3 { // those that were under way at once
			t.Errorf("%d visits before the time that it asked for was over", n)
		}
		w.mu.Lock()
		w.enter = nil
		w.mu.Unlock()
		time.Sleep(2 * time.Minute)
		stop()
		if n := w.begun(); n < 20 {
			t.Errorf("%d visits after it", n)
		}
		if broke, healed := w.told("does not work; its tenants rest"), w.told("works again"); len(broke) != 1 || len(healed) != 1 {
			t.Errorf("told:\n%s%s", broke, healed)
		}
	})
}

// While it is not known whether the provider works again, one visit at a time finds out.
func TestOneVisitAtATimeProbesTheProvider(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(100)
		down := true
		w.enter = func(ctx context.Context, _ tenant.Key) error {
			_ = takes(ctx, time.Second)
			if down {
				return providerDown()
			}
			return nil
		}
		stop := start(t, w.poller(func(o *poller.Options) { o.Budget = 100 }))
		defer stop()
		time.Sleep(time.Minute)
		w.mu.Lock()
		w.peak = 0
		w.mu.Unlock()
		time.Sleep(time.Hour)
		synctest.Wait()
		w.mu.Lock()
		defer w.mu.Unlock()
		if w.peak != 1 {
			t.Errorf("%d at once", w.peak)
		}
	})
}
