package workbench_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
)

func rowOf(t *testing.T, c workbench.Comparison, name string) workbench.ComparedRow {
	t.Helper()
	i := slices.IndexFunc(c.Rows, func(r workbench.ComparedRow) bool { return r.Name == name })
	if i < 0 {
		t.Fatalf("no row %s", name)
	}
	return c.Rows[i]
}

// live is the ward's app as it would be in production, still with development's values where a test says so.
func live(v *ward) tenant.Registration {
	reg := v.registrations["app"]
	reg.Name, reg.Environment, reg.Base = "live", tenant.Production, tenant.Production.BaseURL()
	return reg
}

func TestACopyOfDevelopmentIsTellableFromProduction(t *testing.T) {
	v, w := newWard(t)
	v.registrations["live"] = live(v)
	c, err := w.CompareRegistrations(t.Context(), "app", "live")
	if err != nil || !c.OK || c.Cause != nil || c.A != "app" || c.B != "live" {
		t.Fatalf("%+v, %v", c, err)
	}
	for name, want := range map[string]workbench.Relation{
		"environment": workbench.RelationDifferent, "base-url": workbench.RelationDifferent, "issuer": workbench.RelationDifferent,
		"client-id": workbench.RelationSame, "client-secret": workbench.RelationSame, "private-key": workbench.RelationSame,
		"redirect-uri": workbench.RelationSame, "exchange": workbench.RelationSame, "key-set": workbench.RelationDifferent, "certificate": workbench.RelationSame,
	} {
		if row := rowOf(t, c, name); row.Relation != want || row.A == "" || row.B == "" {
			t.Errorf("%+v", row)
		}
	}
	for _, name := range []string{"client-id", "client-secret", "private-key"} {
		if row := rowOf(t, c, name); !strings.Contains(row.Advice, "likely to be a copy") {
			t.Errorf("%s: %q", name, row.Advice)
		}
	}
	if row := rowOf(t, c, "certificate"); row.Advice != "" {
		t.Errorf("nothing is pinned: %q", row.Advice)
	}
	printed, err := json.Marshal(c)
	if err != nil || strings.Contains(string(printed), "canary") || strings.Contains(string(printed), "PRIVATE KEY") {
		t.Errorf("a secret is told: %v", err)
	}
}

func TestWhatCannotWorkFailsAComparison(t *testing.T) {
	for name, row := range map[string]struct {
		change func(*ward, *tenant.Registration)
		row    string
		cause  tenant.Cause
	}{
		"no key":                 {func(_ *ward, r *tenant.Registration) { r.PrivateKey = secret.Text{} }, "private-key", tenant.CauseIncomplete},
		"a damaged key":          {func(_ *ward, r *tenant.Registration) { r.PrivateKey = secret.New("canary") }, "private-key", tenant.CauseKeyUnusable},
		"a key without a secret": {func(_ *ward, r *tenant.Registration) { r.ClientSecret = secret.Text{} }, "client-secret", tenant.CauseIncomplete},
		"a redirect URI that no app may have": {func(_ *ward, r *tenant.Registration) { r.RedirectURI = "http://localhost:0" },
			"redirect-uri", tenant.CauseRedirectURI},
		"another environment's certificate": {func(v *ward, r *tenant.Registration) { r.Certificate = certificatePEM(t, v.now.Add(time.Hour)) },
			"certificate", tenant.CauseCertificateStale},
		"no certificate": {func(_ *ward, r *tenant.Registration) { r.Certificate = "x" }, "certificate", tenant.CauseInput},
	} {
		t.Run(name, func(t *testing.T) {
			v, w := newWard(t)
			reg := live(v)
			row.change(v, &reg)
			v.registrations["live"] = reg
			c, err := w.CompareRegistrations(t.Context(), "app", "live")
			if err != nil || c.OK || c.Cause == nil || c.Cause.Cause != row.cause {
				t.Fatalf("%+v, %v", c.Cause, err)
			}
			if got := rowOf(t, c, row.row); len(got.Troubles) != 1 || got.Troubles[0].Cause != row.cause {
				t.Errorf("%+v", got)
			}
		})
	}
}

func TestAnExactRedirectURIMustBeRegisteredAsItStands(t *testing.T) {
	v, w := newWard(t)
	reg := live(v)
	reg.RedirectURI = "http://127.0.0.1:5000/callback"
	v.registrations["live"] = reg
	c, err := w.CompareRegistrations(t.Context(), "app", "live")
	if row := rowOf(t, c, "redirect-uri"); err != nil || !c.OK || row.Relation != workbench.RelationDifferent ||
		!strings.Contains(row.Advice, "That of app fits") || !strings.Contains(row.Advice, "That of live does not fit") {
		t.Errorf("%+v, %v", row, err)
	}
}

// Somebody without a network can compare the rest all the same.
func TestAProviderThatDoesNotAnswerIsNoFaultOfTheRegistrations(t *testing.T) {
	v, w := newWard(t)
	v.registrations["live"] = live(v)
	v.discovering, v.keysErr = errors.New("nobody answers"), errors.New("nobody answers")
	c, err := w.CompareRegistrations(t.Context(), "app", "live")
	if err != nil || !c.OK {
		t.Fatalf("%+v, %v", c.Cause, err)
	}
	for _, name := range []string{"issuer", "key-set"} {
		if row := rowOf(t, c, name); row.Relation != workbench.RelationUnknown || row.A != "not read: Nobody answers." {
			t.Errorf("%+v", row)
		}
	}
}

func TestThereMustBeTwoRegistrationsToCompare(t *testing.T) {
	_, w := newWard(t)
	if _, err := w.CompareRegistrations(t.Context(), "app", "app"); tenant.Explain(err).Cause != tenant.CauseInput {
		t.Errorf("%v", err)
	}
	if _, err := w.CompareRegistrations(t.Context(), "app", "none"); tenant.Explain(err).Cause != tenant.CauseNotThere {
		t.Errorf("%v", err)
	}
}
