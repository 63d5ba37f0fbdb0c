package superid

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"html/template"
	"io"
	"log"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"partnerdesk/assets"
	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

const (
	maxCallback = 64 << 10 // query, form and headers alike
	// showTimeout bounds how long a browser may take to read its page.
	showTimeout = 5 * time.Second
)

// loopback is the listener of one sign-in (RFC 8252 section 7.3). It takes one answer with the right
// state, and turns away everything else without being disturbed by it: any program on the machine, and
// any web page, can send it requests.
type loopback struct {
	// redirectURI is what the authorization request says: the registered one, with the port filled in
	// where any is allowed, and otherwise byte for byte.
	redirectURI string
	// returned hands out the one answer.
	returned chan *callback

	host, path string
	state      secret.Text
	taken      atomic.Bool
	server     *http.Server
	ended      chan struct{} // closed by close
	served     chan struct{} // closed when the accept loop has ended
	conns      sync.WaitGroup
}

// callback is an answer with the right state, whose browser waits for a page.
type callback struct {
	params url.Values
	page   chan page
	shown  chan struct{} // closed when the page has left, or the browser has
}

// answer gives the browser its page and waits until it has left this machine, within bounds.
func (c *callback) answer(p page) {
	c.page <- p
	timer := time.NewTimer(showTimeout)
	defer timer.Stop()
	select {
	case <-c.shown:
	case <-timer.C:
	}
}

// listen starts the listener of a redirect URI that [tenant.CheckRedirectURI] accepts.
func listen(ctx context.Context, redirectURI string, state secret.Text) (*loopback, error) {
	u, err := url.Parse(redirectURI)
	if err != nil {
		return nil, unusableRegistration(opSignIn, "Its redirect URI cannot be read.", "Correct the registration's redirect URI.")
	}
	network := "tcp4"
	if strings.Contains(u.Hostname(), ":") {
		network = "tcp6"
	}
	listener, err := new(net.ListenConfig).Listen(ctx, network, u.Host)
	if err != nil {
		return nil, portProblem(ctx, u.Port(), err)
	}
	address := listener.Addr().(*net.TCPAddr)
	l := &loopback{
		redirectURI: redirectURI, path: u.EscapedPath(), state: state,
		host:     net.JoinHostPort(address.IP.String(), strconv.Itoa(address.Port)), // as a browser writes it
		returned: make(chan *callback, 1), ended: make(chan struct{}), served: make(chan struct{}),
	}
	if port, err := strconv.Atoi(u.Port()); err == nil && port == 0 {
		// All but the port stays as it was registered; a URL printed anew might not.
		chosen := net.JoinHostPort(u.Hostname(), strconv.Itoa(address.Port))
		l.redirectURI = strings.Replace(redirectURI, u.Host, chosen, 1)
	}
	if l.path == "" {
		l.path = "/" // a browser cannot ask for less
	}
	l.serve(listener)
	return l, nil
}

// portProblem explains why a port cannot be listened on. Windows has its own number for a port in use.
func portProblem(ctx context.Context, port string, err error) error {
	if ctx.Err() != nil {
		return cancelled(ctx, opSignIn)
	}
	const windowsInUse = syscall.Errno(10048)
	const what = "The sign-in could not begin."
	e := tenant.CausePort.Explain(what, "This machine does not allow listening on port "+port+".",
		"Choose another redirect URI that is registered for the app, and try again.")
	if errors.Is(err, syscall.EADDRINUSE) || errors.Is(err, windowsInUse) {
		e = tenant.CausePort.Explain(what, "Port "+port+", to which the browser must return, is in use by another program.",
			"Close that program (perhaps another sign-in still waits), or use another registered redirect URI.")
	}
	return &tenant.Problem{Op: opSignIn, Err: fmt.Errorf("%w: %w", ErrPort, err), Explanation: e}
}

func (l *loopback) serve(listener net.Listener) {
	l.server = &http.Server{
		Handler:           l,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		MaxHeaderBytes:    maxCallback,
		ErrorLog:          log.New(io.Discard, "", 0), // strangers' broken requests are no news
		// The accept loop opens and a connection's goroutine closes, so that close can wait for all.
		ConnState: func(_ net.Conn, s http.ConnState) {
			switch s {
			case http.StateNew:
				l.conns.Add(1)
			case http.StateClosed, http.StateHijacked:
				l.conns.Done()
			}
		},
	}
	go func() {
		defer close(l.served)
		_ = l.server.Serve(listener) // always ends with an error; close says when
	}()
}

