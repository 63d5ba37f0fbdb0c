package storage

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	bolt "go.etcd.io/bbolt"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

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

func (k *memoryKeyring) Delete(service, account string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if _, ok := k.entries[service+"/"+account]; !ok {
		return tenant.ErrNotFound
	}
	delete(k.entries, service+"/"+account)
	return nil
}

// noKeyring is a machine without a secret store.
type noKeyring struct{}

var errNoKeyring = errors.New("no secret store here")

func (noKeyring) Get(string, string) (string, error) { return "", errNoKeyring }

func (noKeyring) Set(string, string, string) error { return errNoKeyring }

func (noKeyring) Delete(string, string) error { return errNoKeyring }

// hangingKeyring never answers until it is let go.
type hangingKeyring struct{ let chan struct{} }

func (k hangingKeyring) Get(string, string) (string, error) { <-k.let; return "", errNoKeyring }

func (k hangingKeyring) Set(string, string, string) error { <-k.let; return errNoKeyring }

func (k hangingKeyring) Delete(string, string) error { <-k.let; return errNoKeyring }

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

// failure is the error of a call whose result does not matter.
func revisionOf(t testing.TB, s *Store) uint64 {
	t.Helper()
	signals, err := s.Signals(t.Context())
	must(t, err)
	return signals.Revision
}

func failure(_ any, err error) error { return err }

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
	must(t, failure(s.SaveTicket(ctx, tenant.Ticket{Key: customer.Key, Text: secret.New("canary-ticket"), UsedAt: customer.AddedAt})))
	must(t, s.SaveVisits(ctx, []tenant.Visit{exampleVisit(customer.Key)}))
	must(t, s.UpdateSettings(ctx, func(s *tenant.Settings) error {
		s.Registration, s.PollInterval, s.Demonstration = "Stage app", time.Minute, true
		return nil
	}))
	return customer.Key
}

// content reads everything, with secrets revealed so that they can be compared. It does so in one transaction,
// as the tests of damage read a thousand files.
func content(ctx context.Context, s *Store) (map[string]any, error) {
	var shot tenant.Snapshot
	var loginOf map[tenant.Key]tenant.Login
	var ticketOf map[tenant.Key]tenant.Ticket
	err := s.view(ctx, "read everything", func(w *work) error {
		var errs [3]error
		shot, errs[0] = readSnapshot(w)
		loginOf, errs[1] = logins.byTenant(w)
		ticketOf, errs[2] = tickets.byTenant(w)
		shot.Damaged = w.damaged
		return firstError(errs[:]...)
	})
	if err != nil {
		return nil, err
	}
	if len(shot.Damaged) > 0 {
		switch d := shot.Damaged[0]; d.Record {
		case registrations.noun:
			_, err = s.Registration(ctx, d.Key.Registration)
		case tenants.noun:
			_, err = s.Tenant(ctx, d.Key)
		default:
			err = recordProblem(d.Record, recordKey(d.Key), errSum)
		}
		return nil, err
	}
	all := map[string]any{"settings": shot.Settings, "visits": shot.Visits, "lease": shot.Lease, "exchanges": shot.Exchanges}
	for _, r := range shot.Registrations {
		all["registration "+r.Name] = []string{string(r.Environment), r.Base, r.ClientID, r.RedirectURI, r.ClientSecret.Reveal(), r.PrivateKey.Reveal()}
	}
	for _, customer := range shot.Tenants {
		token := customer.SystemUserToken.Reveal()
		customer.SystemUserToken = secret.Text{}
		login, ticket := loginOf[customer.Key], ticketOf[customer.Key]
		secrets := []string{token, login.AccessToken.Reveal(), login.RefreshToken.Reveal(), ticket.Text.Reveal()}
		login.AccessToken, login.RefreshToken = secret.Text{}, secret.Text{}
		all["tenant "+customer.String()] = []any{customer, login, secrets, ticket.UsedAt}
	}
	return all, nil
}

var compareSecrets = cmp.Comparer(func(a, b secret.Text) bool { return a.Equal(b) })

// wantProblem checks that an error explains itself.
func wantProblem(t testing.TB, err error) tenant.Explanation {
	t.Helper()
	var p *tenant.Problem
	if !errors.As(err, &p) || p.What == "" || p.Why == "" || p.Next == "" || p.Fault == "" {
		t.Fatalf("no explained problem: %v", err)
	}
	return p.Explanation
}
