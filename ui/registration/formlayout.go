package registration

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"partnerdesk/ui/kit"
	"partnerdesk/ui/words"
)

// makeFields makes the fields, filled with what they begin with.
func (d *form) makeFields() {
	f := d.first
	d.environment = newEnvironmentChoice(f.Environment, func() { d.showAddress(); d.changed(atAddress) })
	d.base, d.name = kit.NewEntry("https://…"), kit.NewEntry(textNameExample.String())
	d.id, d.redirect = kit.NewEntry(textClientIDExample.String()), kit.NewEntry("")
	d.secret, d.pattern = kit.NewPasswordEntry(textSecretExample.String()), kit.NewEntry(textPatternHint.String())
	d.name.Text, d.base.Text, d.id.Text, d.redirect.Text = f.Name, f.Base, f.ClientID, f.RedirectURI
	labels := make([]string, 0, len(protocols()))
	for _, p := range protocols() {
		labels = append(labels, protocolLabel(p))
	}
	d.exchange = kit.NewChoice(labels, nil)
	d.exchange.SetSelected(protocolLabel(f.Exchange))
	d.exchange.OnChanged = func(string) { d.changed(nowhere) }
	d.key = newKeyField(d.run, func() { d.choose([]string{".pem", ".xml", ".key"}, d.key.take) }, d.paste, d.o.Clipboard.SetContent)
	d.key.onFocus = func(o fyne.Focusable) { d.o.Window.Canvas().Focus(o) }
	d.key.next = d.redirect
	d.certificate = newCertificateField(d.now, func() { d.choose([]string{".crt", ".cer", ".pem"}, d.certificate.take) })
	d.guide = newGuide(d.edited == nil, d.o.Clipboard.SetContent, d.openPortal)
	d.guide.onFold = d.fit
	d.checklist = newChecklist()
	if d.edited != nil {
		d.fillKept()
	}
	d.makeSlots()
}

// fillKept shows what an edited registration has, without showing a secret.
func (d *form) fillKept() {
	r := d.edited
	d.name.Disable()
	if d.bound {
		d.environment.Disable()
		d.base.Disable()
		d.id.Disable()
	}
	if r.SecretFingerprint != "none" {
		d.secret.PlaceHolder = textSecretKept.With(r.SecretFingerprint)
	}
	if r.KeyFingerprint != "none" {
		d.key.keepStored(r.KeyFingerprint)
	}
	switch {
	case r.Certificate != nil:
		d.certificate.keepStored(r.Certificate)
	case r.CertificatePinned:
		d.certificate.keep = true // one that cannot be read is not thrown away by chance either
	}
}

// makeSlots puts each field into its place, and has it judged as it is typed and left.
func (d *form) makeSlots() {
	for at, entry := range map[place]*kit.Entry{atName: d.name, atClientID: d.id, atSecret: d.secret, atRedirect: d.redirect, atPattern: d.pattern} {
		d.slots[at] = newSlot(entry, entry)
		d.listen(at, entry)
	}
	d.address = kit.NewCaptioned(captionRoom(), kit.NewLine(textBaseURL.String(), kit.Look{}), d.base)
	d.slots[atAddress] = newSlot(kit.NewColumn(7, d.environment, d.address), d.environment)
	d.listen(atAddress, d.base)
	d.slots[atKey] = newSlot(d.key.root, d.key.file.buttons[0])
	d.slots[atCertificate] = newSlot(d.certificate.root, d.certificate.buttons[0])
	for at, hook := range map[place]struct {
		refuse *func(kit.NoticeView)
		change *func()
	}{atKey: {&d.key.onRefuse, &d.key.onChange}, atCertificate: {&d.certificate.onRefuse, &d.certificate.onChange}} {
		*hook.refuse = func(v kit.NoticeView) {
			if d.slots[at].find(v) {
				d.fit()
			}
		}
		*hook.change = func() {
			found := d.slots[at].found.Shown
			d.changed(at)
			d.slots[at].find(found) // what the field has just said of itself
			d.fit()
		}
	}
	d.showAddress()
}

func (d *form) listen(at place, entry *kit.Entry) {
	entry.OnChanged = func(string) { d.changed(at) }
	entry.OnLeave = func() {
		if s := d.slots[at]; s.touched && !s.left {
			s.left = true
			d.changed(nowhere)
		}
	}
	entry.OnSubmitted = func(string) { d.press() }
}

func (d *form) makeFoot() {
	d.state = kit.NewLine("", kit.Look{})
	d.cancel = kit.NewButton(kit.TextCancel.String(), nil, "", d.close)
	d.try = kit.NewButton(textCheck.String(), nil, textCheckTip.String(), d.toggleCheck)
	d.store = kit.NewButton(textSaveAnyway.String(), nil, "", d.save)
	d.lose = kit.NewButton(textLose.String(), nil, "", d.hide)
	d.lose.Importance = widget.DangerImportance
	d.stay = kit.NewButton(textKeepEditing.String(), nil, "", func() {
		d.Tell(kit.NoticeView{})
		d.lead(atName)
	})
}

// rowGap is between the rows: there are more of them than in other forms.
const rowGap = 8

// The width of the column of captions at least, and what is free after the longest caption.
const (
	leastCaption = 110
	afterCaption = 10
)

// captionRoom is the width of the column of captions: more than usual where the person's language has a longer word.
func captionRoom() float32 {
	room := float32(leastCaption)
	for _, caption := range []words.Phrase{textBaseURL, textName, textClientID, textClientSecret, textPrivateKey, textRedirectURI, textPattern, textExchange, textCertificate} {
		room = max(room, fyne.MeasureText(caption.String(), theme.TextSize(), fyne.TextStyle{}).Width+afterCaption)
	}
	return room
}

func (d *form) layOut(title string) {
	room := captionRoom()
	row := func(caption string, field fyne.CanvasObject) fyne.CanvasObject {
		return kit.NewCaptioned(room, kit.NewLine(caption, kit.Look{}), field)
	}
	heading := func(text string) fyne.CanvasObject {
		return kit.NewInsetOf(0, 6, 0, 0, kit.NewLine(text, kit.LookBold()))
	}
	exchange := kit.NewBar(0, nil, kit.NewFixed(210, 0, d.exchange))
	d.Dialog = kit.NewDialog(d.run, kit.DialogOptions{Window: d.o.Window, Title: title, Gap: rowGap, Escape: d.escape, Whole: d.whole},
		kit.NewBar(6, d.state, d.state, d.cancel, d.try, d.store),
		d.slots[atAddress].root, d.guide.root,
		heading(textShownPart.String()), kit.NewParagraph(textShownHint.String(), kit.LookCaption()),
		row(textName.String(), d.slots[atName].root), row(textClientID.String(), d.slots[atClientID].root),
		row(textClientSecret.String(), d.slots[atSecret].root), row(textPrivateKey.String(), d.slots[atKey].root),
		row(textRedirectURI.String(), d.slots[atRedirect].root), row(textPattern.String(), d.slots[atPattern].root),
		row(textExchange.String(), exchange), row(textCertificate.String(), d.slots[atCertificate].root),
		d.checklist.root)
	d.environment.OnFocus = d.Reveal
}

// whole is a field with what is said below it.
func (d *form) whole(field fyne.CanvasObject) fyne.CanvasObject {
	for _, s := range d.slots {
		if s.field == field {
			return s.root
		}
	}
	return field
}

// fit lays the form out anew after something in it has changed its height, once there is a form.
func (d *form) fit() {
	if d.Dialog != nil {
		d.Fit()
	}
}
