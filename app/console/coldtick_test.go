package main

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"partnerdesk/app"
	"partnerdesk/core/sandbox"
	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

// coldFleet is a data directory with tenants that nobody has ever logged on to, and the sandbox behind them.
type coldFleet struct {
	data    string
	desk    *app.App // what watches, and may take over
	sandbox *sandbox.Sandbox
	tenants int
}

func newColdFleet(t *testing.T) *coldFleet {
	t.Helper()
	f := &coldFleet{data: filepath.Join(t.TempDir(), "data"), tenants: 120}
	var err error
	if f.sandbox, err = sandbox.Start(t.Context(), sandbox.Options{Dir: t.TempDir(), Tenants: f.tenants, Seed: 1}); err != nil {
		t.Fatal(err)
	}
	if f.desk, err = app.New(t.Context(), app.Options{Program: "desktop", Data: f.data}); err != nil {
		t.Fatal(err)
	}
	ready := f.sandbox.Ready()
	all := tenant.Portable{Registrations: []tenant.Registration{{
		Name: "fleet", Environment: tenant.Custom, Base: ready.BaseURL, ClientID: ready.ClientID, RedirectURI: ready.RedirectURIs[0],
		ClientSecret: secret.New(ready.ClientSecret), PrivateKey: secret.New(ready.PrivateKeyPEM),
	}}}
	for _, one := range ready.Tenants {
		all.Tenants = append(all.Tenants, tenant.PortableTenant{Tenant: tenant.Tenant{
			Key: tenant.Key{Registration: "fleet", ContextID: one.Ctx}, CompanyName: one.CompanyName, Serial: one.Serial,
			Active: true, SystemUserToken: secret.New(one.SystemUserToken),
		}})
	}
	if _, err := f.desk.Store.Import(t.Context(), all, tenant.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	// Slow enough to be met in the middle, and fast enough to wait for.
	if err := f.desk.Store.UpdateSettings(t.Context(), func(s *tenant.Settings) error { s.RequestBudget = 100; return nil }); err != nil {
		t.Fatal(err)
	}
	return f
}

func (f *coldFleet) close(t *testing.T) {
	t.Helper()
	closeApp(t, f.desk)
	if err := f.sandbox.Close(); err != nil {
		t.Error(err)
	}
}

// poll starts a console that polls, and returns when it has told of so many log-ons. rest reads what it still
// prints until it ends. told are the tenants that it has told to be logged on to.
func (f *coldFleet) poll(t *testing.T, logOns int) (cmd *exec.Cmd, told map[string]bool, rest func()) {
	t.Helper()
	cmd = exec.CommandContext(t.Context(), "console", "--data", f.data, "--json", "poll")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	told = map[string]bool{}
	lines := bufio.NewScanner(out)
	read := func() bool {
		if !lines.Scan() {
			return false
		}
		var event struct {
			Message string `json:"message"`
			Tenant  string `json:"tenant"`
		}
		if json.Unmarshal(lines.Bytes(), &event) != nil {
			return true // cut off
		}
		if strings.HasPrefix(event.Message, "Logged on to context ") {
			told[event.Tenant] = true
		}
		return true
	}
	for len(told) < logOns {
		if !read() {
			t.Fatal("the console has ended")
		}
	}
	return cmd, told, func() {
		for read() {
		}
		_, _ = io.Copy(io.Discard, out)
		_ = cmd.Wait()
	}
}

// check sees that what was told is stored: the log-on, and the ticket that it took.
func (f *coldFleet) check(t *testing.T, told map[string]bool) {
	t.Helper()
	shot, err := f.desk.Store.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for ctx := range told {
		key := tenant.Key{Registration: "fleet", ContextID: ctx}
		if v := shot.Visits[key]; v.LogOnAt.IsZero() || v.LogOnAs == "" {
			t.Errorf("the log-on to %s was told, and is not stored", ctx)
		}
		if _, kept := shot.Tickets[key]; !kept {
			t.Errorf("the log-on to %s was told, and its ticket is not stored", ctx)
		}
	}
}

// all waits until every tenant has been logged on to, and returns how many exchanges that took.
func (f *coldFleet) all(t *testing.T) int {
	t.Helper()
	eventually(t, "all log-ons", func() bool {
		shot, err := f.desk.Store.Snapshot(t.Context())
		n := 0
		for _, v := range shot.Visits {
			if !v.LogOnAt.IsZero() {
				n++
			}
		}
		return err == nil && n == f.tenants
	})
	exchanges := 0
	for _, n := range countersAt(t, f.sandbox.Ready().BaseURL) {
		exchanges += n.Exchanges
	}
	return exchanges
}

// A console is killed in the middle of its first tick, when nobody has a ticket yet. The next poller goes on where
// it was: only the tokens whose exchange was under way are exchanged again.
func TestAKilledPollersReportsAreStored(t *testing.T) {
	defer goleak.VerifyNone(t)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
	f := newColdFleet(t)
	killed, told, rest := f.poll(t, 15)
	if err := killed.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	rest()
	f.check(t, told)
	if len(told) >= f.tenants {
		t.Fatal("it was killed too late")
	}
	f.desk.Polling.Start()
	const underWay = 64 // places
	if n := f.all(t); n > f.tenants+underWay {
		t.Errorf("%d exchanges for %d tenants", n, f.tenants)
	}
	counted := countersAt(t, f.sandbox.Ready().BaseURL)
	for ctx := range told {
		if n := counted[ctx].Exchanges; n != 1 {
			t.Errorf("the log-on to %s was told, and its token exchanged %d times", ctx, n)
		}
	}
	f.close(t)
}

// The window takes over in the middle of the console's first tick. Nothing is lost and nothing is done twice.
func TestTheWindowTakesOverInTheMiddleOfATick(t *testing.T) {
	defer goleak.VerifyNone(t)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
	f := newColdFleet(t)
	console, told, rest := f.poll(t, 15)
	f.desk.Polling.Start()
	began := time.Now()
	if err := f.desk.Workbench.TakeOver(t.Context()); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the lease", func() bool {
		o, err := f.desk.Workbench.Overview(t.Context())
		return err == nil && o.Poller.Here
	})
	t.Logf("taken over after %s", time.Since(began).Round(time.Millisecond))
	if n := f.all(t); n != f.tenants {
		t.Errorf("%d exchanges for %d tenants", n, f.tenants)
	}
	if err := console.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	rest()
	f.check(t, told)
	f.close(t)
}
