package probe_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"partnerdesk/core/probe"
	"partnerdesk/core/tenant"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestANameIsResolvedOrItIsSaidWhyNot(t *testing.T) {
	p := probe.New(probe.Options{LookupHost: func(_ context.Context, host string) ([]string, error) {
		switch host {
		case "sod.superoffice.com":
			return []string{"192.0.2.1", "192.0.2.2"}, nil
		case "gone.example":
			return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
		case "empty.example":
			return nil, nil
		}
		return nil, &net.DNSError{Err: "server misbehaving", Name: host, IsTemporary: true}
	}})
	r, err := p.Resolve(t.Context(), "https://sod.superoffice.com/login")
	if err != nil || r.Host != "sod.superoffice.com" || len(r.Addresses) != 2 || r.Literal || r.Proxy {
		t.Errorf("%+v, %v", r, err)
	}
	r, err = p.Resolve(t.Context(), "http://[::1]:4711")
	if err != nil || !r.Literal || r.Host != "::1" {
		t.Errorf("a literal address: %+v, %v", r, err)
	}
	for address, why := range map[string]string{
		"https://gone.example":  "no such name",
		"https://empty.example": "does not answer for it",
		"https://lame.example":  "does not answer for it",
	} {
		_, err := p.Resolve(t.Context(), address)
		if e := tenant.Explain(err); e.Cause != tenant.CauseNameUnknown || !strings.Contains(e.Why, why) {
			t.Errorf("%s: %+v", address, e)
		}
	}
	if _, err := p.Resolve(t.Context(), "sod"); tenant.Explain(err).Cause != tenant.CauseAddress {
		t.Errorf("no address: %v", err)
	}
}

// The operating system's resolver must answer for a name that can never exist (RFC 6761 section 6.4).
func TestANameThatCanNeverExistIsNotResolved(t *testing.T) {
	_, err := probe.New(probe.Options{}).Resolve(t.Context(), "https://partnerdesk.invalid")
	if e := tenant.Explain(err); e.Cause != tenant.CauseNameUnknown {
		t.Errorf("%+v", e)
	}
}

func TestAResolverThatHangsIsLeftAtTheEndOfTheContext(t *testing.T) {
	p := probe.New(probe.Options{LookupHost: func(ctx context.Context, _ string) ([]string, error) {
		<-ctx.Done()
		return nil, &net.DNSError{Err: ctx.Err().Error(), IsTimeout: true}
	}})
	late, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancel()
	if _, err := p.Resolve(late, "https://slow.example"); tenant.Explain(err).Cause != tenant.CauseTimedOut {
		t.Errorf("%v", err)
	}
	left, leave := context.WithCancel(t.Context())
	leave()
	if _, err := p.Resolve(left, "https://slow.example"); tenant.Explain(err).Cause != tenant.CauseCancelled {
		t.Errorf("%v", err)
	}
}

// authority signs certificates for the tests.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) authority {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test authority"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-48 * time.Hour), NotAfter: time.Now().Add(48 * time.Hour), KeyUsage: x509.KeyUsageCertSign}
	return sign(t, template, authority{certificate: template})
}

// sign makes a certificate; an authority without a key signs itself.
func sign(t *testing.T, template *x509.Certificate, by authority) authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if by.key == nil {
		by.key = key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, by.certificate, key.Public(), by.key)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return authority{c, key}
}

// serve serves TLS with a certificate of the authority's.
func (a authority) serve(t *testing.T, change func(*x509.Certificate, *tls.Config), answer http.HandlerFunc) *httptest.Server {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "sod.example"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-24 * time.Hour), NotAfter: time.Now().Add(24 * time.Hour)}
	s := httptest.NewUnstartedServer(answer)
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.TLS = &tls.Config{}
	change(template, s.TLS)
	leaf := sign(t, template, a)
	s.TLS.Certificates = []tls.Certificate{{Certificate: [][]byte{leaf.certificate.Raw}, PrivateKey: leaf.key}}
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

func (a authority) prober() *probe.Prober {
	roots := x509.NewCertPool()
	roots.AddCert(a.certificate)
	return probe.New(probe.Options{Roots: roots})
}

func TestTLSIsTrustedOrItIsSaidWhyNot(t *testing.T) {
	a := newAuthority(t)
	as := func(*x509.Certificate, *tls.Config) {}
	well := func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) }
	for name, row := range map[string]struct {
		server *httptest.Server
		prober *probe.Prober
		cause  tenant.Cause
		why    string
	}{
		"good, whatever the page says": {a.serve(t, as, well), a.prober(), "", ""},
		"good, hung up after it": {a.serve(t, as, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }),
			a.prober(), "", ""},
		"an authority that nobody knows": {a.serve(t, as, well), probe.New(probe.Options{}), tenant.CauseUntrustedTLS, "“Test authority”"},
		"ended": {a.serve(t, func(c *x509.Certificate, _ *tls.Config) { c.NotAfter = time.Now().Add(-time.Hour) }, well),
			a.prober(), tenant.CauseUntrustedTLS, "this machine's clock says"},
		"not begun": {a.serve(t, func(c *x509.Certificate, _ *tls.Config) { c.NotBefore = time.Now().Add(time.Hour) }, well),
			a.prober(), tenant.CauseUntrustedTLS, "The certificate is valid from"},
		"for another name": {a.serve(t, func(c *x509.Certificate, _ *tls.Config) { c.IPAddresses = []net.IP{net.IPv4(192, 0, 2, 1)} }, well),
			a.prober(), tenant.CauseUntrustedTLS, "is not for 127.0.0.1"},
		"TLS 1.1 only": {a.serve(t, func(_ *x509.Certificate, c *tls.Config) {
			c.MinVersion, c.MaxVersion = tls.VersionTLS10, tls.VersionTLS11
		}, well),
			a.prober(), tenant.CauseUntrustedTLS, "does not offer TLS 1.2"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := row.prober.Handshake(t.Context(), row.server.URL)
			if row.cause == "" {
				if err != nil || got.Version != "TLS 1.3" || got.Subject != "sod.example" || got.Issuer != "Test authority" ||
					time.Until(got.Until).Round(time.Hour) != 24*time.Hour {
					t.Errorf("%+v, %v", got, err)
				}
				return
			}
			if e := tenant.Explain(err); e.Cause != row.cause || !strings.Contains(e.Why, row.why) || e.Next == "" {
				t.Errorf("%+v, %v", e, err)
			}
		})
	}
}

