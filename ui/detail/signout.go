package detail

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
)

// signOutFlow ends one login at a time: it asks in the tenant's panel, and says there what became of it. All its
// fields belong to the user interface's goroutine.
type signOutFlow struct {
	run     *kit.Runner
	desk    Desk
	openURL func(string) error
	copy    func(string)
	panel   *Panel

	// who is the tenant of the question, or of the sign-out that is under way.
	who     workbench.TenantView
	current *kit.Job

	yes, stay, cancel *kit.Button
	drop, dismiss     *kit.Button

	onDone func()
}

func newSignOutFlow(run *kit.Runner, o Options, panel *Panel) *signOutFlow {
	f := &signOutFlow{run: run, desk: o.Desk, openURL: o.OpenURL, copy: o.Copy, panel: panel}
	f.yes = kit.NewButton(textSignOutNow.String(), nil, "", func() { f.begin(false) })
	f.yes.Importance = widget.DangerImportance
	f.stay = kit.NewButton(textStaySignedIn.String(), nil, "", func() { panel.say(kit.NoticeView{}) })
	f.cancel = kit.NewButton(kit.TextCancel.String(), nil, textCancelSignOutTip.String(), func() { f.current.Cancel() })
	f.drop = kit.NewButton(textDropLogin.String(), nil, textDropLoginTip.String(), func() { f.begin(true) })
	f.dismiss = kit.NewButton(kit.TextDismiss.String(), nil, "", func() { panel.say(kit.NoticeView{}) })
	return f
}

// busy reports whether a sign-out is under way.
func (f *signOutFlow) busy() bool { return f.current != nil && !f.current.Finished }

// ask asks inline, with the harmless answer in focus.
func (f *signOutFlow) ask(t workbench.TenantView) {
	f.who = t
	f.panel.say(signOutQuestion(t), f.yes, f.stay)
	f.panel.focus(f.stay)
}

// begin signs out of the tenant that was asked about.
func (f *signOutFlow) begin(drop bool) {
	if f.busy() {
		return
	}
	who := f.who
	request := workbench.SignOutRequest{Key: who.Key, Drop: drop}
	f.current = kit.Perform(f.run, func(ctx context.Context) (workbench.SignedOut, error) { return f.desk.SignOut(ctx, request) },
		nil, func(result workbench.SignedOut, err error) { f.ended(who, result, err) })
	f.panel.say(kit.NoticeView{Tone: kit.ToneAccent, Title: textSigningOut.String()}, f.cancel)
}

// ended says what became of the login, and lets the browser end its own session too.
func (f *signOutFlow) ended(who workbench.TenantView, result workbench.SignedOut, err error) {
	f.onDone()
	if cancelled(err) && !begun(result) {
		f.panel.tell(who.Key, kit.NoticeView{})
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
	kit.Act(f.run, func(context.Context) error { return f.openURL(result.EndSessionURL) }, func(failed error) {
		if failed == nil {
			return
		}
		v := signedOutNotice(who, result, err)
		v.Lines[len(v.Lines)-1] = textEndSessionLost.String()
		link := kit.NewButton(kit.TextCopyLink.String(), nil, "", func() { f.copy(result.EndSessionURL) })
		f.panel.tell(who.Key, v, link, f.dismiss)
	})
}
