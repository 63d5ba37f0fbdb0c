package ui

import (
	"context"

	"fyne.io/fyne/v2/widget"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
)

// offboardFlow removes one tenant at a time: it asks in the tenant's panel, and hands over the receipt. All its
// fields belong to the user interface's goroutine.
type offboardFlow struct {
	run   *runner
	desk  Desk
	panel *tenantPanel

	// who is the tenant of the question, or of the removal that is under way.
	who     workbench.TenantView
	current *job

	yes, keep, cancel *button
	anyway, dismiss   *button

	onDone    func()
	onReceipt func(workbench.Receipt)
}

func newOffboardFlow(run *runner, desk Desk, panel *tenantPanel) *offboardFlow {
	f := &offboardFlow{run: run, desk: desk, panel: panel}
	f.yes = newButton(textRemoveNow, nil, "", func() { f.begin(false) })
	f.yes.Importance = widget.DangerImportance
	f.keep = newButton(textKeep, nil, "", func() { panel.say(noticeView{}) })
	f.cancel = newButton(textCancel, nil, textCancelRemoveTip, func() { f.current.cancel() })
	f.anyway = newButton(textRemoveAnyway, nil, textRemoveAnywayTip, func() { f.begin(true) })
	f.anyway.Importance = widget.DangerImportance
	f.dismiss = newButton(textDismiss, nil, "", func() { panel.say(noticeView{}) })
	return f
}

// busy reports whether a removal is under way.
func (f *offboardFlow) busy() bool { return f.current != nil && !f.current.finished }

// ask asks inline, with the harmless answer in focus.
func (f *offboardFlow) ask(t workbench.TenantView) {
	f.who = t
	f.panel.say(removeQuestion(t), f.yes, f.keep)
	f.panel.onFocus(f.keep)
}

// begin removes the tenant that was asked about.
func (f *offboardFlow) begin(offline bool) {
	if f.busy() {
		return
	}
	key := f.who.Key
	request := workbench.OffboardRequest{Key: key, Offline: offline}
	f.current = perform(f.run, func(ctx context.Context) (workbench.Receipt, error) { return f.desk.Offboard(ctx, request) },
		nil, func(receipt workbench.Receipt, err error) { f.ended(key, receipt, err) })
	f.panel.say(noticeView{Tone: toneAccent, Title: textRemoving, Lines: []string{textRemovingUntil}}, f.cancel)
}

// ended hands the receipt over, or says why the tenant was kept.
func (f *offboardFlow) ended(key tenant.Key, receipt workbench.Receipt, err error) {
	f.onDone()
	switch {
	case err == nil:
		f.panel.tell(key, noticeView{})
		f.onReceipt(receipt)
	case cancelled(err) && !ended(receipt.RefreshToken) && !ended(receipt.AccessToken):
		f.panel.tell(key, noticeView{})
	case !cancelled(err) && mayRemoveAnyway(receipt):
		f.panel.tell(key, keptNotice(receipt, err), f.anyway, f.dismiss)
	default:
		f.panel.tell(key, keptNotice(receipt, err), f.dismiss)
	}
}
