package detail

import (
	"context"

	"fyne.io/fyne/v2/widget"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
)

// offboardFlow removes one tenant at a time: it asks in the tenant's panel, and hands over the receipt. All its
// fields belong to the user interface's goroutine.
type offboardFlow struct {
	run   *kit.Runner
	desk  Desk
	panel *Panel

	// who is the tenant of the question, or of the removal that is under way.
	who     workbench.TenantView
	current *kit.Job

	yes, keep, cancel *kit.Button
	anyway, dismiss   *kit.Button

	onDone    func()
	onReceipt func(workbench.Receipt)
}

func newOffboardFlow(run *kit.Runner, desk Desk, panel *Panel) *offboardFlow {
	f := &offboardFlow{run: run, desk: desk, panel: panel}
	f.yes = kit.NewButton(kit.TextRemove.String(), nil, "", func() { f.begin(false) })
	f.yes.Importance = widget.DangerImportance
	f.keep = kit.NewButton(kit.TextKeep.String(), nil, "", func() { panel.say(kit.NoticeView{}) })
	f.cancel = kit.NewButton(kit.TextCancel.String(), nil, textCancelRemoveTip.String(), func() { f.current.Cancel() })
	f.anyway = kit.NewButton(textRemoveAnyway.String(), nil, textRemoveAnywayTip.String(), func() { f.begin(true) })
	f.anyway.Importance = widget.DangerImportance
	f.dismiss = kit.NewButton(kit.TextDismiss.String(), nil, "", func() { panel.say(kit.NoticeView{}) })
	return f
}

// busy reports whether a removal is under way.
func (f *offboardFlow) busy() bool { return f.current != nil && !f.current.Finished }

// ask asks inline, with the harmless answer in focus.
func (f *offboardFlow) ask(t workbench.TenantView) {
	f.who = t
	f.panel.say(removeQuestion(t), f.yes, f.keep)
	f.panel.focus(f.keep)
}

// begin removes the tenant that was asked about.
func (f *offboardFlow) begin(offline bool) {
	if f.busy() {
		return
	}
	key := f.who.Key
	request := workbench.OffboardRequest{Key: key, Offline: offline}
	f.current = kit.Perform(f.run, func(ctx context.Context) (workbench.Receipt, error) { return f.desk.Offboard(ctx, request) },
		nil, func(receipt workbench.Receipt, err error) { f.ended(key, receipt, err) })
	f.panel.say(kit.NoticeView{Tone: kit.ToneAccent, Title: textRemoving.String(), Lines: []string{textRemovingUntil.String()}}, f.cancel)
}

// ended hands the receipt over, or says why the tenant was kept.
func (f *offboardFlow) ended(key tenant.Key, receipt workbench.Receipt, err error) {
	f.onDone()
	switch {
	case err == nil:
		f.panel.tell(key, kit.NoticeView{})
		f.onReceipt(receipt)
	case cancelled(err) && !ended(receipt.RefreshToken) && !ended(receipt.AccessToken):
		f.panel.tell(key, kit.NoticeView{})
	case !cancelled(err) && mayRemoveAnyway(receipt):
		f.panel.tell(key, keptNotice(receipt, err), f.anyway, f.dismiss)
	default:
		f.panel.tell(key, keptNotice(receipt, err), f.dismiss)
	}
}
