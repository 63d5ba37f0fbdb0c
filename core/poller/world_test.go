package poller_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"partnerdesk/core/keeper"
	"partnerdesk/core/online"
	"partnerdesk/core/poller"
	"partnerdesk/core/tenant"
)

var (
	me    = tenant.Owner{Program: "desktop", Host: "here", PID: 1}
	other = tenant.Owner{Program: "console", Host: "there", PID: 2}
)

// world is a store, a keeper and the tenants behind them, all in memory, so that days pass in a bubble of
// testing/synctest.
type world struct {
	mu            sync.Mutex
	settings      tenant.Settings
	registrations []tenant.Registration
	tenants       []tenant.Tenant
	visits        map[tenant.Key]tenant.Visit
	lease         tenant.Lease
	revision      uint64
	ticks         []tenant.Tick
	log           bytes.Buffer

	rosters, batches, released int
	broken                     error // of SaveVisits

	enter    func(ctx context.Context, k tenant.Key) error // what calling a tenant does
	statuses map[tenant.Key]online.Status
	cached   bool // no status is asked for
	exchange bool // each call takes a ticket first
	calls    []call
	fresh    int
	busy     map[tenant.Key]int
	once     int // calls whose requests are to be made once
	peak     int // calls at once
	twice    bool
}

// call is one visit as the keeper saw it begin.
type call struct {
	tenant.Key
	at time.Time
}

func newWorld(tenants int) *world {
	w := &world{
		settings: tenant.DefaultSettings(), visits: map[tenant.Key]tenant.Visit{}, statuses: map[tenant.Key]online.Status{},
		busy: map[tenant.Key]int{}, revision: 1,
		registrations: []tenant.Registration{
			{Name: "app", Environment: tenant.Development, Base: "https://sod.superoffice.com"},
			{Name: "slow", Environment: tenant.Custom, Base: "https://slow.example"},
		},
	}
	w.settings.Maintenance = ""
	for i := range tenants {
		w.add(fmt.Sprintf("Cust%d", i+1))
	}
	return w
}

func (w *world) add(ctx string) {
	key := tenant.Key{Registration: "app", ContextID: ctx}
	w.tenants = append(w.tenants, tenant.Tenant{Key: key, Active: true, CompanyName: "C"})
	w.statuses[key] = online.Status{State: tenant.StateRunning, Running: true, API: "https://x/api"}
}

func (w *world) poller(change ...func(*poller.Options)) *poller.Poller {
	log := slog.New(slog.NewTextHandler(&lockedWriter{w}, nil))
	o := poller.Options{Store: w, Keeper: w, WebServices: w, Log: log, Owner: me, Budget: 1000}
	for _, c := range change {
		c(&o)
	}
	return poller.New(o)
}

type lockedWriter struct{ w *world }

func (l *lockedWriter) Write(b []byte) (int, error) {
	l.w.mu.Lock()
	defer l.w.mu.Unlock()
	return l.w.log.Write(b)
}

// told returns the lines of the log that have a text.
func (w *world) told(text string) []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var found []string
	for line := range strings.Lines(w.log.String()) {
		if strings.Contains(line, text) {
			found = append(found, line)
		}
	}
	return found
}

// change does what a person or the other program does with the store.
func (w *world) change(do func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	do()
	w.revision++
}

// forgive is "Log on now".
func (w *world) forgive(ctx string) {
	w.change(func() {
		k := tenant.Key{Registration: "app", ContextID: ctx}
		v := w.visits[k]
		v.Key, v.Trouble, v.Failures, v.RetryAt, v.FailedStep = k, nil, 0, time.Time{}, ""
		v.Forgiven++
		w.visits[k] = v
	})
}

func (w *world) Roster(context.Context) (tenant.Roster, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.rosters++
	return tenant.Roster{
		Revision: w.revision, Settings: w.settings, Registrations: w.registrations,
		Tenants: slices.Clone(w.tenants), Visits: maps.Clone(w.visits),
	}, nil
}

func (w *world) Signals(context.Context) (tenant.Signals, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return tenant.Signals{Roster: w.revision, Lease: w.lease}, nil
}

func (w *world) SaveVisits(_ context.Context, visits []tenant.Visit) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.batches++
	if w.broken != nil {
		return w.broken
	}
	for _, v := range visits {
		stored := w.visits[v.Key]
		if v.Trouble != nil && stored.Forgiven != v.Forgiven {
			continue
		}
		v.Forgiven = stored.Forgiven
		w.visits[v.Key] = v
	}
	return nil
}

