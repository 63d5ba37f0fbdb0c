package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"partnerdesk/app"
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
)

// tenantsCommand holds the commands on tenants; without one it lists them.
type tenantsCommand struct {
	List       listTenants      `cmd:"" default:"1" help:"List the tenants with what the poller last learned."`
	Show       showTenant       `cmd:"" help:"Show one tenant."`
	Activate   activateTenant   `cmd:"" help:"Let the poller visit a tenant."`
	Deactivate deactivateTenant `cmd:"" help:"Let the poller leave a tenant alone."`
	Remove     removeTenant     `cmd:"" help:"Offboard a tenant: end its login at SuperID, prove whether the system user token still works, delete it from this computer, and leave a receipt."`
}

// oneTenant is the argument of a command on one tenant.
type oneTenant struct {
	ContextID contextID `arg:"" name:"ctx" help:"The tenant's context identifier, like Cust12345."`
}

type listTenants struct{}

// Run lists the tenants of all registrations, or of the one that was named.
func (listTenants) Run(ctx context.Context, s *session) error {
	return s.with(ctx, func(a *app.App) error {
		o, err := a.Workbench.Overview(ctx)
		if err != nil {
			return err
		}
		if s.registration != "" && s.registration != tenant.SandboxName {
			if _, found := findRegistration(o, s.registration); !found {
				return noRegistration(s.registration)
			}
		}
		s.warnOfDamage(o)
		list := make([]workbench.TenantView, 0, len(o.Tenants))
		for _, t := range o.Tenants {
			if s.registration == "" || t.Registration == s.registration {
				list = append(list, t)
			}
		}
		return s.out.value(list, func(w io.Writer) { writeTenants(w, list, time.Now()) })
	})
}

// writeTenants puts the company's name last: its width in columns cannot be told from its length.
func writeTenants(w io.Writer, list []workbench.TenantView, now time.Time) {
	if len(list) == 0 {
		fmt.Fprintln(w, "No tenants yet. “partnerdesk-console sign-in” adds one.")
		return
	}
	fmt.Fprintln(w, "TENANT\tREGISTRATION\tENVIRONMENT\tVERDICT\tLAST LOG-ON\tAS\tCOMPANY")
	for _, t := range list {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", t.ContextID, plain(t.Registration), t.Environment, t.Verdict,
			tenant.Ago(t.LogOnAt, now), plain(tenant.OrDash(t.LogOnAs)), plain(tenant.OrDash(t.CompanyName)))
	}
}

type showTenant struct{ oneTenant }

// shownTenant is a tenant with what --verbose adds.
type shownTenant struct {
	workbench.TenantView
	Validation *tenant.Validation `json:"validation,omitempty"`
}

// Run shows all that is known of a tenant; with --verbose also what the last sign-in's id token said.
func (c *showTenant) Run(ctx context.Context, s *session) error {
	return s.with(ctx, func(a *app.App) error {
		t, err := s.tenant(ctx, a, c.ContextID)
		if err != nil {
			return err
		}
		shown := shownTenant{TenantView: t}
		if s.verbose {
			v, err := a.Workbench.Validation(ctx, t.Key)
			if err != nil {
				return err
			}
			shown.Validation = &v
		}
		return s.out.value(shown, func(w io.Writer) {
			writeTenant(w, t, time.Now())
			if shown.Validation != nil {
				writeIDToken(w, *shown.Validation)
			}
		})
	})
}

// writeIDToken writes how the id token was validated, and its claims.
func writeIDToken(w io.Writer, v tenant.Validation) {
	if v.At.IsZero() {
		fmt.Fprintln(w, "Id token:\tnothing was kept of the last sign-in")
		return
	}
	fmt.Fprintf(w, "Id token:\tvalidated at %s\n", at(v.At))
	for _, c := range v.Checks {
		if c.Passed {
			fmt.Fprintf(w, "  ✓ %s\n", plain(c.Name))
			continue
		}
		fmt.Fprintf(w, "  – %s\t%s\n", plain(c.Name), plain(c.Detail))
	}
	for _, c := range v.Claims {
		value := c.Value
		if c.Fingerprint != "" {
			value = fingerprint(c.Fingerprint, "none")
		}
		fmt.Fprintf(w, "  %s\t%s\n", plain(c.Name), plain(value))
	}
}

