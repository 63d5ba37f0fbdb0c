package workbench

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"time"

	"partnerdesk/core/customers"
	"partnerdesk/core/tenant"
)

// ImportOptions say how to import customers.
type ImportOptions struct {
	// AllOrNothing imports none where one row is bad.
	AllOrNothing bool
	// Replace lets the file's token and activity take the place of those of tenants that are stored already.
	Replace bool
	// DryRun only tells what would be done.
	DryRun bool
}

// CustomersImport is what came of an import of customers: each list has context identifiers, in the file's
// order. It holds no secret.
type CustomersImport struct {
	Registration string `json:"registration"`
	// DryRun is true where all of it only would be done.
	DryRun bool `json:"dry_run"`
	// Rows is how many customers the file has.
	Rows  int      `json:"rows"`
	Added []string `json:"added"`
	// Replaced were stored already and have the file's token and activity now; Unchanged had them before; Kept
	// have others, and keep them.
	Replaced  []string `json:"replaced"`
	Unchanged []string `json:"unchanged"`
	Kept      []string `json:"kept"`
	Bad       []BadRow `json:"bad"`
}

// BadRow is a row of a file that was not imported.
type BadRow struct {
	// Row counts from 1.
	Row int `json:"row"`
	// ContextID is empty where the row has none that could be one.
	ContextID string `json:"ctx,omitempty"`
	Reason    string `json:"reason"`
}

// ImportCustomers imports the customers of a Customers.xml (see package customers) as tenants of a
// registration, in one transaction; an empty name means the current registration. Where rows are bad the
// error says so, and the result what was done all the same: the good rows are imported, or none where o asks
// for all or nothing.
func (w *Workbench) ImportCustomers(ctx context.Context, registration string, r io.Reader, o ImportOptions) (CustomersImport, error) {
	none := []string{}
	result := CustomersImport{Registration: registration, DryRun: o.DryRun, Added: none, Replaced: none, Unchanged: none, Kept: none, Bad: []BadRow{}}
	reg, err := w.registration(ctx, registration)
	if err != nil {
		return result, err
	}
	result.Registration = reg.Name
	rows, err := customers.Read(r)
	if err != nil {
		return result, &tenant.Problem{Op: "import customers", Err: err, Explanation: tenant.CauseInput.Explain("No customer was imported.",
			tenant.Sentence(err), "Give the Customers.xml that the tutorial's programs have written.")}
	}
	result.Rows = len(rows)
	all := w.tenantsOf(reg, rows, &result)
	bad := badRows(result, o)
	if bad != nil && o.AllOrNothing {
		w.Log.WarnContext(ctx, "No customer was imported, as some rows are bad", slog.String("registration", reg.Name),
			slog.Int("rows", result.Rows), slog.Int("bad", len(result.Bad)))
		return result, bad
	}
	outcomes, err := w.Store.Import(ctx, all, tenant.ImportOptions{Replace: o.Replace, DryRun: o.DryRun})
	if err != nil {
		return result, err
	}
	for i, outcome := range outcomes.Tenants {
		result.sort(all.Tenants[i].ContextID, outcome)
	}
	if !o.DryRun {
		w.imported(all, outcomes)
		w.Log.InfoContext(ctx, "Imported customers", slog.String("registration", reg.Name), slog.Int("rows", result.Rows),
			slog.Int("added", len(result.Added)), slog.Int("replaced", len(result.Replaced)), slog.Int("unchanged", len(result.Unchanged)),
			slog.Int("kept", len(result.Kept)), slog.Int("bad", len(result.Bad)))
	}
	return result, bad
}

// tenantsOf makes tenants of the good rows, and notes the bad ones.
func (w *Workbench) tenantsOf(reg tenant.Registration, rows []customers.Row, result *CustomersImport) tenant.Portable {
	var all tenant.Portable
	now := w.Now()
	for _, row := range rows {
		if row.Reason != "" {
			result.Bad = append(result.Bad, BadRow{row.Number, row.ContextID, row.Reason})
			continue
		}
		t := tenant.PortableTenant{Tenant: tenant.Tenant{
			Key:             tenant.Key{Registration: reg.Name, ContextID: row.ContextID},
			SystemUserToken: row.SystemUserToken, Active: row.Active, AddedAt: now,
		}}
		if row.LastSync.Before(now) { // a clock that was wrong proves no log-on
			t.LogOnAt = row.LastSync
		}
		all.Tenants = append(all.Tenants, t)
	}
	return all
}

