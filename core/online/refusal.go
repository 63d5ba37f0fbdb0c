package online

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"partnerdesk/core/tenant"
)

// Refusal is an answer of a tenant or of the status service that is not a success.
type Refusal struct {
	Status int
	// RetryAfter is how long the server asks to wait; 0 where it does not say.
	RetryAfter time.Duration
}

// Error returns the status with its name.
func (r *Refusal) Error() string {
	return fmt.Sprintf("HTTP %d %s", r.Status, http.StatusText(r.Status))
}

// StatusOf returns the HTTP status of the refusal in err's chain, and 0 where there is none: no whole answer
// came, or a 2xx that cannot be understood.
func StatusOf(err error) int {
	var r *Refusal
	if errors.As(err, &r) {
		return r.Status
	}
	return 0
}

// RetryAfterOf returns how long the server asked to wait, or 0.
func RetryAfterOf(err error) time.Duration {
	var r *Refusal
	if errors.As(err, &r) {
		return r.RetryAfter
	}
	return 0
}

// ErrUnreadable marks a 2xx answer whose body could not be understood.
var ErrUnreadable = errors.New("the answer cannot be understood")

// NotCarriedOut reports whether err proves that the server did nothing: it answered with a refusal of the
// request itself (4xx). Everything else (no answer, half an answer, 5xx) leaves it open.
func NotCarriedOut(err error) bool {
	status := StatusOf(err)
	return status >= 400 && status < 500 && status != http.StatusRequestTimeout
}

// refused makes the two texts for an answer that is not 2xx.
func refused(op string, res *http.Response, body []byte, now time.Time) error {
	p := &tenant.Problem{Op: op, Err: &Refusal{Status: res.StatusCode, RetryAfter: retryAfter(res.Header.Get("Retry-After"), now)}}
	p.Explanation = explainStatus(res.StatusCode)
	p.Server = quotation{contentType: res.Header.Get("Content-Type"), body: body, secrets: secretsOf(res.Request.Header)}.words()
	return p
}

// explainStatus says for people what a status means on the tenant's side.
func explainStatus(status int) tenant.Explanation {
	e := tenant.Explanation{What: "The tenant refused the request.", Fault: tenant.FaultTenant}
	switch {
	case status == http.StatusUnauthorized:
		e.Why = "It did not accept the credential."
		e.Next = "Sign in to the tenant again."
		e.Fault = tenant.FaultConsent
	case status == http.StatusForbidden:
		e.Why = "The user lacks the right to do this."
		e.Next = "Ask the tenant's administrator for the right, or use the other button."
		e.Fault = tenant.FaultPerson
	case status == http.StatusNotFound:
		e.Why = "There is nothing at this address."
		e.Next = "Check with the customer that the tenant still exists."
	case status == http.StatusMisdirectedRequest:
		e.Why = "The tenant has moved to another address."
		e.Next = "Try again in a moment."
		e.Temporary = true
	case status == http.StatusTooManyRequests:
		e.Why = "It receives too many requests."
		e.Next = "Wait a little; polling slows down by itself."
		e.Temporary = true
	case status >= 500:
		e.What = "The tenant is in trouble."
		e.Why = "Its web services answered with an error of their own."
		e.Next = "Try again later; the app is not the cause."
		e.Temporary = true
	case status >= 300 && status < 400:
		e.Why = "It answered with a redirect, which a request with a credential does not follow."
		e.Next = "Check the environment's address."
	default:
		e.Why = "It did not accept what was sent."
		e.Next = "Read what the server says; the log has the request."
		e.Fault = tenant.FaultRegistration
	}
	return e
}

// noAnswer makes the two texts for a request that ended without a whole answer.
func noAnswer(op, host string, err error) error {
	// The URL in a url.Error carries the query, which may hold what a person typed: keep the cause only.
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	e := tenant.Explanation{
		What: "There was no answer from " + host + ".", Why: "The connection failed.",
		Next: "Check the network; the poller tries again by itself.", Fault: tenant.FaultNetwork, Temporary: true,
	}
	var dns *net.DNSError
	switch {
	case errors.Is(err, context.Canceled):
		e = tenant.Explain(err)
	case errors.Is(err, context.DeadlineExceeded) || isTimeout(err):
		e.Why = "It took too long."
	case errors.As(err, &dns):
		e.Why = "The name " + dns.Name + " cannot be resolved."
	}
	return &tenant.Problem{Op: op, Explanation: e, Err: err}
}

func isTimeout(err error) bool {
	var t interface{ Timeout() bool }
	return errors.As(err, &t) && t.Timeout()
}

// unreadable makes the two texts for a 2xx answer that is not what was asked for.
func unreadable(op string, answer quotation, cause error) error {
	return &tenant.Problem{Op: op, Err: fmt.Errorf("%w: %w", ErrUnreadable, cause), Explanation: tenant.Explanation{
		What: "The tenant's answer cannot be understood.", Why: "It is not the JSON that the web services promise.",
		Next: "Try again; if it stays, report it to SuperOffice.", Server: answer.words(),
		Fault: tenant.FaultSuperOffice, Temporary: true,
	}}
}

// badAddress makes the two texts for a tenant address that must not be called.
func badAddress(op string, err error) error {
	return &tenant.Problem{Op: op, Err: err, Explanation: tenant.Explanation{
		What: "The tenant cannot be called.", Why: "The address in its status is not a safe web address.",
		Next: "Try again; if it stays, report it to SuperOffice.", Fault: tenant.FaultSuperOffice, Temporary: true,
	}}
}

// maxRetryAfter bounds a server's wish: beyond it the poller would look dead.
const maxRetryAfter = time.Hour

// retryAfter reads seconds or an HTTP date (RFC 9110 section 10.2.3); rubbish is 0.
func retryAfter(value string, now time.Time) time.Duration {
	value = strings.TrimSpace(value)
	var wait time.Duration
	if seconds, err := strconv.ParseInt(value, 10, 32); err == nil {
		wait = time.Duration(seconds) * time.Second
	} else if at, err := http.ParseTime(value); err == nil {
		wait = at.Sub(now)
	}
	return min(max(wait, 0), maxRetryAfter)
}
