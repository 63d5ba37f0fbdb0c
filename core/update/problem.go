package update

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"

	"partnerdesk/core/tenant"
)

const (
	op        = "ask for the newest release"
	nextLater = "Try again later; everything else works without it."
	nextSet   = "Check the address for update notices in the settings."
)

// noAnswer makes the two texts for a question without a whole answer.
func noAnswer(ctx context.Context, host string, err error) error {
	if errors.Is(err, errRedirect) {
		return unusable(host, errRedirect)
	}
	// The URL in a url.Error carries the query, which may hold what nobody should read.
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	what := "There was no answer from " + host + " about the newest version."
	e := tenant.CauseUnreachable.Explain(what, "", nextLater)
	var dns *net.DNSError
	var untrusted *tls.CertificateVerificationError
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		e = tenant.Explain(ctx.Err())
	case errors.As(err, &untrusted):
		e = tenant.CauseUntrustedTLS.Explain(what, "", "Check this machine's clock, and whether a proxy stands between this machine and the server.")
	case errors.Is(err, context.DeadlineExceeded) || isTimeout(err):
		e = tenant.CauseTimedOut.Explain(what, "", nextLater)
	case errors.As(err, &dns):
		e = tenant.CauseNameUnknown.Explain(what, "", nextSet)
	}
	return &tenant.Problem{Op: op, Err: err, Explanation: e}
}

func isTimeout(err error) bool {
	var t interface{ Timeout() bool }
	return errors.As(err, &t) && t.Timeout()
}

// refused makes the two texts for a status that is not 200. Some pass by themselves: a server's own trouble, and a
// limit on questions, which GitHub answers with 403 and no question left ("Rate limits for the REST API").
func refused(resp *http.Response, host string) error {
	status := fmt.Sprintf("%d %s", resp.StatusCode, http.StatusText(resp.StatusCode))
	limited := resp.StatusCode == http.StatusTooManyRequests ||
		resp.StatusCode == http.StatusForbidden && resp.Header.Get("X-RateLimit-Remaining") == "0"
	if !limited && resp.StatusCode < http.StatusInternalServerError {
		return unusable(host, fmt.Errorf("%w: status %s", ErrNoRelease, status))
	}
	return &tenant.Problem{Op: op, Err: fmt.Errorf("status %s", status), Explanation: tenant.CauseUnreachable.Explain(
		"There was no answer from "+host+" about the newest version.", "The server answers "+status+".", nextLater)}
}

// unusable makes the two texts for an address at which there is no release to be found: who has chosen it must choose
// another one.
func unusable(host string, err error) error {
	what := "The address for update notices does not lead to a release."
	if host != "" {
		what = host + " does not say which version is the newest."
	}
	return &tenant.Problem{Op: op, Err: err, Explanation: tenant.CauseInput.Explain(what, tenant.Sentence(err), nextSet)}
}
