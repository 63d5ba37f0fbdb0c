// Package online is a tenant's side of SuperOffice CRM Online: the tenant's status, and the few calls of
// its REST web services that Partnerdesk makes (docs.superoffice.com, "Tenant status" and "REST API").
//
// What only reads is made again, at most twice, after a failure that is likely to pass at once (see [Once]);
// what writes is made once. Whoever owns the credential (core/keeper) decides whether a refused call is worth
// repeating with another one; [StatusOf] on its error tells.
package online

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

const (
	// maxBody bounds what is read of an answer: a whole contact is some tens of kilobytes.
	maxBody = 4 << 20
	// maxHeader bounds what comes before it: of a server that speaks no HTTP, Go's errors quote that.
	maxHeader = 64 << 10
	// callTimeout bounds one call where the caller's context does not.
	callTimeout = 30 * time.Second
	// connectTimeout is how long one try waits for a connection.
	connectTimeout = 10 * time.Second
	maxRedirects   = 3
	// maxIdle is how many connections to one host are kept for the next request: as many as a poller has visits
	// under way.
	maxIdle = 64
)

// Options are the parts of a [Client] that a test may replace.
type Options struct {
	// Transport carries the requests; nil means one of our own with sane limits.
	Transport http.RoundTripper
	Now       func() time.Time
}

// Client calls tenants. It is safe for many goroutines and holds no credential.
type Client struct {
	http *http.Client
	now  func() time.Time
}

// New makes a client.
func New(o Options) *Client {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Transport == nil {
		t := http.DefaultTransport.(*http.Transport).Clone()
		t.MaxIdleConnsPerHost = maxIdle
		t.DialContext = (&net.Dialer{Timeout: connectTimeout}).DialContext
		t.ResponseHeaderTimeout = callTimeout
		t.MaxResponseHeaderBytes = maxHeader
		o.Transport = t
	}
	return &Client{
		http: &http.Client{Transport: o.Transport, Timeout: callTimeout, CheckRedirect: sameHost},
		now:  o.Now,
	}
}

// CloseIdleConnections lets go of connections that no call uses.
func (c *Client) CloseIdleConnections() { c.http.CloseIdleConnections() }

// sameHost follows a redirect only to the host that was asked, and never for a request that carries a
// credential: who answers for the environment decides where tickets are sent.
func sameHost(req *http.Request, via []*http.Request) error {
	first := via[0]
	if first.Header.Get("Authorization") != "" || len(via) >= maxRedirects ||
		req.URL.Scheme != first.URL.Scheme || req.URL.Host != first.URL.Host {
		return http.ErrUseLastResponse
	}
	return nil
}

// Credential is what a tenant is shown. It prints as its kind and fingerprint.
type Credential struct {
	scheme   string
	text     secret.Text
	appToken secret.Text
}

// Bearer is the login user's credential: an access token.
func Bearer(accessToken secret.Text) Credential {
	return Credential{scheme: "Bearer", text: accessToken}
}

// SOTicket is the system user's credential: a ticket, and the client secret as the application token.
func SOTicket(ticket, clientSecret secret.Text) Credential {
	return Credential{scheme: "SOTicket", text: ticket, appToken: clientSecret}
}

// String names the credential for people.
func (c Credential) String() string { return c.scheme + " " + c.text.Fingerprint() }

// Text returns the token or ticket itself, for comparing with the stored one.
func (c Credential) Text() secret.Text { return c.text }

func (c Credential) apply(h http.Header) {
	h.Set("Authorization", c.scheme+" "+c.text.Reveal())
	if !c.appToken.Empty() {
		h.Set("SO-AppToken", c.appToken.Reveal())
	}
}

// Call says where a tenant's web services are and as whom to call them.
type Call struct {
	// API is the base from the tenant's status, without "/v1".
	API        string
	Credential Credential
	// Record, where it is set, is told of each request made.
	Record func(Request)
}

// send makes one request to a tenant's web services and lets read understand the body of a 2xx answer.
func (c *Client) send(ctx context.Context, op string, call Call, method, path string, query url.Values, body []byte, read func([]byte) error) error {
	address, err := url.Parse(call.API + "/v1/" + path)
	if err == nil {
		err = checkAddress(address)
	}
	if err != nil {
		return badAddress(op, err)
	}
	address.RawQuery = query.Encode()
	r := request{op: op, method: method, address: address.String(), host: address.Host, body: body, record: call.Record, explain: byTenant}
	r.header = http.Header{"Accept": {"application/json"}, "Accept-Language": {"en"}}
	if body != nil {
		r.header.Set("Content-Type", "application/json; charset=utf-8")
	}
	call.Credential.apply(r.header)
	answer, err := c.carryOut(ctx, r)
	if err != nil {
		return err
	}
	if err := read(answer); err != nil {
		return unreadable(op, quotation{body: answer, secrets: secretsOf(r.header)}, err)
	}
	return nil
}

// request is all that it takes to make a request, perhaps more than once.
type request struct {
	op, method, address, host string
	header                    http.Header
	body                      []byte
	record                    func(Request)
	explain                   explainer
}

// carryOut makes a request, and one that only reads again where that is worth it.
func (c *Client) carryOut(ctx context.Context, r request) ([]byte, error) {
	if r.method != http.MethodGet {
		return c.try(ctx, r)
	}
	return persist(ctx, r.op, func() ([]byte, error) { return c.try(ctx, r) })
}

// try makes one request, records it, and turns everything but a whole 2xx answer into a Problem.
func (c *Client) try(ctx context.Context, r request) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, r.method, r.address, bytes.NewReader(r.body))
	if err != nil {
		return nil, badAddress(r.op, err)
	}
	req.Header = r.header.Clone()
	began := c.now()
	status := 0
	if r.record != nil {
		defer func() {
			r.record(Request{Method: req.Method, Path: req.URL.Path, Status: status, Took: c.now().Sub(began)})
		}()
	}
	res, err := c.http.Do(req)
	if err != nil {
		return nil, noAnswer(r.op, r.host, err)
	}
	defer func() { _ = res.Body.Close() }()
	status = res.StatusCode
	body, err := io.ReadAll(io.LimitReader(res.Body, maxBody+1))
	if status < 200 || status > 299 {
		return nil, refused(r.op, res, body, c.now(), r.explain)
	}
	if err != nil {
		return nil, noAnswer(r.op, r.host, err)
	}
	if len(body) > maxBody {
		return nil, unreadable(r.op, quotation{}, fmt.Errorf("the answer is longer than %d MB", maxBody>>20))
	}
	return body, nil
}

// checkAddress keeps credentials off the open network: https everywhere but on loopback.
func checkAddress(u *url.URL) error {
	if u.Scheme == "https" && u.Host != "" || u.Scheme == "http" && tenant.IsLoopback(u.Hostname()) {
		return nil
	}
	return errors.New("the address is not https")
}

// trimAPI removes the slash and the default port that older addresses carry.
func trimAPI(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Host == "" {
		return ""
	}
	if u.Scheme == "https" && u.Port() == "443" {
		u.Host = strings.TrimSuffix(u.Host, ":443")
	}
	u.RawQuery, u.Fragment, u.User = "", "", nil
	return strings.TrimRight(u.String(), "/")
}
