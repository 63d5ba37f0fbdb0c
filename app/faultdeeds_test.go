package app_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"partnerdesk/app"
	"partnerdesk/app/person"
	"partnerdesk/core/poller"
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
)

// deeds are the columns.
func deeds() []struct {
	name string
	do   func(t *testing.T, a *app.App, f fault) string
} {
	create := func(as tenant.Actor) func(t *testing.T, a *app.App, f fault) string {
		return func(t *testing.T, a *app.App, f fault) string {
			result, err := a.Workbench.CreateCompany(t.Context(), workbench.CompanyRequest{Key: matrixKey(), As: as, Name: f.company()})
			if err != nil {
				return string(result.Outcome) + ": " + causeOf(err)
			}
			return string(result.Outcome)
		}
	}
	return []struct {
		name string
		do   func(t *testing.T, a *app.App, f fault) string
	}{
		{"sign in", signIn}, {"poll", poll},
		{"create as login user", create(tenant.LoginUser)}, {"create as system user", create(tenant.SystemUser)},
		{"sign out", signOut},
	}
}

// signIn signs the administrator in. A browser that is never sent back ends the wait soon.
func signIn(t *testing.T, a *app.App, _ fault) string {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var browser sync.WaitGroup
	defer browser.Wait()
	signed, err := a.Workbench.SignIn(ctx, workbench.SignInRequest{Registration: tenant.SandboxName, ContextID: ctxID, Timeout: 2 * time.Second},
		workbench.SignInHooks{Waiting: func(url string, _ time.Time) {
			browser.Go(func() {
				// What the last page says is the browser's; what became of it is what SignIn returns.
				_, _ = person.Person{User: "admin@sandbox.example", ContextID: ctxID, Decision: "approve"}.SignIn(ctx, url)
			})
		}})
	switch {
	case err != nil:
		return causeOf(err)
	case signed.NoSystemUser != nil:
		return "done, " + string(signed.NoSystemUser.Cause)
	}
	return "done"
}

// poll carries out one tick and says what is known of the tenant afterwards.
func poll(t *testing.T, a *app.App, _ fault) string {
	tick, err := poller.New(a.PollerOptions()).Once(t.Context())
	if err != nil {
		return causeOf(err)
	}
	if tick.LoggedOn == 1 {
		return "logged on"
	}
	view, err := a.Workbench.Tenant(t.Context(), matrixKey())
	switch {
	case err != nil:
		return causeOf(err)
	case view.Trouble != nil:
		return string(view.Trouble.Cause)
	}
	return "not visited"
}

// signOut ends the login user's login.
func signOut(t *testing.T, a *app.App, _ fault) string {
	out, err := a.Workbench.SignOut(t.Context(), workbench.SignOutRequest{Key: matrixKey()})
	kept := "login removed"
	if !out.Removed {
		kept = "login kept"
	}
	if err != nil {
		return kept + ": " + causeOf(err)
	}
	return kept + ", token " + string(out.RefreshToken.Outcome)
}
