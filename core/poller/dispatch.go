package poller

import (
	"context"
	"math"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"partnerdesk/core/tenant"
)

const (
	// places is how many visits to one environment may be under way at once: enough that the time an answer
	// takes over the network does not bound how many visits there are.
	places = 64
	// slowAfter is how long a visit may take before its place is given to another, so that tenants that hang
	// delay nobody; slowPlaces bounds how many such there may be.
	slowAfter  = 2 * time.Second
	slowPlaces = 256
	// visitTimeout bounds one visit.
	visitTimeout = 20 * time.Second
	// visitRequests is what the dearest ordinary visit takes: status, exchange and log-on. The budget must hold
	// one of it, or it would never be had.
	visitRequests = 3
)

// environment is what the visits to the tenants of one address share. One that is slow or down costs the others
// nothing. Guarded by the poller's mu, but for limit, which guards itself.
type environment struct {
	base     string
	limit    *rate.Limiter
	breaker  *breaker
	young    int           // visits under way that hold a place
	underWay int           // all visits under way
	changed  chan struct{} // says that there may be room again
	requests uint64
	paused   bool // for planned maintenance, as the journal was told
}

// environment returns the one at a base address. Call it with mu held.
func (s *shift) environment(base string) *environment {
	e := s.environments[base]
	if e == nil {
		e = &environment{base: base, breaker: newBreaker(base + words(s.Owner)), changed: make(chan struct{}, 1)}
		e.limit = rate.NewLimiter(s.budget())
		s.environments[base] = e
	}
	return e
}

// budget is the rate of requests to an environment, and how many may be made at once after a pause: a second's
// worth, or one visit's.
func (s *shift) budget() (rate.Limit, int) {
	perSecond := s.Budget
	switch {
	case perSecond != 0:
	case tenant.CheckRequestBudget(s.settings.RequestBudget) != nil:
		perSecond = tenant.DefaultRequestBudget
	default:
		perSecond = float64(s.settings.RequestBudget)
	}
	if math.IsInf(perSecond, 1) {
		return rate.Inf, visitRequests
	}
	return rate.Limit(perSecond), max(visitRequests, int(perSecond))
}

// useBudget applies a changed setting. Call it with mu held.
func (s *shift) useBudget() {
	limit, burst := s.budget()
	now := s.Now()
	for _, e := range s.environments {
		if e.limit.Limit() != limit {
			e.limit.SetLimitAt(now, limit)
			e.limit.SetBurstAt(now, burst)
		}
	}
}

// spend takes requests from the budget that have been made already: those of a visit beyond its first. The
// visits after it wait for them.
func (e *environment) spend(now time.Time, requests int) {
	if requests > 0 {
		e.limit.ReserveN(now, min(requests, e.limit.Burst()))
	}
}

// notify says that something has happened, to one who waits now or will wait next.
func notify(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// dispatch starts the visits that are due, each environment's at its own pace, and returns a channel that closes
// when no more will be started.
func (r *round) dispatch(starting context.Context) <-chan struct{} {
	var all sync.WaitGroup
	for e, due := range r.due {
		all.Go(func() { r.startAll(starting, e, due) })
	}
	done := make(chan struct{})
	go func() { all.Wait(); close(done) }()
	return done
}

// startAll starts the visits to one environment, and lets those rest whose turn does not come in time.
func (r *round) startAll(starting context.Context, e *environment, due []*entry) {
	for i, c := range due {
		report := r.admission(starting, e)
		if report == nil {
			r.mu.Lock()
			r.tick.Resting += len(due) - i
			r.mu.Unlock()
			return
		}
		r.begin(e, c, report)
	}
}

// admission waits until a visit may begin, and holds a place for it then. It returns what tells the breaker how
// the visit went, or nil where none may begin in time.
func (r *round) admission(starting context.Context, e *environment) (report func(error)) {
	r.mu.Lock()
	closed := e.breaker.closed(r.Now())
	r.mu.Unlock()
	if closed || !r.afford(starting, e) {
		return nil
	}
	for starting.Err() == nil {
		report, wait := r.enter(e)
		if report != nil || !wait {
			return report
		}
		select {
		case <-e.changed:
		case <-starting.Done():
		}
	}
	return nil
}

// afford takes one request from the budget, and waits for it if it comes in time.
func (r *round) afford(starting context.Context, e *environment) bool {
	now := r.Now()
	turn := e.limit.ReserveN(now, 1)
	wait := turn.DelayFrom(now)
	switch {
	case now.Add(wait).After(r.startUntil):
	case wait == 0, r.Wait(starting, wait) == nil:
		return true
	}
	turn.CancelAt(r.Now())
	return false
}

// enter takes a place, if there is one and the breaker lets a visit through; else it says whether to wait for one.
func (r *round) enter(e *environment) (report func(error), wait bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case e.breaker.closed(r.Now()):
		return nil, false
	case e.young >= places || e.underWay >= places+slowPlaces:
		return nil, true
	}
	report, err := e.breaker.circuit.Allow()
	if err != nil {
		return nil, e.underWay > 0 // the one that probes ends soon
	}
	e.young++
	e.underWay++
	r.young++
	r.underWay++
	return report, false
}
