package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"partnerdesk/app"
	"partnerdesk/core/workbench"
)

type signInCommand struct {
	NoBrowser  bool          `help:"Only print the address, and open no browser."`
	LoginHint  string        `placeholder:"U" help:"The SuperID user name to propose on the sign-in page."`
	Tenant     contextID     `placeholder:"CTX" help:"The one tenant to sign in to; without it a person of several tenants chooses."`
	FormPost   bool          `help:"Have the browser bring the answer as a form, which stays out of its address bar and history."`
	AskConsent bool          `help:"Have the approval page shown even where the app is approved already."`
	Timeout    time.Duration `default:"3m" placeholder:"D" help:"How long to wait for the browser (default ${default})."`
}

// Validate refuses a wait of no length.
func (c *signInCommand) Validate() error {
	if c.Timeout <= 0 {
		return errors.New("--timeout must be longer than nothing")
	}
	return nil
}

// Run signs in: it prints the address, opens the browser, and prints the tenant when the person is done.
func (c *signInCommand) Run(ctx context.Context, s *session) error {
	return s.with(ctx, func(a *app.App) error {
		if err := s.ensureSandbox(ctx, a); err != nil {
			return err
		}
		signed, err := c.signIn(ctx, s, a.Workbench)
		if err != nil {
			return errors.Join(err, s.showFailedChecks(signed.Checks))
		}
		return s.out.value(signed, func(w io.Writer) {
			if s.verbose {
				writeChecks(w, signed.Checks)
			}
			writeSignedIn(w, signed)
		})
	})
}

// showFailedChecks prints how far the validation of a failed sign-in's id token came, where it came to one.
func (s *session) showFailedChecks(checks []workbench.Check) error {
	if len(checks) == 0 || !s.out.json && !s.verbose {
		return nil
	}
	failed := struct {
		Checks []workbench.Check `json:"checks"`
	}{checks}
	return s.out.value(failed, func(w io.Writer) { writeChecks(w, checks) })
}

func (c *signInCommand) signIn(ctx context.Context, s *session, w *workbench.Workbench) (workbench.SignedIn, error) {
	var browser sync.WaitGroup
	defer browser.Wait()
	request := workbench.SignInRequest{Registration: s.registration, LoginHint: c.LoginHint, ContextID: string(c.Tenant),
		Timeout: c.Timeout, FormPost: c.FormPost}
	if c.AskConsent {
		request.Prompt = workbench.PromptConsent
	}
	return w.SignIn(ctx, request,
		workbench.SignInHooks{
			Waiting: func(url string, until time.Time) {
				c.announce(s, url, until)
				if !c.NoBrowser {
					browser.Go(func() {
						if err := app.OpenBrowser(url); err != nil {
							s.out.warn(err)
						}
					})
				}
			},
			Returned: func() { s.out.note("The browser came back. Checking what it brought ...\n") },
		})
}

// announce prints the address alone on the first line, so that a script can read it. It holds the state of
// this one sign-in, so it goes to whoever asked and nowhere else.
func (c *signInCommand) announce(s *session, url string, until time.Time) {
	if s.out.json {
		_ = s.out.line(s.out.stdout, struct {
			URL   string    `json:"url"`
			Until time.Time `json:"until"`
		}{url, until})
		return
	}
	_, _ = fmt.Fprintln(s.out.stdout, url)
	what := "Opening it in the browser"
	if c.NoBrowser {
		what = "Open it in a browser on this computer"
	}
	s.out.note("%s. Waiting until %s; Ctrl+C cancels.\n", what, until.Local().Format(time.TimeOnly))
}

func writeSignedIn(w io.Writer, signed workbench.SignedIn) {
	t := signed.Tenant
	first := "Signed in again to"
	if signed.New {
		first = "Signed in to"
	}
	fmt.Fprintf(w, "%s %s (%s) as %s.\n", first, plain(t.CompanyName), t.ContextID, plain(t.SignedInAs))
	if signed.NoSystemUser != nil {
		fmt.Fprintln(w, plain(signed.NoSystemUser.What))
		writeReasons(w, "  ", *signed.NoSystemUser)
		return
	}
	fmt.Fprintf(w, "The app may act as the system user (token %s).\n", fingerprint(t.TokenFingerprint, "none"))
}
