package ui

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
)

const signInURL = "http://127.0.0.1:4711/login/common/oauth/authorize?state=x"

// browsing is a sign-in that waits for an answer from the test.
func browsing(answer <-chan error, result workbench.SignedIn) func(context.Context, workbench.SignInRequest, workbench.SignInHooks) (workbench.SignedIn, error) {
	return func(ctx context.Context, _ workbench.SignInRequest, h workbench.SignInHooks) (workbench.SignedIn, error) {
		h.Waiting(signInURL, kittest.Noon.Add(3*time.Minute))
		select {
		case <-ctx.Done():
			return workbench.SignedIn{}, ctx.Err()
		case err := <-answer:
			h.Returned()
			return result, err
		}
	}
}

func TestSignInShowsAndSelectsTheNewTenant(t *testing.T) {
	b := open(t, kit.Light, kittest.StoreOf(kittest.Blomster()))
	answer := make(chan error)
	b.desk.signIn = browsing(answer, workbench.SignedIn{Tenant: kittest.Nordlys(), New: true})
	b.tap(b.bar.signIn)
	if b.bar.signIn.Text != textSigningIn.String() || !b.bar.signIn.Disabled() {
		t.Errorf("the button says %q while a sign-in is under way", b.bar.signIn.Text)
	}
	b.until("the banner", func() bool { return b.signIn.state.phase == signInWaiting })
	if got := b.signIn.notice.Shown.Title; got != "Waiting for your approval in the browser… 3:00 left" {
		t.Errorf("banner %q", got)
	}
	if got := <-b.opened; got != signInURL {
		t.Errorf("opened %q", got)
	}
	b.tap(b.signIn.copyLink)
	if got := b.app.Clipboard().Content(); got != signInURL {
		t.Errorf("clipboard %q", got)
	}
	b.tap(b.signIn.openAgain)
	<-b.opened
	b.desk.change(func(o *workbench.Overview) { o.Tenants = append(o.Tenants, kittest.Nordlys()) })
	answer <- nil
	b.until("the new tenant to be chosen", func() bool { return b.selected == kittest.Nordlys().Key })
	if b.signIn.notice.Visible() {
		t.Error("the banner is still there")
	}
	if b.panel.name.Text != kittest.Nordlys().CompanyName {
		t.Errorf("the panel shows %q", b.panel.name.Text)
	}
}

func TestCancelledSignInIsNoError(t *testing.T) {
	b := open(t, kit.Light, kittest.EmptyStore())
	b.desk.signIn = browsing(nil, workbench.SignedIn{})
	b.tap(b.bar.signIn)
	b.until("the banner", func() bool { return b.signIn.state.phase == signInWaiting })
	b.tap(b.signIn.cancel)
	if b.signIn.notice.Visible() || b.bar.signIn.Disabled() {
		t.Error("after Cancel the window still waits")
	}
	b.until("the end of the work", func() bool { return b.signIn.current.Finished })
	if b.signIn.notice.Visible() {
		t.Errorf("a cancelled sign-in shows %q", b.signIn.notice.Shown.Title)
	}
}

func TestFailedSignInStaysUntilDismissed(t *testing.T) {
	b := open(t, kit.Light, kittest.EmptyStore())
	answer := make(chan error, 1)
	b.desk.signIn = browsing(answer, workbench.SignedIn{})
	answer <- &tenant.Problem{Op: "sign in", Explanation: tenant.Explanation{
		What: "The approval was refused.", Why: "Somebody pressed Deny.", Next: "Sign in again and approve.", Server: "access_denied"}}
	b.tap(b.bar.signIn)
	b.until("the failure", func() bool { return b.signIn.state.phase == signInFailed })
	want := kit.NoticeView{Tone: kit.ToneBad, Title: "The approval was refused.",
		Lines: []string{"Somebody pressed Deny.", "The server says: “access_denied”", "What to do: Sign in again and approve."}}
	if !b.signIn.notice.Shown.Equal(want) {
		t.Errorf("shown %+v", b.signIn.notice.Shown)
	}
	b.update(func(*workbench.Overview) {})
	if !b.signIn.notice.Visible() {
		t.Error("the failure went away by itself")
	}
	b.tap(b.signIn.dismiss)
	if b.signIn.notice.Visible() {
		t.Error("Dismiss does not dismiss")
	}
}

