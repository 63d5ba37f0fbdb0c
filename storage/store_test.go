package storage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	bolt "go.etcd.io/bbolt"
	"go.uber.org/goleak"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

func TestMain(m *testing.M) {
	if role := os.Getenv(roleVariable); role != "" {
		os.Exit(playRole(role))
	}
	goleak.VerifyTestMain(m)
}

// memoryKeyring is a secret store of a test's own.
type memoryKeyring struct {
	mu      sync.Mutex
	entries map[string]string
}

func newMemoryKeyring() *memoryKeyring { return &memoryKeyring{entries: map[string]string{}} }

func (k *memoryKeyring) Get(service, account string) (string, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if s, ok := k.entries[service+"/"+account]; ok {
		return s, nil
	}
	return "", tenant.ErrNotFound
}

func (k *memoryKeyring) Set(service, account, secret string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.entries[service+"/"+account] = secret
	return nil
}

// noKeyring is a machine without a secret store.
type noKeyring struct{}

var errNoKeyring = errors.New("no secret store here")

func (noKeyring) Get(string, string) (string, error) { return "", errNoKeyring }
func (noKeyring) Set(string, string, string) error   { return errNoKeyring }

// hangingKeyring never answers until it is let go.
type hangingKeyring struct{ let chan struct{} }

func (k hangingKeyring) Get(string, string) (string, error) { <-k.let; return "", errNoKeyring }
func (k hangingKeyring) Set(string, string, string) error   { <-k.let; return errNoKeyring }

// clock is a time that a test moves.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	c.now = c.now.Add(d)
	c.mu.Unlock()
}

// openTest opens a store in dir and has bbolt check the file when the test is over.
func openTest(t testing.TB, dir string, ring Keyring) *Store {
	t.Helper()
	return openWith(t, Options{Dir: dir, Keyring: ring})
}

func openWith(t testing.TB, o Options) *Store {
	t.Helper()
	s, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		must(t, s.Close())
		checkConsistent(t, s.Path())
	})
	return s
}

