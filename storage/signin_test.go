package storage

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

// signInAgain stores a second sign-in to the tenant of fill, with the token given.
func signInAgain(t *testing.T, s *Store, token secret.Text) tenant.Tenant {
	t.Helper()
	customer, login := exampleTenant("Stage app", "Cust1")
	customer.SystemUserToken = token
	customer.Active = true
	customer.AddedAt = customer.AddedAt.Add(24 * time.Hour)
	customer.SignedInAt = customer.AddedAt
	customer.CompanyName, customer.SignedInAs = "Renamed", "kari@example.com"
	login.UserName = "kari@example.com"
	isNew, err := s.SaveSignIn(t.Context(), customer, login)
	must(t, err)
	if isNew {
		t.Error("the second sign-in is new")
	}
	return customer
}

func TestASignInKeepsWhatThePersonDecided(t *testing.T) {
	ctx, s := t.Context(), openTest(t, t.TempDir(), newMemoryKeyring())
	key := fill(t, s)
	must(t, s.SetActive(ctx, key, false))
	first, err := s.Tenant(ctx, key)
	must(t, err)
	second := signInAgain(t, s, secret.New("canary-system-user-token"))
	got, err := s.Tenant(ctx, key)
	must(t, err)
	second.AddedAt, second.Active = first.AddedAt, false
	if diff := cmp.Diff(second, got, compareSecrets); diff != "" {
		t.Error(diff)
	}
	if login, err := s.Login(ctx, key); err != nil || login.UserName != "kari@example.com" {
		t.Errorf("login %v, %v", login, err)
	}
}

func TestWhatASignInDoesToTheToken(t *testing.T) {
	for name, c := range map[string]struct {
		token, stored string
		dropped       bool
	}{
		"no token keeps the old one":    {"", "canary-system-user-token", false},
		"the same token changes little": {"canary-system-user-token", "canary-system-user-token", false},
		"a new token needs a ticket":    {"another", "another", true},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, s := t.Context(), openTest(t, t.TempDir(), newMemoryKeyring())
			key := fill(t, s)
			signInAgain(t, s, secret.New(c.token))
			customer, err := s.Tenant(ctx, key)
			must(t, err)
			if customer.SystemUserToken.Reveal() != c.stored {
				t.Error("the wrong token is stored")
			}
			shot, err := s.Snapshot(ctx)
			must(t, err)
			want := exampleVisit(key)
			want.Trouble, want.Failures, want.RetryAt, want.Forgiven = nil, 0, time.Time{}, 1
			if diff := cmp.Diff(want, shot.Visits[key]); diff != "" {
				t.Error(diff)
			}
			if _, kept := shot.Tickets[key]; kept == c.dropped {
				t.Errorf("the ticket is kept: %v", kept)
			}
		})
	}
}

func TestAReissuedTokenReplacesOnlyTheOneThatWasExchanged(t *testing.T) {
	ctx, s := t.Context(), openTest(t, t.TempDir(), newMemoryKeyring())
	key := fill(t, s)
	for _, c := range []struct{ old, issued, stored string }{
		{"an older one", "late", "canary-system-user-token"},
		{"canary-system-user-token", "issued anew", "issued anew"},
	} {
		must(t, s.ReplaceSystemUserToken(ctx, key, secret.New(c.old), secret.New(c.issued)))
		customer, err := s.Tenant(ctx, key)
		must(t, err)
		if customer.SystemUserToken.Reveal() != c.stored {
			t.Errorf("replacing %q stored the wrong token", c.old)
		}
	}
	if _, err := s.Ticket(ctx, key); err != nil {
		t.Errorf("the ticket that came with it is gone: %v", err)
	}
}

