package poller_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
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

func (w *world) TakeLease(_ context.Context, o tenant.Owner, d time.Duration) (tenant.Lease, bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.lease.Held(time.Now()) && !w.lease.Same(o) {
		return w.lease, false, nil
	}
	w.lease = tenant.Lease{Owner: o, Heartbeat: time.Now(), Until: time.Now().Add(d), Last: w.lease.Last}
	return w.lease, true, nil
}

func (w *world) EndTick(ctx context.Context, o tenant.Owner, d time.Duration, tick tenant.Tick) (tenant.Lease, bool, error) {
	l, ours, err := w.TakeLease(ctx, o, d)
	w.mu.Lock()
	defer w.mu.Unlock()
	if ours {
		w.lease.Last, l.Last = tick, tick
	}
	return l, ours, err
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