func checkConsistent(t testing.TB, path string) {
	t.Helper()
	db, err := bolt.Open(path, 0o600, &bolt.Options{ReadOnly: true, Timeout: time.Second})
	if err != nil {
		t.Errorf("open for bbolt's check: %v", err)
		return
	}
	defer db.Close()
	err = db.View(func(tx *bolt.Tx) error {
		var errs []error
		for err := range tx.Check() {
			errs = append(errs, err)
		}
		return errors.Join(errs...)
	})
	if err != nil {
		t.Errorf("bbolt's check: %v", err)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// canaries are the secrets that the examples hold.
var canaries = []string{"canary-client-secret", "canary-private-key", "canary-system-user-token", "canary-ticket", "canary-access-token", "canary-refresh-token"}

func exampleRegistration(name string) tenant.Registration {
	return tenant.Registration{
		Name: name, Environment: tenant.Stage, Base: "https://qaonline.superoffice.com",
		ClientID: strings.Repeat("0a", 16), RedirectURI: tenant.DefaultRedirectURI,
		ClientSecret: secret.New("canary-client-secret"), PrivateKey: secret.New("canary-private-key"),
	}
}

func exampleTenant(registration, ctx string) (tenant.Tenant, tenant.Login) {
	key := tenant.Key{Registration: registration, ContextID: ctx}
	at := time.Date(2026, 2, 3, 4, 5, 6, 789, time.UTC)
	return tenant.Tenant{
			Key: key, CompanyName: "Blåbær & Sønner 株式会社", Serial: "1234567890",
			SystemUserToken: secret.New("canary-system-user-token"), Active: true,
			AddedAt: at, SignedInAt: at.Add(time.Hour), SignedInAs: "ola@example.com",
		}, tenant.Login{
			Key: key, UserName: "ola@example.com", AssociateID: "7", Administrator: true,
			AccessToken: secret.New("canary-access-token"), AccessTokenExpiry: at.Add(2 * time.Hour),
			RefreshToken: secret.New("canary-refresh-token"),
		}
}

func exampleVisit(key tenant.Key) tenant.Visit {
	at := time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)
	return tenant.Visit{
		Key: key, State: tenant.StateRunning, StateValidUntil: at, API: "https://sod2.superoffice.com/Cust1/api",
		LogOnAt: at, LogOnAs: "System", Failures: 3, FailedAt: at.Add(2 * time.Hour), RetryAt: at.Add(3 * time.Hour),
		Trouble: &tenant.Explanation{What: "a", Why: "b", Next: "c", Server: "d", Fault: tenant.FaultConsent, Temporary: true},
	}
}

// fill stores one of everything and returns the tenant's key.
func fill(t testing.TB, s *Store) tenant.Key {
	t.Helper()
	ctx := t.Context()
	must(t, s.SaveRegistration(ctx, exampleRegistration("Stage app")))
	customer, login := exampleTenant("Stage app", "Cust1")
	isNew, err := s.SaveSignIn(ctx, customer, login)
	must(t, err)
	if !isNew {
		t.Error("the first sign-in is not new")
	}
	must(t, s.SaveTicket(ctx, tenant.Ticket{Key: customer.Key, Text: secret.New("canary-ticket"), UsedAt: customer.AddedAt}))
	must(t, s.SaveVisits(ctx, []tenant.Visit{exampleVisit(customer.Key)}))
	must(t, s.UpdateSettings(ctx, func(s *tenant.Settings) error {
		s.Registration, s.PollInterval, s.Demonstration = "Stage app", time.Minute, true
		return nil
	}))
	return customer.Key
}

// content reads everything, with secrets revealed so that they can be compared.
func content(ctx context.Context, s *Store) (map[string]any, error) {
	shot, err := s.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	all := map[string]any{"settings": shot.Settings, "visits": shot.Visits, "lease": shot.Lease, "exchanges": shot.Exchanges}
	for _, r := range shot.Registrations {
		all["registration "+r.Name] = []string{string(r.Environment), r.Base, r.ClientID, r.RedirectURI, r.ClientSecret.Reveal(), r.PrivateKey.Reveal()}
	}
	for _, customer := range shot.Tenants {
		token := customer.SystemUserToken.Reveal()
		customer.SystemUserToken = secret.Text{}
		login, err := s.Login(ctx, customer.Key)
		if err != nil {
			return nil, err
		}
		ticket, err := s.Ticket(ctx, customer.Key)
		if err != nil && !errors.Is(err, tenant.ErrNotFound) {
			return nil, err
		}
		secrets := []string{token, login.AccessToken.Reveal(), login.RefreshToken.Reveal(), ticket.Text.Reveal()}
		login.AccessToken, login.RefreshToken = secret.Text{}, secret.Text{}
		all["tenant "+customer.String()] = []any{customer, login, secrets, ticket.UsedAt}
	}
	return all, nil
}

var compareSecrets = cmp.Comparer(func(a, b secret.Text) bool { return a.Equal(b) })

func TestEverythingComesBack(t *testing.T) {
	ctx, dir, ring := t.Context(), t.TempDir(), newMemoryKeyring()
	key := fill(t, openTest(t, dir, ring))
	s := openTest(t, dir, ring) // what another process would see

	registrations, err := s.Registrations(ctx)
	must(t, err)
	if diff := cmp.Diff([]tenant.Registration{exampleRegistration("Stage app")}, registrations, compareSecrets); diff != "" {
		t.Error(diff)
	}
	registration, err := s.Registration(ctx, "Stage app")
	must(t, err)
	if !cmp.Equal(registration, registrations[0], compareSecrets) {
		t.Error("Registration and Registrations differ")
	}
	wantTenant, wantLogin := exampleTenant("Stage app", "Cust1")
	customer, err := s.Tenant(ctx, key)
	must(t, err)
	if diff := cmp.Diff(wantTenant, customer, compareSecrets); diff != "" {
		t.Error(diff)
	}
	login, err := s.Login(ctx, key)
	must(t, err)
	if diff := cmp.Diff(wantLogin, login, compareSecrets); diff != "" {
		t.Error(diff)
	}
	ticket, err := s.Ticket(ctx, key)
	must(t, err)
	if ticket.Key != key || ticket.Text.Reveal() != "canary-ticket" || !ticket.UsedAt.Equal(wantTenant.AddedAt) {
		t.Errorf("ticket %v", ticket)
	}
	visits, err := s.Visits(ctx)
	must(t, err)
	if diff := cmp.Diff(map[tenant.Key]tenant.Visit{key: exampleVisit(key)}, visits); diff != "" {
		t.Error(diff)
	}
	settings, err := s.Settings(ctx)
	must(t, err)
	if settings != (tenant.Settings{Registration: "Stage app", PollInterval: time.Minute, Demonstration: true}) {
		t.Errorf("settings %v", settings)
	}
}

func TestTheSnapshotIsOnePiece(t *testing.T) {
	s := openTest(t, t.TempDir(), newMemoryKeyring())
	key := fill(t, s)
	shot, err := s.Snapshot(t.Context())
	must(t, err)
	revision, err := s.Revision(t.Context())
	must(t, err)
	if shot.Revision != revision || len(shot.Registrations) != 1 || len(shot.Tenants) != 1 || len(shot.Visits) != 1 || !shot.Settings.Demonstration {
		t.Errorf("snapshot %v at revision %d", shot, revision)
	}
	if ticket := shot.Tickets[key]; !ticket.Text.Empty() || ticket.UsedAt.IsZero() {
		t.Errorf("the snapshot's ticket is %v", ticket)
	}
}

func TestANewStoreIsEmptyAndHasDefaults(t *testing.T) {
	s := openTest(t, t.TempDir(), newMemoryKeyring())
	shot, err := s.Snapshot(t.Context())
	must(t, err)
	if len(shot.Registrations)+len(shot.Tenants)+len(shot.Tickets)+len(shot.Visits) != 0 || shot.Settings != tenant.DefaultSettings() || shot.Lease != (tenant.Lease{}) {
		t.Errorf("snapshot %v", shot)
	}
}

func TestNotFoundIsOurs(t *testing.T) {
	ctx, s := t.Context(), openTest(t, t.TempDir(), newMemoryKeyring())
	key := tenant.Key{Registration: "r", ContextID: "Cust9"}
	_, registrationErr := s.Registration(ctx, "r")
	_, tenantErr := s.Tenant(ctx, key)
	_, loginErr := s.Login(ctx, key)
	_, ticketErr := s.Ticket(ctx, key)
	_, renewErr := s.RenewLogin(ctx, tenant.Login{Key: key}, secret.Text{})
	_, signInErr := s.SaveSignIn(ctx, tenant.Tenant{Key: key}, tenant.Login{})
	for name, err := range map[string]error{
		"Registration": registrationErr, "Tenant": tenantErr, "Login": loginErr, "Ticket": ticketErr, "SaveSignIn": signInErr,
		"RemoveRegistration": s.RemoveRegistration(ctx, "r"), "SetActive": s.SetActive(ctx, key, true),
		"RemoveTenant": s.RemoveTenant(ctx, key), "RenewLogin": renewErr,
		"SaveTicket": s.SaveTicket(ctx, tenant.Ticket{Key: key}),
	} {
		if !errors.Is(err, tenant.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
		wantProblem(t, err)
	}
	must(t, s.SaveVisits(ctx, []tenant.Visit{{Key: key}}))
	must(t, s.RemoveTicket(ctx, key, secret.New("x")))
	visits, err := s.Visits(ctx)
	must(t, err)
	if len(visits) != 0 {
		t.Error("a visit to a removed tenant was stored")
	}
}

// wantProblem checks that an error explains itself.
func wantProblem(t testing.TB, err error) tenant.Explanation {
	t.Helper()
	var p *tenant.Problem
	if !errors.As(err, &p) || p.What == "" || p.Why == "" || p.Next == "" || p.Fault == "" {
		t.Fatalf("no explained problem: %v", err)
	}
	return p.Explanation
}

func TestListsAreInOrder(t *testing.T) {
	ctx, s := t.Context(), openTest(t, t.TempDir(), newMemoryKeyring())
	for _, name := range []string{"b", "a x", "a"} {
		must(t, s.SaveRegistration(ctx, exampleRegistration(name)))
		for _, id := range []string{"Cust2", "Cust1"} {
			customer, login := exampleTenant(name, id)
			_, err := s.SaveSignIn(ctx, customer, login)
			must(t, err)
		}
	}
	var got []string
	registrations, err := s.Registrations(ctx)
	must(t, err)
	for _, r := range registrations {
		got = append(got, r.Name)
	}
	tenants, err := s.Tenants(ctx)
	must(t, err)
	for _, customer := range tenants {
		got = append(got, customer.String())
	}
	want := []string{"a", "a x", "b", "a/Cust1", "a/Cust2", "a x/Cust1", "a x/Cust2", "b/Cust1", "b/Cust2"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestARegistrationWithTenantsStays(t *testing.T) {
	ctx, s := t.Context(), openTest(t, t.TempDir(), newMemoryKeyring())
	key := fill(t, s)
	must(t, s.SaveRegistration(ctx, exampleRegistration("Stage"))) // a prefix of the other's name
	must(t, s.RemoveRegistration(ctx, "Stage"))
	wantProblem(t, s.RemoveRegistration(ctx, key.Registration))
	must(t, s.RemoveTenant(ctx, key))
	must(t, s.RemoveRegistration(ctx, key.Registration))
}

func TestKeysThatWouldBeTakenForOthersAreRefused(t *testing.T) {
	ctx, s := t.Context(), openTest(t, t.TempDir(), newMemoryKeyring())
	wantProblem(t, s.SaveRegistration(ctx, tenant.Registration{}))
	wantProblem(t, s.SaveRegistration(ctx, tenant.Registration{Name: "a\x00b"}))
	must(t, s.SaveRegistration(ctx, exampleRegistration("a")))
	_, err := s.SaveSignIn(ctx, tenant.Tenant{Key: tenant.Key{Registration: "a", ContextID: "x\x00y"}}, tenant.Login{})
	wantProblem(t, err)
	customer, login := exampleTenant("a", "Cust1")
	login.ContextID = "Cust2"
	if _, err := s.SaveSignIn(ctx, customer, login); err == nil {
		t.Error("a login to another tenant was stored")
	}
}

func TestRevisionChangesWithEveryCommitAndOnlyThen(t *testing.T) {
	ctx, dir, ring := t.Context(), t.TempDir(), newMemoryKeyring()
	s, other := openTest(t, dir, ring), openTest(t, dir, ring)
	revision := func() uint64 {
		r, err := s.Revision(ctx)
		must(t, err)
		return r
	}
	before := revision()
	key := fill(t, other)
	after := revision()
	if after == before {
		t.Error("the other store's commits left the revision")
	}
	must(t, s.RemoveTicket(ctx, key, secret.New("another")))
	must(t, s.UpdateSettings(ctx, func(*tenant.Settings) error { return nil }))
	must(t, s.SaveVisits(ctx, []tenant.Visit{{Key: tenant.Key{Registration: "r", ContextID: "c"}}}))
	if r := revision(); r != after {
		t.Errorf("nothing changed, and the revision went from %d to %d", after, r)
	}
	must(t, s.SetActive(ctx, key, false))
	if r := revision(); r == after {
		t.Error("a commit left the revision")
	}
}

func TestAFailedSettingsChangeChangesNothing(t *testing.T) {
	ctx, s := t.Context(), openTest(t, t.TempDir(), newMemoryKeyring())
	no := errors.New("no")
	err := s.UpdateSettings(ctx, func(s *tenant.Settings) error { s.Demonstration = true; return no })
	if !errors.Is(err, no) {
		t.Errorf("the error is %v", err)
	}
	func() {
		defer func() {
			if p := recover(); p != "a caller's bug" {
				t.Errorf("recovered %v", p)
			}
		}()
		_ = s.UpdateSettings(ctx, func(*tenant.Settings) error { panic("a caller's bug") })
	}()
	settings, err := s.Settings(ctx)
	must(t, err)
	if settings.Demonstration {
		t.Error("the refused change was stored")
	}
}

func TestAClosedStoreRefuses(t *testing.T) {
	s := openTest(t, t.TempDir(), newMemoryKeyring())
	must(t, s.Close())
	must(t, s.Close())
	if _, err := s.Tenants(t.Context()); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("a closed store answers %v", err)
	}
}

// wantNoCanary searches every file in dir for the planted secrets.
func wantNoCanary(t *testing.T, dir string) {
	t.Helper()
	files := 0
	must(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		b, err := os.ReadFile(path)
		for _, c := range canaries {
			for _, form := range []string{c, fmt.Sprintf("%x", c), c[:10], c[len(c)-10:]} {
				if strings.Contains(string(b), form) {
					t.Errorf("%s holds %q", path, form)
				}
			}
		}
		return err
	}))
	if files == 0 {
		t.Error("nothing was searched")
	}
}

func TestNoFileHoldsASecret(t *testing.T) {
	for name, ring := range map[string]Keyring{"keyring": newMemoryKeyring(), "key file": noKeyring{}} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s := openTest(t, dir, ring)
			key := fill(t, s)
			must(t, s.RemoveTenant(t.Context(), key))
			fill(t, s)
			wantNoCanary(t, dir)
		})
	}
}
