package superid

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/cenkalti/backoff/v5"

	"partnerdesk/core/tenant"
)

const (
	// maxAnswer bounds every answer that is read; the largest honest one is a key set of a few KB. maxHeader
	// bounds what comes before it: of a server that speaks no HTTP, Go's errors quote that.
	maxAnswer      = 1 << 20
	maxHeader      = 64 << 10
	requestTimeout = 30 * time.Second
	// maxIdle is how many connections to one host are kept for the next request: as many as a poller has visits
	// under way. With net/http's own two, each exchange in a crowd would open a connection.
	maxIdle = 64

	// A public document is asked for at most three times, with growing pauses, and not again when the
	// first try began longestRetry ago. Somebody waits for it, so a server that wants a pause longer than
	// longestPause is not asked again.
	maxTries     = 3
	firstPause   = 250 * time.Millisecond
	longestPause = 3 * time.Second
	longestRetry = 10 * time.Second
)

var (
	errTooLarge = errors.New("the answer is larger than 1 MB")
	errRedirect = errors.New("redirected to another host")
)

// newHTTPClient makes the client that every request goes through: bounded answers, no redirect that
// leaves the host or repeats a POST, and an eye on the server's clock. The one that was given is copied,
// never changed.
func newHTTPClient(given *http.Client, now func() time.Time) *http.Client {
	client := http.Client{Timeout: requestTimeout}
	if given != nil {
		client = *given
	} else if standard, ok := http.DefaultTransport.(*http.Transport); ok {
		// Our own copy, so that Close closes our connections and nobody else's.
		own := standard.Clone()
		own.MaxResponseHeaderBytes = maxHeader
		own.MaxIdleConnsPerHost = maxIdle
		client.Transport = own
	}
	inner := client.Transport
	if inner == nil {
		inner = http.DefaultTransport
	}
	client.Transport = &transport{inner: inner, now: now}
	client.CheckRedirect = stayOnHost
	client.Jar = nil
	return &client
}

// stayOnHost follows a redirected GET within one origin, and nothing else. POSTs never come here (see
// transport).
func stayOnHost(next *http.Request, via []*http.Request) error {
	if len(via) > 3 || next.URL.Scheme != via[0].URL.Scheme || next.URL.Host != via[0].URL.Host {
		return errRedirect
	}
	return nil
}

// transport bounds answers and measures the server's clock.
type transport struct {
	inner http.RoundTripper
	now   func() time.Time
}

// RoundTrip implements [http.RoundTripper].
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Header.Get("Accept") == "" {
		// The OAuth library sends none, and SuperOffice may answer HTML then.
		r = r.Clone(r.Context())
		r.Header.Set("Accept", "application/json")
	}
	asked := t.now()
	resp, err := t.inner.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if w, ok := r.Context().Value(watchKey{}).(*clockWatch); ok {
		w.measure(resp.Header, asked, t.now())
	}
	if r.Method == http.MethodPost {
		// Every POST carries a credential. Without a Location the client has nowhere to repeat it, and
		// the caller sees the redirect's status.
		resp.Header.Del("Location")
	}
	resp.Body = &boundedBody{ReadCloser: resp.Body, left: maxAnswer}
	return resp, nil
}

// CloseIdleConnections is what [http.Client.CloseIdleConnections] looks for.
func (t *transport) CloseIdleConnections() {
	if closer, ok := t.inner.(interface{ CloseIdleConnections() }); ok {
		closer.CloseIdleConnections()
	}
}

// boundedBody fails after its limit, where an io.LimitReader would pretend that the answer had ended.
type boundedBody struct {
	io.ReadCloser
	left int64
}

// Read implements [io.Reader].
func (b *boundedBody) Read(p []byte) (int, error) {
	if b.left < 0 {
		return 0, errTooLarge
	}
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.ReadCloser.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, errTooLarge
	}
	return n, err
}

type watchKey struct{}

// clockWatch remembers how far the server's clock is from ours, over the requests of one context.
type clockWatch struct {
	mu   sync.Mutex
	skew time.Duration
	told bool
}

