// Package poller decides when and in which order tenants are visited. A visit makes sure that the tenant
// is running, that there is a ticket for it, and logs on with it; the result is what the window shows and
// what every later piece of background work would start from.
//
// One process polls at a time (the lease), a tick never overlaps the next, and a tenant's failure touches
// only that tenant.
package poller

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"partnerdesk/core/journal"
	"partnerdesk/core/keeper"
	"partnerdesk/core/online"
	"partnerdesk/core/tenant"
)

// Store is what the poller reads and where it leaves its results.
type Store interface {
	Settings(ctx context.Context) (tenant.Settings, error)
	Registrations(ctx context.Context) ([]tenant.Registration, error)
	Tenants(ctx context.Context) ([]tenant.Tenant, error)
	Visits(ctx context.Context) (map[tenant.Key]tenant.Visit, error)
	SaveVisits(ctx context.Context, visits []tenant.Visit) error
	TakeLease(ctx context.Context, owner tenant.Owner, d time.Duration) (tenant.Lease, bool, error)
	EndTick(ctx context.Context, owner tenant.Owner, d time.Duration, tick tenant.Tick) (tenant.Lease, bool, error)
	ReleaseLease(ctx context.Context, owner tenant.Owner) error
}

// Keeper lets the poller into a tenant.
type Keeper interface {
	Call(ctx context.Context, s keeper.Subject, as tenant.Actor, o keeper.CallOptions, do func(context.Context, online.Call) error) error
}

// WebServices logs on.
type WebServices interface {
	Principal(ctx context.Context, call online.Call) (tenant.Principal, error)
}

// Options are a poller's parts.
type Options struct {
	Store       Store
	Keeper      Keeper
	WebServices WebServices
	Log         *slog.Logger
	Now         func() time.Time
	// Owner is this process, as the lease names it.
	Owner tenant.Owner
	// Budget is how many requests a second the visits to one environment may make; 0 means 10.
	Budget float64
	// Interval, where it is not 0, overrides the one in the settings.
	Interval time.Duration
	// Demonstration, where it is true, overrides the settings.
	Demonstration bool
}

const (
	defaultBudget = 10
	// concurrency bounds the visits to one environment that are under way at once.
	concurrency = 8
	// visitTimeout bounds one visit, so that a tenant that hangs costs one of the places for this long.
	visitTimeout = 20 * time.Second
)

// Poller visits tenants. Run may be called again after it has returned, but not while it runs.
type Poller struct {
	Options
	wake chan struct{}
	gate *gate

	mu    sync.Mutex
	other tenant.Owner // who held the lease when it was last refused
	told  error        // the last trouble with the store, so that it is logged once
}

// New makes a poller.
func New(o Options) *Poller {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Budget == 0 {
		o.Budget = defaultBudget
	}
	o.Log = o.Log.With(journal.Component("poller"))
	return &Poller{Options: o, wake: make(chan struct{}, 1), gate: newGate(o.Budget)}
}

// PollNow makes a running poller begin a tick at once, or right after the one under way.
func (p *Poller) PollNow() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// Run polls until ctx ends. It returns when nothing of it runs any more and the lease is given back.
func (p *Poller) Run(ctx context.Context) {
	defer p.release(ctx)
	for {
		interval := p.interval(ctx)
		began := p.Now()
		if _, err := p.tick(ctx, interval); err != nil && ctx.Err() == nil && !errors.Is(err, ErrHeld) {
			p.logTrouble(ctx, err)
		}
		wait := time.NewTimer(max(interval-p.Now().Sub(began), 0))
		select {
		case <-ctx.Done():
			wait.Stop()
			return
		case <-p.wake:
			wait.Stop()
		case <-wait.C:
		}
	}
}

// ErrHeld is the error of [Poller.Once] when another process polls.
var ErrHeld = errors.New("another process polls")

// Once carries out one tick, for cron and scripts, and gives the lease back.
func (p *Poller) Once(ctx context.Context) (tenant.Tick, error) {
	defer p.release(ctx)
	return p.tick(ctx, p.interval(ctx))
}

// interval reads the setting anew for every tick: the other program may have changed it.
func (p *Poller) interval(ctx context.Context) time.Duration {
	if p.Interval != 0 {
		return p.Interval
	}
	settings, err := p.Store.Settings(ctx)
	if err != nil || tenant.CheckPollInterval(settings.PollInterval) != nil {
		return tenant.DefaultPollInterval
	}
	return settings.PollInterval
}

// release gives the lease back even when ctx has ended, which is why Run is being left.
func (p *Poller) release(ctx context.Context) {
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), releaseTimeout)
	defer cancel()
	if err := p.Store.ReleaseLease(bounded, p.Owner); err != nil {
		p.Log.WarnContext(bounded, "Could not give the poller lease back; it ends by itself", journal.Failure(err))
	}
}

// releaseTimeout bounds the wait for the store when the poller leaves.
const releaseTimeout = 3 * time.Second

func (p *Poller) logTrouble(ctx context.Context, err error) {
	p.mu.Lock()
	known := p.told != nil && p.told.Error() == err.Error()
	p.told = err
	p.mu.Unlock()
	if !known {
		p.Log.ErrorContext(ctx, "The tick could not be carried out", journal.Step(tenant.StepPoll), journal.Failure(err))
	}
}
