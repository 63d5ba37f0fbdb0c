package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"partnerdesk/app"
	"partnerdesk/app/person"
	"partnerdesk/core/sandbox"
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
)

// The whole main job without window and browser: the composition root of a desktop in this process, a user
// agent in the place of the browser, and console processes on the same data directory, while the
// desktop's poller runs.
func TestDesktopAndConsoleTogether(t *testing.T) {
	defer goleak.VerifyNone(t)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
	data := filepath.Join(t.TempDir(), "data")
	desk := openApp(t, "desktop", data)
	desk.Polling.Start()

	signedIn := signInTo(t, desk, "Cust10001")
	if !signedIn.New || signedIn.NoSystemUser != nil || signedIn.Tenant.CompanyName != "Fjellfisk & Sønner AS" {
		t.Errorf("signed in with %+v", signedIn)
	}
	key := signedIn.Tenant.Key
	awaitWell(t, desk, key)

	// Both programs create companies at once, while the poller polls.
	var all sync.WaitGroup
	for _, as := range []tenant.Actor{tenant.LoginUser, tenant.SystemUser} {
		all.Go(func() {
			result, err := desk.Workbench.CreateCompany(t.Context(), workbench.CompanyRequest{Key: key, As: as})
			if err != nil || result.Outcome != workbench.Created {
				t.Errorf("the desktop, as %s: %s, %v", as, result.Outcome, err)
			}
		})
		all.Go(func() {
			var result workbench.CompanyResult
			consoleJSON(t, data, &result, "company", "create", "--tenant", key.ContextID, "--as", string(as), "--name", "By the console, as "+string(as))
			if result.Outcome != workbench.Created || result.Company.CreatedBy == "" {
				t.Errorf("the console, as %s: %+v", as, result)
			}
		})
		all.Go(func() {
			var tenants []workbench.TenantView
			consoleJSON(t, data, &tenants, "tenants")
			if len(tenants) != 1 || tenants[0].Key != key {
				t.Errorf("the console lists %+v", tenants)
			}
		})
	}
	all.Wait()
	// Five processes and a poller have used the system user: one exchange was enough.
	if n := countersOf(t, desk, key); n.ContactPosts != 4 || n.Exchanges != 1 {
		t.Errorf("the sandbox counted %+v", n)
	}

	// What one program switches off, the other's poller leaves alone.
	consoleJSON(t, data, nil, "tenants", "deactivate", key.ContextID)
	if view, err := desk.Workbench.Tenant(t.Context(), key); err != nil || view.Verdict != tenant.Inactive {
		t.Errorf("the desktop sees %+v, %v", view.Verdict, err)
	}
	closeApp(t, desk)
}

// Many processes want the system user's ticket and the login user's access token at the same moment, when
// there is none that is good: one of them renews each, and the others wait for it.
func TestManyProcessesRenewOnce(t *testing.T) {
	defer goleak.VerifyNone(t)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
	data := filepath.Join(t.TempDir(), "data")
	desk := openApp(t, "desktop", data)
	key := signInTo(t, desk, "Cust10001").Tenant.Key
	companies := func() {
		var all sync.WaitGroup
		for _, as := range []tenant.Actor{tenant.LoginUser, tenant.SystemUser} {
			for range 2 {
				all.Go(func() {
					if result, err := desk.Workbench.CreateCompany(t.Context(), workbench.CompanyRequest{Key: key, As: as}); err != nil {
						t.Errorf("the desktop, as %s: %s, %v", as, result.Outcome, err)
					}
				})
				all.Go(func() { consoleJSON(t, data, nil, "company", "create", "--tenant", key.ContextID, "--as", string(as)) })
			}
		}
		all.Wait()
	}
	companies()
	if n := countersOf(t, desk, key); n.Exchanges != 1 {
		t.Errorf("%d exchanges for the first ticket", n.Exchanges)
	}
	expire(t, desk, key) // both credentials are refused with 401 from now on
	companies()
	view, err := desk.Workbench.Tenant(t.Context(), key)
	if n := countersOf(t, desk, key); n.Exchanges != 2 || err != nil || view.ExchangesMost.Count > 2 || view.ExchangesToday < 1 {
		t.Errorf("%d exchanges for two tickets, %d counted here, %v", n.Exchanges, view.ExchangesToday, err)
	}
	if n := refreshes(t, data); n != 1 {
		t.Errorf("%d refreshes", n)
	}
	closeApp(t, desk)
}

