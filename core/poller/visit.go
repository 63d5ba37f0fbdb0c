package poller

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"partnerdesk/core/journal"
	"partnerdesk/core/keeper"
	"partnerdesk/core/online"
	"partnerdesk/core/tenant"
)

// newsEvery is how often a log-on that is like the last one is worth a line.
const newsEvery = time.Hour

// visiting is a visit under way.
type visiting struct {
	keeper.Subject
	environment   *environment
	entry         *entry
	report        func(error) // for the breaker
	demonstration bool
	began         time.Time
	holdsPlace    bool // guarded by mu

	// What the visit meets on its way, known to its own goroutine:
	after               tenant.Visit // begins as what was known before
	requests, exchanges int
	answered            bool  // by the identity provider
	status              bool  // was told
	refusal             error // of the last try to log on
}

// begin starts a visit for which a place is held.
func (r *round) begin(e *environment, c *entry, report func(error)) {
	r.mu.Lock()
	v := &visiting{
		Subject: c.Subject, environment: e, entry: c, report: report, demonstration: r.demonstration,
		began: r.Now(), holdsPlace: true, after: c.visit,
	}
	c.underWay, c.turn = true, r.cadence
	r.mu.Unlock()
	s, ctx := r.shift, r.visits
	go func() {
		late := time.AfterFunc(slowAfter, func() { s.giveUpPlace(v) })
		defer late.Stop()
		s.visit(ctx, v)
	}()
}

// giveUpPlace lets another visit begin, and the tick end, without this one.
func (s *shift) giveUpPlace(v *visiting) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v.holdsPlace {
		v.holdsPlace = false
		v.environment.young--
		s.young--
		notify(v.environment.changed)
		notify(s.news)
	}
}

// visit logs on to one tenant and notes the result.
func (s *shift) visit(ctx context.Context, v *visiting) {
	principal, err := s.logOn(ctx, v)
	v.environment.spend(s.Now(), v.requests+v.exchanges-1)
	if ctx.Err() != nil && err != nil { // told to stop: nothing was learned about the tenant
		s.reportVisit(ctx, v, false, nil)
		s.end(v, nil, false)
		return
	}
	s.reportVisit(ctx, v, v.answered, err)
	if err != nil {
		s.failed(v, err)
		return
	}
	s.succeeded(v, principal)
}

// logOn is the visit itself.
func (s *shift) logOn(ctx context.Context, v *visiting) (tenant.Principal, error) {
	bounded, cancel := context.WithTimeout(ctx, visitTimeout)
	defer cancel()
	var principal tenant.Principal
	o := keeper.CallOptions{
		Status: func(st online.Status, asked time.Time) {
			v.status = true
			v.after.State, v.after.StateAt, v.after.StateValidUntil, v.after.API = st.State, asked, st.ValidUntil, st.API
			v.answered = v.answered || !asked.Before(v.began)
		},
		Record: func(online.Request) { v.requests++ }, Exchanged: func() { v.exchanges++; v.answered = true },
		Fresh: v.demonstration,
		Once:  true, // the visit's own back-off is enough
	}
	err := s.Keeper.Call(bounded, v.Subject, tenant.SystemUser, o, func(ctx context.Context, call online.Call) error {
		var err error
		principal, err = s.WebServices.Principal(ctx, call)
		v.refusal = err
		return err
	})
	if err == nil && principal.ContextID != "" && principal.ContextID != v.Tenant.ContextID {
		err = wrongTenant(v.Tenant, principal)
		v.refusal = err
	}
	return principal, err
}

func (s *shift) succeeded(v *visiting, principal tenant.Principal) {
	// Trouble may have been forgiven meanwhile, which makes its end no less of a piece of news.
	after, now := v.after, s.Now()
	healed := after.Trouble != nil || after.FailedAt.After(after.LogOnAt)
	news := v.exchanges > 0 || healed || after.LogOnAs != principal.Associate || now.Sub(after.LogOnAt) >= newsEvery
	after.LogOnAt, after.LogOnAs = now, principal.Associate
	after.Failures, after.FailedAt, after.RetryAt, after.Trouble, after.FailedStep = 0, time.Time{}, time.Time{}, nil, ""
	// A routine log-on repeats every few seconds for months; only one that tells something is kept.
	level := slog.LevelDebug
	if news || v.demonstration {
		level = slog.LevelInfo
	}
	r := &result{visit: after, count: v.counting(func(t *tenant.Tick) { t.LoggedOn++ }), line: line{
		level, "Logged on to context " + v.Tenant.ContextID + " as " + principal.Associate, []slog.Attr{
			journal.Step(tenant.StepWebServices), journal.Tenant(v.Tenant.Key), journal.User(principal.Associate), journal.Remote(journal.Host(after.API)),
			slog.String("user_type", principal.UserType), slog.String("company", v.Tenant.CompanyName),
		},
	}}
	s.end(v, r, false)
}

