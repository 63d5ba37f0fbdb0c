package ui

import (
	"context"
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

// protectionDialog changes what guards the data file's key. It stays open to say how that went. All its fields
// belong to the user interface's goroutine.
type protectionDialog struct {
	window fyne.Window
	run    *runner
	desk   Desk
	dialog *dialog.CustomDialog

	kind              *choice
	meaning           *paragraph
	passphrase, again *entry
	secrets           *fyne.Container // the rows of the two
	told              *notice
	scroll            *container.Scroll
	content           *fyne.Container

	change, rotate, close *button
	// typedKey is who took the keys that nobody takes before the dialog was shown.
	typedKey func(*fyne.KeyEvent)
	current  *job
	closed   bool

	// onChanged is called when the protection may be another one.
	onChanged func()
	// onLate takes a failure of a change that the person did not wait for.
	onLate func(error)
}

func newProtectionDialog(window fyne.Window, run *runner, desk Desk, now tenant.ProtectionKind) *protectionDialog {
	d := &protectionDialog{window: window, run: run, desk: desk, told: newNotice(), meaning: newParagraph("", lookCaption())}
	d.passphrase = newPasswordEntry(fmt.Sprintf(textProtectMinimum, tenant.MinPassphrase))
	d.again = newPasswordEntry("")
	d.change = newButton(textProtectChange, nil, "", d.submit)
	d.change.Importance = widget.HighImportance
	d.rotate = newButton(textProtectRotate, nil, textProtectRotateHint, d.submitRotation)
	d.close = newButton(textCancel, nil, "", d.cancel)
	for _, field := range []*entry{d.passphrase, d.again} {
		field.OnSubmitted = func(string) { d.change.press() }
	}
	labels := make([]string, 0, len(protections()))
	chosen := 0
	for i, k := range protections() {
		labels = append(labels, protectionChoice(k))
		if k == now {
			chosen = i
		}
	}
	d.kind = newChoice(labels, func(string) { d.showKind() })
	d.content = d.layOut()
	d.dialog = dialog.NewCustomWithoutButtons(textProtectTitle, d.content, window)
	d.kind.SetSelectedIndex(chosen)
	return d
}

func (d *protectionDialog) layOut() *fyne.Container {
	row := func(caption string, field fyne.CanvasObject) fyne.CanvasObject {
		return &fyne.Container{Layout: &captioned{width: 110}, Objects: []fyne.CanvasObject{newLine(caption, look{}), field}}
	}
	d.secrets = newColumn(7, row(textProtectPassphrase, d.passphrase), row(textProtectAgain, d.again))
	d.scroll = newScrolledColumn(9, sheetRoom, row(textProtectKind, newColumn(3, d.kind, d.meaning)), d.secrets,
		newParagraph(textProtectOldBackups, look{tone: colorMuted}), newParagraph(textProtectRotateHint, look{tone: colorMuted}))
	spacer := layout.NewSpacer()
	foot := newInset(0, 4, newBar(6, spacer, d.rotate, spacer, d.close, d.change))
	return &fyne.Container{Layout: &sheet{canvas: d.window.Canvas()}, Objects: []fyne.CanvasObject{d.scroll, d.told.Container, foot}}
}

// chosen is the kind that is chosen.
func (d *protectionDialog) chosen() tenant.ProtectionKind {
	return protections()[max(0, d.kind.SelectedIndex())]
}

// showKind says what the choice means, and has the passphrase typed where there is to be one. What was said of
// another choice is taken back.
func (d *protectionDialog) showKind() {
	d.meaning.text = protectionMeaning(d.chosen())
	d.secrets.Hidden = d.chosen() != tenant.ByPassphrase
	d.told.set(noticeView{})
	d.fit()
}

func (d *protectionDialog) show() {
	canvas := d.window.Canvas()
	d.typedKey = canvas.OnTypedKey()
	canvas.SetOnTypedKey(func(key *fyne.KeyEvent) {
		if key.Name == fyne.KeyEscape {
			d.cancel()
		}
	})
	d.dialog.Show()
	d.fit()
	canvas.Focus(d.kind)
}

// cancel stops what is under way, and closes the dialog. A change that has switched already is done; the footer
// tells.
func (d *protectionDialog) cancel() {
	if d.current != nil {
		d.current.cancel()
	}
	d.closed = true
	d.forget()
	d.window.Canvas().SetOnTypedKey(d.typedKey)
	d.dialog.Hide()
}

// forget empties the fields of the passphrase.
func (d *protectionDialog) forget() {
	d.passphrase.SetText("")
	d.again.SetText("")
}

func (d *protectionDialog) fields() protectionFields {
	return protectionFields{Kind: d.chosen(), Passphrase: secret.New(d.passphrase.Text), Again: secret.New(d.again.Text)}
}

// submit changes the protection, unless the passphrase is not typed as it must be.
func (d *protectionDialog) submit() {
	f := d.fields()
	if err := f.validate(); err != nil {
		d.tell(noticeView{Tone: toneBad, Title: tenant.Sentence(err)})
		return
	}
	d.begin(textProtectChanging, func(ctx context.Context) (tenant.Protection, error) {
		return d.desk.ChangeProtection(ctx, f.Kind, f.Passphrase)
	}, protectionChanged)
}

func (d *protectionDialog) submitRotation() {
	d.begin(textProtectRotating, d.desk.RotateDataKey, keyRotated)
}

// begin changes the protection off the user interface's goroutine, and says how it went.
func (d *protectionDialog) begin(under string, change func(context.Context) (tenant.Protection, error), went func(tenant.Protection) noticeView) {
	d.allow(under)
	d.tell(noticeView{Tone: toneAccent, Title: under})
	d.current = perform(d.run, change, nil, func(p tenant.Protection, err error) {
		d.onChanged()
		if d.closed {
			if err != nil {
				d.onLate(err)
			}
			return
		}
		d.allow("")
		if c := d.window.Canvas(); c.Focused() == nil {
			c.Focus(d.close)
		}
		if err != nil {
			d.tell(explain(tenant.Explain(err)))
			return
		}
		d.forget()
		d.close.label(textProtectClose)
		d.tell(went(p))
	})
}

// allow lets the fields be used, unless there is a reason not to.
func (d *protectionDialog) allow(reason string) {
	d.change.allow(reason)
	d.rotate.allow(reason)
	for _, field := range []fyne.Disableable{d.kind, d.passphrase, d.again} {
		if reason == "" {
			field.Enable()
		} else {
			field.Disable()
		}
	}
}

// tell says above the buttons how it goes; the zero view takes it back.
func (d *protectionDialog) tell(v noticeView) {
	if d.told.set(v) {
		d.fit()
	}
}

// fit lays the dialog out anew after something in it has changed its height: as small as it can be.
func (d *protectionDialog) fit() {
	d.scroll.Content.Refresh()
	d.scroll.Refresh()
	d.content.Refresh()
	if d.dialog != nil {
		d.dialog.Resize(fyne.Size{})
	}
}

// changeProtection opens the dialog from the footer.
func (w *Window) changeProtection() {
	if w.scene == nil {
		return // it is not known yet what is to be changed
	}
	d := newProtectionDialog(w.Window, w.run, w.o.Desk, w.scene.protection.Kind)
	d.onChanged, d.onLate = w.refresh, w.fail
	d.show()
}