// expire has the sandbox end a tenant's tickets and access tokens.
func expire(t *testing.T, a *app.App, key tenant.Key) {
	t.Helper()
	client := &http.Client{Timeout: 30 * time.Second}
	defer client.CloseIdleConnections()
	order := fmt.Sprintf(`{"action":"expire","ctx":%q}`, key.ContextID)
	res, err := client.Post(a.Sandbox.BaseURL()+"/control", "application/json", strings.NewReader(order))
	if err != nil {
		t.Fatal(err)
	}
	if err := res.Body.Close(); err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("expire: HTTP %d, %v", res.StatusCode, err)
	}
}

// refreshes counts the access tokens that all processes have refreshed, by what they wrote in the journal.
func refreshes(t *testing.T, data string) int {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(app.JournalDir(data), "*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d journal files, %v", len(files), err)
	}
	n := 0
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		n += strings.Count(string(text), "Refreshed the login user's access token")
	}
	return n
}

// When the program that serves the sandbox leaves, the other one takes the serving over, and what was
// approved yesterday works on.
func TestTheOtherProgramTakesTheSandboxOver(t *testing.T) {
	defer goleak.VerifyNone(t)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
	data := filepath.Join(t.TempDir(), "data")
	first := openApp(t, "desktop", data)
	key := signInTo(t, first, "Cust10002").Tenant.Key
	second := openApp(t, "console", data)
	if first.Sandbox.BaseURL() != second.Sandbox.BaseURL() {
		t.Fatal("two sandboxes serve one data directory")
	}
	closeApp(t, first)
	for _, as := range []tenant.Actor{tenant.LoginUser, tenant.SystemUser} {
		eventually(t, "a company as "+as.Label(), func() bool {
			result, err := second.Workbench.CreateCompany(t.Context(), workbench.CompanyRequest{Key: key, As: as})
			return err == nil && result.Outcome == workbench.Created
		})
	}
	closeApp(t, second)
}

// A tenant that has moved to another host answers 421 at its old one. Nobody notices more than that, and no
// new ticket is asked for.
func TestAMovedTenantIsFoundAgain(t *testing.T) {
	defer goleak.VerifyNone(t)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
	desk := openApp(t, "desktop", filepath.Join(t.TempDir(), "data"))
	key := signInTo(t, desk, "Cust10001").Tenant.Key
	create := func(as tenant.Actor) []string {
		t.Helper()
		result, err := desk.Workbench.CreateCompany(t.Context(), workbench.CompanyRequest{Key: key, As: as})
		if err != nil || result.Outcome != workbench.Created {
			t.Fatalf("a company as %s: %v, %v", as.Label(), result.Outcome, err)
		}
		var statuses []string
		for _, request := range result.Requests {
			statuses = append(statuses, fmt.Sprint(request.Method, " ", request.Status))
		}
		return statuses
	}
	create(tenant.SystemUser)
	create(tenant.LoginUser)
	for _, as := range []tenant.Actor{tenant.SystemUser, tenant.LoginUser} {
		moveTenant(t, desk, key)
		if statuses := create(as); !slices.Contains(statuses, "GET 421") {
			t.Errorf("as %s, the requests went %v: nobody noticed the move", as.Label(), statuses)
		}
	}
	if n := countersOf(t, desk, key); n.ContactPosts != 4 || n.Exchanges != 1 {
		t.Errorf("the sandbox counted %+v", n)
	}
	closeApp(t, desk)
}

