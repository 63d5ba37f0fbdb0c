package poller_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"partnerdesk/core/keeper"
	"partnerdesk/core/online"
	"partnerdesk/core/poller"
	"partnerdesk/core/tenant"
)

var me = tenant.Owner{Program: "desktop", Host: "here", PID: 1}

// world is a store, a keeper and the tenants behind them, all in memory, so that days pass in a bubble of
// testing/synctest.
type world struct {
	mu          sync.Mutex
	settings    tenant.Settings
	tenants     []tenant.Tenant
	visits      map[tenant.Key]tenant.Visit
	lease       tenant.Lease
	enter       func(ctx context.Context, k tenant.Key) error // what calling a tenant does
	statuses    map[tenant.Key]online.Status
	calls       []tenant.Key
	fresh, busy int
	once        int // calls whose requests are to be made once
	peak        int
	released    int
}

func newWorld(tenants int) *world {
	w := &world{settings: tenant.DefaultSettings(), visits: map[tenant.Key]tenant.Visit{}, statuses: map[tenant.Key]online.Status{}}
	for i := range tenants {
		key := tenant.Key{Registration: "app", ContextID: fmt.Sprintf("Cust%d", i+1)}
		w.tenants = append(w.tenants, tenant.Tenant{Key: key, Active: true, CompanyName: "C"})
		w.statuses[key] = online.Status{State: tenant.StateRunning, Running: true, API: "https://x/api"}
	}
	return w
}

func (w *world) poller(change ...func(*poller.Options)) *poller.Poller {
	o := poller.Options{Store: w, Keeper: w, WebServices: w, Log: slog.New(slog.DiscardHandler), Owner: me, Budget: 1000}
	for _, c := range change {
		c(&o)
	}
	return poller.New(o)
}

func (w *world) Settings(context.Context) (tenant.Settings, error) { return w.settings, nil }

func (w *world) Registrations(context.Context) ([]tenant.Registration, error) {
	return []tenant.Registration{{Name: "app", Base: "https://sod.superoffice.com"}, {Name: "slow", Base: "https://slow.example"}}, nil
}

func (w *world) Tenants(context.Context) ([]tenant.Tenant, error) {
	return slices.Clone(w.tenants), nil
}

func (w *world) Visits(context.Context) (map[tenant.Key]tenant.Visit, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	copied := make(map[tenant.Key]tenant.Visit, len(w.visits))
	for k, v := range w.visits {
		copied[k] = v
	}
	return copied, nil
}

func (w *world) SaveVisits(_ context.Context, visits []tenant.Visit) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, v := range visits {
		w.visits[v.Key] = v
	}
	return nil
}

func (w *world) TakeLease(_ context.Context, o tenant.Owner, d time.Duration, last tenant.Tick) (tenant.Lease, bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.lease.Held(time.Now()) && !w.lease.Same(o) {
		return w.lease, false, nil
	}
	w.lease = tenant.Lease{Owner: o, Heartbeat: time.Now(), Until: time.Now().Add(d), Last: last}
	return w.lease, true, nil
}

func (w *world) ReleaseLease(_ context.Context, o tenant.Owner) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.lease.Same(o) {
		w.lease = tenant.Lease{}
	}
	w.released++
	return nil
}

func (w *world) Call(ctx context.Context, s keeper.Subject, as tenant.Actor, o keeper.CallOptions, do func(context.Context, online.Call) error) error {
	w.mu.Lock()
	w.calls = append(w.calls, s.Tenant.Key)
	w.busy++
	w.peak = max(w.peak, w.busy)
	if o.Once {
		w.once++
	}
	if o.Fresh {
		w.fresh++
		o.Exchanged()
	}
	o.Record(online.Request{})
	o.Status(w.statuses[s.Tenant.Key])
	enter := w.enter
	w.mu.Unlock()
	defer func() { w.mu.Lock(); w.busy--; w.mu.Unlock() }()
	if as != tenant.SystemUser {
		return errors.New("the poller must be the system user")
	}
	if enter != nil {
		if err := enter(ctx, s.Tenant.Key); err != nil {
			return err
		}
	}
	return do(ctx, online.Call{API: s.Tenant.ContextID})
}

func (w *world) Principal(_ context.Context, call online.Call) (tenant.Principal, error) {
	return tenant.Principal{Associate: "api-user", ContextID: call.API}, nil
}

func (w *world) count(k string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 0
	for _, c := range w.calls {
		if c.ContextID == k {
			n++
		}
	}
	return n
}

func (w *world) visit(ctx string) tenant.Visit {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.visits[tenant.Key{Registration: "app", ContextID: ctx}]
}

// run lets a poller run for d of virtual time and ends it.
func run(t *testing.T, p *poller.Poller, d time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	p.Run(ctx)
}

func temporary(why string) error {
	return &tenant.Problem{Op: "x", Explanation: tenant.Explanation{What: "w", Why: why, Fault: tenant.FaultTenant, Temporary: true}}
}

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
		if w.released != 1 || w.lease.PID != 0 {
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
		if v := w.visit("Cust1"); v.Failures != 0 || v.Trouble != nil || v.LogOnAt.IsZero() || w.tenants[0].Verdict(v) != tenant.Well {
			t.Errorf("the visit is %+v", v)
		}
	})
}

