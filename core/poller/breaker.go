package poller

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/sony/gobreaker/v2"

	"partnerdesk/core/journal"
	"partnerdesk/core/keeper"
	"partnerdesk/core/tenant"
)

// breaker keeps visits from an environment whose identity provider is down, as then every tenant would fail
// alike. After some failures in a row, or when the provider asks for a pause, no visit begins for a while; then one
// at a time does, until one proves that the provider works. Guarded by the poller's mu.
type breaker struct {
	circuit *gobreaker.TwoStepCircuitBreaker[struct{}]
	steps   *backoff.ExponentialBackOff
	who     string        // for whom the waits are spread
	until   time.Time     // before this no visit begins
	broken  bool          // the circuit is open or half-open
	trips   int           // how often it has opened
	asked   time.Duration // the pause that the failure being reported asks for
	since   time.Time     // when it broke
}

// breakAfter is how many failures in a row at the provider open the breaker: one may be bad luck.
const breakAfter = 3

// errNothingLearned is the outcome of a visit that had no need of the provider.
var errNothingLearned = errors.New("the identity provider was not asked")

// newBreaker leaves it to the circuit to count and to let one probe through at a time. How long it stays open is
// for us to say: longer each time, by the poller's own clock, and not shorter than the provider asks for.
func newBreaker(who string) *breaker {
	b := &breaker{steps: retrySteps(), who: who}
	b.circuit = gobreaker.NewTwoStepCircuitBreaker[struct{}](gobreaker.Settings{
		Timeout:     time.Nanosecond,
		ReadyToTrip: func(c gobreaker.Counts) bool { return c.ConsecutiveFailures >= breakAfter || b.asked > 0 },
		IsExcluded:  func(err error) bool { return errors.Is(err, errNothingLearned) },
		OnStateChange: func(_ string, _, to gobreaker.State) {
			b.broken = to != gobreaker.StateClosed
			if to == gobreaker.StateOpen {
				b.trips++
			}
		},
	})
	return b
}

// closed reports whether no visit may begin at the time now.
func (b *breaker) closed(now time.Time) bool { return now.Before(b.until) }

// state is the breaker's state in gobreaker's words.
func (b *breaker) state(now time.Time) string {
	switch {
	case !b.broken:
		return gobreaker.StateClosed.String()
	case b.closed(now):
		return gobreaker.StateOpen.String()
	}
	return gobreaker.StateHalfOpen.String()
}

// report tells the breaker how a visit went for which it gave done, and reports whether it has just broken or
// healed.
func (b *breaker) report(done func(error), outcome error, asked time.Duration, now time.Time) (broke, healed bool) {
	before, trips := b.broken, b.trips
	failed := errors.Is(outcome, keeper.ErrProvider)
	if !failed {
		asked = 0
	}
	b.asked = asked
	done(outcome)
	switch {
	case b.trips != trips:
		b.rest(now.Add(max(asked, jitter(b.steps.NextBackOff(), b.who, b.trips))))
	case asked > 0: // it was open already
		b.rest(now.Add(asked))
	}
	broke, healed = b.broken && !before, !b.broken && before
	if broke {
		b.since = now
	}
	if healed {
		b.until = time.Time{}
		b.steps.Reset()
	}
	return broke, healed
}

func (b *breaker) rest(until time.Time) {
	if until.After(b.until) {
		b.until = until
	}
}

// reportVisit tells the environment's breaker how a visit went, and the journal where that has changed it.
func (s *shift) reportVisit(ctx context.Context, v *visiting, answered bool, err error) {
	outcome := err
	if !errors.Is(err, keeper.ErrProvider) {
		if outcome = nil; !answered {
			outcome = errNothingLearned
		}
	}
	now := s.Now()
	b, host := v.environment.breaker, journal.Host(v.environment.base)
	s.mu.Lock()
	broke, healed := b.report(v.report, outcome, tenant.RetryAfterOf(err), now)
	until, since := b.until, b.since
	s.mu.Unlock()
	switch {
	case broke:
		s.Log.WarnContext(ctx, "SuperOffice's identity provider at "+host+" does not work; its tenants rest, and one at a time tries again from "+
			until.UTC().Format(time.TimeOnly)+" UTC", journal.Step(tenant.StepPoll), journal.Remote(host), journal.Failure(err), slog.Time("retry_at", until))
	case healed:
		s.Log.InfoContext(ctx, "SuperOffice's identity provider at "+host+" works again; its tenants are visited as usual",
			journal.Step(tenant.StepPoll), journal.Remote(host), slog.Duration("after", now.Sub(since).Round(time.Second)))
	}
}