func (w *world) TakeLease(_ context.Context, o tenant.Owner, d time.Duration) (tenant.Lease, bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := time.Now()
	anothers := w.lease.Held(now) && !w.lease.Same(o)
	promised := !w.lease.Held(now) && w.lease.Asked(now) && !w.lease.AskedBy.Same(o)
	if anothers || promised {
		return w.lease, false, nil
	}
	w.lease.Owner, w.lease.Heartbeat, w.lease.Until = o, now, now.Add(d)
	return w.lease, true, nil
}

func (w *world) EndTick(ctx context.Context, o tenant.Owner, d time.Duration, tick tenant.Tick) (tenant.Lease, bool, error) {
	l, ours, err := w.TakeLease(ctx, o, d)
	w.mu.Lock()
	defer w.mu.Unlock()
	if ours {
		w.lease.Last, l.Last = tick, tick
		w.ticks = append(w.ticks, tick)
	}
	return l, ours, err
}

func (w *world) ReleaseLease(_ context.Context, o tenant.Owner) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.lease.Same(o) {
		w.lease.Until = time.Now()
	}
	w.released++
	return nil
}

func (w *world) Call(ctx context.Context, s keeper.Subject, as tenant.Actor, o keeper.CallOptions, do func(context.Context, online.Call) error) error {
	key := s.Tenant.Key
	w.mu.Lock()
	w.calls = append(w.calls, call{key, time.Now()})
	w.busy[key]++
	w.twice = w.twice || w.busy[key] > 1
	w.peak = max(w.peak, len(w.busy))
	if o.Once {
		w.once++
	}
	enter, status, asked := w.enter, w.statuses[key], time.Now()
	if w.cached {
		asked = asked.Add(-time.Minute)
	}
	fresh, exchange := o.Fresh, w.exchange
	w.mu.Unlock()
	defer func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		if w.busy[key]--; w.busy[key] == 0 {
			delete(w.busy, key)
		}
	}()
	if as != tenant.SystemUser {
		return errors.New("the poller must be the system user")
	}
	if enter != nil {
		if err := enter(ctx, key); err != nil {
			if !errors.Is(err, keeper.ErrProvider) {
				o.Status(status, asked)
			}
			return err
		}
	}
	o.Status(status, asked)
	if fresh || exchange {
		w.mu.Lock()
		w.fresh++
		w.mu.Unlock()
		o.Exchanged()
	}
	o.Record(online.Request{})
	return do(ctx, online.Call{API: s.Tenant.ContextID})
}

func (w *world) Principal(_ context.Context, call online.Call) (tenant.Principal, error) {
	return tenant.Principal{Associate: "api-user", ContextID: call.API}, nil
}

// begun returns how many visits have begun.
func (w *world) begun() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.calls)
}

func (w *world) count(ctx string) int { return len(w.times(ctx)) }

// times returns when the visits to a tenant began, since the world's first.
func (w *world) times(ctx string) []time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	var at []time.Duration
	for _, c := range w.calls {
		if c.ContextID == ctx {
			at = append(at, c.at.Sub(w.calls[0].at))
		}
	}
	return at
}

// most returns how many visits began within a second at most.
func (w *world) most() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	most, from := 0, 0
	for i, c := range w.calls {
		for c.at.Sub(w.calls[from].at) >= time.Second {
			from++
		}
		most = max(most, i-from+1)
	}
	return most
}

func (w *world) visit(ctx string) tenant.Visit {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.visits[tenant.Key{Registration: "app", ContextID: ctx}]
}

// lastTick returns the summary that the lease carries.
func (w *world) lastTick() tenant.Tick {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.lease.Last
}

// run lets a poller run for d of virtual time and ends it.
func run(t *testing.T, p *poller.Poller, d time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	p.Run(ctx)
}

// start lets a poller run until the func that it returns is called, which waits for its end.
func start(t *testing.T, p *poller.Poller) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { p.Run(ctx); close(ended) }()
	return func() { cancel(); <-ended }
}

func temporary(why string) error {
	return &tenant.Problem{Op: "x", Explanation: tenant.CauseTenantFailed.Explain("w", why, "")}
}

func providerDown() error {
	return fmt.Errorf("%w: %w", keeper.ErrProvider, &tenant.Problem{Op: "x", Explanation: tenant.CauseProviderFailed.Explain("", "", "")})
}

// hang waits until the visit is given up.
func hang(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
}

// takes lets a visit take d.
func takes(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
