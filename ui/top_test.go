package ui

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
)

var (
	thisWindow = tenant.Owner{Program: "desktop", Host: "desk", PID: 17}
	theConsole = tenant.Owner{Program: "console", Host: "server", PID: 7}
)

func TestThisWindowTakesPollingOver(t *testing.T) {
	store := kittest.StoreOf(kittest.Nordlys())
	store.Poller.Here, store.Poller.Lease.Owner = false, theConsole
	b := open(t, kit.Light, store)
	b.polling.Stop()
	b.update(func(*workbench.Overview) {})
	if b.bar.Poll.Checked || !b.poller.TakeOver.Visible() || b.poller.TakeOver.Disabled() {
		t.Fatal("the window does not offer to take over")
	}
	b.tap(b.poller.TakeOver)
	b.until("the question", func() bool { return b.poller.TakeOver.Disabled() })
	if got := b.poller.Sentence.Text; got != "Asked the console on server (process 7) to hand polling over · 30 s left" || !b.polling.Running() || !b.bar.Poll.Checked {
		t.Errorf("while it waits: %q, running: %t", got, b.polling.Running())
	}
	if got := b.poller.TakeOver.ToolTip(); !strings.Contains(got, "by 12:00:30") {
		t.Errorf("the reason is %q", got)
	}
	b.update(func(o *workbench.Overview) { // no answer
		o.Poller.AskedBy, o.Poller.AskedUntil, o.Poller.Asking = tenant.Owner{}, time.Time{}, false
	})
	if got := b.general.Shown.Title; got != "The console on server (process 7) did not hand polling over within 30 s." || b.poller.TakeOver.Disabled() {
		t.Errorf("after a wait in vain: %q", got)
	}
	b.tap(b.poller.TakeOver)
	b.until("the second question", func() bool { return b.poller.TakeOver.Disabled() && b.general.Shown.Empty() })
	b.update(func(o *workbench.Overview) {
		o.Poller.AskedBy, o.Poller.AskedUntil, o.Poller.Asking = tenant.Owner{}, time.Time{}, false
		o.Poller.Lease.Owner, o.Poller.Here = thisWindow, true
	})
	if got := b.poller.Sentence.Text; !strings.HasPrefix(got, "Polling here") || b.poller.TakeOver.Visible() || !b.bar.Poll.Checked {
		t.Errorf("after the take-over: %q", got)
	}
}

func TestAnIntervalThatCannotBeStoredIsPutBack(t *testing.T) {
	b := open(t, kit.Light, kittest.StoreOf(kittest.Nordlys()))
	b.until("the interval", func() bool { return b.bar.Every.Selected == "every 15 s" })
	b.desk.fail(errors.New("the store is busy"))
	b.bar.Every.SetSelected("every 5 min")
	b.until("the failure", func() bool { return b.general.Visible() })
	b.desk.fail(nil)
	b.update(func(*workbench.Overview) {})
	if b.bar.Every.Selected != "every 15 s" {
		t.Errorf("the chooser says %q", b.bar.Every.Selected)
	}
}

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
	b.tap(b.bar.SignIn)
	if b.bar.SignIn.Text != "Signing in…" || !b.bar.SignIn.Disabled() {
		t.Errorf("the button says %q while a sign-in is under way", b.bar.SignIn.Text)
	}
	b.until("the wait", func() bool { return button(b.signIn.Line, "Open again") != nil })
	if b.poller.Root.Visible() {
		t.Error("the line on the poller and that of the sign-in lie over each other")
	}
	if got := <-b.opened; got != signInURL {
		t.Errorf("opened %q", got)
	}
	b.press(b.signIn.Line, "Copy link")
	if got := b.app.Clipboard().Content(); got != signInURL {
		t.Errorf("clipboard %q", got)
	}
	b.press(b.signIn.Line, "Open again")
	<-b.opened
	b.desk.change(func(o *workbench.Overview) { o.Tenants = append(o.Tenants, kittest.Nordlys()) })
	answer <- nil
	b.until("the new tenant to be chosen", func() bool { return b.selected == kittest.Nordlys().Key })
	if b.signIn.Line.Visible() || !b.poller.Root.Visible() {
		t.Error("the line of the sign-in is still there")
	}
	if b.panel.Shown().CompanyName != kittest.Nordlys().CompanyName {
		t.Errorf("the panel shows %q", b.panel.Shown().CompanyName)
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
	b.tap(b.bar.SignIn)
	b.until("the tenant", func() bool { return b.selected == without.Key })
	if !b.signIn.Notice.Visible() {
		t.Error("nothing says that there is no system user")
	}
	if create := b.companies.CreateButton(tenant.SystemUser); !create.Disabled() || !strings.Contains(create.ToolTip(), "no system user token") {
		t.Errorf("the system user's button says %q", create.ToolTip())
	}
	if b.companies.CreateButton(tenant.LoginUser).Disabled() {
		t.Error("the login user's button is disabled too")
	}
	asked := make(chan workbench.SignInRequest, 2)
	b.desk.signIn = func(_ context.Context, r workbench.SignInRequest, _ workbench.SignInHooks) (workbench.SignedIn, error) {
		asked <- r
		return workbench.SignedIn{Tenant: without}, nil
	}
	for i, press := range []func(){
		func() { b.press(b.signIn.Notice.Container, "Show the approval page") },
		func() { b.choose(1) },
	} {
		press()
		b.until("the end of the sign-in", func() bool { return !b.signIn.Busy() })
		if r := <-asked; r.Prompt != workbench.PromptConsent || r.ContextID != without.ContextID {
			t.Errorf("press %d asks for %+v", i, r)
		}
	}
}
