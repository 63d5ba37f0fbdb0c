// Package online is a tenant's side of SuperOffice CRM Online: the tenant's status, and the few calls of
// its REST web services that Partnerdesk makes (docs.superoffice.com, "Tenant status" and "REST API").
//
// The package calls once. Whoever owns the credential (core/keeper) decides whether a call is worth
// repeating; [StatusOf] on the error of a refused call tells.
package online

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
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
	// callTimeout bounds one call where the caller's context does not.
	callTimeout  = 30 * time.Second
	maxRedirects = 3
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
		t.MaxIdleConnsPerHost = 16
		t.ResponseHeaderTimeout = callTimeout
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
	req, err := http.NewRequestWithContext(ctx, method, address.String(), bytes.NewReader(body))
	if err != nil {
		return badAddress(op, err)
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Accept-Language", "en")
	if body != nil {
		req.Header.Set("Content-Type", "application/json; charset=utf-8")
	}
	call.Credential.apply(req.Header)
	answer, err := c.do(op, req, call.Record)
	if err != nil {
		return err
	}
	if err := read(answer); err != nil {
		return unreadable(op, quotation{body: answer, secrets: secretsOf(req.Header)}, err)
	}
	return nil
}

// do carries out req, records it, and turns everything but a whole 2xx answer into a Problem.
func (c *Client) do(op string, req *http.Request, record func(Request)) ([]byte, error) {
	began := c.now()
	status := 0
	if record != nil {
		defer func() {
			record(Request{Method: req.Method, Path: req.URL.Path, Status: status, Took: c.now().Sub(began)})
		}()
	}
	res, err := c.http.Do(req)
	if err != nil {
		return nil, noAnswer(op, req.URL.Host, err)
	}
	defer func() { _ = res.Body.Close() }()
	status = res.StatusCode
	body, err := io.ReadAll(io.LimitReader(res.Body, maxBody+1))
	if status < 200 || status > 299 {
		return nil, refused(op, res, body, c.now())
	}
	if err != nil {
		return nil, noAnswer(op, req.URL.Host, err)
	}
	if len(body) > maxBody {
		return nil, unreadable(op, quotation{}, fmt.Errorf("the answer is longer than %d MB", maxBody>>20))
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
