package workbench_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"partnerdesk/core/customers"
	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
)

// crate is a store that notes what is moved into it, and answers that all of it was so.
type crate struct {
	workbench.Store
	holds   tenant.Portable
	imports []tenant.Portable
	outcome tenant.ImportOutcome
}

func (c *crate) Registration(_ context.Context, name string) (tenant.Registration, error) {
	if name != "app" {
		return tenant.Registration{}, tenant.ErrNotFound
	}
	return tenant.Registration{Name: name}, nil
}

func (c *crate) Export(context.Context) (tenant.Portable, error) { return c.holds, nil }

func (c *crate) Import(_ context.Context, all tenant.Portable, _ tenant.ImportOptions) (tenant.ImportOutcomes, error) {
	c.imports = append(c.imports, all)
	return tenant.ImportOutcomes{
		Registrations: slices.Repeat([]tenant.ImportOutcome{c.outcome}, len(all.Registrations)),
		Tenants:       slices.Repeat([]tenant.ImportOutcome{c.outcome}, len(all.Tenants)),
	}, nil
}

var importedAt = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

// newMove makes a workbench on a crate, and counts the visits that it asks for.
func newMove(outcome tenant.ImportOutcome) (*crate, *forgetful, *int, *workbench.Workbench) {
	c, f, due := &crate{outcome: outcome}, &forgetful{}, new(int)
	return c, f, due, workbench.New(workbench.Options{
		Store: c, Keeper: f, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return importedAt }, Due: func() { *due++ },
	})
}

// customersFile is a Customers.xml.
func customersFile(t *testing.T, list ...customers.Customer) io.Reader {
	t.Helper()
	var b bytes.Buffer
	if err := customers.Write(&b, list); err != nil {
		t.Fatal(err)
	}
	return &b
}

func TestAllOrNothingImportsNothingWhereARowIsBad(t *testing.T) {
	good, bad := customers.Customer{ContextID: "Cust1", SystemUserToken: secret.New("a")}, customers.Customer{ContextID: "Cust2"}
	for _, row := range []struct {
		list    []customers.Customer
		all     bool
		imports int
		failed  bool
	}{
		{[]customers.Customer{good}, true, 1, false},
		{[]customers.Customer{good, bad}, true, 0, true},
		{[]customers.Customer{good, bad}, false, 1, true},
	} {
		c, _, _, w := newMove(tenant.ImportAdded)
		result, err := w.ImportCustomers(t.Context(), "app", customersFile(t, row.list...), workbench.ImportOptions{AllOrNothing: row.all})
		if (err != nil) != row.failed || len(c.imports) != row.imports || len(result.Added) != row.imports || result.Rows != len(row.list) {
			t.Errorf("%d rows, all %v: %d imports, %v", len(row.list), row.all, len(c.imports), err)
		}
		if row.failed && tenant.Explain(err).Cause != tenant.CauseInput {
			t.Errorf("the cause is %q", tenant.Explain(err).Cause)
		}
	}
}

func TestAnImportedCustomerBecomesATenant(t *testing.T) {
	synced := importedAt.Add(-time.Hour)
	c, f, due, w := newMove(tenant.ImportReplaced)
	result, err := w.ImportCustomers(t.Context(), "app", customersFile(t,
		customers.Customer{ContextID: "Cust1", Active: true, SystemUserToken: secret.New("canary"), LastSync: synced},
		customers.Customer{ContextID: "Cust2", SystemUserToken: secret.New("canary"), LastSync: importedAt.Add(time.Hour)},
	), workbench.ImportOptions{Replace: true})
	if err != nil || !slices.Equal(result.Replaced, []string{"Cust1", "Cust2"}) {
		t.Fatalf("%v, %v", result.Replaced, err)
	}
	first, second := c.imports[0].Tenants[0], c.imports[0].Tenants[1]
	if first.Key != (tenant.Key{Registration: "app", ContextID: "Cust1"}) || !first.Active || first.SystemUserToken.Reveal() != "canary" ||
		!first.AddedAt.Equal(importedAt) || !first.LogOnAt.Equal(synced) {
		t.Errorf("it became %v, last log-on %v", first.Tenant, first.LogOnAt)
	}
	if second.Active || !second.LogOnAt.IsZero() {
		t.Errorf("a log-on in the future was believed: %v", second.LogOnAt)
	}
	if len(f.forgotten) != 2 || *due != 1 {
		t.Errorf("the keeper forgot %v, and %d visits were asked for", f.forgotten, *due)
	}
}

