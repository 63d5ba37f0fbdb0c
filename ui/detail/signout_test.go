package detail

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
)

const endSessionURL = "https://sod.superoffice.com/login/logout"

// signedOutOf is what a sign-out comes to when all goes well.
func signedOutOf(k tenant.Key) workbench.SignedOut {
	return workbench.SignedOut{Key: k, UserName: "ada@nordlys.example", RefreshToken: workbench.TokenEnd{Outcome: workbench.TokenRevoked},
		AccessToken: workbench.TokenEnd{Outcome: workbench.TokenRevoked}, Removed: true, EndSessionURL: endSessionURL, SystemUserStays: true}
}

// notReached is a sign-out that keeps the login, unless it is to be dropped.
func notReached(r workbench.SignOutRequest) (workbench.SignedOut, error) {
	why := tenant.CauseUnreachable.Explain("SuperID could not be reached.", "", "")
	result := signedOutOf(r.Key)
	result.RefreshToken = workbench.TokenEnd{Outcome: workbench.TokenNotReached, Failure: &why}
	result.AccessToken = workbench.TokenEnd{Outcome: workbench.TokenNotTried}
	result.EndSessionURL = ""
	if r.Drop {
		return result, nil
	}
	result.Removed = false
	return result, &tenant.Problem{Op: "sign out", Err: errors.New("refused"),
		Explanation: tenant.CauseUnreachable.Explain("The login was kept.", "", "Try again later, or drop the login.")}
}

func TestSigningOutAsksAndSaysWhatBecameOfTheLogin(t *testing.T) {
	b := open(t, kit.Light, kittest.Nordlys())
	requests := make(chan workbench.SignOutRequest, 1)
	b.desk.signOut = func(_ context.Context, r workbench.SignOutRequest) (workbench.SignedOut, error) {
		requests <- r
		return signedOutOf(r.Key), nil
	}
	b.choose(3)
	if b.canvas().Focused() != fyne.Focusable(b.signOut.stay) || !strings.Contains(b.answer.Shown.Title, "ada@nordlys.example") {
		t.Fatalf("it asks %q, without the harmless answer in focus", b.answer.Shown.Title)
	}
	b.tap(b.signOut.stay)
	if b.answer.Visible() || len(requests) != 0 {
		t.Fatal("no means no")
	}
	b.choose(3)
	b.tap(b.signOut.yes)
	b.until("the result", func() bool { return b.answer.Shown.Tone == kit.ToneGood })
	if r := <-requests; r != (workbench.SignOutRequest{Key: kittest.Nordlys().Key}) {
		t.Errorf("asked for %+v", r)
	}
	want := []string{"Refresh token and access token: revoked at SuperOffice.", textSystemUserStays.String(), textEndSessionOpened.String()}
	if got := b.answer.Shown.Lines; !slices.Equal(got, want) {
		t.Errorf("it says %q", got)
	}
	if got := <-b.opened; got != endSessionURL {
		t.Errorf("opened %q", got)
	}
	nobody := kittest.Nordlys()
	nobody.SignedIn = false
	b.show(nobody)
	if !b.answer.Visible() {
		t.Error("what became of the login went away by itself")
	}
	told := b.answer.Shown
	b.choose(3)
	if !b.answer.Shown.Equal(told) {
		t.Errorf("a second sign-out asks %q", b.answer.Shown.Title)
	}
}

func TestSigningInAgainTakesBackWhatWasSaidOfTheSignOut(t *testing.T) {
	b := open(t, kit.Light, kittest.Nordlys())
	b.desk.signOut = func(_ context.Context, r workbench.SignOutRequest) (workbench.SignedOut, error) {
		return signedOutOf(r.Key), nil
	}
	b.choose(3)
	b.tap(b.signOut.yes)
	b.until("the result", func() bool { return b.answer.Shown.Tone == kit.ToneGood })
	b.Forget(kittest.Blomster().Key)
	if !b.answer.Visible() {
		t.Error("a sign-in to another tenant takes it back")
	}
	b.Forget(kittest.Nordlys().Key)
	if b.answer.Visible() {
		t.Errorf("signed in, it says %q", b.answer.Shown.Title)
	}
}

func TestALoginThatCouldNotBeEndedIsKeptOrDropped(t *testing.T) {
	b := open(t, kit.Light, kittest.Nordlys())
	b.desk.signOut = func(_ context.Context, r workbench.SignOutRequest) (workbench.SignedOut, error) { return notReached(r) }
	b.choose(3)
	b.tap(b.signOut.yes)
	b.until("the failure", func() bool { return b.answer.Shown.Title == "The login was kept." })
	if !b.answer.Holds(b.signOut.drop) {
		t.Fatal("dropping the login is not offered")
	}
	b.tap(b.signOut.drop)
	b.until("the result", func() bool { return strings.Contains(b.answer.Shown.Title, "is signed out") })
	if v := b.answer.Shown; v.Tone != kit.ToneWarning || !strings.Contains(strings.Join(v.Lines, "\n"), "lives on") {
		t.Errorf("a login whose tokens live on is reported as %+v", v)
	}
	b.tap(b.signOut.dismiss)
	if b.answer.Visible() {
		t.Error("Dismiss does not dismiss")
	}
}

