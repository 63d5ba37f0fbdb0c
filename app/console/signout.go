package main

import (
	"context"
	"fmt"
	"io"

	"partnerdesk/app"
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
)

type signOutCommand struct {
	oneTenant
	NoBrowser bool `help:"Only print the address of the page that ends the browser's session, and open no browser."`
	Drop      bool `help:"Delete the login from this computer even where SuperID cannot be asked to end it."`
}

// Run ends the login and prints what became of it, then has the browser end its own session. With --json
// the result is printed for a failure too: it says what became of each token.
func (c *signOutCommand) Run(ctx context.Context, s *session) error {
	return s.with(ctx, func(a *app.App) error {
		t, err := s.reachable(ctx, a, c.ContextID)
		if err != nil {
			return err
		}
		signedOut, err := a.Workbench.SignOut(ctx, workbench.SignOutRequest{Key: t.Key, Drop: c.Drop})
		if err != nil && !s.out.json {
			return err
		}
		printed := s.out.value(signedOut, func(w io.Writer) { writeSignedOut(w, t, signedOut) })
		if err != nil {
			return err
		}
		if signedOut.EndSessionURL != "" && !c.NoBrowser {
			if err := app.OpenBrowser(signedOut.EndSessionURL); err != nil {
				s.out.warn(err) // the address has been printed
			}
		}
		return printed
	})
}

func writeSignedOut(w io.Writer, t workbench.TenantView, r workbench.SignedOut) {
	fmt.Fprintf(w, "Tenant:\t%s (%s)\n", t.ContextID, plain(tenant.OrDash(t.CompanyName)))
	fmt.Fprintf(w, "Login user:\t%s\n", plain(tenant.OrDash(r.UserName)))
	fmt.Fprintf(w, "Refresh token:\t%s\n", tokenLine(r.RefreshToken))
	fmt.Fprintf(w, "Access token:\t%s\n", tokenLine(r.AccessToken))
	removed := "deleted from this computer"
	if !r.Removed {
		removed = "kept, as somebody has signed in anew meanwhile"
	}
	fmt.Fprintf(w, "Login:\t%s\n", removed)
	if r.SystemUserStays {
		fmt.Fprintf(w, "System user:\tits token was left alone; “partnerdesk-console system-user exchange --tenant %s” proves that it still works\n", t.ContextID)
	}
	fmt.Fprintf(w, "End the browser's session:\t%s\n", plain(tenant.OrDash(r.EndSessionURL)))
}

// tokenLine is what became of a token, and why where it did not end.
func tokenLine(e workbench.TokenEnd) string {
	switch {
	case e.Failure == nil:
		return string(e.Outcome)
	case e.Failure.Server != "":
		return fmt.Sprintf("%s: %s %s", e.Outcome, plain(e.Failure.Why), quoted(plain(e.Failure.Server)))
	}
	return fmt.Sprintf("%s: %s", e.Outcome, plain(e.Failure.Why))
}
