package detail

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
)

func TestEveryCauseHasItsActOrNone(t *testing.T) {
	want := map[act][]tenant.Cause{
		"": {tenant.CauseInput, tenant.CauseNotThere, tenant.CauseRightMissing, tenant.CauseElsewhere, tenant.CauseBrowser, tenant.CauseFiles,
			tenant.CauseFilesBroken, tenant.CauseDataKey, tenant.CauseThrottled, tenant.CauseTenantRefused, tenant.CauseVisitsFailed, tenant.CauseUnclear},
		actSignIn: {tenant.CauseNoAnswer, tenant.CauseOtherTenant, tenant.CauseSignInAgain, tenant.CauseNotSignedIn, tenant.CauseLoginEnded, tenant.CauseCredentialRefused},
		actApprove: {tenant.CauseRevoked, tenant.CauseExpired, tenant.CauseDenied, tenant.CauseReapproval, tenant.CauseNotApproved,
			tenant.CauseNotAdministrator, tenant.CauseOptionMissing},
		actRegistration: {tenant.CauseIncomplete, tenant.CauseAddress, tenant.CauseClientRefused, tenant.CauseRedirectURI, tenant.CauseSigningKey,
			tenant.CauseKeyUnusable, tenant.CauseRequestRefused, tenant.CauseExchangeRefused, tenant.CauseOtherApp, tenant.CauseCertificateStale, tenant.CausePort},
		actRemove: {tenant.CauseTenantGone},
		actRetry: {tenant.CauseCancelled, tenant.CauseClock, tenant.CauseFilesBusy, tenant.CauseSecretStore, tenant.CauseSandbox, tenant.CauseUnexpected,
			tenant.CauseTenantSuspended, tenant.CauseMaintenance, tenant.CauseTenantMoved, tenant.CauseTenantFailed, tenant.CauseProviderFailed,
			tenant.CauseAnswerUnusable, tenant.CauseTokenRefused, tenant.CauseKeyUnknown, tenant.CauseTokenTimes, tenant.CauseWrongTenant,
			tenant.CauseUnreachable, tenant.CauseNameUnknown, tenant.CauseTimedOut, tenant.CauseUntrustedTLS},
	}
	expected := map[tenant.Cause]act{}
	for a, causes := range want {
		for _, c := range causes {
			expected[c] = a
		}
	}
	for _, entry := range tenant.Causes() {
		a, decided := expected[entry.Cause]
		if !decided {
			t.Errorf("nobody has decided what can be done about %s", entry.Cause)
		}
		if got := actFor(entry.Cause); got != a {
			t.Errorf("%s: %q, want %q", entry.Cause, got, a)
		}
		if label, tip := actWords(a); (label == "" || tip == "") != (a == "") {
			t.Errorf("%q is labelled %q, with the tip %q", a, label, tip)
		}
	}
	if got := actFor("a cause of a newer version"); got != "" {
		t.Errorf("an unknown cause: %q", got)
	}
	for _, a := range []act{actActivate, actPoll} {
		if label, tip := actWords(a); label == "" || tip == "" {
			t.Errorf("%q has no words", a)
		}
	}
}

func TestTheSandboxesRegistrationIsNotOpened(t *testing.T) {
	wrongKey := tenant.CauseSigningKey.Explain("Refused.", "", "")
	if got := actOn(&wrongKey, kittest.Nordlys()); got != actRetry {
		t.Errorf("in the sandbox: %q", got)
	}
	if got := actOn(&wrongKey, live()); got != actRegistration {
		t.Errorf("in production: %q", got)
	}
	if got := actOn(nil, live()); got != "" {
		t.Errorf("without trouble: %q", got)
	}
}

// cureOf shows a tenant in trouble and presses the button of its notice by key.
func (b *bench) cureOf(v View) {
	b.t.Helper()
	b.Panel.Show(v)
	if len(b.trouble.Buttons.Objects) != 1 {
		b.t.Fatalf("%d buttons", len(b.trouble.Buttons.Objects))
	}
	b.canvas().Focus(b.trouble.Buttons.Objects[0].(fyne.Focusable))
	b.key(fyne.KeyReturn)
}

func TestTheTroublesButtonDoesWhatHelps(t *testing.T) {
	b := open(t, kit.Light, kittest.Nordlys())
	trouble := func(c tenant.Cause) View {
		v := View{Tenant: live(), Poller: kittest.EmptyStore().Poller, Polling: true}
		e := c.Explain("It failed.", "", "")
		v.Tenant.Trouble = &e
		return v
	}
	inactive, off, elsewhere := trouble(tenant.CauseMaintenance), trouble(tenant.CauseMaintenance), trouble(tenant.CauseMaintenance)
	inactive.Tenant.Active = false
	off.Polling, off.Poller = false, workbench.PollerView{}
	elsewhere.Poller.Here = false
	for _, c := range []struct {
		view View
		want string
	}{
		{trouble(tenant.CauseLoginEnded), "sign in Cust10234 false"},
		{trouble(tenant.CauseRevoked), "sign in Cust10234 true"},
		{trouble(tenant.CauseSigningKey), "registration our app"},
		{trouble(tenant.CauseUnreachable), "log on Cust10234"},
		{inactive, "active Cust10234 true"},
		{off, "poll"},
		{elsewhere, "log on Cust10234"}, // the console that polls hears of it
	} {
		b.acts = nil
		b.cureOf(c.view)
		if !slices.Equal(b.acts, []string{c.want}) {
			t.Errorf("%s: asked for %q, want %q", c.view.Tenant.Trouble.Cause, b.acts, c.want)
		}
	}
	b.cureOf(trouble(tenant.CauseTenantGone))
	if b.canvas().Focused() != fyne.Focusable(b.offboard.keep) {
		t.Error("a tenant that is gone is not asked about")
	}
	b.Panel.Show(trouble(tenant.CauseThrottled))
	if len(b.trouble.Buttons.Objects) != 0 {
		t.Error("who must wait is given a button")
	}
	b.Panel.Show(trouble(tenant.CauseRevoked))
	b.AllowSignIn("A sign-in is under way")
	if got := b.cure.Button; !got.Disabled() || got.ToolTip() != "A sign-in is under way" {
		t.Errorf("while somebody signs in the button says %q", got.ToolTip())
	}
	if got := b.seldom().Items[0]; !got.Disabled || got.Label != "Sign in again (A sign-in is under way)" {
		t.Errorf("the menu says %q", got.Label)
	}
	b.AllowSignIn("")
	if b.cure.Disabled() {
		t.Error("after the sign-in the button stays disabled")
	}
}
