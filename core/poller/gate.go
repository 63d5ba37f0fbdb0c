package poller

import (
	"context"
	"sync"
	"time"

	"github.com/cenkalti/backoff/v5"
	"golang.org/x/time/rate"
)

// gate lets visits through to each environment: no faster than the budget, and for a while not at all
// when the identity provider is down, as then every tenant would fail alike.
type gate struct {
	budget rate.Limit

	mu           sync.Mutex
	environments map[string]*environment
}

type environment struct {
	limit    *rate.Limiter
	failures int // at the provider, in a row
	closed   time.Time
	steps    *backoff.ExponentialBackOff
}

// breakAfter is how many failures in a row at the provider close the gate: one may be bad luck.
const breakAfter = 3

func newGate(budget float64) *gate {
	return &gate{budget: rate.Limit(budget), environments: map[string]*environment{}}
}

// visitRequests is what the dearest ordinary visit takes: status, exchange and log-on. The budget must hold
// one of it, or it would never be had.
const visitRequests = 3

// of returns the environment at a base address; call it with mu held.
func (g *gate) of(base string) *environment {
	e := g.environments[base]
	if e == nil {
		e = &environment{limit: rate.NewLimiter(g.budget, max(visitRequests, int(g.budget))), steps: retrySteps()}
		g.environments[base] = e
	}
	return e
}

// open reports whether visits to the environment may begin. When a closed gate's time is over, visits
// probe again, and the first failure closes it anew for longer.
func (g *gate) open(base string, now time.Time) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return !now.Before(g.of(base).closed)
}

// wait takes one request from the budget. It fails at once if the turn would come after ctx's deadline.
func (g *gate) wait(ctx context.Context, base string) error {
	g.mu.Lock()
	limit := g.of(base).limit
	g.mu.Unlock()
	return limit.Wait(ctx)
}

// spend takes requests from the budget that have been made already: those of a visit beyond its first. The
// visits after it wait for them.
func (g *gate) spend(base string, requests int) {
	if requests <= 0 {
		return
	}
	g.mu.Lock()
	limit := g.of(base).limit
	g.mu.Unlock()
	limit.ReserveN(time.Now(), min(requests, limit.Burst()))
}

// report tells how a visit went: whether the provider was at fault, and how long it then asked to wait. Who
// asks for a wait gets it from all visits; else the gate closes after some failures in a row.
func (g *gate) report(base string, atProvider bool, asked time.Duration, now time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	e := g.of(base)
	if !atProvider {
		e.failures = 0
		e.steps.Reset()
		return
	}
	e.failures++
	wait := asked
	if e.failures >= breakAfter && !now.Before(e.closed) {
		wait = max(wait, e.steps.NextBackOff())
	}
	if until := now.Add(wait); until.After(e.closed) {
		e.closed = until
	}
}
