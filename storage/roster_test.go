package storage

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

func TestTheRosterIsWhatIsStoredWithoutTokens(t *testing.T) {
	ctx, s := t.Context(), openTest(t, t.TempDir(), newMemoryKeyring())
	fill(t, s)
	shot, err := s.Snapshot(ctx)
	must(t, err)
	r, err := s.Roster(ctx)
	must(t, err)
	if len(r.Tenants) != 1 || !r.Tenants[0].SystemUserToken.Empty() {
		t.Fatal("the roster has a token")
	}
	r.Tenants[0].SystemUserToken = shot.Tenants[0].SystemUserToken
	want := tenant.Roster{Revision: r.Revision, Settings: shot.Settings, Registrations: shot.Registrations, Tenants: shot.Tenants, Visits: shot.Visits}
	if diff := cmp.Diff(want, r); diff != "" {
		t.Error(diff)
	}
}

// TestThePollerHearsOfWhatOthersChange is about the number that tells a poller to plan anew: what people and the
// other program do changes it, what a poller does all day leaves it as it is.
func TestThePollerHearsOfWhatOthersChange(t *testing.T) {
	ctx, s := t.Context(), openTest(t, t.TempDir(), newMemoryKeyring())
	key := fill(t, s)
	owner := tenant.Owner{Program: "console", PID: 1}
	known := func() uint64 {
		t.Helper()
		signals, err := s.Signals(ctx)
		must(t, err)
		r, err := s.Roster(ctx)
		must(t, err)
		if r.Revision != signals.Roster {
			t.Errorf("the roster is of %d, the signals of %d", r.Revision, signals.Roster)
		}
		return signals.Roster
	}
	nameless := tenant.Key{Registration: key.Registration, ContextID: "Cust77"}
	_, err := s.Import(ctx, tenant.Portable{
		Registrations: []tenant.Registration{exampleRegistration(key.Registration)},
		Tenants:       []tenant.PortableTenant{{Tenant: tenant.Tenant{Key: nameless}}},
	}, tenant.ImportOptions{})
	must(t, err)
	stored, err := s.Tenant(ctx, key)
	must(t, err)
	token := stored.SystemUserToken
	ticket, err := s.Ticket(ctx, key)
	must(t, err)
	for _, c := range []struct {
		what  string
		do    func() error
		heard bool
	}{
		{"nothing", func() error { return nil }, false},
		{"a visit", func() error { return s.SaveVisits(ctx, []tenant.Visit{exampleVisit(key)}) }, false},
		{"a ticket", func() error { return failure(s.SaveTicket(ctx, ticket)) }, false},
		{"the use of a ticket", func() error { ticket.UsedAt = ticket.UsedAt.Add(time.Hour); return s.SlideTicket(ctx, ticket) }, false},
		{"what an exchange tells", func() error { return s.CompleteTenant(ctx, nameless, "Later AS", "2") }, false},
		{"a token issued anew", func() error { return s.ReplaceSystemUserToken(ctx, key, token, secret.New("canary-issued")) }, false},
		{"a lease", func() error { _, _, err := s.TakeLease(ctx, owner, time.Minute); return err }, false},
		{"a tick", func() error { _, _, err := s.EndTick(ctx, owner, time.Minute, tenant.Tick{Active: 1}); return err }, false},
		{"a tenant switched on", func() error { return s.SetActive(ctx, key, true) }, true},
		{"a tenant switched off", func() error { return s.SetActive(ctx, key, false) }, true},
		{"a setting", func() error {
			return s.UpdateSettings(ctx, func(s *tenant.Settings) error { s.RequestBudget++; return nil })
		}, true},
		{"a registration", func() error { return s.SaveRegistration(ctx, exampleRegistration("another")) }, true},
		{"a registration removed", func() error { return s.RemoveRegistration(ctx, "another") }, true},
		{"a sign-in", func() error {
			c, l := exampleTenant("Stage app", "Cust1")
			_, err := s.SaveSignIn(ctx, c, l)
			return err
		}, true},
		{"a tenant removed", func() error { return s.RemoveTenant(ctx, key) }, true},
	} {
		before := known()
		must(t, c.do())
		if heard := known() != before; heard != c.heard {
			t.Errorf("%s was heard of: %t", c.what, heard)
		}
	}
}