// moveTenant lets the tenant live on another host, as the sandbox's control page does.
func moveTenant(t *testing.T, a *app.App, key tenant.Key) {
	t.Helper()
	client := &http.Client{Timeout: 30 * time.Second}
	defer client.CloseIdleConnections()
	res, err := client.PostForm(a.Sandbox.BaseURL()+"/control", url.Values{"action": {"move"}, "ctx": {key.ContextID}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		t.Fatalf("the control page answers %s", res.Status)
	}
}

func TestTheLeaseChangesHandsWhenAProgramLeaves(t *testing.T) {
	defer goleak.VerifyNone(t)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
	data := filepath.Join(t.TempDir(), "data")
	first := openApp(t, "desktop", data)
	key := signInTo(t, first, "Cust10001").Tenant.Key
	first.Polling.Start()
	awaitWell(t, first, key)
	second := openApp(t, "console", data)
	second.Polling.Start()
	if o, err := second.Workbench.Overview(t.Context()); err != nil || o.Poller.Lease.Program != "desktop" || o.Poller.Here {
		t.Errorf("the second program sees %+v, %v", o.Poller.Lease.Owner, err)
	}
	first.Polling.Stop()
	second.Polling.Now()
	eventually(t, "the other program's lease", func() bool {
		o, err := second.Workbench.Overview(t.Context())
		return err == nil && o.Poller.Here
	})
	closeApp(t, second)
	closeApp(t, first)
}

func openApp(t *testing.T, program, data string) *app.App {
	t.Helper()
	a, err := app.New(t.Context(), app.Options{Program: program, Data: data})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Sandbox.Ensure(t.Context()); err != nil {
		t.Fatal(err)
	}
	return a
}

func closeApp(t *testing.T, a *app.App) {
	t.Helper()
	if err := a.Close(); err != nil {
		t.Error(err)
	}
}

// signInTo signs the sandbox's administrator in to a tenant.
func signInTo(t *testing.T, a *app.App, ctxID string) workbench.SignedIn {
	t.Helper()
	var browser sync.WaitGroup
	defer browser.Wait()
	hooks := workbench.SignInHooks{Waiting: func(url string, _ time.Time) {
		browser.Go(func() {
			if _, err := (person.Person{User: "admin@sandbox.example", ContextID: ctxID, Decision: "approve"}).SignIn(t.Context(), url); err != nil {
				t.Errorf("in the browser: %v", err)
			}
		})
	}}
	signedIn, err := a.Workbench.SignIn(t.Context(), workbench.SignInRequest{}, hooks)
	if err != nil {
		t.Fatal(err)
	}
	return signedIn
}

func awaitWell(t *testing.T, a *app.App, key tenant.Key) {
	t.Helper()
	eventually(t, "the poller's log-on", func() bool {
		view, err := a.Workbench.Tenant(t.Context(), key)
		return err == nil && view.Verdict == tenant.Well && view.LogOnAs == "SYS-PD"
	})
}

func eventually(t *testing.T, what string, happened func() bool) {
	t.Helper()
	if !happens(happened) {
		t.Fatalf("waited a minute for %s", what)
	}
}

// consoleJSON runs a console command as a process of its own and reads what it prints into answer.
func consoleJSON(t *testing.T, data string, answer any, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "console", append([]string{"--data", data, "--json"}, args...)...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Errorf("console %v: %v: %s", args, err, stderr.String())
		return
	}
	if answer == nil {
		return
	}
	if err := json.Unmarshal(stdout.Bytes(), answer); err != nil {
		t.Errorf("console %v printed %q: %v", args, stdout.String(), err)
	}
}

// countersOf asks the app's sandbox how often it was asked about a tenant.
func countersOf(t *testing.T, a *app.App, key tenant.Key) sandbox.Counters {
	t.Helper()
	return countersAt(t, a.Sandbox.BaseURL())[key.ContextID]
}

// countersAt asks a sandbox how often it was asked about its tenants.
func countersAt(t *testing.T, base string) map[string]sandbox.Counters {
	t.Helper()
	client := &http.Client{Timeout: 30 * time.Second}
	defer client.CloseIdleConnections()
	res, err := client.Get(base + "/control/counters")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	var answer struct{ Tenants map[string]sandbox.Counters }
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil {
		t.Fatal(fmt.Errorf("read the counters: %w", err))
	}
	return answer.Tenants
}
