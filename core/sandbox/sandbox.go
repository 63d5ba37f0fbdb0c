package sandbox

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"
)

// Options say where the sandbox keeps its state and how it is served.
type Options struct {
	// Dir is the folder of the sandbox's own state; it is made with mode 0700.
	Dir string
	// Listen is a loopback address and a port, "127.0.0.1:0" if empty. Port 0 means the port of the last
	// start where it can be had, else any free one.
	Listen string
	// Tenants is how many tenants to make at the first start, at most 10,000; 0 means 5.
	Tenants int
	// Seed makes the first start repeatable: the same seed makes the same tenants, users, ids and serials.
	// 0 means a random one. Keys, secrets and tokens are always random.
	Seed uint64
	// Now is the sandbox's clock; nil means time.Now.
	Now func() time.Time
	// Log gets one debug line a request, without a secret in it; nil discards them.
	Log *slog.Logger
}

const (
	defaultListen  = "127.0.0.1:0"
	defaultTenants = 5
	closeWait      = 3 * time.Second
	writeTimeout   = 30 * time.Second
)

// Sandbox is a running sandbox. Start makes one.
type Sandbox struct {
	ctx    context.Context // of Start, without its end: closing is the last of what Start began
	clock  *clock
	now    func() time.Time // of clock
	log    *slog.Logger
	dir    string
	base   string // the identity provider's address, without a trailing slash
	store  *store
	people *directory
	app    registeredApp
	keys   *keyRing
	faults *faults
	pages  *template.Template

	codes        *vault[grantedCode]
	accessTokens *vault[accessGrant]
	tickets      *vault[string] // the value is the tenant's context identifier
	counters     *counters

	server  *http.Server
	reserve *reserve
	serving chan error // what the serving goroutine returned
	closing chan struct{}
	ready   sync.Mutex // guards the ready file against being written once it was withdrawn
	inHand  sync.RWMutex
	closed  bool // guarded by inHand

	closeOnce sync.Once
	closeErr  error
}

// Start opens the state, listens, and serves in a goroutine of its own until Close. ctx bounds the start
// only. An error that wraps ErrServedElsewhere means that the folder is being served already: see Find.
func Start(ctx context.Context, o Options) (*Sandbox, error) {
	o, err := o.complete()
	if err != nil {
		return nil, err
	}
	st, err := openStore(o.Dir)
	if err != nil {
		return nil, err
	}
	s, err := open(ctx, o, st)
	if err != nil {
		return nil, errors.Join(err, st.close())
	}
	return s, nil
}

