// Package poller decides when and in which order tenants are visited. A visit makes sure that the tenant
// is running, that there is a ticket for it, and logs on with it; the result is what the window shows and
// what every later piece of background work would start from.
//
// One process polls at a time (the lease), a tenant is never visited twice at once, and a tenant's failure
// touches only that tenant.
//
// How it works. [Poller.Run] is one loop in one goroutine, which alone talks to the store: it takes the lease,
// keeps a schedule of all active tenants in memory (schedule.go), and begins a tick at each interval, or earlier
// where a person has done something that the store tells of (lease.go). A tick (tick.go) starts the visits that
// are due, each in a goroutine of its own: no faster than the budget of requests allows, no more at once than
// there are places (dispatch.go), none while the identity provider is down (breaker.go) or SuperOffice works on
// its service (maintenance.go). What a visit learned (visit.go) reaches the store in batches, and its line the
// journal after that (save.go): what was reported is stored. A tick does not wait for a visit that takes long;
// the tick in which it ends counts it. When the loop is told to stop, visits under way get a few seconds to end,
// and the lease is given back (shift.go).
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

// Store is what the poller plans by and where it leaves its results.
type Store interface {
	// Roster returns all that the schedule is made from.
	Roster(ctx context.Context) (tenant.Roster, error)
	// Signals is asked for once a second, and is cheap.
	Signals(ctx context.Context) (tenant.Signals, error)
	// SaveVisits stores many results in one piece. A failure that a person has answered meanwhile is left out.
	SaveVisits(ctx context.Context, visits []tenant.Visit) error
	// TakeLease takes the lease or, where it is the owner's own, renews it.
	TakeLease(ctx context.Context, owner tenant.Owner, d time.Duration) (tenant.Lease, bool, error)
	// EndTick renews the lease and keeps the summary of a tick.
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
	// Budget is how many requests a second the visits to one environment may make, in the place of the setting;
	// 0 means the setting, and math.Inf(1) no bound.
	Budget float64
	// Interval, where it is not 0, overrides the one in the settings.
	Interval time.Duration
	// Demonstration, where it is true, overrides the settings.
	Demonstration bool
	// Wait is how the poller waits for a tick or for its budget; nil means by a timer. Together with Now it makes
	// a clock of its own, which visits under way do not go by. It may be called by several goroutines at once.
	Wait func(ctx context.Context, d time.Duration) error
	// Ticked, where it is set, is told of every turn of Run: what the tick came to, with [ErrHeld] while
	// another process polls, or with trouble that the store has.
	Ticked func(tenant.Tick, error)
	// Alive, where it is set, is called about once a second while Run's loop lives.
	Alive func()
}

// Poller visits tenants. Run may be called again after it has returned, but not while it runs.
type Poller struct {
	Options
	// realTime says that Now and Wait are the machine's clock.
	realTime bool

	mu           sync.Mutex
	environments map[string]*environment // by base address
	stats        Stats
	tenants      map[tenant.Key]*TenantStats
	other        tenant.Owner       // who held the lease when it was last refused
	told         string             // the last trouble with the store, so that it is logged once
	woken        bool               // PollNow was called, and nobody has noticed yet
	endPause     context.CancelFunc // ends the pause under way; nil where there is none
}

// New makes a poller.
func New(o Options) *Poller {
	p := &Poller{Options: o, realTime: o.Wait == nil, environments: map[string]*environment{}, tenants: map[tenant.Key]*TenantStats{}}
	if p.Now == nil {
		p.Now = time.Now
	}
	if p.Wait == nil {
		p.Wait = waitByTimer
	}
	p.Log = o.Log.With(journal.Component("poller"))
	p.stats.Since = p.Now()
	return p
}

func waitByTimer(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// PollNow makes a running poller begin a tick at once, or right after the one under way: for whoever a person has
// asked for, and, where another process has polled, to take its place if it has left.
func (p *Poller) PollNow() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wakeUp()
}

// wakeUp is PollNow with mu held.
func (p *Poller) wakeUp() {
	p.woken = true
	if p.endPause != nil {
		p.endPause()
	}
}

// pause waits, but not longer than until the next PollNow, and reports whether there was one.
func (p *Poller) pause(ctx context.Context, d time.Duration) (woken bool) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	p.mu.Lock()
	woken, p.woken = p.woken, false
	if !woken {
		p.endPause = cancel
	}
	p.mu.Unlock()
	if woken {
		return true
	}
	_ = p.Wait(ctx, d) // it fails only where ctx has ended, which the caller sees for itself
	p.mu.Lock()
	defer p.mu.Unlock()
	woken, p.woken, p.endPause = p.woken, false, nil
	return woken
}

// Run polls until ctx ends. It returns when nothing of it runs any more and the lease is given back, within
// five seconds.
func (p *Poller) Run(ctx context.Context) {
	s := p.newShift(ctx)
	defer s.leave(ctx)
	for next := regular; ctx.Err() == nil; next = s.await(ctx) {
		tick, err := s.tick(ctx, next)
		if ctx.Err() != nil {
			return
		}
		if err != nil && !errors.Is(err, ErrHeld) {
			p.logTrouble(ctx, "The tick could not be carried out", err)
		}
		if p.Ticked != nil {
			p.Ticked(tick, err)
		}
	}
}

// ErrHeld is the error of [Poller.Once] when another process polls.
var ErrHeld = errors.New("another process polls")

// Once visits all tenants that do not rest, waits for all its visits, and gives the lease back. It is for cron
// and scripts.
func (p *Poller) Once(ctx context.Context) (tenant.Tick, error) {
	s := p.newShift(ctx)
	defer s.leave(ctx)
	return s.tick(ctx, single)
}

// logTrouble tells once of a trouble that comes again and again.
func (p *Poller) logTrouble(ctx context.Context, what string, err error) {
	p.mu.Lock()
	known := p.told == err.Error()
	p.told = err.Error()
	p.mu.Unlock()
	if !known {
		p.Log.ErrorContext(ctx, what, journal.Step(tenant.StepPoll), journal.Failure(err))
	}
}

// noTrouble makes the next trouble worth telling.
func (p *Poller) noTrouble() {
	p.mu.Lock()
	p.told = ""
	p.mu.Unlock()
}
