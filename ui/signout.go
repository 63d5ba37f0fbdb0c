package ui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"partnerdesk/core/workbench"
)

// signOutFlow ends one login at a time: it asks in the tenant's panel, and says there what became of it. All its
// fields belong to the user interface's goroutine.
type signOutFlow struct {
	run     *runner
	desk    Desk
	openURL func(string) error
	copy    func(string)
	panel   *tenantPanel

	// who is the tenant of the question, or of the sign-out that is under way.
	who     workbench.TenantView
	current *job

	yes, stay, cancel *button
	drop, dismiss     *button

	onDone func()
}

func newSignOutFlow(run *runner, o Options, copy func(string), panel *tenantPanel) *signOutFlow {
	f := &signOutFlow{run: run, desk: o.Desk, openURL: o.OpenURL, copy: copy, panel: panel}
	f.yes = newButton(textSignOutNow, nil, "", func() { f.begin(false) })
	f.yes.Importance = widget.DangerImportance
	f.stay = newButton(textStaySignedIn, nil, "", func() { panel.say(noticeView{}) })
	f.cancel = newButton(textCancel, nil, textCancelSignOutTip, func() { f.current.cancel() })
	f.drop = newButton(textDropLogin, nil, textDropLoginTip, func() { f.begin(true) })
	f.dismiss = newButton(textDismiss, nil, "", func() { panel.say(noticeView{}) })
	return f
}

// busy reports whether a sign-out is under way.
func (f *signOutFlow) busy() bool { return f.current != nil && !f.current.finished }

// ask asks inline, with the harmless answer in focus.
func (f *signOutFlow) ask(t workbench.TenantView) {
	f.who = t
	f.panel.say(signOutQuestion(t), f.yes, f.stay)
	f.panel.onFocus(f.stay)
}

// begin signs out of the tenant that was asked about.
func (f *signOutFlow) begin(drop bool) {
	if f.busy() {
		return
	}
	who := f.who
	request := workbench.SignOutRequest{Key: who.Key, Drop: drop}
	f.current = perform(f.run, func(ctx context.Context) (workbench.SignedOut, error) { return f.desk.SignOut(ctx, request) },
		nil, func(result workbench.SignedOut, err error) { f.ended(who, result, err) })
	f.panel.say(noticeView{Tone: toneAccent, Title: textSigningOut}, f.cancel)
}

// ended says what became of the login, and lets the browser end its own session too.
func (f *signOutFlow) ended(who workbench.TenantView, result workbench.SignedOut, err error) {
	f.onDone()
	if cancelled(err) && !begun(result) {
		f.panel.tell(who.Key, noticeView{})
		return
	}
	buttons := []fyne.CanvasObject{f.dismiss}
	if err != nil && !cancelled(err) && unreached(result) {
		buttons = []fyne.CanvasObject{f.drop, f.dismiss}
	}
	f.panel.tell(who.Key, signedOutNotice(who, result, err), buttons...)
	if result.EndSessionURL == "" {
		return
	}
	act(f.run, func(context.Context) error { return f.openURL(result.EndSessionURL) }, func(failed error) {
		if failed == nil {
			return
		}
		v := signedOutNotice(who, result, err)
		v.Lines[len(v.Lines)-1] = textEndSessionLost
		link := newButton(textCopyLink, nil, "", func() { f.copy(result.EndSessionURL) })
		f.panel.tell(who.Key, v, link, f.dismiss)
	})
}