func (s *shift) failed(v *visiting, err error) {
	e, after, now := tenant.Explain(err), v.after, s.Now()
	// The other words may hold a wait or a clock, and be different every time.
	first := after.Trouble == nil || after.Trouble.Cause != e.Cause || after.Trouble.What != e.What
	after.Failures++
	after.FailedAt, after.Trouble, after.FailedStep = now, &e, v.failedStep(err)
	after.RetryAt = now.Add(retryIn(after.Key, after.Failures, e.Temporary, tenant.RetryAfterOf(err)))
	notRunning := isNotRunning(err) && e.Temporary
	if notRunning {
		// SuperOffice says itself when to ask again, but not to ask without a pause.
		after.RetryAt = now.Add(max(after.StateValidUntil.Sub(now), firstRetry))
	}
	count := v.counting(func(t *tenant.Tick) {
		if notRunning {
			t.Resting++
		} else {
			t.Failed++
		}
	})
	level, message := slog.LevelWarn, "Could not log on to context "+v.Tenant.ContextID
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
	r := &result{visit: after, count: count, line: line{level, message, []slog.Attr{
		journal.Step(step), journal.Tenant(v.Tenant.Key), journal.Remote(journal.Host(after.API)), journal.Failure(err),
		slog.Int("failures", after.Failures), slog.Time("retry_at", after.RetryAt),
	}}}
	s.end(v, r, true)
}

// counting counts what each visit that ends brings to a tick, and what this one does.
func (v *visiting) counting(also func(*tenant.Tick)) func(*tenant.Tick) {
	return func(t *tenant.Tick) {
		t.Visited++
		t.Exchanges += v.exchanges
		t.Requests += v.requests + v.exchanges
		also(t)
	}
}

// failedStep tells which part of the visit failed.
func (v *visiting) failedStep(err error) tenant.VisitStep {
	switch {
	case isNotRunning(err), !v.status:
		return tenant.VisitStatus
	case v.refusal != nil && errors.Is(err, v.refusal):
		return tenant.VisitPrincipal
	}
	return tenant.VisitExchange
}

func isNotRunning(err error) bool {
	_, ok := errors.AsType[*keeper.NotRunning](err)
	return ok
}

// end takes a visit that has ended out of the books. Its result, where it has one, counts from now on, and is
// saved with the next batch; a failure that a person has answered meanwhile is none.
func (s *shift) end(v *visiting, r *result, failed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := v.entry
	e.underWay = false
	if s.switchedOff[v.Tenant.Key] == e {
		delete(s.switchedOff, v.Tenant.Key)
	}
	if v.holdsPlace {
		v.holdsPlace = false
		v.environment.young--
		s.young--
	}
	v.environment.underWay--
	s.underWay--
	if r != nil {
		s.count(v, v.exchanges, v.requests+v.exchanges, failed, s.Now())
		if stands(r.visit, e.visit) {
			e.asked = false
			r.visit.Forgiven = e.visit.Forgiven
			e.visit = r.visit
			s.unsaved.add(r)
		} else {
			r.count(&s.counts)
			s.wakeUp() // as somebody waits for another visit
		}
	}
	notify(v.environment.changed)
	notify(s.news)
}

func wrongTenant(t tenant.Tenant, p tenant.Principal) error {
	return &tenant.Problem{Op: "log on to the tenant", Err: errors.New("the principal belongs to " + p.ContextID),
		Explanation: tenant.CauseWrongTenant.Explain("Another tenant answered.",
			"The log-on to "+t.ContextID+" was answered by "+p.ContextID+".", "Report it to SuperOffice; nothing was written.")}
}