func TestAHealedTenantIsNewsEvenIfItWasForgiven(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(1)
		k := w.tenants[0].Key
		w.visits[k] = tenant.Visit{Key: k, LogOnAt: time.Now().Add(-2 * time.Minute), LogOnAs: "api-user", FailedAt: time.Now().Add(-time.Minute)}
		var log bytes.Buffer
		p := w.poller(func(o *poller.Options) { o.Log = slog.New(slog.NewTextHandler(&log, nil)) })
		for range 3 {
			if _, err := p.Once(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if n := strings.Count(log.String(), "Logged on to context Cust1 as api-user"); n != 1 {
			t.Errorf("told %d times:\n%s", n, log.String())
		}
	})
}

func TestALastingFailureRestsUntilAPersonOrASlowRetry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(1)
		w.enter = func(context.Context, tenant.Key) error {
			return &tenant.Problem{Op: "x", Explanation: tenant.Explanation{What: "Revoked."}}
		}
		run(t, w.poller(), 3*time.Hour-time.Minute)
		if n := w.count("Cust1"); n != 3 {
			t.Errorf("tried %d times in three hours", n)
		}
		if w.tenants[0].Verdict(w.visit("Cust1")) != tenant.NeedsAttention {
			t.Error("the tenant does not need attention")
		}
	})
}

func TestATenantThatDoesNotRunRestsUntilItsStatusEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(1)
		until := time.Now().Add(4 * time.Minute)
		w.statuses[w.tenants[0].Key] = online.Status{State: tenant.StateOfflineMaintenance, ValidUntil: until}
		w.enter = func(context.Context, tenant.Key) error {
			return &tenant.Problem{Op: "enter", Err: &keeper.NotRunning{State: tenant.StateOfflineMaintenance}, Explanation: tenant.Explanation{Why: "maintenance", Temporary: true}}
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

func TestTicksNeverOverlap(t *testing.T) {
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
		if w.peak != 1 {
			t.Errorf("%d visits to one tenant at once", w.peak)
		}
	})
}

func TestATenantThatHangsIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(2)
		w.enter = func(ctx context.Context, k tenant.Key) error {
			if k.ContextID == "Cust1" {
				<-ctx.Done()
				return ctx.Err()
			}
			return nil
		}
		tick, err := w.poller().Once(t.Context())
		if err != nil || tick.LoggedOn != 1 || tick.Failed != 1 || tick.Took > 21*time.Second {
			t.Errorf("the tick is %+v, %v", tick, err)
		}
	})
}

func TestStopIsAtOnceAndComplete(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(20)
		w.enter = func(ctx context.Context, _ tenant.Key) error { <-ctx.Done(); return ctx.Err() }
		began := time.Now()
		run(t, w.poller(), 3*time.Second)
		if took := time.Since(began); took != 3*time.Second {
			t.Errorf("stopping took %s", took-3*time.Second)
		}
		if w.busy != 0 || w.released != 1 {
			t.Errorf("%d visits still run, the lease was given back %d times", w.busy, w.released)
		}
		if v := w.visit("Cust1"); v.Failures != 0 {
			t.Error("a visit that was told to stop counts as a failure")
		}
	})
}

func TestOneProcessPolls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(1)
		w.lease = tenant.Lease{Owner: tenant.Owner{Program: "console", Host: "there", PID: 2}, Until: time.Now().Add(time.Minute)}
		if _, err := w.poller().Once(t.Context()); !errors.Is(err, poller.ErrHeld) {
			t.Errorf("got %v", err)
		}
		if len(w.calls) != 0 {
			t.Error("polled without the lease")
		}
		run(t, w.poller(), 2*time.Minute) // the other one has died; its lease ends
		if w.count("Cust1") < 3 {
			t.Errorf("took over for %d ticks only", w.count("Cust1"))
		}
	})
}

func TestALeaseOutlastsEveryTick(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(30)
		w.settings.PollInterval = tenant.MinPollInterval
		w.enter = func(ctx context.Context, _ tenant.Key) error { <-ctx.Done(); return ctx.Err() }
		var both sync.WaitGroup
		for _, owner := range []tenant.Owner{me, {Program: "console", Host: "here", PID: 2}} {
			both.Go(func() { run(t, w.poller(func(o *poller.Options) { o.Owner = owner }), 10*time.Minute) })
		}
		both.Wait()
		if w.peak > 8 {
			t.Errorf("%d visits at once: two processes polled", w.peak)
		}
	})
}

func TestStandingByIsNoError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(1)
		w.lease = tenant.Lease{Owner: tenant.Owner{Program: "console", Host: "there", PID: 2}, Until: time.Now().Add(time.Hour)}
		var log bytes.Buffer
		run(t, w.poller(func(o *poller.Options) { o.Log = slog.New(slog.NewTextHandler(&log, nil)) }), 10*time.Minute)
		if text := log.String(); strings.Count(text, "stands by") != 1 || strings.Contains(text, "level=ERROR") {
			t.Errorf("the log says:\n%s", text)
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

func TestPollNowDoesNotWaitForTheTick(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(1)
		w.settings.PollInterval = time.Hour
		p := w.poller()
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { p.Run(ctx); close(ended) }()
		synctest.Wait()
		p.PollNow()
		synctest.Wait()
		if n := w.count("Cust1"); n != 2 {
			t.Errorf("visited %d times", n)
		}
		cancel()
		<-ended
	})
}
