package storage

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

func TestWhatIsExportedIsImportedElsewhereUnderAnotherKey(t *testing.T) {
	from, to := openTest(t, t.TempDir(), newMemoryKeyring()), openTest(t, t.TempDir(), noKeyring{})
	key := fill(t, from)
	all, err := from.Export(t.Context())
	must(t, err)
	outcomes, err := to.Import(t.Context(), all, tenant.ImportOptions{})
	must(t, err)
	added := []tenant.ImportOutcome{tenant.ImportAdded}
	if diff := cmp.Diff(tenant.ImportOutcomes{Registrations: added, Tenants: added, Settings: tenant.ImportAdded}, outcomes); diff != "" {
		t.Error(diff)
	}
	again, err := to.Export(t.Context())
	must(t, err)
	if diff := cmp.Diff(all, again, compareSecrets); diff != "" {
		t.Errorf("it arrived otherwise: %s", diff)
	}
	shot, err := to.Snapshot(t.Context())
	must(t, err)
	if len(shot.Tickets) > 0 || shot.Visits[key].Trouble != nil || !shot.Visits[key].LogOnAt.Equal(exampleVisit(key).LogOnAt) {
		t.Error("what was cached or held against the tenant moved along, or its last log-on did not")
	}
	revision := shot.Revision
	outcomes, err = to.Import(t.Context(), all, tenant.ImportOptions{Replace: true})
	must(t, err)
	same := []tenant.ImportOutcome{tenant.ImportUnchanged}
	if diff := cmp.Diff(tenant.ImportOutcomes{Registrations: same, Tenants: same, Settings: tenant.ImportUnchanged}, outcomes); diff != "" {
		t.Error(diff)
	}
	if now := revisionOf(t, to); now != revision {
		t.Errorf("an import that changes nothing made revision %d of %d, %v", now, revision, err)
	}
}

func TestWhatIsStoredStaysUnlessItIsReplaced(t *testing.T) {
	s := openTest(t, t.TempDir(), newMemoryKeyring())
	key := fill(t, s)
	r := exampleRegistration(key.Registration)
	r.ClientSecret = secret.New("canary-new-client-secret")
	all := tenant.Portable{
		Registrations: []tenant.Registration{r},
		Tenants:       []tenant.PortableTenant{{Tenant: tenant.Tenant{Key: key, SystemUserToken: secret.New("canary-new-token")}}},
		Settings:      &tenant.Settings{Registration: "nowhere", PollInterval: time.Hour},
	}
	before, err := content(t.Context(), s)
	must(t, err)
	for _, o := range []tenant.ImportOptions{{}, {DryRun: true}, {Replace: true, DryRun: true}} {
		outcomes, err := s.Import(t.Context(), all, o)
		must(t, err)
		want := tenant.ImportKept
		if o.Replace {
			want = tenant.ImportReplaced
		}
		if outcomes.Registrations[0] != want || outcomes.Tenants[0] != want || outcomes.Settings != want {
			t.Errorf("%v: %v", o, outcomes)
		}
		after, err := content(t.Context(), s)
		must(t, err)
		if !cmp.Equal(before, after) {
			t.Errorf("%v has changed something", o)
		}
	}
	_, err = s.Import(t.Context(), all, tenant.ImportOptions{Replace: true})
	must(t, err)
	stored, err := s.Tenant(t.Context(), key)
	must(t, err)
	if stored.SystemUserToken.Reveal() != "canary-new-token" || stored.Active || stored.Serial != "1234567890" ||
		stored.CompanyName == "" || stored.SignedInAs != "ola@example.com" || stored.AddedAt.Year() != 2026 {
		t.Error("the tenant is not replaced, or lost what the import does not know")
	}
	if _, err := s.Ticket(t.Context(), key); !errors.Is(err, tenant.ErrNotFound) {
		t.Errorf("the old token's ticket is still there: %v", err)
	}
	shot, err := s.Snapshot(t.Context())
	must(t, err)
	if shot.Visits[key].Trouble != nil || shot.Settings.PollInterval != time.Hour || shot.Settings.Registration != "Stage app" {
		t.Errorf("visits or settings are %v, %v", shot.Visits[key].Trouble, shot.Settings)
	}
}

// A tenant's token must not be shown to another app that happens to have its registration's name.
func TestATenantOfAnotherAppOfTheSameNameIsLeftOut(t *testing.T) {
	s := openTest(t, t.TempDir(), newMemoryKeyring())
	must(t, s.SaveRegistration(t.Context(), exampleRegistration("app")))
	other := exampleRegistration("app")
	other.ClientID = strings.Repeat("0b", 16)
	moving, _ := exampleTenant("app", "Cust7")
	all := tenant.Portable{Registrations: []tenant.Registration{other}, Tenants: []tenant.PortableTenant{{Tenant: moving}}}
	outcomes, err := s.Import(t.Context(), all, tenant.ImportOptions{})
	must(t, err)
	if outcomes.Registrations[0] != tenant.ImportKept || outcomes.Tenants[0] != tenant.ImportLeftOut {
		t.Errorf("the outcomes are %v", outcomes)
	}
	if list, err := s.Tenants(t.Context()); err != nil || len(list) > 0 {
		t.Errorf("%d tenants, %v", len(list), err)
	}
}

