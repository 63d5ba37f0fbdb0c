// Package probe looks at the way to a server, below what the protocols of the other rooms see: whether its
// name is known, and whether its TLS can be trusted and for how long. It sends no credential, and asks for
// nothing but the root of the server.
//
// Where this machine reaches the outside through a proxy (HTTPS_PROXY and NO_PROXY, as every client in this
// program), the probe goes the same way: a name that only the proxy can resolve is then no trouble.
package probe

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"partnerdesk/core/tenant"
)

// Options are the parts of a [Prober] that a test may replace; the zero value asks the network.
type Options struct {
	// LookupHost resolves a name; nil means the operating system's resolver.
	LookupHost func(ctx context.Context, host string) (addresses []string, err error)
	// Proxy says through which proxy a request goes; nil means what the environment says.
	Proxy func(*http.Request) (*url.URL, error)
	// Roots are the authorities to trust; nil means the operating system's.
	Roots *x509.CertPool
	// Now is the time for which a certificate must be valid; nil means time.Now.
	Now func() time.Time
}

// Prober is safe for many goroutines. It keeps no connection.
type Prober struct{ Options }

// New makes a prober.
func New(o Options) *Prober {
	if o.LookupHost == nil {
		o.LookupHost = net.DefaultResolver.LookupHost
	}
	if o.Proxy == nil {
		o.Proxy = http.ProxyFromEnvironment
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Prober{o}
}

// Route is how a server is reached.
type Route struct {
	// Host is whose name was resolved: the server's, or the proxy's.
	Host string
	// Proxy is true where the way leads through a proxy.
	Proxy bool
	// Literal is true where the host is an address already, so that there was nothing to resolve.
	Literal bool
	// Addresses are those that the name stands for.
	Addresses []string
}

// Resolve finds the addresses behind the name of a server, of which address is a URL.
func (p *Prober) Resolve(ctx context.Context, address string) (Route, error) {
	const op = "resolve the server's name"
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return Route{}, notAnAddress(op)
	}
	r := Route{Host: u.Hostname()}
	through, err := p.Proxy(&http.Request{URL: u})
	switch {
	case err != nil:
		return r, badProxy(op)
	case through != nil:
		r.Host, r.Proxy = through.Hostname(), true
	}
	if net.ParseIP(r.Host) != nil {
		r.Addresses, r.Literal = []string{r.Host}, true
		return r, nil
	}
	r.Addresses, err = p.LookupHost(ctx, r.Host)
	if err == nil && len(r.Addresses) == 0 {
		err = errors.New("the name has no address")
	}
	if err != nil {
		return r, unresolved(ctx, op, r, err)
	}
	return r, nil
}

func unresolved(ctx context.Context, op string, r Route, err error) error {
	what := "The name " + r.Host + " cannot be resolved."
	if r.Proxy {
		what = "The name of the proxy, " + r.Host + ", cannot be resolved."
	}
	e := tenant.CauseNameUnknown.Explain(what, "The name service of this machine's network does not answer for it.", "")
	var dns *net.DNSError
	switch {
	case ctx.Err() != nil:
		return ended(ctx, op, what)
	case errors.As(err, &dns) && dns.IsNotFound:
		e.Why = "The name service of this machine's network says that there is no such name."
	}
	return &tenant.Problem{Op: op, Err: err, Explanation: e}
}

// ended is the problem of a context that has ended, whatever the network made of it.
func ended(ctx context.Context, op, what string) error {
	e := tenant.Explain(ctx.Err())
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		e = tenant.CauseTimedOut.Explain(what, "", "")
	}
	return &tenant.Problem{Op: op, Err: context.Cause(ctx), Explanation: e}
}

func notAnAddress(op string) error {
	return &tenant.Problem{Op: op, Err: errors.New("no URL with a host"), Explanation: tenant.CauseAddress.Explain(
		"The server cannot be looked for.", "Its address is no web address.", "")}
}

// badProxy does not quote the variable, which may hold a password.
func badProxy(op string) error {
	return &tenant.Problem{Op: op, Err: errors.New("the proxy's address cannot be read"), Explanation: tenant.CauseUnreachable.Explain(
		"The server cannot be looked for.", "The address of the proxy in HTTPS_PROXY cannot be read.", "Correct HTTPS_PROXY, or remove it.")}
}

// TLS is what a handshake came to.
type TLS struct {
	// Version is the protocol's name: "TLS 1.3".
	Version string
	// Subject is whom the server's own certificate names, Issuer who vouches for that.
	Subject, Issuer string
	// Until is when the certificate ends.
	Until time.Time
}

// minVersion is what SuperOffice asks of an app (docs.superoffice.com, "Security").
const minVersion = tls.VersionTLS12