func (c *CustomersImport) sort(ctxID string, outcome tenant.ImportOutcome) {
	list := &c.Kept
	switch outcome {
	case tenant.ImportAdded:
		list = &c.Added
	case tenant.ImportReplaced:
		list = &c.Replaced
	case tenant.ImportUnchanged:
		list = &c.Unchanged
	}
	*list = append(*list, ctxID)
}

// badRows is the problem with the rows that were not imported; nil where there are none.
func badRows(c CustomersImport, o ImportOptions) error {
	if len(c.Bad) == 0 {
		return nil
	}
	what := fmt.Sprintf("%s of %s rows were not imported.", tenant.Thousands(len(c.Bad)), tenant.Thousands(c.Rows))
	if o.AllOrNothing {
		what = "No customer was imported."
	}
	first := c.Bad[0]
	return refusedRows(what, fmt.Errorf("%s bad, the first is row %d: %s", count(len(c.Bad), "row is", "rows are"), first.Row, first.Reason))
}

func refusedRows(what string, err error) error {
	return &tenant.Problem{Op: "import customers", Err: err, Explanation: tenant.CauseInput.Explain(what, tenant.Sentence(err),
		"Correct the rows in the file and import it again: what is stored already does no harm. Or sign in to these tenants.")}
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return tenant.Thousands(n) + " " + many
}

// imported tells the keeper and the poller what an import has changed.
func (w *Workbench) imported(all tenant.Portable, outcomes tenant.ImportOutcomes) {
	changed := slices.Contains(outcomes.Registrations, tenant.ImportReplaced)
	for i, outcome := range outcomes.Tenants {
		changed = changed || outcome == tenant.ImportAdded || outcome == tenant.ImportReplaced
		if outcome == tenant.ImportReplaced {
			w.Keeper.Forget(all.Tenants[i].Key)
		}
	}
	if changed {
		w.due()
	}
}

// CustomersExport is what came of an export of customers.
type CustomersExport struct {
	Registration string `json:"registration"`
	Customers    int    `json:"customers"`
	// WithoutToken are the tenants that were left out, as they have no system user token.
	WithoutToken []string `json:"without_token"`
}

// ExportCustomers writes the tenants of a registration as a Customers.xml; an empty name means the current
// registration. The file holds their system user tokens in the clear: it is for its owner only.
func (w *Workbench) ExportCustomers(ctx context.Context, registration string, to io.Writer) (CustomersExport, error) {
	result := CustomersExport{Registration: registration, WithoutToken: []string{}}
	reg, err := w.registration(ctx, registration)
	if err != nil {
		return result, err
	}
	result.Registration = reg.Name
	all, err := w.Store.Export(ctx)
	if err != nil {
		return result, err
	}
	var list []customers.Customer
	for _, t := range all.Tenants {
		switch {
		case t.Registration != reg.Name:
			continue
		case t.SystemUserToken.Empty():
			result.WithoutToken = append(result.WithoutToken, t.ContextID)
			continue
		}
		c := customers.Customer{ContextID: t.ContextID, Active: t.Active, SystemUserToken: t.SystemUserToken, LastSync: t.LogOnAt.Truncate(100 * time.Nanosecond)}
		if t.Login != nil {
			c.AssociateID = t.Login.AssociateID
		}
		list = append(list, c)
	}
	if err := customers.Write(to, list); err != nil {
		return result, err
	}
	result.Customers = len(list)
	w.Log.InfoContext(ctx, "Exported customers with their system user tokens in the clear", slog.String("registration", reg.Name),
		slog.Int("customers", result.Customers), slog.Int("left_out", len(result.WithoutToken)))
	return result, nil
}
