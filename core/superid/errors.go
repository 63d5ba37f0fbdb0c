package superid

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

// What callers may decide on. Each comes wrapped in a [tenant.Problem].
var (
	// ErrCancelled: the caller's context was cancelled. It is not a failure that a person must be told.
	ErrCancelled = errors.New("cancelled")
	// ErrTimeout: the browser did not come back in time.
	ErrTimeout = errors.New("no answer in time")
	// ErrPort: the loopback port of the redirect URI cannot be used.
	ErrPort = errors.New("loopback port not available")
	// ErrRegistration: the registration lacks what this step needs, or is malformed.
	ErrRegistration = errors.New("registration not usable")
	// ErrRefused: consent was refused on the sign-in page.
	ErrRefused = errors.New("consent refused")
	// ErrAuthorization: the authorization endpoint answered with another error, or with nonsense.
	ErrAuthorization = errors.New("authorization failed")
	// ErrRefreshRefused: the refresh token is no longer good (invalid_grant). Only a new sign-in helps.
	ErrRefreshRefused = errors.New("refresh token refused")
	// ErrClientRefused: the client id or secret was refused (invalid_client, unauthorized_client).
	ErrClientRefused = errors.New("client refused")
	// ErrUnavailable: nobody answered, or the provider said that it cannot answer now.
	ErrUnavailable = errors.New("identity provider not available")
	// ErrAnswer: the provider answered something that cannot be used.
	ErrAnswer = errors.New("unusable answer")
	// ErrMetadata: the provider's description of itself contradicts what is known of it.
	ErrMetadata = errors.New("unusable metadata")
	// ErrNoSystemUser: the tenant has no system user token to exchange.
	ErrNoSystemUser = errors.New("no system user token")
)

// cancelled is the Problem of a context that ended, whichever step it was in.
func cancelled(ctx context.Context, op string) error {
	err := ctx.Err()
	if errors.Is(err, context.DeadlineExceeded) {
		return &tenant.Problem{Op: op, Err: fmt.Errorf("%w: %w", ErrTimeout, err), Explanation: tenant.CauseTimedOut.Explain(
			"It took too long.", "SuperOffice did not answer in time.", "")}
	}
	return &tenant.Problem{Op: op, Err: fmt.Errorf("%w: %w", ErrCancelled, err), Explanation: tenant.CauseCancelled.Explain("Cancelled.", "", "")}
}

// unusableRegistration is the Problem of a registration that lacks what was asked of it, or is malformed.
func unusableRegistration(op, why, next string) error {
	return &tenant.Problem{Op: op, Err: fmt.Errorf("%w: %s", ErrRegistration, why), Explanation: tenant.CauseIncomplete.Explain(
		"The registration cannot be used for this.", why, next)}
}

// networkProblem explains why no answer came. The error of the HTTP client names method, address and
// cause; none of our addresses carries a secret.
func networkProblem(ctx context.Context, op, what string, err error) error {
	if ctx.Err() != nil {
		return cancelled(ctx, op)
	}
	where, cause := whereAndWhy(err)
	e := tenant.CauseUnreachable.Explain(what, "Nothing answers at "+where+" ("+cause+").", "")
	var untrusted *tls.CertificateVerificationError
	var dns *net.DNSError
	switch {
	case errors.As(err, &untrusted):
		e = tenant.CauseUntrustedTLS.Explain(what, "", "")
	case errors.Is(err, errRedirect):
		return &tenant.Problem{Op: op, Err: fmt.Errorf("%w: %w", ErrAnswer, err), Explanation: tenant.CauseAddress.Explain(what,
			where+" sends the request on to another host, which Partnerdesk does not follow.", "")}
	case errors.Is(err, errTooLarge):
		return unusableAnswer(op, what, "the answer is larger than 1 MB")
	case isTimeout(err):
		e = tenant.CauseTimedOut.Explain(what, where+" did not answer in time.", "")
	case errors.As(err, &dns):
		e = tenant.CauseNameUnknown.Explain(what, "The name "+dns.Name+" cannot be resolved.", "")
	}
	return &tenant.Problem{Op: op, Err: fmt.Errorf("%w: %w", ErrUnavailable, err), Explanation: e}
}

// whereAndWhy takes the address that was called and the innermost cause out of an error of the HTTP client. The
// cause may quote the server.
func whereAndWhy(err error) (where, cause string) {
	where = "SuperOffice's identity provider"
	if u, ok := errors.AsType[*url.Error](err); ok {
		if address, parseErr := url.Parse(u.URL); parseErr == nil && address.Host != "" {
			where = address.Scheme + "://" + address.Host
		}
	}
	for {
		inner := errors.Unwrap(err)
		if errors.Is(err, io.EOF) {
			return where, "the connection ended without an answer"
		}
		if inner == nil {
			return where, clip(serverWords(err.Error()), 200)
		}
		err = inner
	}
}

func isTimeout(err error) bool {
	var u *url.Error
	return errors.As(err, &u) && u.Timeout()
}

// unusableAnswer explains an answer that is not what the protocol says.
func unusableAnswer(op, what, why string) error {
	return &tenant.Problem{Op: op, Err: fmt.Errorf("%w: %s", ErrAnswer, why), Explanation: tenant.CauseAnswerUnusable.Explain(what,
		"The identity provider's answer cannot be used: "+why+".",
		"Try again later. If it stays so, check the registration's address, then report it to SuperOffice.")}
}

// statusProblem explains an HTTP status that is not a success, where the body explained nothing.
func statusProblem(op, what string, status int, server string) error {
	const later = "Try again later. If it stays so, report it to SuperOffice."
	why := fmt.Sprintf("The identity provider answered with HTTP status %d (%s).", status, statusText(status))
	sentinel, e := ErrAnswer, tenant.CauseAnswerUnusable.Explain(what, why, later)
	switch {
	case status == http.StatusTooManyRequests || status >= 500:
		sentinel, e = ErrUnavailable, tenant.CauseProviderFailed.Explain(what, why, later)
	case status == http.StatusNotFound:
		e = tenant.CauseAddress.Explain(what, why, "Check the registration's address: there is no SuperOffice identity provider behind it.")
	case status >= 300 && status < 400:
		e.Why = "The identity provider sent the request on to another address, and credentials do not follow."
	}
	e.Server = server
	return &tenant.Problem{Op: op, Explanation: e, Err: fmt.Errorf("%w: HTTP status %d", sentinel, status)}
}

func statusText(status int) string {
	if text := http.StatusText(status); text != "" {
		return text
	}
	return "no standard status"
}

// maxServerWords bounds what is kept of a server's own words.
const maxServerWords = 1000

// serverWords keeps a server's words as they are, bounded, on one line, and without our own secrets in
// case the server repeated one.
func serverWords(words string, secrets ...secret.Text) string {
	words = strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp, unicode.Bidi_Control) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(secret.Conceal(words, secrets...), "\uFFFD"))
	return clip(strings.TrimSpace(words), maxServerWords)
}

// clip shortens s to at most n characters.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	runes := []rune(s)
	if len(runes) <= n {
		return s
	}
	return string(runes[:n]) + "…"
}

// clockSentence names the clock where it is far enough off to matter, and is empty where it is not.
func clockSentence(skew time.Duration) string {
	if skew.Abs() < time.Minute {
		return ""
	}
	return "This machine's clock is " + tenant.ClockOff(skew) + " the server's."
}
