package poller

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"partnerdesk/core/journal"
	"partnerdesk/core/keeper"
	"partnerdesk/core/tenant"
)

// leaseSlack is what a lease lasts beyond two intervals: a machine that is busy must not lose it.
const leaseSlack = 5 * time.Second

// tick takes the lease and visits whoever is due.
func (p *Poller) tick(ctx context.Context, interval time.Duration) (tenant.Tick, error) {
	p.mu.Lock()
	last := p.last
	p.mu.Unlock()
	lease, ours, err := p.Store.TakeLease(ctx, p.Owner, 2*interval+leaseSlack, last)
	if err != nil {
		return tenant.Tick{}, fmt.Errorf("take the poller lease: %w", err)
	}
	if !ours {
		return tenant.Tick{}, p.held(ctx, lease)
	}
	settings, err := p.Store.Settings(ctx)
	if err != nil {
		return tenant.Tick{}, fmt.Errorf("read settings: %w", err)
	}
	r := &round{Poller: p, began: p.Now(), demonstration: settings.Demonstration || p.Demonstration}
	// No visit begins later than this, so that the next tick finds its time free.
	starting, cancel := context.WithTimeout(ctx, interval*8/10)
	defer cancel()
	if err := r.load(ctx); err != nil {
		return tenant.Tick{}, err
	}
	r.visitAll(ctx, starting)
	tick, err := r.finish(ctx)
	p.mu.Lock()
	p.last = tick
	p.other, p.ignored = tenant.Owner{}, err
	p.mu.Unlock()
	if err == nil {
		// The lease carries the summary, which the other program shows: not only at the next tick.
		_, _, err = p.Store.TakeLease(ctx, p.Owner, 2*interval+leaseSlack, tick)
	}
	return tick, err
}

// held notes once who polls instead.
func (p *Poller) held(ctx context.Context, lease tenant.Lease) error {
	p.mu.Lock()
	known := p.other.Same(lease.Owner)
	p.other = lease.Owner
	p.mu.Unlock()
	if !known {
		p.Log.InfoContext(ctx, "Another process polls; this one stands by", journal.Step(tenant.StepPoll),
			slog.String("program", lease.Program), slog.String("host", lease.Host), slog.Int("pid", lease.PID))
	}
	return &tenant.Problem{Op: "take the poller lease", Err: ErrHeld, Explanation: tenant.Explanation{
		What:  fmt.Sprintf("The %s on %s (process %d) polls already.", lease.Program, lease.Host, lease.PID),
		Next:  "Its results appear here too. This program takes over when that one ends.",
		Fault: tenant.FaultPerson, Temporary: true,
	}}
}

// round is one tick under way.
type round struct {
	*Poller
	began         time.Time
	demonstration bool
	due           []candidate

	mu      sync.Mutex
	changed []tenant.Visit
	tick    tenant.Tick
}

// candidate is a tenant with all that a visit needs.
type candidate struct {
	keeper.Subject
	visit tenant.Visit
}

// load reads the active tenants and puts those that are due in order: the oldest log-on first, so that a
// budget smaller than the fleet lets everyone have a turn.
func (r *round) load(ctx context.Context) error {
	tenants, err := r.Store.Tenants(ctx)
	if err != nil {
		return fmt.Errorf("read tenants: %w", err)
	}
	registrations, err := r.Store.Registrations(ctx)
	if err != nil {
		return fmt.Errorf("read registrations: %w", err)
	}
	visits, err := r.Store.Visits(ctx)
	if err != nil {
		return fmt.Errorf("read visits: %w", err)
	}
	byName := make(map[string]tenant.Registration, len(registrations))
	for _, reg := range registrations {
		byName[reg.Name] = reg
	}
	r.tick = tenant.Tick{At: r.began}
	for _, t := range tenants {
		if !t.Active {
			continue
		}
		r.tick.Active++
		visit := visits[t.Key]
		visit.Key = t.Key
		reg, known := byName[t.Registration]
		if !known || r.began.Before(visit.RetryAt) {
			r.tick.Resting++
			continue
		}
		r.due = append(r.due, candidate{Subject: keeper.Subject{Registration: reg, Tenant: t}, visit: visit})
	}
	slices.SortStableFunc(r.due, func(a, b candidate) int {
		return cmp.Or(a.visit.LogOnAt.Compare(b.visit.LogOnAt), a.visit.FailedAt.Compare(b.visit.FailedAt))
	})
	return nil
}

// visitAll visits the due tenants, a few at a time and within the budget of each environment. It returns
// when all visits have ended.
func (r *round) visitAll(ctx, starting context.Context) {
	var visits sync.WaitGroup
	defer visits.Wait()
	places := make(chan struct{}, concurrency)
	for i, c := range r.due {
		if !r.gate.open(c.Registration.Base, r.Now()) {
			r.rest(1)
			continue
		}
		if r.gate.wait(starting, c.Registration.Base) != nil {
			r.rest(len(r.due) - i)
			return
		}
		select {
		case places <- struct{}{}:
		case <-starting.Done():
			r.rest(len(r.due) - i)
			return
		}
		visits.Go(func() {
			defer func() { <-places }()
			r.visit(ctx, c)
		})
	}
}

func (r *round) rest(tenants int) {
	r.mu.Lock()
	r.tick.Resting += tenants
	r.mu.Unlock()
}

// finish saves what the visits learned, in one transaction, and sums up.
func (r *round) finish(ctx context.Context) (tenant.Tick, error) {
	// Results of visits that ended before the poller was told to stop are results all the same.
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), saveTimeout)
	defer cancel()
	var err error
	if len(r.changed) > 0 {
		err = r.Store.SaveVisits(bounded, r.changed)
	}
	r.tick.Took = r.Now().Sub(r.began)
	t := r.tick
	level := slog.LevelInfo
	switch {
	case t.Failed > 0:
		level = slog.LevelWarn
	case t.Active == 0:
		level = slog.LevelDebug // nothing was done, and that every few seconds
	}
	r.Log.Log(bounded, level, fmt.Sprintf("Polled %s: %d logged on, %d exchanged, %d resting, %d failed",
		plural(t.Active, "active tenant"), t.LoggedOn, t.Exchanges, t.Resting, t.Failed),
		journal.Step(tenant.StepPoll), slog.Duration("took", t.Took.Round(time.Millisecond)))
	if err != nil {
		err = fmt.Errorf("save visits: %w", err)
	}
	return t, errors.Join(err, context.Cause(ctx))
}

// saveTimeout bounds the wait for the store at the end of a tick.
const saveTimeout = 10 * time.Second

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
