package ui

import (
	"context"
	"errors"
	"time"

	"fyne.io/fyne/v2"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
)

// signInFlow runs one sign-in at a time and shows it in an inline banner. All its fields belong to the user
// interface's goroutine.
type signInFlow struct {
	run     *kit.Runner
	desk    Desk
	openURL func(string) error
	now     func() time.Time
	copy    func(string)

	notice    *kit.Notice
	openAgain *kit.Button
	copyLink  *kit.Button
	cancel    *kit.Button
	dismiss   *kit.Button
	checks    *kit.Button
	// consent signs in once more, with the approval page, where a sign-in brought no system user token.
	consent *kit.Button

	state   signInState
	url     string // carries the state of the sign-in: never logged
	current *kit.Job
	// generation tells the present sign-in from those before it, whose answers come too late.
	generation int

	// onChange is called after each change, for the window to lay itself out and light the steps.
	onChange func(resized bool)
	onDone   func(workbench.SignedIn)
	// onDismiss is called when the person has read why a sign-in failed.
	onDismiss func()
}

func newSignInFlow(run *kit.Runner, o Options, copy func(string)) *signInFlow {
	f := &signInFlow{run: run, desk: o.Desk, openURL: o.OpenURL, now: o.Now, copy: copy, notice: kit.NewNotice()}
	f.openAgain = kit.NewButton(textOpenPage.String(), nil, "Opens the page in the browser once more", f.open)
	f.copyLink = kit.NewButton(textCopyLink.String(), nil, "For another browser on this computer", func() {
		f.copy(f.url)
		f.state.linkCopied = true
		f.show()
	})
	f.cancel = kit.NewButton(textCancel.String(), nil, "Ends this sign-in; nothing is stored", f.stop)
	f.checks = kit.NewButton("", nil, "", func() {
		f.state.allChecks = !f.state.allChecks
		f.show()
	})
	f.consent = kit.NewButton(textShowApproval.String(), nil, textShowApprovalTip.String(), func() { f.start(askAgain(f.state.without)) })
	f.dismiss = kit.NewButton(textDismiss.String(), nil, "", func() {
		f.state = signInState{}
		f.onDismiss()
		f.show()
	})
	return f
}

// start begins a sign-in, unless one is under way.
func (f *signInFlow) start(request workbench.SignInRequest) {
	if f.state.busy() {
		return
	}
	f.generation++
	generation := f.generation
	f.state, f.url = signInState{phase: signInStarting}, ""
	hooks := workbench.SignInHooks{
		Waiting:  func(url string, until time.Time) { f.waiting(generation, url, until) },
		Returned: func() { f.hopFor(generation, func() { f.state = signInState{phase: signInReturned} }) },
	}
	f.current = kit.Perform(f.run,
		func(ctx context.Context) (workbench.SignedIn, error) { return f.desk.SignIn(ctx, request, hooks) },
		nil,
		func(done workbench.SignedIn, err error) { f.finished(generation, done, err) })
	f.show()
}

// waiting is called by the workbench, off the user interface's goroutine: so the browser may take its time.
func (f *signInFlow) waiting(generation int, url string, until time.Time) {
	f.hopFor(generation, func() {
		f.url = url
		f.state = signInState{phase: signInWaiting, until: until}
		ctx := f.current.Ctx
		f.run.Spawn(func(context.Context) { f.count(ctx, generation) })
	})
	f.tryBrowser(generation, url)
}

func (f *signInFlow) tryBrowser(generation int, url string) {
	if err := f.openURL(url); err != nil {
		f.hopFor(generation, func() { f.state.browserLost = true })
	}
}

// open opens the page once more.
func (f *signInFlow) open() {
	generation, url := f.generation, f.url
	f.state.browserLost = false
	f.show()
	f.run.Spawn(func(context.Context) { f.tryBrowser(generation, url) })
}

// count draws the time that is left once a second, as long as the sign-in lasts.
func (f *signInFlow) count(ctx context.Context, generation int) {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			f.hopFor(generation, func() {})
		}
	}
}

// hopFor changes the state of a sign-in that is still the present one, and draws it.
func (f *signInFlow) hopFor(generation int, change func()) {
	f.run.Hop(func() {
		if generation == f.generation && f.state.busy() {
			change()
			f.show()
		}
	})
}

// stop cancels the sign-in. A cancelled sign-in is no error: the banner goes away at once, and whatever the
// workbench still answers belongs to a past generation.
func (f *signInFlow) stop() {
	f.generation++
	f.current.Cancel()
	f.state, f.url = signInState{}, ""
	f.show()
}

func (f *signInFlow) finished(generation int, done workbench.SignedIn, err error) {
	if generation != f.generation {
		return
	}
	f.url = ""
	switch {
	case errors.Is(err, context.Canceled):
		f.state = signInState{}
	case err != nil:
		f.state = signInState{phase: signInFailed, explanation: tenant.Explain(err), checks: done.Checks}
	case done.NoSystemUser != nil:
		f.state = signInState{phase: signInWithout, explanation: *done.NoSystemUser, without: done.Tenant}
	default:
		f.state = signInState{}
	}
	f.show()
	if err == nil {
		f.onDone(done)
	}
}

// show draws the banner with the buttons of its phase.
func (f *signInFlow) show() {
	f.checks.Label(textShowChecks.String())
	if f.state.allChecks {
		f.checks.Label(textHideChecks.String())
	}
	var buttons []fyne.CanvasObject
	switch f.state.phase {
	case signInStarting, signInReturned:
		buttons = []fyne.CanvasObject{f.cancel}
	case signInWaiting:
		buttons = []fyne.CanvasObject{f.openAgain, f.copyLink, f.cancel}
	case signInWithout:
		buttons = []fyne.CanvasObject{f.consent, f.dismiss}
	case signInFailed:
		if len(f.state.checks) > 0 {
			buttons = append(buttons, f.checks)
		}
		buttons = append(buttons, f.dismiss)
	}
	f.onChange(f.notice.Set(f.state.banner(f.now()), buttons...))
}