func (o Options) complete() (Options, error) {
	if o.Dir == "" {
		return o, errors.New("start the sandbox: no folder is given")
	}
	if o.Listen == "" {
		o.Listen = defaultListen
	}
	if o.Tenants == 0 {
		o.Tenants = defaultTenants
	}
	if o.Tenants < 0 || o.Tenants > maxTenants {
		return o, fmt.Errorf("start the sandbox: %d tenants, but 1 to %d can be made", o.Tenants, maxTenants)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o, nil
}

// open builds the sandbox on an opened store and starts serving.
func open(ctx context.Context, o Options, st *store) (*Sandbox, error) {
	if err := st.prepare(o.Tenants, o.Seed, o.Now()); err != nil {
		return nil, fmt.Errorf("prepare the sandbox: %w", err)
	}
	c := &clock{base: o.Now}
	s := &Sandbox{
		ctx: context.WithoutCancel(ctx), clock: c, now: c.now, log: o.Log, dir: o.Dir, store: st,
		codes:        newVault[grantedCode](codeLife, maxCodes, c.now),
		accessTokens: newVault[accessGrant](accessTokenLife, maxAccessTokens, c.now),
		tickets:      newVault[string](ticketLife, maxTickets, c.now),
		counters:     newCounters(),
		faults:       newFaults(),
		serving:      make(chan error, 1),
		closing:      make(chan struct{}),
	}
	var err error
	if s.app, s.keys, err = st.loadApp(); err != nil {
		return nil, fmt.Errorf("open the sandbox: %w", err)
	}
	s.keys.spare = sync.OnceValues(func() (signer, error) { return newSigner(s.now()) })
	if s.people, err = st.loadDirectory(); err != nil {
		return nil, fmt.Errorf("open the sandbox: %w", err)
	}
	if s.pages, err = parsePages(); err != nil {
		return nil, err
	}
	listener, err := s.listen(ctx, o.Listen)
	if err != nil {
		return nil, err
	}
	if err := s.announce(); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	s.serve(listener)
	return s, nil
}

// listen takes the port that was asked for, or last time's, or any.
func (s *Sandbox) listen(ctx context.Context, address string) (net.Listener, error) {
	host, port, err := splitLoopback(address)
	if err != nil {
		return nil, err
	}
	last, err := s.store.lastPort()
	if err != nil {
		return nil, err
	}
	var config net.ListenConfig
	try := func(port int) (net.Listener, error) {
		return config.Listen(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(port)))
	}
	var listener net.Listener
	if port == 0 && last != 0 {
		listener, err = try(last)
	}
	if listener == nil {
		listener, err = try(port)
	}
	if err != nil {
		return nil, fmt.Errorf("listen for the sandbox: %w", err)
	}
	taken := listener.Addr().(*net.TCPAddr).Port
	s.base = "http://" + net.JoinHostPort(host, strconv.Itoa(taken))
	if err := s.store.savePort(taken); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	return listener, nil
}

// splitLoopback takes a listen address apart and refuses what others could reach.
func splitLoopback(address string) (host string, port int, err error) {
	host, portText, err := net.SplitHostPort(address)
	if err != nil {
		return "", 0, fmt.Errorf("read the listen address: %w", err)
	}
	port, err = strconv.Atoi(portText)
	if err != nil || port < 0 || port > 65535 {
		return "", 0, fmt.Errorf("read the listen address: %q is no port", portText)
	}
	if !isLoopback(host) {
		return "", 0, fmt.Errorf("read the listen address: %q is no loopback address, and the sandbox asks for no passwords", host)
	}
	return host, port, nil
}

// isLoopback takes "localhost" and the literal loopback addresses.
func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.IsLoopback()
}

// serve starts the one goroutine that the sandbox owns.
func (s *Sandbox) serve(listener net.Listener) {
	s.reserve = newReserve()
	s.server = &http.Server{
		Handler:           s.handler(),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    64 << 10,
		ConnState:         s.reserve.note,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
	go func() { s.serving <- s.server.Serve(listener) }()
}

// Close stops listening, finishes the requests in hand within three seconds, closes the state and waits
// for what it started. Closing again returns the first result.
func (s *Sandbox) Close() error {
	s.closeOnce.Do(func() { s.closeErr = s.close() })
	return s.closeErr
}

func (s *Sandbox) close() error {
	close(s.closing)
	failures := []error{s.withdraw()}
	ctx, cancel := context.WithTimeout(s.ctx, closeWait)
	defer cancel()
	s.reserve.close()
	if err := s.server.Shutdown(ctx); err != nil {
		failures = append(failures, s.server.Close())
	}
	if err := <-s.serving; !errors.Is(err, http.ErrServerClosed) {
		failures = append(failures, fmt.Errorf("serve the sandbox: %w", err))
	}
	// Every request holds inHand while it works: with the lock taken, none does any more.
	s.inHand.Lock()
	s.closed = true
	s.inHand.Unlock()
	return errors.Join(append(failures, s.store.close())...)
}

// endpoint is the address of a tenant. It is the one place that knows on which host a tenant lives.
func (s *Sandbox) endpoint(t tenant) string { return s.base + "/" + t.Ctx }

// withdraw takes the ready file back.
func (s *Sandbox) withdraw() error {
	s.ready.Lock()
	defer s.ready.Unlock()
	if err := os.Remove(filepath.Join(s.dir, readyName)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("remove the ready file: %w", err)
	}
	return nil
}