func TestAFailedValidationNamesItsCheck(t *testing.T) {
	b := open(t, kit.Light, kittest.EmptyStore())
	b.desk.signIn = func(context.Context, workbench.SignInRequest, workbench.SignInHooks) (workbench.SignedIn, error) {
		return workbench.SignedIn{Checks: []workbench.Check{
				{Name: "form", Passed: true, Checked: true},
				{Name: "signature", Passed: true, Checked: true},
				{Name: "audience", Checked: true, Reason: "it is for another app"},
				{Name: "subject", Reason: "left out after a failure"}}},
			&tenant.Problem{Op: "sign in", Err: errors.New("refused"), Explanation: tenant.CauseOtherApp.Explain("The id token was refused.", "", "")}
	}
	b.tap(b.bar.signIn)
	b.until("the failure", func() bool { return b.signIn.state.phase == signInFailed })
	brief := b.signIn.notice.Shown.Lines
	if len(brief) == 0 || brief[0] != "Check 3 of 4 failed: audience." {
		t.Errorf("it says %q", brief)
	}
	b.tap(b.signIn.checks)
	want := append(slices.Clone(brief), "✓ form, signature", "✗ audience: it is for another app", "– subject: left out after a failure")
	if got := b.signIn.notice.Shown.Lines; !slices.Equal(got, want) || b.signIn.checks.Text != textHideChecks.String() {
		t.Errorf("all checks are %q", got)
	}
	b.tap(b.signIn.checks)
	if got := b.signIn.notice.Shown.Lines; !slices.Equal(got, brief) {
		t.Errorf("hidden again, it says %q", got)
	}
	b.desk.signIn = func(context.Context, workbench.SignInRequest, workbench.SignInHooks) (workbench.SignedIn, error) {
		return workbench.SignedIn{}, errors.New("no id token")
	}
	b.tap(b.bar.signIn)
	b.until("another failure", func() bool { return b.signIn.state.phase == signInFailed })
	if b.signIn.notice.Holds(b.signIn.checks) {
		t.Error("checks of an earlier sign-in are offered")
	}
}

func TestBrowserThatCannotBeOpened(t *testing.T) {
	b := open(t, kit.Light, kittest.EmptyStore())
	b.signIn.openURL = func(string) error { return errors.New("no browser") }
	b.desk.signIn = browsing(nil, workbench.SignedIn{})
	b.tap(b.bar.signIn)
	b.until("the hint", func() bool { return b.signIn.state.browserLost })
	if b.signIn.state.phase != signInWaiting {
		t.Error("the sign-in gave up, although the link can be copied")
	}
}

func TestSignInWithoutSystemUserSaysWhy(t *testing.T) {
	b := open(t, kit.Light, kittest.EmptyStore())
	without := kittest.Nordlys()
	without.TokenFingerprint = "none"
	b.desk.signIn = func(context.Context, workbench.SignInRequest, workbench.SignInHooks) (workbench.SignedIn, error) {
		b.desk.change(func(o *workbench.Overview) { o.Tenants = []workbench.TenantView{without} })
		return workbench.SignedIn{Tenant: without, NoSystemUser: &tenant.Explanation{What: "There is no system user."}}, nil
	}
	b.tap(b.bar.signIn)
	b.until("the tenant", func() bool { return b.selected == without.Key })
	if !b.signIn.notice.Visible() {
		t.Error("nothing says that there is no system user")
	}
	card := b.panel.companies.cards[1]
	if !card.create.Disabled() || card.create.ToolTip() != textNoSystemUserYet.String() {
		t.Errorf("the system user's button says %q", card.create.ToolTip())
	}
	if b.panel.companies.cards[0].create.Disabled() {
		t.Error("the login user's button is disabled too")
	}
	asked := make(chan workbench.SignInRequest, 2)
	b.desk.signIn = func(_ context.Context, r workbench.SignInRequest, _ workbench.SignInHooks) (workbench.SignedIn, error) {
		asked <- r
		return workbench.SignedIn{Tenant: without}, nil
	}
	for _, press := range []*kit.Button{b.signIn.consent, b.panel.again} {
		b.tap(press)
		b.until("the end of the sign-in", func() bool { return b.signIn.current.Finished })
		if r := <-asked; r.Prompt != workbench.PromptConsent || r.ContextID != without.ContextID {
			t.Errorf("%q asks for %+v", press.Text, r)
		}
	}
}
