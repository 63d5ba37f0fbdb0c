package poller

import (
	"fmt"
	"hash/fnv"
	"io"
	"time"

	"github.com/cenkalti/backoff/v5"

	"partnerdesk/core/tenant"
)

const (
	firstRetry = 15 * time.Second
	maxRetry   = 15 * time.Minute
	// slowRetry is how often a tenant that needs attention is tried all the same: somebody may have put
	// it right without telling.
	slowRetry = time.Hour
)

// retryIn returns how long a tenant rests after its n-th failure in a row: longer each time and with
// jitter, so that tenants which failed together do not come back together.
func retryIn(k tenant.Key, n int, temporary bool, asked time.Duration) time.Duration {
	if !temporary {
		return max(slowRetry, asked)
	}
	steps := retrySteps()
	wait := steps.NextBackOff()
	for range min(n, 12) - 1 {
		wait = steps.NextBackOff()
	}
	return max(min(jitter(wait, k, n), maxRetry), asked)
}

// retrySteps are the waits between tries: each twice as long as the one before.
func retrySteps() *backoff.ExponentialBackOff {
	steps := backoff.NewExponentialBackOff()
	steps.InitialInterval, steps.MaxInterval, steps.Multiplier, steps.RandomizationFactor = firstRetry, maxRetry, 2, 0
	steps.Reset()
	return steps
}

// jitter makes a wait up to half as long again, or shorter. It goes by a hash of who waits and for which time,
// and not by chance, so that a day of troubles can be played again.
func jitter(wait time.Duration, who any, n int) time.Duration {
	h := fnv.New64a()
	_, _ = io.WriteString(h, fmt.Sprint(who, n)) // a hash takes everything
	return wait/2 + time.Duration(float64(wait)*float64(h.Sum64()>>11)/(1<<53))
}
