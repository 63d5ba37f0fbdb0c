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

// leaseFor is how long the lease lasts from the beginning of a tick: longer than any tick and the wait for
// the next one, so that a living poller never loses it.
func leaseFor(interval time.Duration) time.Duration { return 2*interval + visitTimeout + saveTimeout }

// tick takes the lease and visits whoever is due.
func (p *Poller) tick(ctx context.Context, interval time.Duration) (tenant.Tick, error) {
	lease, ours, err := p.Store.TakeLease(ctx, p.Owner, leaseFor(interval))
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
	p.other, p.told = tenant.Owner{}, err
	p.mu.Unlock()
	if err != nil {
		return tick, err
	}
	// The lease carries the summary, which the other program shows: at once, not only at the next tick.
	lease, ours, err = p.Store.EndTick(ctx, p.Owner, leaseFor(interval), tick)
	switch {
	case err != nil:
		return tick, fmt.Errorf("renew the poller lease: %w", err)
	case !ours:
		return tick, p.held(ctx, lease)
	}
	return tick, nil
}

// held notes once who polls instead.
func (p *Poller) held(ctx context.Context, lease tenant.Lease) error {
	p.mu.Lock()
	known := p.other.Same(lease.Owner)
	p.other = lease.Owner
	p.mu.Unlock()
	if !known {
		p.Log.InfoContext(ctx, "Another process polls; this one stands by", journal.Step(tenant.StepPoll),
			slog.String("holder", fmt.Sprintf("%s on %s, process %d", lease.Program, lease.Host, lease.PID)))
	}
	return &tenant.Problem{Op: "take the poller lease", Err: ErrHeld, Explanation: tenant.CauseElsewhere.Explain(
		fmt.Sprintf("The %s on %s (process %d) polls already.", lease.Program, lease.Host, lease.PID),
		"One process polls at a time.", "Its results appear here too.")}
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
		// A failure from a time that has not come yet bears the time of a clock that was wrong.
		resting := r.began.Before(visit.RetryAt) && !visit.FailedAt.After(r.began)
		if !known || resting {
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

// visitAll visits the due tenants and returns when all visits have ended. Each environment has its own
// budget and its own places, so that one that is slow costs the others nothing.
func (r *round) visitAll(ctx, starting context.Context) {
	environments := map[string][]candidate{}
	for _, c := range r.due {
		environments[c.Registration.Base] = append(environments[c.Registration.Base], c)
	}
	var all sync.WaitGroup
	for base, due := range environments {
		all.Go(func() { r.visitEnvironment(ctx, starting, base, due) })
	}
	all.Wait()
}

// visitEnvironment visits the due tenants of one environment, a few at a time, and lets those rest whose
// turn does not come in time.
func (r *round) visitEnvironment(ctx, starting context.Context, base string, due []candidate) {
	var visits sync.WaitGroup
	defer visits.Wait()
	places := make(chan struct{}, concurrency)
	for i, c := range due {
		if !r.gate.open(base, r.Now()) || r.gate.wait(starting, base) != nil {
			r.rest(len(due) - i)
			return
		}
		select {
		case places <- struct{}{}:
		case <-starting.Done():
			r.rest(len(due) - i)
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
		tenant.Plural(t.Active, "active tenant"), t.LoggedOn, t.Exchanges, t.Resting, t.Failed),
		journal.Step(tenant.StepPoll), slog.Duration("took", t.Took.Round(time.Millisecond)))
	if err != nil {
		err = fmt.Errorf("save visits: %w", err)
	}
	return t, errors.Join(err, context.Cause(ctx))
}

// saveTimeout bounds the wait for the store at the end of a tick.
const saveTimeout = 10 * time.Second
