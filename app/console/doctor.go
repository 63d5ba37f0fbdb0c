package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"partnerdesk/app"
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
)

// doctorCommand finds out why a tenant does not work.
type doctorCommand struct {
	ContextID contextID `arg:"" optional:"" name:"ctx" help:"The tenant's context identifier, like Cust12345. Without it: the registration alone."`
	Exchange  bool      `help:"Exchange the system user token even where a ticket is kept. Each exchange writes a row in the customer's database."`
	Compare   string    `placeholder:"OTHER" help:"Hold the registration against this other one instead, as for the step from development to production."`
}

// Validate refuses what does not go together.
func (c *doctorCommand) Validate() error {
	switch {
	case c.Compare != "" && (c.ContextID != "" || c.Exchange):
		return errors.New("--compare is about two registrations: leave tenant and --exchange out")
	case c.Exchange && c.ContextID == "":
		return errors.New("--exchange needs a tenant")
	}
	return nil
}

// Run diagnoses or compares. The exit status is 1 where something does not hold.
func (c *doctorCommand) Run(ctx context.Context, s *session) error {
	return s.with(ctx, func(a *app.App) error {
		if c.Compare != "" {
			return c.compare(ctx, s, a)
		}
		req := workbench.DiagnoseRequest{Registration: s.registration, Exchange: c.Exchange}
		if c.ContextID != "" {
			t, err := s.reachable(ctx, a, c.ContextID)
			if err != nil {
				return err
			}
			req.Tenant = t.Key
		} else if err := s.ensureSandbox(ctx, a); err != nil {
			return err
		}
		if !s.out.json {
			req.Progress = func(step workbench.DiagnosedStep) { s.out.step(step) }
		}
		d, err := a.Workbench.Diagnose(ctx, req)
		if err != nil && len(d.Steps) == 0 {
			return err
		}
		if d.Cause != nil {
			err = &tenant.Problem{Op: "diagnose", Explanation: *d.Cause}
		}
		return errors.Join(err, s.out.value(d, func(w io.Writer) { writeDiagnosisEnd(w, d) }))
	})
}

// step prints a step at its end, so that a person sees how far it has come.
func (p printer) step(step workbench.DiagnosedStep) {
	_ = aligned(p.stdout, func(w io.Writer) {
		marks := map[workbench.StepResult]string{workbench.StepPassed: "✓", workbench.StepFailed: "✗", workbench.StepSkipped: "–"}
		fmt.Fprintf(w, "%s %s: %s (%s)\n    %s\n", marks[step.Result], step.Label, step.Result, tenant.Took(step.Took), plain(step.Detail))
		if step.Warning != "" {
			fmt.Fprintf(w, "    Warning: %s\n", plain(step.Warning))
		}
		for _, c := range step.Checks {
			if c.Checked && !c.Passed {
				fmt.Fprintf(w, "    Check: %s: %s\n", plain(c.Name), plain(c.Reason))
			}
		}
	})
}

// writeDiagnosisEnd prints the verdict; why, and what to do next, follow it where something failed.
func writeDiagnosisEnd(w io.Writer, d workbench.Diagnosis) {
	if d.Remark != "" {
		fmt.Fprintln(w, plain(d.Remark))
	}
	switch {
	case d.OK:
		fmt.Fprintln(w, "All is well.")
	case d.Cause != nil:
		fmt.Fprintf(w, "Cause: %s (%s)\n", d.Cause.Cause, d.Cause.Fault)
	}
}

// compare compares the registration to use with the other one.
func (c *doctorCommand) compare(ctx context.Context, s *session, a *app.App) error {
	o, err := a.Workbench.Overview(ctx)
	if err != nil {
		return err
	}
	for _, name := range []string{s.current(o), c.Compare} {
		if sandboxed(o, name) {
			if err := a.Sandbox.Ensure(ctx); err != nil {
				return err
			}
		}
	}
	result, err := a.Workbench.CompareRegistrations(ctx, s.current(o), c.Compare)
	if err != nil {
		return err
	}
	if result.Cause != nil {
		err = &tenant.Problem{Op: "compare registrations", Explanation: *result.Cause}
	}
	return errors.Join(err, s.out.value(result, func(w io.Writer) { writeComparison(w, result) }))
}

func writeComparison(w io.Writer, c workbench.Comparison) {
	fmt.Fprintf(w, "\t\t%s\t%s\n", plain(c.A), plain(c.B))
	for _, row := range c.Rows {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", row.Label, row.Relation, plain(tenant.OrDash(row.A)), plain(tenant.OrDash(row.B)))
	}
	fmt.Fprintln(w)
	for _, row := range c.Rows {
		if row.Advice != "" {
			fmt.Fprintf(w, "%s:\t%s\n", row.Label, plain(strings.TrimSpace(row.Advice)))
		}
		for _, e := range row.Troubles {
			fmt.Fprintf(w, "✗ %s:\t%s %s\n", row.Label, plain(e.What), plain(e.Why))
		}
	}
	if c.OK {
		fmt.Fprintln(w, "Nothing was found that cannot work.")
	}
}