func writeTenant(w io.Writer, t workbench.TenantView, now time.Time) {
	fmt.Fprintf(w, "Company:\t%s\n", plain(tenant.OrDash(t.CompanyName)))
	fmt.Fprintf(w, "Context identifier:\t%s\n", t.ContextID)
	fmt.Fprintf(w, "Environment:\t%s\n", t.Environment.Label())
	fmt.Fprintf(w, "Registration:\t%s\n", plain(t.Registration))
	fmt.Fprintf(w, "Serial number:\t%s\n", plain(tenant.OrDash(t.Serial)))
	fmt.Fprintf(w, "Verdict:\t%s\n", t.Verdict)
	writeProofs(w, t.Proofs, now)
	fmt.Fprintf(w, "Active:\t%s\n", yesNo(t.Active))
	fmt.Fprintf(w, "Last sign-in:\t%s as %s\n", at(t.SignedInAt), plain(tenant.OrDash(t.SignedInAs)))
	fmt.Fprintf(w, "System user token:\t%s\n", fingerprint(t.TokenFingerprint, "none: an administrator has yet to approve the app"))
	fmt.Fprintf(w, "Ticket:\t%s\n", tenant.Remaining(t.TicketUntil, now))
	fmt.Fprintf(w, "Exchanges today:\t%s\n", exchangesToday(t))
	fmt.Fprintf(w, "Failures in a row:\t%s\n", tenant.Thousands(t.Failures))
	if t.Trouble == nil {
		return
	}
	fmt.Fprintf(w, "Next try:\t%s\n", at(t.RetryAt))
	fmt.Fprintf(w, "Trouble:\t%s\n", plain(t.Trouble.What))
	writeReasons(w, "", *t.Trouble)
}

// exchangesToday is the count with the highest beside it, by which it can be judged.
func exchangesToday(t workbench.TenantView) string {
	if t.ExchangesMost.Count == 0 {
		return "0"
	}
	return fmt.Sprintf("%s (most on one day: %s, %s)", tenant.Thousands(t.ExchangesToday),
		tenant.Thousands(t.ExchangesMost.Count), t.ExchangesMost.Day.Format(time.DateOnly))
}

// writeProofs writes what the verdict was made from, with its times.
func writeProofs(w io.Writer, proofs []tenant.Proof, now time.Time) {
	for _, p := range proofs {
		fmt.Fprintf(w, "%s:\t%s", p.Kind.Label(), p.When(now))
		if words := p.Words(now); words != "" {
			fmt.Fprintf(w, ", %s", plain(words))
		}
		fmt.Fprintln(w)
	}
}

type activateTenant struct{ oneTenant }

// Run switches the poller's visits on.
func (c *activateTenant) Run(ctx context.Context, s *session) error { return c.setActive(ctx, s, true) }

type deactivateTenant struct{ oneTenant }

// Run switches the poller's visits off.
func (c *deactivateTenant) Run(ctx context.Context, s *session) error {
	return c.setActive(ctx, s, false)
}

func (c *oneTenant) setActive(ctx context.Context, s *session, active bool) error {
	return s.with(ctx, func(a *app.App) error {
		t, err := s.tenant(ctx, a, c.ContextID)
		if err != nil {
			return err
		}
		if err := a.Workbench.SetActive(ctx, t.Key, active); err != nil {
			return err
		}
		if t, err = a.Workbench.Tenant(ctx, t.Key); err != nil {
			return err
		}
		return s.out.value(t, func(w io.Writer) {
			if active {
				fmt.Fprintf(w, "The poller visits %s (%s).\n", t.ContextID, plain(tenant.OrDash(t.CompanyName)))
				return
			}
			fmt.Fprintf(w, "The poller leaves %s (%s) alone.\n", t.ContextID, plain(tenant.OrDash(t.CompanyName)))
		})
	})
}

// removable is [session.tenant] for one that may not be readable any more.
func (s *session) removable(ctx context.Context, a *app.App, ctxID contextID) (workbench.TenantView, error) {
	t, err := s.tenant(ctx, a, ctxID)
	if tenant.Explain(err).Cause != tenant.CauseFilesBroken {
		return t, err
	}
	o, errOverview := a.Workbench.Overview(ctx)
	if errOverview != nil {
		return t, errOverview
	}
	if d, damaged := s.distrusted(o, ctxID); damaged {
		return workbench.TenantView{Key: d.Key}, nil
	}
	return t, err
}
