package detail

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
)

// receiptDialog shows what was done to offboard a tenant. It stands by itself, as the tenant is gone from the
// window by then.
type receiptDialog struct {
	window  fyne.Window
	dialog  *dialog.CustomDialog
	receipt workbench.Receipt
	copy    *kit.Button
	close   *kit.Button
	// typedKey is who took the keys that nobody takes before the dialog was shown.
	typedKey func(*fyne.KeyEvent)
}

// receiptLabel is the width of the labels.
const receiptLabel = 120

func newReceiptDialog(window fyne.Window, r workbench.Receipt, copy func(string)) *receiptDialog {
	d := &receiptDialog{window: window, receipt: r}
	lines := receiptLines(r)
	d.copy = kit.NewButton(textCopyReceipt.String(), nil, "", func() { copy(workbench.ReceiptText(lines)) })
	d.close = kit.NewButton(textCloseReceipt.String(), nil, "", d.hide)
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
	spacer := layout.NewSpacer()
	foot := kit.NewInset(0, 4, kit.NewBar(6, spacer, spacer, d.copy, d.close))
	content := kit.NewSheet(window.Canvas(), kit.NewScrolledColumn(0, kit.SheetRoom, rows...), foot)
	d.dialog = dialog.NewCustomWithoutButtons(lines[0].Label, kit.WithTips(content), window)
	return d
}

func (d *receiptDialog) show() {
	canvas := d.window.Canvas()
	d.typedKey = canvas.OnTypedKey()
	canvas.SetOnTypedKey(func(key *fyne.KeyEvent) {
		if key.Name == fyne.KeyEscape {
			d.hide()
		}
	})
	d.dialog.Show()
	canvas.Focus(d.close)
}

func (d *receiptDialog) hide() {
	d.window.Canvas().SetOnTypedKey(d.typedKey)
	d.dialog.Hide()
}
