package settings

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
	"partnerdesk/ui/kit"
)

// protectionDialog changes what guards the data file's key. It stays open to say how that went. All its fields
// belong to the user interface's goroutine.
type protectionDialog struct {
	window fyne.Window
	run    *kit.Runner
	desk   ProtectionDesk
	dialog *dialog.CustomDialog

	kind              *kit.Choice
	meaning           *kit.Paragraph
	passphrase, again *kit.Entry
	secrets           *fyne.Container // the rows of the two
	told              *kit.Notice
	scroll            *container.Scroll
	content           *fyne.Container

	change, rotate, close *kit.Button
	// typedKey is who took the keys that nobody takes before the dialog was shown.
	typedKey func(*fyne.KeyEvent)
	current  *kit.Job
	closed   bool

	// onChanged is called when the protection may be another one.
	onChanged func()
	// onLate takes a failure of a change that the person did not wait for.
	onLate func(error)
}

func newProtectionDialog(window fyne.Window, run *kit.Runner, desk ProtectionDesk, now tenant.ProtectionKind) *protectionDialog {
	d := &protectionDialog{window: window, run: run, desk: desk, told: kit.NewNotice(), meaning: kit.NewParagraph("", kit.LookCaption())}
	d.passphrase = kit.NewPasswordEntry(fmt.Sprintf(textProtectMinimum.String(), tenant.MinPassphrase))
	d.again = kit.NewPasswordEntry("")
	d.change = kit.NewButton(textProtectChange.String(), nil, "", d.submit)
	d.change.Importance = widget.HighImportance
	d.rotate = kit.NewButton(textProtectRotate.String(), nil, textProtectRotateHint.String(), d.submitRotation)
	d.close = kit.NewButton(textCancel.String(), nil, "", d.cancel)
	for _, field := range []*kit.Entry{d.passphrase, d.again} {
		field.OnSubmitted = func(string) { d.change.Press() }
	}
	labels := make([]string, 0, len(protections()))
	chosen := 0
	for i, k := range protections() {
		labels = append(labels, protectionChoice(k))
		if k == now {
			chosen = i
		}
	}
	d.kind = kit.NewChoice(labels, func(string) { d.showKind() })
	d.content = d.layOut()
	d.dialog = dialog.NewCustomWithoutButtons(textProtectTitle.String(), d.content, window)
	d.kind.SetSelectedIndex(chosen)
	return d
}

func (d *protectionDialog) layOut() *fyne.Container {
	row := func(caption string, field fyne.CanvasObject) fyne.CanvasObject {
		return kit.NewCaptioned(110, kit.NewLine(caption, kit.Look{}), field)
	}
	d.secrets = kit.NewColumn(7, row(textProtectPassphrase.String(), d.passphrase), row(textProtectAgain.String(), d.again))
	d.scroll = kit.NewScrolledColumn(9, kit.SheetRoom, row(textProtectKind.String(), kit.NewColumn(3, d.kind, d.meaning)), d.secrets,
		kit.NewParagraph(textProtectOldBackups.String(), kit.Look{Tone: kit.ColorMuted}), kit.NewParagraph(textProtectRotateHint.String(), kit.Look{Tone: kit.ColorMuted}))
	spacer := layout.NewSpacer()
	foot := kit.NewInset(0, 4, kit.NewBar(6, spacer, d.rotate, spacer, d.close, d.change))
	return kit.NewSheet(d.window.Canvas(), d.scroll, d.told.Container, foot)
}

// chosen is the kind that is chosen.
func (d *protectionDialog) chosen() tenant.ProtectionKind {
	return protections()[max(0, d.kind.SelectedIndex())]
}

// showKind says what the choice means, and has the passphrase typed where there is to be one. What was said of
// another choice is taken back.
func (d *protectionDialog) showKind() {
	d.meaning.Text = protectionMeaning(d.chosen())
	d.secrets.Hidden = d.chosen() != tenant.ByPassphrase
	d.told.Set(kit.NoticeView{})
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
		d.current.Cancel()
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
		d.tell(kit.NoticeView{Tone: kit.ToneBad, Title: tenant.Sentence(err)})
		return
	}
	d.begin(textProtectChanging.String(), func(ctx context.Context) (tenant.Protection, error) {
		return d.desk.ChangeProtection(ctx, f.Kind, f.Passphrase)
	}, protectionChanged)
}

func (d *protectionDialog) submitRotation() {
	d.begin(textProtectRotating.String(), d.desk.RotateDataKey, keyRotated)
}

// begin changes the protection off the user interface's goroutine, and says how it went.
func (d *protectionDialog) begin(under string, change func(context.Context) (tenant.Protection, error), went func(tenant.Protection) kit.NoticeView) {
	d.allow(under)
	d.tell(kit.NoticeView{Tone: kit.ToneAccent, Title: under})
	d.current = kit.Perform(d.run, change, nil, func(p tenant.Protection, err error) {
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
			d.tell(kit.Explain(tenant.Explain(err)))
			return
		}
		d.forget()
		d.close.Label(textProtectClose.String())
		d.tell(went(p))
	})
}

// allow lets the fields be used, unless there is a reason not to.
func (d *protectionDialog) allow(reason string) {
	d.change.Allow(reason)
	d.rotate.Allow(reason)
	for _, field := range []fyne.Disableable{d.kind, d.passphrase, d.again} {
		if reason == "" {
			field.Enable()
		} else {
			field.Disable()
		}
	}
}

// tell says above the buttons how it goes; the zero view takes it back.
func (d *protectionDialog) tell(v kit.NoticeView) {
	if d.told.Set(v) {
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