// Handshake makes a TLS connection with a server, of which address is an https URL, and lets go of it. It
// succeeds where the certificate is valid now, names the host and leads to an authority that this machine
// trusts. What the server then answers as a web server does not matter.
func (p *Prober) Handshake(ctx context.Context, address string) (TLS, error) {
	const op = "make a TLS connection"
	r, err := http.NewRequestWithContext(ctx, http.MethodHead, address, nil)
	if err != nil || r.URL.Scheme != "https" || r.URL.Hostname() == "" {
		return TLS{}, notAnAddress(op)
	}
	found := make(chan tls.ConnectionState, 1)
	name := strings.TrimSuffix(r.URL.Hostname(), ".")
	if net.ParseIP(name) != nil {
		name = "" // RFC 6066 section 3: an address is not sent as a name
	}
	way := &http.Transport{
		Proxy: p.Proxy, DisableKeepAlives: true, MaxResponseHeaderBytes: 64 << 10,
		TLSClientConfig: &tls.Config{MinVersion: minVersion, RootCAs: p.Roots, Time: p.Now, VerifyConnection: func(s tls.ConnectionState) error {
			if s.ServerName == name { // and no proxy's, which may speak TLS too
				select {
				case found <- s:
				default:
				}
			}
			return nil
		}},
	}
	defer way.CloseIdleConnections()
	resp, err := way.RoundTrip(r)
	if err == nil {
		_ = resp.Body.Close()
	}
	select {
	case s := <-found:
		return described(s), nil
	default:
	}
	if err == nil {
		err = errors.New("the server answered without TLS")
	}
	return TLS{}, p.refused(ctx, op, r.URL.Host, err)
}

func described(s tls.ConnectionState) TLS {
	t := TLS{Version: tls.VersionName(s.Version)}
	if len(s.PeerCertificates) > 0 {
		own := s.PeerCertificates[0]
		t.Subject, t.Issuer, t.Until = words(own.Subject.CommonName), words(own.Issuer.CommonName), own.NotAfter.UTC()
	}
	return t
}

// refused explains why there is no TLS to be trusted.
func (p *Prober) refused(ctx context.Context, op, host string, err error) error {
	what := "There is no TLS connection with " + host + " that could be trusted."
	if ctx.Err() != nil {
		return ended(ctx, op, "There was no TLS connection with "+host+" in time.")
	}
	e := tenant.CauseUntrustedTLS.Explain(what, "", "")
	var authority x509.UnknownAuthorityError
	var hostname x509.HostnameError
	var invalid x509.CertificateInvalidError
	var alert tls.AlertError
	var record tls.RecordHeaderError
	var dns *net.DNSError
	switch {
	case errors.As(err, &hostname):
		e.Why = "The certificate is not for " + host + "."
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		e.Why = p.outOfDate(invalid.Cert)
	case errors.As(err, &invalid):
		e.Why = "The certificate, or one of those that vouch for it, must not be used for this."
	case errors.As(err, &authority):
		e.Why = "This machine does not know the authority that vouches for the certificate."
		if c := authority.Cert; c != nil && c.Issuer.CommonName != "" {
			e.Why = "This machine does not know the authority that vouches for the certificate: “" + words(c.Issuer.CommonName) + "”."
		}
	case errors.As(err, &alert), isOldVersion(err):
		e.Why = "The server does not offer TLS 1.2 or newer, or refuses this machine."
	case errors.As(err, &record):
		e.Why = "What answers there does not speak TLS."
	case errors.As(err, &dns):
		e = tenant.CauseNameUnknown.Explain(what, "The name "+dns.Name+" cannot be resolved.", "")
	case isTimeout(err):
		e = tenant.CauseTimedOut.Explain(what, "", "")
	default:
		e = tenant.CauseUnreachable.Explain("There is no connection with "+host+".", "", "")
	}
	return &tenant.Problem{Op: op, Err: err, Explanation: e}
}

// outOfDate names the date, as this machine's clock may be the one that is wrong.
func (p *Prober) outOfDate(c *x509.Certificate) string {
	const form = "2006-01-02 15:04 UTC"
	now := "this machine's clock says " + p.Now().UTC().Format(form) + "."
	if p.Now().Before(c.NotBefore) {
		return fmt.Sprintf("The certificate is valid from %s on, and %s", c.NotBefore.UTC().Format(form), now)
	}
	return fmt.Sprintf("The certificate ended at %s, and %s", c.NotAfter.UTC().Format(form), now)
}

// isOldVersion recognizes a server that chose a version which was not offered. Go has no type for it.
func isOldVersion(err error) bool {
	inner := err
	for next := errors.Unwrap(inner); next != nil; next = errors.Unwrap(inner) {
		inner = next
	}
	return len(inner.Error()) < 200 && containsAll(inner.Error(), "tls:", "protocol version")
}
