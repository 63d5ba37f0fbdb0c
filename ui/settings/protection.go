package settings

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/words"
)

// protectionDialog changes what guards the data file's key. It stays open to say how that went. All its fields
// belong to the user interface's goroutine.
type protectionDialog struct {
	*kit.Dialog
	run  *kit.Runner
	desk Desk
	// now is what guards the key as long as nothing is changed.
	now tenant.ProtectionKind

	kind              *kit.Choice
	meaning           *kit.Paragraph
	passphrase, again *kit.Entry
	secrets           *fyne.Container // the rows of the two

	change, rotate, close *kit.Button
	current               *kit.Job

	// onChanged is called when the protection may be another one.
	onChanged func()
	// onLate takes a failure of a change that the person did not wait for.
	onLate func(error)
}

func newProtectionDialog(window fyne.Window, run *kit.Runner, desk Desk, now tenant.ProtectionKind) *protectionDialog {
	d := &protectionDialog{run: run, desk: desk, now: now, meaning: kit.NewParagraph("", kit.LookCaption())}
	d.passphrase = kit.NewPasswordEntry(textProtectMinimum.With(tenant.MinPassphrase))
	d.again = kit.NewPasswordEntry("")
	d.change = kit.NewButton(textProtectChange.String(), nil, "", d.submit)
	d.change.Importance = widget.HighImportance
	d.rotate = kit.NewButton(textProtectRotate.String(), nil, "", d.submitRotation)
	d.close = kit.NewButton(kit.TextCancel.String(), nil, "", d.cancel)
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
	d.secrets = kit.NewColumn(7, kit.NewField(textProtectPassphrase.String(), d.passphrase), kit.NewField(textProtectAgain.String(), d.again))
	d.Dialog = kit.NewDialog(run, kit.DialogOptions{Window: window, Title: textProtectTitle.String(), Gap: kit.DialogGap, Escape: d.cancel},
		kit.NewFoot([]fyne.CanvasObject{d.rotate}, d.close, d.change),
		kit.NewField(textProtectKind.String(), d.kind, d.meaning), d.secrets,
		kit.NewParagraph(textProtectOldBackups.String(), kit.Look{Tone: kit.ColorMuted}),
		kit.NewParagraph(textProtectRotateHint.String(), kit.Look{Tone: kit.ColorMuted}))
	d.kind.SetSelectedIndex(chosen)
	return d
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
	d.change.Allow(changeReason(d.now, d.chosen()))
	d.Told.Set(kit.NoticeView{})
	d.Fit()
}

// cancel stops what is under way, and closes the dialog. A change that has switched already is done; the footer
// tells.
func (d *protectionDialog) cancel() {
	if d.current != nil {
		d.current.Cancel()
	}
	d.forget()
	d.Hide()
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
		d.Tell(kit.NoticeView{Tone: kit.ToneBad, Title: words.Of(tenant.Sentence(err))})
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
	d.Tell(kit.NoticeView{Tone: kit.ToneAccent, Title: under})
	d.current = kit.Perform(d.run, change, nil, func(p tenant.Protection, err error) {
		d.onChanged()
		if err == nil {
			d.now = p.Kind
		}
		if !d.Open() {
			if err != nil {
				d.onLate(err)
			}
			return
		}
		d.allow("")
		d.change.Allow(changeReason(d.now, d.chosen()))
		d.Refocus(d.close)
		if err != nil {
			d.Tell(kit.Explain(tenant.Explain(err)))
			return
		}
		d.forget()
		d.close.Label(kit.TextClose.String())
		d.Tell(went(p))
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
