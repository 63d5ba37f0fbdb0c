package storage

import (
	"errors"
	"io/fs"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
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
	want := tenant.DefaultSettings()
	want.Registration, want.PollInterval, want.Demonstration = "Stage app", time.Minute, true
	if settings != want {
		t.Errorf("settings %v", settings)
	}
}

func TestTheSnapshotIsOnePiece(t *testing.T) {
	s := openTest(t, t.TempDir(), newMemoryKeyring())
	key := fill(t, s)
	shot, err := s.Snapshot(t.Context())
	must(t, err)
	revision := revisionOf(t, s)
	if shot.Revision != revision || len(shot.Registrations) != 1 || len(shot.Tenants) != 1 || len(shot.Visits) != 1 || !shot.Settings.Demonstration {
		t.Errorf("snapshot %v at revision %d", shot, revision)
	}
	if ticket := shot.Tickets[key]; !ticket.Text.Empty() || ticket.UsedAt.IsZero() {
		t.Errorf("the snapshot's ticket is %v", ticket)
	}
}

func TestTheSnapshotTellsWhereSomebodyIsSignedIn(t *testing.T) {
	s := openTest(t, t.TempDir(), newMemoryKeyring())
	key := fill(t, s)
	shot, err := s.Snapshot(t.Context())
	must(t, err)
	if !shot.Logins[key] {
		t.Error("the login is not seen")
	}
	login, err := s.Login(t.Context(), key)
	must(t, err)
	_, err = s.RemoveLogin(t.Context(), key, login.RefreshToken)
	must(t, err)
	shot, err = s.Snapshot(t.Context())
	must(t, err)
	if len(shot.Logins) != 0 || len(shot.Tenants) != 1 {
		t.Errorf("signed out, the snapshot has the logins %v", shot.Logins)
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
		"SaveTicket": failure(s.SaveTicket(ctx, tenant.Ticket{Key: key})),
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

func TestRevisionChangesWithEveryCommitButTheLeases(t *testing.T) {
	ctx, dir, ring := t.Context(), t.TempDir(), newMemoryKeyring()
	s, other := openTest(t, dir, ring), openTest(t, dir, ring)
	revision := func() uint64 {
		t.Helper()
		return revisionOf(t, s)
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
	us, them := tenant.Owner{Program: "desktop", Host: "a", PID: 1}, tenant.Owner{Program: "console", Host: "b", PID: 2}
	for _, poll := range []struct {
		what string
		do   func() error
	}{
		{"taken", func() error { _, _, err := other.TakeLease(ctx, us, time.Hour); return err }},
		{"kept", func() error {
			_, _, err := other.EndTick(ctx, us, time.Hour, tenant.Tick{At: time.Now(), Active: 1})
			return err
		}},
		{"asked for", func() error { return failure(other.AskForLease(ctx, them, time.Now().Add(time.Hour))) }},
		{"given back", func() error { return other.ReleaseLease(ctx, us) }},
	} {
		before, err := s.Signals(ctx)
		must(t, err)
		must(t, poll.do())
		now, err := s.Signals(ctx)
		must(t, err)
		if now.Revision != after || now.Lease == before.Lease {
			t.Errorf("the lease was %s: the revision went from %d to %d, and the lease from %v to %v", poll.what, after, now.Revision, before.Lease, now.Lease)
		}
	}
	must(t, s.SetActive(ctx, key, false))
	if r := revision(); r == after {
		t.Error("a commit left the revision")
	}
	if again := openTest(t, dir, ring); revisionOf(t, again) != revision() {
		t.Error("who opens the store anew knows another revision")
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

// An address that a person has not chosen is none: not in a new store, nor in one from before there was the setting.
func TestTheAddressForUpdatesIsKeptAndNeverMadeUp(t *testing.T) {
	dir := t.TempDir()
	layOut(t, 3, dir)
	s := openTest(t, dir, noKeyring{})
	const address = "https://example.com/newest.json"
	before, err := s.Settings(t.Context())
	must(t, err)
	if before.UpdateAddress != "" {
		t.Errorf("it would ask %q", before.UpdateAddress)
	}
	for _, want := range []string{address, ""} {
		must(t, s.UpdateSettings(t.Context(), func(c *tenant.Settings) error { c.UpdateAddress = want; return nil }))
		stored, err := openTest(t, dir, noKeyring{}).Settings(t.Context())
		must(t, err)
		if stored.UpdateAddress != want || stored.Registration != "Stage app" {
			t.Errorf("want %q, stored %+v", want, stored)
		}
	}
}
