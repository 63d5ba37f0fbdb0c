package online

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"

	"partnerdesk/core/tenant"
)

var (
	// ErrUnreadable marks a 2xx answer whose body could not be understood.
	ErrUnreadable = errors.New("the answer cannot be understood")
	// ErrNoAnswer marks a request that ended without a whole answer. Whether it was carried out, nobody knows.
	ErrNoAnswer = errors.New("no answer")
)

// noAnswer makes the two texts for a request that ended without a whole answer.
func noAnswer(op, host string, err error) error {
	// The URL in a url.Error carries the query, which may hold what a person typed: keep the cause only.
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	what := "There was no answer from " + host + "."
	const next = "Check the network; the poller tries again by itself."
	e := tenant.CauseUnreachable.Explain(what, "", next)
	var dns *net.DNSError
	var untrusted *tls.CertificateVerificationError
	switch {
	case errors.Is(err, context.Canceled):
		e = tenant.Explain(err)
	case errors.As(err, &untrusted):
		e = tenant.CauseUntrustedTLS.Explain(what, "", "")
	case errors.Is(err, context.DeadlineExceeded) || isTimeout(err):
		e = tenant.CauseTimedOut.Explain(what, "It took too long.", next)
	case errors.As(err, &dns):
		e = tenant.CauseNameUnknown.Explain(what, "The name "+dns.Name+" cannot be resolved.", next)
	}
	return &tenant.Problem{Op: op, Explanation: e, Err: fmt.Errorf("%w: %w", ErrNoAnswer, err)}
}

func isTimeout(err error) bool {
	var t interface{ Timeout() bool }
	return errors.As(err, &t) && t.Timeout()
}

// unreadable makes the two texts for a 2xx answer that is not what was asked for.
func unreadable(op string, answer quotation, cause error) error {
	e := tenant.CauseAnswerUnusable.Explain("The tenant's answer cannot be understood.",
		"It is not the JSON that the web services promise.", "")
	e.Server = answer.words()
	return &tenant.Problem{Op: op, Err: fmt.Errorf("%w: %w", ErrUnreadable, cause), Explanation: e}
}

// badAddress makes the two texts for a tenant address that must not be called.
func badAddress(op string, err error) error {
	return &tenant.Problem{Op: op, Err: err, Explanation: tenant.CauseAnswerUnusable.Explain(
		"The tenant cannot be called.", "The address in its status is not a safe web address.", "")}
}
