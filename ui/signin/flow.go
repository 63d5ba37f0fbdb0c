package signin

import (
	"context"
	"errors"
	"time"

	"fyne.io/fyne/v2"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
)

// Desk is what a sign-in asks of the workbench. It may wait and is called off the user interface's goroutine.
type Desk interface {
	SignIn(ctx context.Context, request workbench.SignInRequest, hooks workbench.SignInHooks) (workbench.SignedIn, error)
}

// Options is all that a sign-in needs from outside. All of it must be set.
type Options struct {
	Desk Desk
	// OpenURL opens the system browser. It may wait.
	OpenURL func(url string) error
	Now     func() time.Time
	// Copy puts a text on the clipboard.
	Copy func(text string)
	// OnChange is called after each change, for the window to lay itself out and light the steps. Moved is true
	// where the line or the notice came, went, or wants another size.
	OnChange func(moved bool)
	// OnDone is called with the tenant of a sign-in that worked.
	OnDone func(workbench.SignedIn)
	// OnFailed is called when a sign-in failed after the browser came back, where the person still is.
	OnFailed func()
	// OnDismiss is called when the person has read why a sign-in failed.
	OnDismiss func()
}

// Flow runs one sign-in at a time. It shows a sign-in that is under way on one line, and in a notice what it came
// to where a person must read that. Everything of it belongs to the user interface's goroutine.
type Flow struct {
	// Line is one row high, and hidden while no sign-in is under way.
	Line *fyne.Container
	// Notice says why a sign-in failed, or what it lacks, with its buttons.
	Notice *kit.Notice

	run       *kit.Runner
	o         Options
	ground    *kit.Surface
	text      *kit.Line
	openAgain *kit.Button
	copyLink  *kit.Button
	cancel    *kit.Button
	dismiss   *kit.Button
	checks    *kit.Button
	// consent signs in once more, with the approval page, where a sign-in brought no system user token.
	consent *kit.Button

	state   state
	url     string // carries the state of the sign-in: never logged
	current *kit.Job
	// generation tells the present sign-in from those before it, whose answers come too late.
	generation int
}

// New makes a flow in which nothing happens yet.
func New(run *kit.Runner, o Options) *Flow {
	f := &Flow{run: run, o: o, Notice: kit.NewNotice()}
	f.ground, f.text = kit.NewSurface(kit.ColorTintAccent, "", 6), kit.NewLine("", kit.LookBold())
	f.openAgain = kit.NewButton(textOpenPage.String(), nil, textOpenPageTip.String(), f.open)
	f.copyLink = kit.NewButton(kit.TextCopyLink.String(), nil, textCopyLinkTip.String(), func() {
		f.o.Copy(f.url)
		f.state.linkCopied = true
		f.show()
	})
	f.cancel = kit.NewButton(kit.TextCancel.String(), nil, textCancelTip.String(), f.stop)
	f.checks = kit.NewButton("", nil, "", func() {
		f.state.allChecks = !f.state.allChecks
		f.show()
	})
	f.consent = kit.NewButton(textShowApproval.String(), nil, textShowApprovalTip.String(), func() { f.Start(Again(f.state.without)) })
	f.dismiss = kit.NewButton(kit.TextDismiss.String(), nil, "", func() {
		f.state = state{}
		f.o.OnDismiss()
		f.show()
	})
	f.Line = kit.NewOver(f.ground, kit.NewInset(10, 0, kit.NewBar(6, f.text, f.text, f.openAgain, f.copyLink, f.cancel)))
	f.Line.Hide()
	return f
}

// Busy reports whether a sign-in is under way.
func (f *Flow) Busy() bool { return f.state.busy() }