func TestATrialRunAsksForNoVisit(t *testing.T) {
	_, f, due, w := newMove(tenant.ImportReplaced)
	result, err := w.ImportCustomers(t.Context(), "app", customersFile(t, customers.Customer{ContextID: "Cust1", SystemUserToken: secret.New("a")}),
		workbench.ImportOptions{DryRun: true})
	if err != nil || !result.DryRun || len(f.forgotten) > 0 || *due > 0 {
		t.Errorf("forgotten %v, due %d, %v", f.forgotten, *due, err)
	}
}

func TestTheExportHasTheTenantsOfOneRegistrationThatHaveAToken(t *testing.T) {
	c, _, _, w := newMove("")
	put := func(registration, ctx, token string) *tenant.PortableTenant {
		key := tenant.Key{Registration: registration, ContextID: ctx}
		c.holds.Tenants = append(c.holds.Tenants, tenant.PortableTenant{Tenant: tenant.Tenant{Key: key, Active: true, SystemUserToken: secret.New(token)}})
		return &c.holds.Tenants[len(c.holds.Tenants)-1]
	}
	put("other", "Cust1", "canary-other")
	put("app", "Cust2", "")
	put("app", "Cust3", "canary-3")
	whole := put("app", "Cust4", "canary-4")
	whole.Login, whole.LogOnAt = &tenant.Login{AssociateID: "7"}, importedAt
	var b bytes.Buffer
	result, err := w.ExportCustomers(t.Context(), "app", &b)
	if err != nil || result.Customers != 2 || !slices.Equal(result.WithoutToken, []string{"Cust2"}) || strings.Contains(b.String(), "canary-other") {
		t.Fatalf("%d customers, without token %v, %v", result.Customers, result.WithoutToken, err)
	}
	rows, err := customers.Read(&b)
	if err != nil || len(rows) != 2 || rows[1].ContextID != "Cust4" || rows[1].AssociateID != "7" || !rows[1].LastSync.Equal(importedAt) ||
		rows[1].SystemUserToken.Reveal() != "canary-4" || rows[0].AssociateID != "0" || !rows[0].LastSync.IsZero() {
		t.Errorf("the file has %d rows, %v", len(rows), err)
	}
}

func TestABackupLeavesTheSandboxBehind(t *testing.T) {
	c, _, _, w := newMove(tenant.ImportAdded)
	for name, e := range map[string]tenant.Environment{tenant.SandboxName: tenant.Sandbox, "stage": tenant.Stage} {
		c.holds.Registrations = append(c.holds.Registrations, tenant.Registration{Name: name, Environment: e, Base: e.BaseURL(),
			ClientID: strings.Repeat("0a", 16), RedirectURI: tenant.DefaultRedirectURI})
		c.holds.Tenants = append(c.holds.Tenants, tenant.PortableTenant{Tenant: tenant.Tenant{Key: tenant.Key{Registration: name, ContextID: "Cust1"}}})
	}
	var file bytes.Buffer
	passphrase := secret.New("correct horse battery")
	made, err := w.Backup(t.Context(), &file, passphrase)
	if err != nil || !slices.Equal(made.Registrations, []string{"stage"}) || made.Tenants != 1 || made.LeftOut != 1 {
		t.Fatalf("%v, %v", made, err)
	}
	restored, err := w.Restore(t.Context(), &file, passphrase, tenant.ImportOptions{})
	if err != nil || len(restored.Tenants) != 1 || restored.Tenants[0] != (workbench.RestoredItem{Registration: "stage", ContextID: "Cust1", Outcome: tenant.ImportAdded}) {
		t.Errorf("%v, %v", restored, err)
	}
}

func TestARefusedBackupIsExplained(t *testing.T) {
	c, _, _, w := newMove("")
	_, err := w.Restore(t.Context(), strings.NewReader("canary"), secret.New("correct horse battery"), tenant.ImportOptions{})
	if e := tenant.Explain(err); e.Cause != tenant.CauseInput || e.What == "" || strings.Contains(e.Sentence(), "canary") || len(c.imports) > 0 {
		t.Errorf("the explanation is %v", e)
	}
	var file bytes.Buffer
	if _, err := w.Backup(t.Context(), &file, secret.New("short")); tenant.Explain(err).Cause != tenant.CauseInput || file.Len() > 0 {
		t.Errorf("a weak passphrase: %v", err)
	}
}