func TestAnImportThatFailsLeavesNothing(t *testing.T) {
	s := openTest(t, t.TempDir(), newMemoryKeyring())
	first, _ := exampleTenant("app", "Cust1")
	orphan, _ := exampleTenant("nowhere", "Cust2")
	all := tenant.Portable{
		Registrations: []tenant.Registration{exampleRegistration("app")},
		Tenants:       []tenant.PortableTenant{{Tenant: first}, {Tenant: orphan}},
	}
	_, err := s.Import(t.Context(), all, tenant.ImportOptions{})
	if !errors.Is(err, tenant.ErrNotFound) {
		t.Errorf("the error is %v", err)
	}
	shot, err := s.Snapshot(t.Context())
	must(t, err)
	if len(shot.Registrations)+len(shot.Tenants) > 0 {
		t.Error("something is left of it")
	}
	must(t, fillOther(s, t))
	all.Registrations[0].ClientID = strings.Repeat("0c", 16)
	if _, err := s.Import(t.Context(), tenant.Portable{Registrations: all.Registrations}, tenant.ImportOptions{Replace: true}); err == nil {
		t.Error("a registration with tenants became another app")
	} else {
		wantProblem(t, err)
	}
}

// fillOther stores the registration "app" with a tenant.
func fillOther(s *Store, t testing.TB) error {
	other, login := exampleTenant("app", "Cust9")
	if err := s.SaveRegistration(t.Context(), exampleRegistration("app")); err != nil {
		return err
	}
	_, err := s.SaveSignIn(t.Context(), other, login)
	return err
}

func TestTwoImportsAtOnceAddEachTenantOnce(t *testing.T) {
	dir, ring := t.TempDir(), newMemoryKeyring()
	stores := []*Store{openTest(t, dir, ring), openTest(t, dir, ring)}
	must(t, stores[0].SaveRegistration(t.Context(), exampleRegistration("app")))
	var all tenant.Portable
	for n := range 50 {
		moving, _ := exampleTenant("app", fmt.Sprintf("Cust%d", n+1))
		all.Tenants = append(all.Tenants, tenant.PortableTenant{Tenant: moving})
	}
	counts := make([]map[tenant.ImportOutcome]int, len(stores))
	var both sync.WaitGroup
	for i, s := range stores {
		both.Go(func() {
			outcomes, err := s.Import(t.Context(), all, tenant.ImportOptions{})
			if err != nil {
				t.Error(err)
			}
			counts[i] = map[tenant.ImportOutcome]int{}
			for _, o := range outcomes.Tenants {
				counts[i][o]++
			}
		})
	}
	both.Wait()
	if counts[0][tenant.ImportAdded]+counts[1][tenant.ImportAdded] != 50 || counts[0][tenant.ImportUnchanged]+counts[1][tenant.ImportUnchanged] != 50 {
		t.Errorf("the outcomes are %v", counts)
	}
}

func TestAnExchangeCompletesATenantThatCameWithoutItsName(t *testing.T) {
	s := openTest(t, t.TempDir(), newMemoryKeyring())
	known := fill(t, s)
	imported := tenant.Key{Registration: known.Registration, ContextID: "Cust2"}
	_, err := s.Import(t.Context(), tenant.Portable{Tenants: []tenant.PortableTenant{{Tenant: tenant.Tenant{Key: imported}}}}, tenant.ImportOptions{})
	must(t, err)
	for _, key := range []tenant.Key{known, imported} {
		must(t, s.CompleteTenant(t.Context(), key, "Another name", "42"))
	}
	stored, err := s.Tenant(t.Context(), imported)
	must(t, err)
	if stored.CompanyName != "Another name" || stored.Serial != "42" {
		t.Errorf("it is %q, %q", stored.CompanyName, stored.Serial)
	}
	if stored, err = s.Tenant(t.Context(), known); err != nil || stored.Serial != "1234567890" || stored.CompanyName == "Another name" {
		t.Errorf("what was known became %q, %q, %v", stored.CompanyName, stored.Serial, err)
	}
	if err := s.CompleteTenant(t.Context(), tenant.Key{Registration: "x", ContextID: "Cust1"}, "a", "1"); !errors.Is(err, tenant.ErrNotFound) {
		t.Errorf("a tenant that is gone: %v", err)
	}
}
