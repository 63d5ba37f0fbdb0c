package ui

import (
	"io"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/widget"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

// registrationDialog asks for a registration. It knows nothing of the workbench: it hands its fields to
// onSubmit, and stays open and filled until it is told that they were taken.
type registrationDialog struct {
	window fyne.Window
	dialog *dialog.CustomDialog

	name, base, id   *widget.Entry
	secret, redirect *widget.Entry
	environment      *widget.Select
	keyState         *line
	redirectState    *paragraph
	refused          *notice
	content          *fyne.Container
	add, cancel      *button
	key              secret.Text

	onSubmit func(registrationFields)
	onCancel func()
	// onRead reads a chosen file off the user interface's goroutine and hands its text to the callback.
	onRead  func(io.ReadCloser, func(string))
	onKey   func(secret.Text) (bits int, err error)
	onPaste func() string
}

func newRegistrationDialog(window fyne.Window) *registrationDialog {
	d := &registrationDialog{window: window, refused: newNotice(), keyState: newLine(textNoKey, lookCaption())}
	d.name, d.base, d.id, d.redirect = widget.NewEntry(), widget.NewEntry(), widget.NewEntry(), widget.NewEntry()
	d.secret = widget.NewPasswordEntry()
	d.name.SetPlaceHolder("my app in stage")
	d.id.SetPlaceHolder("32 hexadecimal digits")
	d.secret.SetPlaceHolder("the application token; empty if the app has none")
	d.redirectState = newParagraph("", lookCaption())
	d.redirect.OnChanged = d.judgeRedirect
	d.redirect.SetText(tenant.DefaultRedirectURI)
	labels := make([]string, 0, len(registrable()))
	for _, e := range registrable() {
		labels = append(labels, e.Label())
	}
	d.environment = widget.NewSelect(labels, func(string) { d.showBase() })
	d.environment.SetSelectedIndex(0)
	d.add = newButton(textAdd, nil, "", func() { d.onSubmit(d.fields()) })
	d.add.Importance = widget.HighImportance
	d.cancel = newButton(textCancel, nil, "", func() { d.onCancel() })
	for _, field := range []*widget.Entry{d.name, d.base, d.id, d.secret, d.redirect} {
		field.OnSubmitted = func(string) { d.add.press() }
	}
	d.content = d.layOut()
	d.dialog = dialog.NewCustomWithoutButtons(textDialogTitle, newWide(620, d.content), window)
	return d
}

func (d *registrationDialog) layOut() *fyne.Container {
	file := newButton(textChooseFile, nil, "", d.chooseFile)
	paste := newButton(textPasteKey, nil, "", d.paste)
	rows := newColumn(7, newParagraph(textDialogHint, look{tone: colorMuted}))
	for _, row := range []struct {
		caption string
		field   fyne.CanvasObject
	}{
		{textName, d.name}, {textEnvironment, d.environment}, {textBaseURL, d.base}, {textClientID, d.id},
		{textClientSecret, d.secret}, {textPrivateKey, newBar(6, d.keyState, file, paste, d.keyState)},
		{textRedirectURI, newColumn(3, d.redirect, d.redirectState)},
	} {
		rows.Add(&fyne.Container{Layout: &captioned{width: 110}, Objects: []fyne.CanvasObject{newLine(row.caption, look{}), row.field}})
	}
	rows.Add(d.refused.Container)
	spacer := layout.NewSpacer()
	rows.Add(newInset(0, 4, newBar(6, spacer, spacer, d.cancel, d.add)))
	return rows
}

func (d *registrationDialog) show() {
	d.dialog.Show()
	d.window.Canvas().Focus(d.name)
}

func (d *registrationDialog) hide() { d.dialog.Hide() }

func (d *registrationDialog) chosenEnvironment() tenant.Environment {
	return registrable()[max(0, d.environment.SelectedIndex())]
}

// showBase shows a fixed address, and lets a custom one be typed.
func (d *registrationDialog) showBase() {
	if fixed := d.chosenEnvironment().BaseURL(); fixed != "" {
		d.base.SetText(fixed)
		d.base.Disable()
		return
	}
	d.base.SetText("")
	d.base.SetPlaceHolder("https://…")
	d.base.Enable()
}

func (d *registrationDialog) judgeRedirect(s string) {
	text, mood := redirectVerdict(s)
	d.redirectState.text, d.redirectState.look.tone = text, mood.text()
	d.redirectState.Refresh()
}

func (d *registrationDialog) chooseFile() {
	chooser := dialog.NewFileOpen(func(file fyne.URIReadCloser, err error) {
		switch {
		case err != nil:
			d.refuse(explain(tenant.Explain(err)))
		case file != nil:
			d.onRead(file, d.takeKey)
		}
	}, d.window)
	chooser.SetFilter(storage.NewExtensionFileFilter([]string{".xml", ".pem", ".key", ".txt"}))
	chooser.Show()
	chooser.Resize(fyne.NewSize(860, 560)) // Fyne's own size shows three files
}

func (d *registrationDialog) paste() {
	text := d.onPaste()
	if !looksLikeKey(text) {
		d.refuse(noticeView{Tone: toneWarning, Title: textNoClipboardKey})
		return
	}
	d.takeKey(text)
}

// takeKey keeps a key and shows its kind and fingerprint, never the key.
func (d *registrationDialog) takeKey(text string) {
	key := secret.New(text)
	bits, err := d.onKey(key)
	if err != nil {
		d.refuse(explain(tenant.Explain(err)))
		return
	}
	d.key = key
	verdict, mood := keyVerdict(key, bits)
	l := d.keyState.look
	l.tone = mood.text()
	d.keyState.set(verdict, l)
	d.refuse(noticeView{})
}

func (d *registrationDialog) fields() registrationFields {
	return registrationFields{
		Name: d.name.Text, Environment: d.chosenEnvironment(), Base: d.base.Text, ClientID: d.id.Text,
		ClientSecret: secret.New(d.secret.Text), PrivateKey: d.key, RedirectURI: d.redirect.Text,
	}
}

// busy shows that the fields are being stored.
func (d *registrationDialog) busy(on bool) {
	if on {
		d.add.label(textAdding)
		d.add.allow(textAdding)
		return
	}
	d.add.label(textAdd)
	d.add.allow("")
}

// refuse says above the buttons what is wrong; the zero view takes it back.
func (d *registrationDialog) refuse(v noticeView) {
	if d.refused.set(v) {
		d.content.Refresh()
		d.dialog.Resize(fyne.Size{}) // as small as it can be with, or without, the notice
	}
}

// captioned puts a caption of a fixed width before a field.
type captioned struct{ width float32 }

// HeightFor returns the field's height.
func (l *captioned) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	return heightFor(objects[1], width-l.width)
}

// MinSize is part of Fyne's Layout.
func (l *captioned) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return objects[1].MinSize().AddWidthHeight(l.width, 0)
}

// Layout is part of Fyne's Layout.
func (l *captioned) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	caption := objects[0].MinSize()
	objects[0].Move(fyne.NewPos(0, 7))
	objects[0].Resize(fyne.NewSize(l.width-8, caption.Height))
	objects[1].Move(fyne.NewPos(l.width, 0))
	objects[1].Resize(fyne.NewSize(size.Width-l.width, size.Height))
}