// watchClock returns a context whose requests measure the server's clock.
func watchClock(ctx context.Context) (context.Context, *clockWatch) {
	w := &clockWatch{}
	return context.WithValue(ctx, watchKey{}, w), w
}

// measure reads the Date header (RFC 9110 section 6.6.1). It has a resolution of a second, so half of
// one is added; an answer from a cache (Age) says nothing about now.
func (w *clockWatch) measure(h http.Header, asked, answered time.Time) {
	date, err := http.ParseTime(h.Get("Date"))
	if err != nil || h.Get("Age") != "" {
		return
	}
	middle := asked.Add(answered.Sub(asked) / 2)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.skew, w.told = date.Add(500*time.Millisecond).Sub(middle).Round(time.Second), true
}

// Skew is the server's clock minus ours, zero where no answer told.
func (w *clockWatch) Skew() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.skew
}

// Told reports whether any answer told the time.
func (w *clockWatch) Told() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.told
}

// getJSON reads one public document. A GET changes nothing, so it is repeated where a moment may cure what
// went wrong: after no answer, too many requests, or a gateway's trouble (RFC 9110 section 9.2.2).
func (c *Client) getJSON(ctx context.Context, op, what, address string, into any) error {
	pauses := backoff.NewExponentialBackOff()
	pauses.InitialInterval, pauses.MaxInterval = c.firstPause, longestPause
	var last error // as the library wraps what it returns
	body, err := backoff.Retry(ctx, func() ([]byte, error) {
		body, again, err := c.get(ctx, op, what, address)
		last = err
		switch {
		case err == nil:
			return body, nil
		case !again.worth || again.after > longestPause:
			return nil, backoff.Permanent(err)
		case again.after > 0:
			return nil, &backoff.RetryAfterError{Duration: again.after}
		}
		return nil, err
	}, backoff.WithBackOff(pauses), backoff.WithMaxTries(maxTries), backoff.WithMaxElapsedTime(longestRetry))
	switch {
	case err != nil && ctx.Err() != nil:
		return cancelled(ctx, op)
	case err != nil:
		return last
	case decode(body, into) != nil:
		// What a decoding error would quote is the server's, so it is left out of ours.
		return unusableAnswer(op, what, "it is not the JSON that was expected")
	}
	return nil
}

// repeat says whether a failed GET is worth another try, and how long the server wants to be left alone;
// zero where it did not say.
type repeat struct {
	worth bool
	after time.Duration
}

func (c *Client) get(ctx context.Context, op, what, address string) ([]byte, repeat, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, repeat{}, unusableAnswer(op, what, "its address cannot be read")
	}
	resp, err := c.http.Do(r)
	if err != nil {
		return nil, repeat{worth: mayPass(err)}, networkProblem(ctx, op, what, err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, repeat{worth: mayPass(err)}, networkProblem(ctx, op, what, err)
	}
	switch resp.StatusCode {
	case http.StatusOK:
		return body, repeat{}, nil
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		wait := c.retryAfter(resp)
		return nil, repeat{true, wait}, tenant.WithRetryAfter(statusProblem(op, what, resp.StatusCode, ""), wait)
	}
	return nil, repeat{}, statusProblem(op, what, resp.StatusCode, "")
}

// mayPass reports whether a failure to get an answer may be a passing one. Who answers wrongly, or under a
// name that does not exist, will do so again.
func mayPass(err error) bool {
	var untrusted *tls.CertificateVerificationError
	var dns *net.DNSError
	switch {
	case errors.Is(err, errTooLarge), errors.Is(err, errRedirect), errors.As(err, &untrusted):
		return false
	case errors.As(err, &dns):
		return !dns.IsNotFound
	}
	return true
}

// retryAfter is how long an answer asks to be left alone.
func (c *Client) retryAfter(resp *http.Response) time.Duration {
	return tenant.ParseRetryAfter(resp.Header.Get("Retry-After"), c.now())
}

// isTransport reports whether no answer came at all, or not all of it. Its text holds method, address
// and cause.
func isTransport(err error) bool {
	var u *url.Error
	return errors.As(err, &u) || errors.Is(err, errTooLarge)
}