func TestWhoDoesNotSpeakTLSAtAll(t *testing.T) {
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	p := probe.New(probe.Options{})
	_, err := p.Handshake(t.Context(), "https://"+plain.Listener.Addr().String())
	if e := tenant.Explain(err); e.Cause != tenant.CauseUntrustedTLS || !strings.Contains(e.Why, "does not speak TLS") {
		t.Errorf("%+v, %v", e, err)
	}
	nobody := plain.Listener.Addr().String()
	plain.Close()
	if _, err := p.Handshake(t.Context(), "https://"+nobody); tenant.Explain(err).Cause != tenant.CauseUnreachable {
		t.Errorf("%v", err)
	}
	if _, err := p.Handshake(t.Context(), plain.URL); tenant.Explain(err).Cause != tenant.CauseAddress {
		t.Errorf("plain http: %v", err)
	}
}

// A server that takes the connection and says nothing must not hold the person up.
func TestASilentServerIsLeftAtTheEndOfTheContext(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		if c, err := silent.Accept(); err == nil {
			cancel()
			_, _ = io.Copy(io.Discard, c)
			_ = c.Close()
		}
	}()
	if _, err := probe.New(probe.Options{}).Handshake(ctx, "https://"+silent.Addr().String()); tenant.Explain(err).Cause != tenant.CauseCancelled {
		t.Errorf("%v", err)
	}
}

// Some servers answer with the version that they have, whatever was offered, and do not say that it is too old.
func TestAServerThatInsistsOnAnOldVersionIsNamed(t *testing.T) {
	old, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer old.Close()
	var served sync.WaitGroup
	defer served.Wait()
	served.Go(func() {
		c, err := old.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		_, _ = c.Read(make([]byte, 16<<10)) // the ClientHello
		// A ServerHello of TLS 1.1 (RFC 4346 section 7.4.1.3): version, random, no session, a cipher, no compression.
		hello := append([]byte{3, 2}, make([]byte, 32)...)
		hello = append(hello, 0, 0, 0x2f, 0)
		message := append([]byte{2, 0, 0, byte(len(hello))}, hello...)
		_, _ = c.Write(append([]byte{22, 3, 2, 0, byte(len(message))}, message...))
		_, _ = io.Copy(io.Discard, c)
	})
	_, err = probe.New(probe.Options{}).Handshake(t.Context(), "https://"+old.Addr().String())
	if e := tenant.Explain(err); e.Cause != tenant.CauseUntrustedTLS || !strings.Contains(e.Why, "does not offer TLS 1.2") {
		t.Errorf("%+v, %v", e, err)
	}
}

// Where the way leads through a proxy, its name is what must be known, and TLS is the server's all the same.
func TestTheWayLeadsThroughTheProxy(t *testing.T) {
	a := newAuthority(t)
	server := a.serve(t, func(c *x509.Certificate, _ *tls.Config) { c.DNSNames = []string{"sod.example"} }, func(http.ResponseWriter, *http.Request) {})
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodConnect || r.Host != "sod.example:443" {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		through(t, w, server.Listener.Addr().String())
	}))
	defer proxy.Close()
	via, err := url.Parse(proxy.URL)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(a.certificate)
	p := probe.New(probe.Options{Roots: roots, Proxy: func(*http.Request) (*url.URL, error) { return via, nil }})
	r, err := p.Resolve(t.Context(), "https://sod.example")
	if err != nil || !r.Proxy || r.Host != via.Hostname() || !r.Literal {
		t.Errorf("%+v, %v", r, err)
	}
	if got, err := p.Handshake(t.Context(), "https://sod.example"); err != nil || got.Subject != "sod.example" {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := p.Handshake(t.Context(), "https://other.example"); tenant.Explain(err).Cause != tenant.CauseUnreachable {
		t.Errorf("a host that the proxy refuses: %v", err)
	}
	broken := probe.New(probe.Options{Proxy: func(*http.Request) (*url.URL, error) { return nil, errors.New("canary:password@proxy") }})
	if _, err := broken.Resolve(t.Context(), "https://sod.example"); tenant.Explain(err).Cause != tenant.CauseUnreachable || strings.Contains(err.Error(), "canary") {
		t.Errorf("a proxy that cannot be read: %v", err)
	}
}

// through joins a proxy's client with the server that it asked for, until one of them leaves.
func through(t *testing.T, w http.ResponseWriter, address string) {
	out, err := net.Dial("tcp", address)
	if err != nil {
		t.Error(err)
		return
	}
	defer out.Close()
	in, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		t.Error(err)
		return
	}
	defer in.Close()
	_, _ = io.WriteString(in, "HTTP/1.1 200 OK\r\n\r\n")
	var back sync.WaitGroup
	back.Go(func() {
		_, _ = io.Copy(in, out)
		_ = in.Close()
	})
	_, _ = io.Copy(out, in)
	_ = out.Close()
	back.Wait()
}
