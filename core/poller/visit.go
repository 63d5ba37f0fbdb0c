package poller

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/cenkalti/backoff/v5"

	"partnerdesk/core/journal"
	"partnerdesk/core/keeper"
	"partnerdesk/core/online"
	"partnerdesk/core/tenant"
)

const (
	firstRetry = 15 * time.Second
	maxRetry   = 15 * time.Minute
	// slowRetry is how often a tenant that needs attention is tried all the same: somebody may have put
	// it right without telling.
	slowRetry = time.Hour
	// newsEvery is how often a log-on that is like the last one is worth a line.
	newsEvery = time.Hour
)

// visit logs on to one tenant and notes the result.
func (r *round) visit(ctx context.Context, c candidate) {
	bounded, cancel := context.WithTimeout(ctx, visitTimeout)
	defer cancel()
	requests, exchanges := 0, 0
	var principal tenant.Principal
	after := c.visit
	o := keeper.CallOptions{
		Status: func(s online.Status) { after.State, after.StateValidUntil, after.API = s.State, s.ValidUntil, s.API },
		Record: func(online.Request) { requests++ }, Exchanged: func() { exchanges++ }, Fresh: r.demonstration,
		Once: true, // the visit's own back-off is enough
	}
	err := r.Keeper.Call(bounded, c.Subject, tenant.SystemUser, o, func(ctx context.Context, call online.Call) error {
		var err error
		principal, err = r.WebServices.Principal(ctx, call)
		return err
	})
	r.gate.spend(c.Registration.Base, requests+exchanges-1)
	if ctx.Err() != nil && err != nil {
		return // told to stop: nothing was learned about the tenant
	}
	if err == nil && principal.ContextID != "" && principal.ContextID != c.Tenant.ContextID {
		err = wrongTenant(c.Tenant, principal)
	}
	r.gate.report(c.Registration.Base, errors.Is(err, keeper.ErrProvider), tenant.RetryAfterOf(err), r.Now())
	if err != nil {
		r.failed(ctx, c, after, exchanges, err)
		return
	}
	r.succeeded(ctx, c, after, exchanges, principal)
}

func (r *round) succeeded(ctx context.Context, c candidate, v tenant.Visit, exchanges int, principal tenant.Principal) {
	// Trouble may have been forgiven meanwhile, which makes its end no less of a piece of news.
	healed := v.Trouble != nil || v.FailedAt.After(v.LogOnAt)
	news := exchanges > 0 || healed || v.LogOnAs != principal.Associate || r.Now().Sub(v.LogOnAt) >= newsEvery
	v.LogOnAt, v.LogOnAs = r.Now(), principal.Associate
	v.Failures, v.FailedAt, v.RetryAt, v.Trouble = 0, time.Time{}, time.Time{}, nil
	r.note(v, func(t *tenant.Tick) { t.LoggedOn++; t.Exchanges += exchanges })
	// A routine log-on repeats every few seconds for months; only one that tells something is kept.
	level := slog.LevelDebug
	if news || r.demonstration {
		level = slog.LevelInfo
	}
	r.Log.Log(ctx, level, "Logged on to context "+c.Tenant.ContextID+" as "+principal.Associate,
		journal.Step(tenant.StepWebServices), journal.Tenant(c.Tenant.Key), journal.User(principal.Associate), journal.Remote(journal.Host(v.API)),
		slog.String("user_type", principal.UserType), slog.String("company", c.Tenant.CompanyName))
}

func (r *round) failed(ctx context.Context, c candidate, v tenant.Visit, exchanges int, err error) {
	e := tenant.Explain(err)
	// The other words may hold a wait or a clock, and be different every time.
	first := v.Trouble == nil || v.Trouble.Cause != e.Cause || v.Trouble.What != e.What
	v.Failures++
	v.FailedAt, v.Trouble = r.Now(), &e
	v.RetryAt = r.Now().Add(retryIn(v.Failures, e.Temporary, tenant.RetryAfterOf(err)))
	_, stopped := errors.AsType[*keeper.NotRunning](err)
	notRunning := stopped && e.Temporary
	if notRunning {
		// SuperOffice says itself when to ask again, but not to ask without a pause.
		v.RetryAt = r.Now().Add(max(v.StateValidUntil.Sub(r.Now()), firstRetry))
	}
	r.note(v, func(t *tenant.Tick) {
		t.Exchanges += exchanges
		if notRunning {
			t.Resting++
		} else {
			t.Failed++
		}
	})
	level, message := slog.LevelWarn, "Could not log on to context "+c.Tenant.ContextID
	if !e.Temporary {
		level, message = slog.LevelError, message+"; it needs attention"
	}
	if !first {
		level = slog.LevelDebug
	}
	step := tenant.StepWebServices
	if errors.Is(err, keeper.ErrProvider) {
		step = tenant.StepExchange
	}
	r.Log.Log(ctx, level, message, journal.Step(step), journal.Tenant(c.Tenant.Key), journal.Remote(journal.Host(v.API)), journal.Failure(err),
		slog.Int("failures", v.Failures), slog.Time("retry_at", v.RetryAt))
}

func (r *round) note(v tenant.Visit, count func(*tenant.Tick)) {
	r.mu.Lock()
	r.changed = append(r.changed, v)
	count(&r.tick)
	r.mu.Unlock()
}

// retryIn returns how long a tenant rests after its n-th failure in a row: longer each time and with
// jitter, so that tenants which failed together do not come back together.
func retryIn(n int, temporary bool, asked time.Duration) time.Duration {
	if !temporary {
		return max(slowRetry, asked)
	}
	steps := retrySteps()
	wait := steps.NextBackOff()
	for range min(n, 12) - 1 {
		wait = steps.NextBackOff()
	}
	return max(min(wait, maxRetry), asked)
}

// retrySteps are the waits between tries: growing, and with jitter.
func retrySteps() *backoff.ExponentialBackOff {
	steps := backoff.NewExponentialBackOff()
	steps.InitialInterval, steps.MaxInterval, steps.Multiplier = firstRetry, maxRetry, 2
	steps.Reset()
	return steps
}

func wrongTenant(t tenant.Tenant, p tenant.Principal) error {
	return &tenant.Problem{Op: "log on to the tenant", Err: errors.New("the principal belongs to " + p.ContextID),
		Explanation: tenant.CauseWrongTenant.Explain("Another tenant answered.",
			"The log-on to "+t.ContextID+" was answered by "+p.ContextID+".", "Report it to SuperOffice; nothing was written.")}
}
