package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"partnerdesk/core/workbench"
)

// receiptDialog shows what was done to offboard a tenant. It stands by itself, as the tenant is gone from the
// window by then.
type receiptDialog struct {
	window  fyne.Window
	dialog  *dialog.CustomDialog
	receipt workbench.Receipt
	copy    *button
	close   *button
	// typedKey is who took the keys that nobody takes before the dialog was shown.
	typedKey func(*fyne.KeyEvent)
}

// receiptLabel is the width of the labels.
const receiptLabel = 120

func newReceiptDialog(window fyne.Window, r workbench.Receipt, copy func(string)) *receiptDialog {
	d := &receiptDialog{window: window, receipt: r}
	d.copy = newButton(textCopyReceipt, nil, "", func() { copy(r.Text()) })
	d.close = newButton(textCloseReceipt, nil, "", d.hide)
	d.close.Importance = widget.HighImportance
	lines := r.Lines()
	rows := make([]fyne.CanvasObject, 0, len(lines))
	for _, l := range lines[1:] { // the first is the title
		switch {
		case l.Text == "":
			rows = append(rows, newInset(0, 3, newParagraph(l.Label, lookBold())))
		case l.Label == "":
			rows = append(rows, newParagraph("• "+l.Text, look{}))
		default:
			rows = append(rows, &fyne.Container{Layout: &captioned{width: receiptLabel},
				Objects: []fyne.CanvasObject{newLine(l.Label, look{tone: colorMuted}), newInsetOf(0, 7, 0, 0, newParagraph(l.Text, look{}))}})
		}
	}
	spacer := layout.NewSpacer()
	foot := newInset(0, 4, newBar(6, spacer, spacer, d.copy, d.close))
	content := &fyne.Container{Layout: &sheet{canvas: window.Canvas()},
		Objects: []fyne.CanvasObject{newScrolledColumn(0, sheetRoom, rows...), foot}}
	d.dialog = dialog.NewCustomWithoutButtons(lines[0].Label, content, window)
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