// Start begins a sign-in, unless one is under way.
func (f *Flow) Start(request workbench.SignInRequest) {
	if f.state.busy() {
		return
	}
	f.generation++
	generation := f.generation
	f.state, f.url = state{phase: phaseStarting}, ""
	hooks := workbench.SignInHooks{
		Waiting:  func(url string, until time.Time) { f.waiting(generation, url, until) },
		Returned: func() { f.hopFor(generation, func() { f.state = state{phase: phaseReturned} }) },
	}
	f.current = kit.Perform(f.run,
		func(ctx context.Context) (workbench.SignedIn, error) { return f.o.Desk.SignIn(ctx, request, hooks) },
		nil,
		func(done workbench.SignedIn, err error) { f.finished(generation, done, err) })
	f.show()
}

// waiting is called by the workbench, off the user interface's goroutine: so the browser may take its time.
func (f *Flow) waiting(generation int, url string, until time.Time) {
	f.hopFor(generation, func() {
		f.url = url
		f.state = state{phase: phaseWaiting, until: until}
		ctx := f.current.Ctx
		f.run.Spawn(func(context.Context) { f.count(ctx, generation) })
	})
	f.tryBrowser(generation, url)
}

func (f *Flow) tryBrowser(generation int, url string) {
	if err := f.o.OpenURL(url); err != nil {
		f.hopFor(generation, func() { f.state.browserLost = true })
	}
}

// open opens the page once more.
func (f *Flow) open() {
	generation, url := f.generation, f.url
	f.state.browserLost = false
	f.show()
	f.run.Spawn(func(context.Context) { f.tryBrowser(generation, url) })
}

// count draws the time that is left once a second, as long as the sign-in lasts.
func (f *Flow) count(ctx context.Context, generation int) {
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
func (f *Flow) hopFor(generation int, change func()) {
	f.run.Hop(func() {
		if generation == f.generation && f.state.busy() {
			change()
			f.show()
		}
	})
}

// stop cancels the sign-in. A cancelled sign-in is no error: the banner goes away at once, and whatever the
// workbench still answers belongs to a past generation.
func (f *Flow) stop() {
	f.generation++
	f.current.Cancel()
	f.state, f.url = state{}, ""
	f.show()
}

func (f *Flow) finished(generation int, done workbench.SignedIn, err error) {
	if generation != f.generation {
		return
	}
	f.url = ""
	back := f.state.phase == phaseReturned
	switch {
	case errors.Is(err, context.Canceled):
		f.state = state{}
	case err != nil:
		f.state = state{phase: phaseFailed, explanation: tenant.Explain(err), checks: done.Checks}
	case done.NoSystemUser != nil:
		f.state = state{phase: phaseWithout, explanation: *done.NoSystemUser, without: done.Tenant}
	default:
		f.state = state{}
	}
	f.show()
	switch {
	case err == nil:
		f.o.OnDone(done)
	case back && f.state.phase == phaseFailed:
		f.o.OnFailed()
	}
}

// show draws the line and the notice, with the buttons of the phase.
func (f *Flow) show() {
	f.checks.Label(textShowChecks.String())
	if f.state.allChecks {
		f.checks.Label(textHideChecks.String())
	}
	var buttons []fyne.CanvasObject
	switch f.state.phase {
	case phaseWithout:
		buttons = []fyne.CanvasObject{f.consent, f.dismiss}
	case phaseFailed:
		if len(f.state.checks) > 0 {
			buttons = append(buttons, f.checks)
		}
		buttons = append(buttons, f.dismiss)
	}
	moved := f.showLine()
	f.o.OnChange(f.Notice.Set(f.state.outcome(), buttons...) || moved)
}

// showLine draws the line, and reports whether it came, went, or has other buttons.
func (f *Flow) showLine() bool {
	text, tone := f.state.line(f.o.Now())
	fill, edge := tone.Colors()
	f.ground.Paint(fill, "")
	f.text.Set(text, kit.LookBold().In(edge))
	busy, waits := f.state.busy(), f.state.phase == phaseWaiting
	if f.Line.Visible() == busy && f.openAgain.Visible() == waits {
		return false
	}
	f.Line.Hidden, f.openAgain.Hidden, f.copyLink.Hidden = !busy, !waits, !waits
	f.Line.Refresh()
	return true
}
