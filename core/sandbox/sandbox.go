package sandbox

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Options say where the sandbox keeps its state and how it is served.
type Options struct {
	// Dir is the folder of the sandbox's own state; it is made with mode 0700.
	Dir string
	// Listen is a loopback address and a port, "127.0.0.1:0" if empty. Port 0 means the port of the last
	// start where it can be had, else any free one. The numbered hosts get the same IP address, and ports in
	// the same way.
	Listen string
	// Network takes the addresses; nil means the machine's own, a [net.ListenConfig].
	Network Network
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

// Network listens on addresses.
type Network interface {
	Listen(ctx context.Context, network, address string) (net.Listener, error)
}

const (
	defaultListen  = "127.0.0.1:0"
	defaultTenants = 5
	closeWait      = 3 * time.Second
	writeTimeout   = 30 * time.Second
)

// Sandbox is a running sandbox. Start makes one.
type Sandbox struct {
	ctx   context.Context // of Start, without its end: closing is the last of what Start began
	clock *clock
	now   func() time.Time // of clock
	log   *slog.Logger
	dir   string
	base  string // the identity provider's address, without a trailing slash
	// addresses are those of all hosts by their numbers, the base one's first.
	addresses []string
	homes     *homes
	store     *store
	people    *directory
	app       registeredApp
	keys      *keyRing
	faults    *faults
	pages     *template.Template

	codes        *vault[grantedCode]
	accessTokens *vault[accessGrant]
	tickets      *vault[string] // the value is the tenant's context identifier
	counters     *counters

	server  *http.Server
	reserve *reserve
	serving chan error // what the serving goroutines returned, one for each of addresses
	closing chan struct{}
	ready   sync.Mutex // guards the ready file against being written once it was withdrawn
	inHand  sync.RWMutex
	closed  bool // guarded by inHand

	closeOnce sync.Once
	closeErr  error
}

// Start opens the state, listens, and serves in goroutines of its own until Close. ctx bounds the start
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
	if o.Network == nil {
		o.Network = &net.ListenConfig{}
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
		serving:      make(chan error, 1+numberedHosts),
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
	if s.homes, err = st.loadHomes(s.people.tenants); err != nil {
		return nil, fmt.Errorf("open the sandbox: %w", err)
	}
	listeners, err := s.listen(ctx, o.Network, o.Listen)
	if err != nil {
		return nil, err
	}
	s.base = s.addresses[baseHost]
	if err := s.announce(); err != nil {
		return nil, errors.Join(err, closeAll(listeners))
	}
	s.serve(listeners)
	return s, nil
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
	for range s.addresses {
		if err := <-s.serving; !errors.Is(err, http.ErrServerClosed) {
			failures = append(failures, fmt.Errorf("serve the sandbox: %w", err))
		}
	}
	// Every request holds inHand while it works: with the lock taken, none does any more.
	s.inHand.Lock()
	s.closed = true
	s.inHand.Unlock()
	return errors.Join(append(failures, s.store.close())...)
}

// withdraw takes the ready file back.
func (s *Sandbox) withdraw() error {
	s.ready.Lock()
	defer s.ready.Unlock()
	if err := os.Remove(filepath.Join(s.dir, readyName)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("remove the ready file: %w", err)
	}
	return nil
}