// close ends the listener and every connection, and waits for their goroutines.
func (l *loopback) close() {
	close(l.ended)
	_ = l.server.Close()
	<-l.served
	l.conns.Wait()
}

// ServeHTTP implements [http.Handler].
func (l *loopback) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	params, status := l.read(w, r)
	if status == 0 && !l.taken.CompareAndSwap(false, true) {
		status = http.StatusBadRequest // one-shot: the answer has been given
	}
	if status != 0 {
		turnAway(w, status)
		return
	}
	c := &callback{params: params, page: make(chan page, 1), shown: make(chan struct{})}
	defer close(c.shown)
	l.returned <- c // has room for the only one
	select {
	case p := <-c.page:
		p.write(w)
	case <-r.Context().Done(): // the browser has left; the sign-in goes on
	case <-l.ended:
	}
}

// read takes the parameters of an answer with the right state, or says with which status to turn the
// request away. The Host header is checked so that a name that a stranger points at loopback does not
// reach the listener (DNS rebinding).
func (l *loopback) read(w http.ResponseWriter, r *http.Request) (url.Values, int) {
	if r.Host != l.host && net.JoinHostPort(strings.Trim(r.Host, "[]"), "80") != l.host {
		return nil, http.StatusBadRequest
	}
	if r.URL.EscapedPath() != l.path {
		return nil, http.StatusNotFound
	}
	raw, status := rawParams(w, r)
	if status != 0 {
		return nil, status
	}
	params, err := parseCallback(raw)
	if err != nil || !l.state.Equal(secret.New(params.Get("state"))) {
		return nil, http.StatusBadRequest
	}
	return params, 0
}

// rawParams returns the query of a GET or the form of a POST (OAuth 2.0 Form Post Response Mode).
func rawParams(w http.ResponseWriter, r *http.Request) (string, int) {
	switch r.Method {
	case http.MethodGet:
		return r.URL.RawQuery, 0
	case http.MethodPost:
		kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
		if err != nil || kind != "application/x-www-form-urlencoded" {
			return "", http.StatusUnsupportedMediaType
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxCallback))
		if err != nil {
			return "", http.StatusBadRequest
		}
		return string(body), 0
	}
	return "", http.StatusMethodNotAllowed
}

// parseCallback reads the parameters. None may be there twice (RFC 6749 section 3.1): two readers might
// take different ones.
func parseCallback(raw string) (url.Values, error) {
	if len(raw) > maxCallback {
		return nil, errors.New("read the callback: it is too long")
	}
	params, err := url.ParseQuery(raw)
	if err != nil {
		return nil, errors.New("read the callback: it is malformed") // err quotes it
	}
	for _, values := range params {
		if len(values) != 1 {
			return nil, errors.New("read the callback: a parameter is there twice")
		}
	}
	return params, nil
}

// turnAway answers a request that is not the one waited for.
func turnAway(w http.ResponseWriter, status int) {
	protect(w.Header(), "default-src 'none'; frame-ancestors 'none'")
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if status == http.StatusMethodNotAllowed {
		w.Header().Set("Allow", "GET, POST") // RFC 9110 section 15.5.6
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, "This address waits for the answer of one sign-in, and this is not it.\n")
}

// protect sets what every response carries (RFC 9700 section 4.2.4: the address with the code must not
// leave through caches, referrers or content from elsewhere).
func protect(h http.Header, policy string) {
	h.Set("Content-Security-Policy", policy)
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Connection", "close")
}

// page is what the browser shows at the end.
type page struct {
	Success bool
	Company string
	// What, Why, Next and Server explain a failure.
	What, Why, Next, Server string
	// Nonce allows the page's own style.
	Nonce string
}

// write sends the page and flushes it, so that the listener may close afterwards.
func (p page) write(w http.ResponseWriter) {
	p.Nonce = rand.Text()
	body, err := p.render()
	if err != nil {
		turnAway(w, http.StatusInternalServerError)
		return
	}
	protect(w.Header(), "default-src 'none'; style-src 'nonce-"+p.Nonce+"'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	if !p.Success {
		w.WriteHeader(http.StatusBadRequest)
	}
	_, _ = w.Write(body)
	_ = http.NewResponseController(w).Flush()
}

func (p page) render() ([]byte, error) {
	t, err := template.New("callback").Parse(assets.CallbackPage())
	if err != nil {
		return nil, fmt.Errorf("read the callback page: %w", err)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, p); err != nil {
		return nil, fmt.Errorf("write the callback page: %w", err)
	}
	return b.Bytes(), nil
}