func TestTheFocusFollowsTheAnswersOfASignOut(t *testing.T) {
	b := open(t, kit.Light, kittest.Nordlys())
	b.desk.signOut = func(_ context.Context, r workbench.SignOutRequest) (workbench.SignedOut, error) { return notReached(r) }
	b.choose(3)
	b.canvas().Focus(b.signOut.yes)
	press := &fyne.KeyEvent{Name: fyne.KeyReturn}
	b.canvas().Focused().TypedKey(press)
	if b.canvas().Focused() != fyne.Focusable(b.signOut.cancel) {
		t.Errorf("under way the focus is on %v", b.canvas().Focused())
	}
	b.until("the failure", func() bool { return b.answer.Holds(b.signOut.drop) })
	if b.canvas().Focused() != fyne.Focusable(b.signOut.dismiss) {
		t.Errorf("at the end the focus is on %v", b.canvas().Focused())
	}
	b.canvas().Focused().TypedKey(press)
	if b.canvas().Focused() != fyne.Focusable(b.more) {
		t.Errorf("dismissed, the focus is on %v", b.canvas().Focused())
	}
	b.choose(3)
	b.tap(b.signOut.yes)
	b.canvas().Focus(b.LogOn)
	b.until("the second failure", func() bool { return b.answer.Holds(b.signOut.drop) })
	if b.canvas().Focused() != fyne.Focusable(b.LogOn) {
		t.Error("the focus was taken from who had it")
	}
}

func TestASignOutCanBeCancelledAndSaysSoElsewhere(t *testing.T) {
	b := open(t, kit.Light, kittest.Nordlys())
	release := make(chan struct{})
	b.desk.signOut = func(ctx context.Context, r workbench.SignOutRequest) (workbench.SignedOut, error) {
		select {
		case <-ctx.Done():
			return workbench.SignedOut{Key: r.Key, RefreshToken: workbench.TokenEnd{Outcome: workbench.TokenNotReached}}, ctx.Err()
		case <-release:
			result := signedOutOf(r.Key)
			result.EndSessionURL = ""
			return result, nil
		}
	}
	b.choose(3)
	b.tap(b.signOut.yes)
	if b.answer.Shown.Title != textSigningOut.String() || signOutReason(b.shown, b.signOut.busy(), false) == "" {
		t.Errorf("under way it says %q", b.answer.Shown.Title)
	}
	b.tap(b.signOut.cancel)
	b.until("the end", func() bool { return !b.signOut.busy() })
	if b.answer.Visible() {
		t.Errorf("a cancelled sign-out shows %q", b.answer.Shown.Title)
	}
	b.choose(3)
	b.tap(b.signOut.yes)
	b.show(kittest.Blomster())
	close(release)
	b.until("the result", func() bool { return strings.Contains(b.elsewhere.Title, "is signed out of Nordlys") })
	if b.answer.Visible() {
		t.Error("it is shown for another tenant")
	}
}

func TestAPageThatCannotBeOpenedLeavesItsLink(t *testing.T) {
	b := open(t, kit.Light, kittest.Nordlys())
	b.signOut.openURL = func(string) error { return errors.New("no browser") }
	b.desk.signOut = func(_ context.Context, r workbench.SignOutRequest) (workbench.SignedOut, error) {
		return signedOutOf(r.Key), nil
	}
	b.choose(3)
	b.tap(b.signOut.yes)
	b.until("the hint", func() bool { return slices.Contains(b.answer.Shown.Lines, textEndSessionLost.String()) })
	b.tap(b.answer.Buttons.Objects[0].(*kit.Button))
	if got := b.app.Clipboard().Content(); got != endSessionURL {
		t.Errorf("clipboard %q", got)
	}
}

func TestWhatBecameOfTokensInWords(t *testing.T) {
	why := tenant.CauseRequestRefused.Explain("Refused.", "", "")
	why.Server = "unsupported_token_type"
	r := signedOutOf(kittest.Nordlys().Key)
	r.AccessToken = workbench.TokenEnd{Outcome: workbench.TokenRefused, Failure: &why}
	v := signedOutNotice(kittest.Nordlys(), r, nil)
	if v.Tone != kit.ToneWarning || v.Lines[0] != "Refresh token: revoked at SuperOffice." || !strings.Contains(v.Lines[1], "“unsupported_token_type”") {
		t.Errorf("%+v", v)
	}
	for _, outcome := range []workbench.TokenOutcome{workbench.TokenRevoked, workbench.TokenUnknown, workbench.TokenRefused,
		workbench.TokenNotReached, workbench.TokenNotTried, workbench.TokenNotThere} {
		if outcomeWords(workbench.TokenEnd{Outcome: outcome}) == "" {
			t.Errorf("%q has no words", outcome)
		}
	}
	r.Removed = false
	if v := signedOutNotice(kittest.Nordlys(), r, nil); !strings.Contains(v.Title, "anew") || v.Tone != kit.ToneWarning {
		t.Errorf("%+v", v)
	}
}
