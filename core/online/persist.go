package online

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"time"

	"github.com/cenkalti/backoff/v5"

	"partnerdesk/core/tenant"
)

// A request that only reads is made again where the failure is likely to pass at once. A person who waits
// for a button is spared most of a load balancer's hiccups, and a server in trouble gets three requests at
// the most. What writes is never made again here.
const (
	maxTries = 3
	// firstPause is the middle of the pause before the second try; the one before the third is three times as
	// long. Both vary by half, so that programs which failed together do not come back together.
	firstPause = 300 * time.Millisecond
	// maxAsked is the longest wait at a server's wish (Retry-After). Whoever asks for more is not asked again:
	// the person hears of the wait instead.
	maxAsked = 5 * time.Second
	// persistence is how long after the first try the last may begin.
	persistence = 20 * time.Second
)

type onceKey struct{}

// Once returns a context in which each request is made once, whatever comes of it. It is for callers that
// come again by themselves: their own back-off must not be multiplied with the repeats here.
func Once(ctx context.Context) context.Context { return context.WithValue(ctx, onceKey{}, true) }

// persist carries out a try of a request that only reads, and again where that is worth it.
func persist(ctx context.Context, op string, try func() ([]byte, error)) ([]byte, error) {
	began := time.Now()
	steps := backoff.NewExponentialBackOff()
	steps.InitialInterval, steps.Multiplier = firstPause, 3
	steps.Reset()
	for n := 1; ; n++ {
		answer, err := try()
		if err == nil || n == maxTries || ctx.Value(onceKey{}) != nil || !mayPass(err) {
			return answer, err
		}
		asked := tenant.RetryAfterOf(err)
		pause := asked + steps.NextBackOff()
		if asked > maxAsked || time.Since(began)+pause > persistence || !within(ctx, pause) {
			return nil, err
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return nil, &tenant.Problem{Op: op, Explanation: tenant.Explain(ctx.Err()), Err: context.Cause(ctx)}
		}
	}
}

// within reports whether a pause ends before the context does.
func within(ctx context.Context, pause time.Duration) bool {
	deadline, bounded := ctx.Deadline()
	return !bounded || time.Until(deadline) > pause
}

// mayPass reports whether a failure is of the kind that is over in a moment: the way to the server, a
// gateway before it, or too many requests. A plain 500 is the server's considered answer, and a server that
// has kept us waiting until the time was over would do so again.
func mayPass(err error) bool {
	switch StatusOf(err) {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	case 0:
	default:
		return false
	}
	var dns *net.DNSError
	var untrusted *tls.CertificateVerificationError
	switch {
	case errors.Is(err, ErrUnreadable), errors.Is(err, context.Canceled), errors.As(err, &untrusted):
		return false
	case errors.As(err, &dns):
		return !dns.IsNotFound
	case errors.Is(err, context.DeadlineExceeded) || isTimeout(err):
		dial, ok := errors.AsType[*net.OpError](err)
		return ok && dial.Op == "dial"
	}
	return true
}