func TestSwitchingOnForgivesAndOffDoesNot(t *testing.T) {
	ctx, s := t.Context(), openTest(t, t.TempDir(), newMemoryKeyring())
	key := fill(t, s)
	must(t, s.SetActive(ctx, key, false))
	shot, err := s.Snapshot(ctx)
	must(t, err)
	if shot.Tenants[0].Active || shot.Visits[key].Trouble == nil {
		t.Errorf("switched off: %v, %v", shot.Tenants, shot.Visits)
	}
	must(t, s.SetActive(ctx, key, true))
	shot, err = s.Snapshot(ctx)
	must(t, err)
	if v := shot.Visits[key]; !shot.Tenants[0].Active || v.Trouble != nil || v.Failures != 0 || !v.RetryAt.IsZero() || v.LogOnAs != "System" {
		t.Errorf("switched on: %v, %v", shot.Tenants, v)
	}
}

func TestARemovedTenantLeavesNothingAndStaysRemoved(t *testing.T) {
	ctx, s := t.Context(), openTest(t, t.TempDir(), newMemoryKeyring())
	key := fill(t, s)
	must(t, s.RemoveTenant(ctx, key))
	must(t, s.SaveVisits(ctx, []tenant.Visit{exampleVisit(key)})) // a poller that was under way
	all, err := content(ctx, s)
	must(t, err)
	if _, there := all["tenant "+key.String()]; there || len(all["visits"].(map[tenant.Key]tenant.Visit)) != 0 {
		t.Errorf("left: %v", all)
	}
	shot, err := s.Snapshot(ctx)
	must(t, err)
	if len(shot.Tickets) != 0 {
		t.Error("the ticket is left")
	}
}

func TestATicketIsRemovedOnlyIfItIsTheRefusedOne(t *testing.T) {
	ctx, s := t.Context(), openTest(t, t.TempDir(), newMemoryKeyring())
	key := fill(t, s)
	must(t, s.RemoveTicket(ctx, key, secret.New("an older one")))
	if _, err := s.Ticket(ctx, key); err != nil {
		t.Errorf("a renewed ticket was removed: %v", err)
	}
	must(t, s.RemoveTicket(ctx, key, secret.New("canary-ticket")))
	if _, err := s.Ticket(ctx, key); err == nil {
		t.Error("the refused ticket is still there")
	}
}

// The poller loads a visit, a person answers its failure, and only then does the poller save: what the
// person did must win.
func TestAFailureThatAPersonHasAnsweredMeanwhileIsDropped(t *testing.T) {
	for name, c := range map[string]struct {
		answer func(*testing.T, *Store, tenant.Key)
		kept   bool
	}{
		"nothing happened": {func(*testing.T, *Store, tenant.Key) {}, true},
		"a sign-in":        {func(t *testing.T, s *Store, _ tenant.Key) { signInAgain(t, s, secret.New("another")) }, false},
		"switched on":      {func(t *testing.T, s *Store, k tenant.Key) { must(t, s.SetActive(t.Context(), k, true)) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, s := t.Context(), openTest(t, t.TempDir(), newMemoryKeyring())
			key := fill(t, s)
			customer, err := s.Tenant(ctx, key)
			must(t, err)
			failed := exampleVisit(key)
			failed.Failures = 1                                   // the first: the tenant was well when the visit began
			failed.FailedAt = customer.SignedInAt.Add(-time.Hour) // nor does a wrong clock matter
			c.answer(t, s, key)
			must(t, s.SaveVisits(ctx, []tenant.Visit{failed}))
			visits, err := s.Visits(ctx)
			must(t, err)
			if kept := visits[key].Trouble != nil; kept != c.kept {
				t.Errorf("the store holds %d failures", visits[key].Failures)
			}
		})
	}
}

func TestARenewedLoginDoesNotOverwriteASignIn(t *testing.T) {
	ctx, s := t.Context(), openTest(t, t.TempDir(), newMemoryKeyring())
	key := fill(t, s)
	old, err := s.Login(ctx, key)
	must(t, err)
	signInAgain(t, s, secret.New("another"))
	newer, err := s.Login(ctx, key)
	must(t, err)
	used := secret.New("the refresh token of a login that is gone")
	old.AccessToken = secret.New("late")
	got, err := s.RenewLogin(ctx, old, used)
	must(t, err)
	if diff := cmp.Diff(newer, got, compareSecrets); diff != "" {
		t.Error(diff)
	}
	newer.AccessToken = secret.New("in time")
	if _, err := s.RenewLogin(ctx, newer, newer.RefreshToken); err != nil {
		t.Error(err)
	}
	if got, err = s.Login(ctx, key); err != nil || got.AccessToken.Reveal() != "in time" {
		t.Errorf("the renewed login was not stored: %v", err)
	}
}

