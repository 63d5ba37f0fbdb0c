package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"partnerdesk/core/journal"
	"partnerdesk/core/sandbox"
	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
	"partnerdesk/storage"
)

// SandboxHost sees to it that the sandbox registration of a data directory has a sandbox behind it: the one
// that another process serves, or one of its own. When the other process leaves, it takes the serving
// over.
type SandboxHost struct {
	root  context.Context
	store *storage.Store
	dir   string
	log   *slog.Logger
	base  atomic.Pointer[string] // apart from mu, because the window asks for it while a start is under way

	mu      sync.Mutex
	own     *sandbox.Sandbox
	ownBase string // where own serves
	closed  bool
	stop    context.CancelFunc
	watch   sync.WaitGroup
}

func newSandboxHost(root context.Context, store *storage.Store, dir string, log *slog.Logger) *SandboxHost {
	return &SandboxHost{root: root, store: store, dir: dir, log: log.With(journal.Component("sandbox"))}
}

// watchEvery is how often a process that uses another's sandbox looks whether it is still there.
const watchEvery = 2 * time.Second

// Ensure finds or serves the sandbox, and points the registrations of the sandbox environment at it. The
// first call also starts the watch that tries again, and takes over when the process that serves it leaves.
func (h *SandboxHost) Ensure(ctx context.Context) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return nil
	}
	if h.stop == nil {
		watching, stop := context.WithCancel(h.root)
		h.stop = stop
		h.watch.Go(func() { h.keepServed(watching) })
	}
	if err := h.attach(ctx); err != nil {
		return &tenant.Problem{Op: "start the sandbox", Err: err, Explanation: tenant.CauseSandbox.Explain(
			"The sandbox could not be started.", "Its folder or its address on this computer cannot be used.",
			"It is tried again by itself; the log has the cause. Real environments work without it.")}
	}
	return nil
}

// attachTimeout bounds the wait for another process that is just starting or just leaving.
const attachTimeout = 5 * time.Second

// attach uses the running sandbox or serves one; call it with mu held. Where all is well it does nothing.
func (h *SandboxHost) attach(ctx context.Context) error {
	if h.own != nil {
		if h.BaseURL() == h.ownBase {
			return nil
		}
		return h.point(ctx, h.own.Ready())
	}
	bounded, cancel := context.WithTimeout(ctx, attachTimeout)
	defer cancel()
	for {
		ready, err := sandbox.Find(bounded, h.dir)
		if errors.Is(err, fs.ErrNotExist) {
			var own *sandbox.Sandbox
			own, err = sandbox.Start(bounded, sandbox.Options{Dir: h.dir, Log: h.log})
			if err == nil {
				h.own, ready = own, own.Ready()
				h.ownBase = ready.BaseURL
				h.log.InfoContext(ctx, "Serving the sandbox", slog.String("base_url", ready.BaseURL))
			}
		}
		if err == nil {
			return h.point(ctx, ready)
		}
		if !errors.Is(err, sandbox.ErrServedElsewhere) {
			return err
		}
		pause := time.NewTimer(attachTimeout / 20)
		select {
		case <-bounded.Done():
			pause.Stop()
			return fmt.Errorf("wait for the process that serves it: %w", err)
		case <-pause.C:
		}
	}
}

// point stores where the sandbox is, for this program and the other one.
func (h *SandboxHost) point(ctx context.Context, ready sandbox.Ready) error {
	if h.BaseURL() == ready.BaseURL {
		return nil // as it was when it was looked at last
	}
	registrations, err := h.store.Registrations(ctx)
	if err != nil {
		return err
	}
	built := tenant.Registration{
		Name: tenant.SandboxName, Environment: tenant.Sandbox, Base: ready.BaseURL, ClientID: ready.ClientID,
		ClientSecret: secret.New(ready.ClientSecret), PrivateKey: secret.New(ready.PrivateKeyPEM), RedirectURI: tenant.DefaultRedirectURI,
	}
	found := false
	for _, reg := range registrations {
		if reg.Environment != tenant.Sandbox {
			continue
		}
		want := reg
		want.Base = ready.BaseURL
		if reg.Name == built.Name {
			// How to exchange and what to validate with is the person's choice, here too.
			built.Exchange, built.Certificate = reg.Exchange, reg.Certificate
			found, want = true, built
		}
		if same(reg, want) {
			continue
		}
		if err := h.store.SaveRegistration(ctx, want); err != nil {
			return err
		}
	}
	if !found {
		if err := h.store.SaveRegistration(ctx, built); err != nil {
			return err
		}
	}
	h.base.Store(&ready.BaseURL)
	return nil
}

func same(a, b tenant.Registration) bool {
	return a.Base == b.Base && a.ClientID == b.ClientID && a.RedirectURI == b.RedirectURI &&
		a.ClientSecret.Equal(b.ClientSecret) && a.PrivateKey.Equal(b.PrivateKey)
}

// keepServed takes the serving over when the process that does it leaves.
func (h *SandboxHost) keepServed(ctx context.Context) {
	ticker := time.NewTicker(watchEvery)
	defer ticker.Stop()
	told := "" // the last trouble, so that it is in the log once
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		err := h.keepAttached(ctx)
		switch {
		case err == nil:
			told = ""
		case ctx.Err() == nil && err.Error() != told:
			told = err.Error()
			h.log.WarnContext(ctx, "The sandbox is gone and could not be taken over; trying again", journal.Failure(err))
		}
	}
}

// keepAttached looks whether somebody still serves the sandbox, and does it itself otherwise.
func (h *SandboxHost) keepAttached(ctx context.Context) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return nil
	}
	return h.attach(ctx)
}

// BaseURL returns where the sandbox is, or "" before [SandboxHost.Ensure].
func (h *SandboxHost) BaseURL() string {
	if base := h.base.Load(); base != nil {
		return *base
	}
	return ""
}

// TenantsURL returns the sandbox's page that shows what its tenants hold, as a person would look in the
// CRM, or "" before [SandboxHost.Ensure].
func (h *SandboxHost) TenantsURL() string {
	if base := h.BaseURL(); base != "" {
		return base + "/tenants"
	}
	return ""
}

// Close ends the watch and the serving, so that another process may take over.
func (h *SandboxHost) Close() error {
	h.mu.Lock()
	h.closed = true
	stop := h.stop
	h.mu.Unlock()
	if stop != nil {
		stop()
	}
	h.watch.Wait()
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.own == nil {
		return nil
	}
	own := h.own
	h.own = nil
	return own.Close()
}
