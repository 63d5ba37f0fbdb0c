package detail

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
)

// receiptDialog shows what was done to offboard a tenant. It stands by itself, as the tenant is gone from the
// window by then.
type receiptDialog struct {
	*kit.Dialog
	receipt workbench.Receipt
	copy    *kit.Button
	close   *kit.Button
}

// receiptLabel is the width of the labels.
const receiptLabel = 120

func newReceiptDialog(run *kit.Runner, window fyne.Window, r workbench.Receipt, copy func(string)) *receiptDialog {
	d := &receiptDialog{receipt: r}
	lines := receiptLines(r)
	d.copy = kit.NewButton(textCopyReceipt.String(), nil, "", func() { copy(workbench.ReceiptText(lines)) })
	d.close = kit.NewButton(kit.TextClose.String(), nil, "", func() { d.Hide() })
	d.close.Importance = widget.HighImportance
	rows := make([]fyne.CanvasObject, 0, len(lines))
	for _, l := range lines[1:] { // the first is the title
		switch {
		case l.Text == "":
			rows = append(rows, kit.NewInsetOf(0, 12, 0, 1, kit.NewParagraph(l.Label, kit.LookBold())))
		case l.Label == "":
			rows = append(rows, kit.NewParagraph("• "+l.Text, kit.Look{}))
		default:
			rows = append(rows, kit.NewCaptioned(receiptLabel, kit.NewLine(l.Label, kit.Look{Tone: kit.ColorMuted}), kit.NewInsetOf(0, 7, 0, 0, kit.NewParagraph(l.Text, kit.Look{}))))
		}
	}
	d.Dialog = kit.NewDialog(run, kit.DialogOptions{Window: window, Title: lines[0].Label, Escape: func() { d.Hide() }},
		kit.NewFoot(nil, d.copy, d.close), rows...)
	return d
}