func TestALoginIsRemovedOnlyIfItIsTheOneThatWasEnded(t *testing.T) {
	ctx, s := t.Context(), openTest(t, t.TempDir(), newMemoryKeyring())
	key := fill(t, s)
	login, err := s.Login(ctx, key)
	must(t, err)
	before := revisionOf(t, s)
	if removed, err := s.RemoveLogin(ctx, key, secret.New("an older one")); err != nil || removed {
		t.Errorf("another login was removed: %v, %v", removed, err)
	}
	if after := revisionOf(t, s); after != before {
		t.Errorf("revision %d after %d, %v", after, before, err)
	}
	if removed, err := s.RemoveLogin(ctx, key, login.RefreshToken); err != nil || !removed {
		t.Errorf("removed %v, %v", removed, err)
	}
	if _, err := s.Login(ctx, key); !errors.Is(err, tenant.ErrNotFound) {
		t.Errorf("the login is still there: %v", err)
	}
	if removed, err := s.RemoveLogin(ctx, key, login.RefreshToken); err != nil || removed {
		t.Errorf("removed twice: %v, %v", removed, err)
	}
	if customer, err := s.Tenant(ctx, key); err != nil || customer.SystemUserToken.Empty() {
		t.Errorf("the tenant has lost its system user: %v", err)
	}
	if _, err := s.Ticket(ctx, key); err != nil {
		t.Errorf("the system user's ticket is gone: %v", err)
	}
	if _, err := s.RenewLogin(ctx, login, login.RefreshToken); !errors.Is(err, tenant.ErrNotFound) {
		t.Errorf("a late renewal brought it back: %v", err)
	}
}

func TestAUseSlidesOnlyTheTicketThatIsStored(t *testing.T) {
	ctx, s := t.Context(), openTest(t, t.TempDir(), newMemoryKeyring())
	key := fill(t, s)
	stored, err := s.Ticket(ctx, key)
	must(t, err)
	later := stored.UsedAt.Add(time.Hour)
	must(t, s.SlideTicket(ctx, tenant.Ticket{Key: key, Text: secret.New("an older one"), UsedAt: later}))
	if got, err := s.Ticket(ctx, key); err != nil || !got.UsedAt.Equal(stored.UsedAt) {
		t.Errorf("another ticket's use was noted: %v", err)
	}
	must(t, s.SlideTicket(ctx, tenant.Ticket{Key: key, Text: stored.Text, UsedAt: later}))
	if got, err := s.Ticket(ctx, key); err != nil || !got.UsedAt.Equal(later) {
		t.Errorf("the use was not noted: %v", err)
	}
}

func TestARegistrationWithTenantsStaysTheSameApp(t *testing.T) {
	ctx, s := t.Context(), openTest(t, t.TempDir(), newMemoryKeyring())
	key := fill(t, s)
	reg, err := s.Registration(ctx, key.Registration)
	must(t, err)
	for what, change := range map[string]func(*tenant.Registration){
		"environment": func(r *tenant.Registration) { r.Environment = tenant.Production },
		"address":     func(r *tenant.Registration) { r.Base = "https://elsewhere.example" },
		"client id":   func(r *tenant.Registration) { r.ClientID = "ffffffffffffffffffffffffffffffff" },
	} {
		other := reg
		change(&other)
		err := s.SaveRegistration(ctx, other)
		if err == nil {
			t.Errorf("another %s is accepted", what)
		}
		wantProblem(t, err)
	}
	// A new secret is the answer to a refusal: the tenants are tried again at once.
	reg.ClientSecret = secret.New("canary-client-secret-2")
	must(t, s.SaveRegistration(ctx, reg))
	visits, err := s.Visits(ctx)
	must(t, err)
	if v := visits[key]; v.Trouble != nil || v.Failures != 0 || !v.RetryAt.IsZero() {
		t.Errorf("the visit is %+v", v)
	}
}
