package signin

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

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

// bench is a sign-in in a test, with everything outside of it in the test's hands.
type bench struct {
	*Flow
	t       *testing.T
	q       *kittest.Queue
	signIn  func(context.Context, workbench.SignInRequest, workbench.SignInHooks) (workbench.SignedIn, error)
	open    func(string) error
	done    []workbench.SignedIn
	failed  int
	changes int
}

// SignIn is part of Desk.
func (b *bench) SignIn(ctx context.Context, r workbench.SignInRequest, h workbench.SignInHooks) (workbench.SignedIn, error) {
	return b.signIn(ctx, r, h)
}

// begin makes a sign-in that nobody has begun yet.
func begin(t *testing.T) *bench {
	t.Helper()
	test.NewTempApp(t)
	b := &bench{t: t, q: kittest.NewQueue(), open: func(string) error { return nil }}
	run := kit.NewRunner(t.Context(), b.q.Do)
	t.Cleanup(run.Close)
	b.Flow = New(run, Options{
		Desk: b, Now: func() time.Time { return kittest.Noon }, Copy: func(string) {},
		OpenURL:  func(url string) error { return b.open(url) },
		OnChange: func(bool) { b.changes++ }, OnDone: func(s workbench.SignedIn) { b.done = append(b.done, s) }, OnDismiss: func() {}, OnFailed: func() { b.failed++ },
	})
	return b
}

func (b *bench) until(what string, holds func() bool) {
	b.t.Helper()
	b.q.Await(b.t, what, holds)
}

func (b *bench) tap(o fyne.Tappable) {
	test.Tap(o)
	b.q.Drain()
}

func TestCancelledSignInIsNoError(t *testing.T) {
	b := begin(t)
	b.signIn = browsing(nil, workbench.SignedIn{})
	b.Start(workbench.SignInRequest{})
	b.until("the banner", func() bool { return b.state.phase == phaseWaiting })
	b.tap(b.cancel)
	if b.Line.Visible() || b.Busy() {
		t.Error("after Cancel the line still waits")
	}
	b.until("the end of the work", func() bool { return b.current.Finished })
	if b.Notice.Visible() {
		t.Errorf("a cancelled sign-in shows %q", b.Notice.Shown.Title)
	}
}

func TestFailedSignInStaysUntilDismissed(t *testing.T) {
	b := begin(t)
	answer := make(chan error, 1)
	b.signIn = browsing(answer, workbench.SignedIn{})
	answer <- &tenant.Problem{Op: "sign in", Explanation: tenant.Explanation{
		What: "The approval was refused.", Why: "Somebody pressed Deny.", Next: "Sign in again and approve.", Server: "access_denied"}}
	b.Start(workbench.SignInRequest{})
	b.until("the failure", func() bool { return b.state.phase == phaseFailed })
	want := kit.NoticeView{Tone: kit.ToneBad, Title: "The approval was refused.",
		Lines: []string{"Somebody pressed Deny.", "The server says: “access_denied”", "What to do: Sign in again and approve."}}
	if !b.Notice.Shown.Equal(want) {
		t.Errorf("shown %+v", b.Notice.Shown)
	}
	b.q.Drain()
	if !b.Notice.Visible() {
		t.Error("the failure went away by itself")
	}
	b.tap(b.dismiss)
	if b.Notice.Visible() {
		t.Error("Dismiss does not dismiss")
	}
}

func TestAFailedValidationNamesItsCheck(t *testing.T) {
	b := begin(t)
	b.signIn = func(context.Context, workbench.SignInRequest, workbench.SignInHooks) (workbench.SignedIn, error) {
		return workbench.SignedIn{Checks: []workbench.Check{
				{Name: "form", Passed: true, Checked: true},
				{Name: "signature", Passed: true, Checked: true},
				{Name: "audience", Checked: true, Reason: "it is for another app"},
				{Name: "subject", Reason: "left out after a failure"}}},
			&tenant.Problem{Op: "sign in", Err: errors.New("refused"), Explanation: tenant.CauseOtherApp.Explain("The id token was refused.", "", "")}
	}
	b.Start(workbench.SignInRequest{})
	b.until("the failure", func() bool { return b.state.phase == phaseFailed })
	brief := b.Notice.Shown.Lines
	if len(brief) == 0 || brief[0] != "Check 3 of 4 failed: audience." {
		t.Errorf("it says %q", brief)
	}
	b.tap(b.checks)
	want := append(slices.Clone(brief), "✓ form, signature", "✗ audience: it is for another app", "– subject: left out after a failure")
	if got := b.Notice.Shown.Lines; !slices.Equal(got, want) || b.checks.Text != textHideChecks.String() {
		t.Errorf("all checks are %q", got)
	}
	b.tap(b.checks)
	if got := b.Notice.Shown.Lines; !slices.Equal(got, brief) {
		t.Errorf("hidden again, it says %q", got)
	}
	b.signIn = func(context.Context, workbench.SignInRequest, workbench.SignInHooks) (workbench.SignedIn, error) {
		return workbench.SignedIn{}, errors.New("no id token")
	}
	b.Start(workbench.SignInRequest{})
	b.until("another failure", func() bool { return b.state.phase == phaseFailed })
	if b.Notice.Holds(b.checks) {
		t.Error("checks of an earlier sign-in are offered")
	}
}

func TestBrowserThatCannotBeOpened(t *testing.T) {
	b := begin(t)
	b.open = func(string) error { return errors.New("no browser") }
	b.signIn = browsing(nil, workbench.SignedIn{})
	b.Start(workbench.SignInRequest{})
	b.until("the hint", func() bool { return b.state.browserLost })
	if b.state.phase != phaseWaiting {
		t.Error("the sign-in gave up, although the link can be copied")
	}
}

// Who is in the browser when a sign-in fails must be fetched; who never left, or has cancelled, must not.
func TestTheWindowIsCalledForOnlyWhenThePersonIsInTheBrowser(t *testing.T) {
	b := begin(t)
	answer := make(chan error, 1)
	b.signIn = browsing(answer, workbench.SignedIn{})
	b.Start(workbench.SignInRequest{})
	answer <- errors.New("the id token was refused")
	b.until("the failure", func() bool { return b.state.phase == phaseFailed })
	if b.failed != 1 {
		t.Errorf("called for %d times after a failure", b.failed)
	}
	b.signIn = func(context.Context, workbench.SignInRequest, workbench.SignInHooks) (workbench.SignedIn, error) {
		return workbench.SignedIn{}, errors.New("no metadata")
	}
	b.Start(workbench.SignInRequest{})
	b.until("the next failure", func() bool { return b.state.phase == phaseFailed })
	if b.failed != 1 {
		t.Error("called for although nobody had left")
	}
}
