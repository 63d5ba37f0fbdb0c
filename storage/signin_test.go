package storage

import (
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
			want.Trouble, want.Failures, want.RetryAt = nil, 0, time.Time{}
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
	tickets, err := s.Tickets(ctx)
	must(t, err)
	if len(tickets) != 0 {
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
