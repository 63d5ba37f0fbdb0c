package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"partnerdesk/app"
	"partnerdesk/core/tenant"
	"partnerdesk/core/wholefile"
	"partnerdesk/core/workbench"
)

// importCommand holds the imports.
type importCommand struct {
	Customers importCustomers `cmd:"" help:"Import the Customers.xml of SuperOffice's tutorial programs as tenants of the registration."`
}

// exportCommand holds the exports.
type exportCommand struct {
	Customers exportCustomers `cmd:"" help:"Write the registration's tenants as a Customers.xml. The file holds their system user tokens in the clear."`
}

type importCustomers struct {
	File         string `arg:"" help:"The Customers.xml; - for standard input."`
	AllOrNothing bool   `help:"Import no row where one is bad; without it the good ones are imported."`
	Replace      bool   `help:"Let the file's token and activity take the place of those of tenants that are stored already; without it those stay as they are."`
	DryRun       bool   `help:"Only say what would be done."`
}

// Run imports the customers and prints what came of it, bad rows or not. The exit status is 1 where a row was
// bad.
func (c *importCustomers) Run(ctx context.Context, s *session) error {
	file := io.NopCloser(s.stdin)
	if c.File != standardInput {
		f, err := os.Open(c.File)
		if err != nil {
			return unreadable("list of customers", c.File, err, "Give the Customers.xml that the tutorial's programs have written.")
		}
		file = f
	}
	defer file.Close()
	return s.with(ctx, func(a *app.App) error {
		if err := s.ensureSandbox(ctx, a); err != nil {
			return err
		}
		result, err := a.Workbench.ImportCustomers(ctx, s.registration, file,
			workbench.ImportOptions{AllOrNothing: c.AllOrNothing, Replace: c.Replace, DryRun: c.DryRun})
		if err != nil && result.Rows == 0 {
			return err
		}
		return errors.Join(err, s.out.value(result, func(w io.Writer) { writeImport(w, result) }))
	})
}

func writeImport(w io.Writer, r workbench.CustomersImport) {
	fmt.Fprintf(w, "Registration:\t%s\n", plain(r.Registration))
	fmt.Fprintf(w, "Rows:\t%s%s\n", tenant.Thousands(r.Rows), onlyWould(r.DryRun))
	fmt.Fprintf(w, "Added:\t%s\n", tenant.Thousands(len(r.Added)))
	fmt.Fprintf(w, "Replaced:\t%s\n", tenant.Thousands(len(r.Replaced)))
	fmt.Fprintf(w, "Unchanged:\t%s\n", tenant.Thousands(len(r.Unchanged)))
	kept := tenant.Thousands(len(r.Kept))
	if len(r.Kept) > 0 {
		kept += ", stored with another token or activity; --replace takes the file's: " + some(r.Kept)
	}
	fmt.Fprintf(w, "Kept:\t%s\n", kept)
	fmt.Fprintf(w, "Bad:\t%s\n", tenant.Thousands(len(r.Bad)))
	for _, b := range r.Bad {
		fmt.Fprintf(w, "  Row %d:\t%s: %s\n", b.Row, tenant.OrDash(b.ContextID), plain(b.Reason))
	}
}

func onlyWould(dryRun bool) string {
	if dryRun {
		return "; this is what would be done, and nothing was"
	}
	return ""
}

// some names the first few of many.
func some(names []string) string {
	const few = 10
	if len(names) <= few {
		return strings.Join(names, ", ")
	}
	return strings.Join(names[:few], ", ") + fmt.Sprintf(" and %s more", tenant.Thousands(len(names)-few))
}

type exportCustomers struct {
	File string `arg:"" help:"The new file. It must not be there yet."`
	Yes  bool   `help:"Do not ask whether system user tokens may be written in the clear. A script needs it."`
}

// exportedCustomers is what the command prints with --json.
type exportedCustomers struct {
	File string `json:"file"`
	workbench.CustomersExport
}

// Run writes the file, once somebody has said that they know what is in it.
func (c *exportCustomers) Run(ctx context.Context, s *session) error {
	switch {
	case c.Yes:
	case s.out.json || !isTerminal(s.stdin):
		return &tenant.Problem{Op: "export customers", Explanation: tenant.CauseInput.Explain("No customer was exported.",
			"The file would hold system user tokens in the clear, and nobody is here who could be asked.", "Say --yes if that is meant.")}
	case !s.confirm("The file will hold system user tokens in the clear: with the app's secret and key, they let their holder into the tenants. Go on?"):
		return context.Canceled
	}
	return s.with(ctx, func(a *app.App) error {
		done := exportedCustomers{File: c.File}
		file := wholefile.File{Name: c.File, Op: "export customers", What: "The customers could not be exported to %s.", Taken: "Name another file: this one may hold the only copy of a token."}
		if err := file.Write(func(w io.Writer) (err error) {
			done.CustomersExport, err = a.Workbench.ExportCustomers(ctx, s.registration, w)
			return err
		}); err != nil {
			return err
		}
		return s.out.value(done, func(w io.Writer) {
			fmt.Fprintf(w, "Exported %s customers of %s to %s, which holds their system user tokens in the clear. Delete it when it has served.\n",
				tenant.Thousands(done.Customers), plain(done.Registration), plain(c.File))
			if n := len(done.WithoutToken); n > 0 {
				fmt.Fprintf(w, "Left out, as they have no system user token: %s\n", some(done.WithoutToken))
			}
		})
	})
}
