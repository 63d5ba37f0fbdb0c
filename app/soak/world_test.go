package soak

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"partnerdesk/core/journal"
	"partnerdesk/core/keeper"
	"partnerdesk/core/online"
	"partnerdesk/core/poller"
	"partnerdesk/core/sandbox"
	"partnerdesk/core/secret"
	"partnerdesk/core/superid"
	"partnerdesk/core/tenant"
	"partnerdesk/storage"
)

// world is a data directory full of tenants, with all that polls them.
type world struct {
	t       *testing.T
	dir     string
	network *pipes
	sandbox *sandbox.Sandbox
	ready   sandbox.Ready
	store   *storage.Store
	journal *journal.Journal
	control *http.Client

	mu     sync.Mutex
	logOns map[string][]time.Time // successful ones, by context identifier
	worked int                    // ticks in which somebody was visited
}

const registrationName = "fleet"

func newWorld(t *testing.T, tenants int) *world {
	w := &world{t: t, dir: t.TempDir(), network: newPipes(40 * time.Millisecond), logOns: map[string][]time.Time{}}
	var err error
	w.sandbox, err = sandbox.Start(t.Context(), sandbox.Options{
		Dir: filepath.Join(w.dir, "sandbox"), Tenants: tenants, Seed: 1, Network: w.network})
	w.must(err)
	w.ready = w.sandbox.Ready()
	w.control = &http.Client{Transport: newPipesTransport(w.network)}
	w.store, err = storage.Open(t.Context(), storage.Options{Dir: filepath.Join(w.dir, "data"), Keyring: noKeyring{}})
	w.must(err)
	w.journal, err = journal.Open(journal.Options{Dir: filepath.Join(w.dir, "journal"), Program: "console"})
	w.must(err)
	w.journal.SetLevel(slog.LevelInfo)
	w.moveIn()
	return w
}

// newPipesTransport is for the test's own orders, which take no time. Each has a connection of its own: they come by
// the minute, which is just when the sandbox gives up a connection that nobody uses.
func newPipesTransport(n *pipes) http.RoundTripper {
	t := n.transport()
	t.latency, t.DisableKeepAlives = 0, true
	return t
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// moveIn stores the sandbox's registration and all its tenants, as an import from another machine does.
func (w *world) moveIn() {
	all := tenant.Portable{Registrations: []tenant.Registration{{
		Name: registrationName, Environment: tenant.Custom, Base: w.ready.BaseURL, ClientID: w.ready.ClientID,
		ClientSecret: secret.New(w.ready.ClientSecret), PrivateKey: secret.New(w.ready.PrivateKeyPEM), RedirectURI: w.ready.RedirectURIs[0],
	}}}
	for _, t := range w.ready.Tenants {
		all.Tenants = append(all.Tenants, tenant.PortableTenant{Tenant: tenant.Tenant{
			Key: keyOf(t.Ctx), CompanyName: t.CompanyName, Serial: t.Serial, Active: true, AddedAt: time.Now(),
			SystemUserToken: secret.New(t.SystemUserToken),
		}})
	}
	_, err := w.store.Import(w.t.Context(), all, tenant.ImportOptions{})
	w.must(err)
}

func keyOf(ctx string) tenant.Key { return tenant.Key{Registration: registrationName, ContextID: ctx} }

// poll runs a poller, as a program does that was just started, until ctx ends.
func (w *world) poll(ctx context.Context, budget float64) poller.Stats {
	log := slog.New(w.journal.Handler())
	services := online.New(online.Options{Transport: w.network.transport()})
	provider := superid.New(superid.Options{HTTP: &http.Client{Transport: w.network.transport(), Timeout: 30 * time.Second}})
	k := keeper.New(ctx, keeper.Options{Store: w.store, SuperID: provider, Status: services, Log: log})
	p := poller.New(poller.Options{
		Store: w.store, Keeper: k, WebServices: watched{services, w}, Log: log, Budget: budget,
		Owner: tenant.Owner{Program: "console", Host: "soak", PID: 1, Started: time.Now()},
		Ticked: func(tick tenant.Tick, err error) {
			if err != nil {
				w.t.Error(err)
			}
			if tick.Visited > 0 {
				w.worked++
			}
		},
	})
	p.Run(ctx)
	k.Close()
	services.CloseIdleConnections()
	provider.Close()
	return p.Stats()
}

// watched notes the log-ons that succeed.
type watched struct {
	*online.Client
	world *world
}

func (o watched) Principal(ctx context.Context, call online.Call) (tenant.Principal, error) {
	principal, err := o.Client.Principal(ctx, call)
	if err == nil {
		o.world.mu.Lock()
		o.world.logOns[principal.ContextID] = append(o.world.logOns[principal.ContextID], time.Now())
		o.world.mu.Unlock()
	}
	return principal, err
}

// order sends an order to the sandbox's control API.
func (w *world) order(o map[string]any) {
	w.t.Helper()
	body, err := json.Marshal(o)
	w.must(err)
	w.call(http.MethodPost, "/control", body)
}

func (w *world) call(method, path string, body []byte) []byte {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, w.ready.BaseURL+path, bytes.NewReader(body))
	w.must(err)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json")
	response, err := w.control.Do(r)
	w.must(err)
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s %s: %d %s", method, path, response.StatusCode, answer)
	}
	w.must(err)
	return answer
}

// counted is what the sandbox was asked about a tenant.
type counted struct {
	Exchanges      int `json:"exchanges"`
	StatusCalls    int `json:"status_calls"`
	PrincipalCalls int `json:"principal_calls"`
}

func (w *world) counters() map[string]counted {
	var all struct {
		Tenants map[string]counted `json:"tenants"`
	}
	w.must(json.Unmarshal(w.call(http.MethodGet, "/control/counters", nil), &all))
	return all.Tenants
}

// events returns the journal's events of a component, in their order.
func (w *world) events(component string) []journal.Event {
	var found []journal.Event
	err := journal.Search(w.t.Context(), filepath.Join(w.dir, "journal"), journal.Query{Level: slog.LevelInfo}, func(e journal.Event) bool {
		if e.Component == component {
			found = append(found, e)
		}
		return true
	})
	w.must(err)
	return found
}

func (w *world) close() {
	w.t.Helper()
	w.must(errors.Join(w.journal.Err(), w.journal.Close(), w.store.Close(), w.sandbox.Close()))
	w.control.CloseIdleConnections()
}

// noKeyring has the store keep its key in a file.
type noKeyring struct{}

var errNoKeyring = errors.New("there is no keyring")

func (noKeyring) Get(string, string) (string, error) { return "", errNoKeyring }
func (noKeyring) Set(string, string, string) error   { return errNoKeyring }
func (noKeyring) Delete(string, string) error        { return errNoKeyring }
