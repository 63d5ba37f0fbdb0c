package registration

import (
	"io"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/widget"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
	"partnerdesk/ui/kit"
)

// form asks for a registration. It hands its fields to onSubmit, and stays open and filled
// until it is told that they were taken.
type form struct {
	window fyne.Window
	dialog *dialog.CustomDialog
	// chooser is the file dialog on top of this one, nil while there is none.
	chooser *dialog.FileDialog

	name, base, id   *kit.Entry
	secret, redirect *kit.Entry
	pattern          *kit.Entry
	environment      *kit.Choice
	exchange         *kit.Choice
	key              *keyField
	certificate      *certificateField
	redirectState    *kit.Paragraph
	patternState     *kit.Paragraph
	refused          *kit.Notice
	scroll           *container.Scroll
	content          *fyne.Container
	add, cancel      *kit.Button
	// typedKey is who took the keys that nobody takes before the dialog was shown.
	typedKey func(*fyne.KeyEvent)

	onSubmit func(fields)
	onCancel func()
	// onRead reads a chosen file off the user interface's goroutine and hands its content to the callback.
	onRead  func(io.ReadCloser, func(string))
	onPaste func() string
}

func newForm(window fyne.Window, run *kit.Runner, now func() time.Time) *form {
	d := &form{window: window, refused: kit.NewNotice()}
	d.name, d.base, d.id = kit.NewEntry("my app in stage"), kit.NewEntry(""), kit.NewEntry("32 hexadecimal digits")
	d.secret = kit.NewPasswordEntry("the application token; empty if the app has none")
	d.makeRedirect()
	labels := make([]string, 0, len(registrable()))
	for _, e := range registrable() {
		labels = append(labels, e.Label())
	}
	d.environment = kit.NewChoice(labels, func(string) { d.showBase() })
	d.environment.SetSelectedIndex(0)
	labels = labels[len(labels):]
	for _, p := range protocols() {
		labels = append(labels, protocolLabel(p))
	}
	d.exchange = kit.NewChoice(labels, nil)
	d.exchange.SetSelectedIndex(0)
	d.key = newKeyField(run, func() { d.choose([]string{".xml", ".pem", ".key", ".txt"}, d.key.take) }, d.paste)
	d.key.onRefuse, d.key.onResize, d.key.next = d.refuse, d.fit, d.redirect
	d.key.onFocus = func(o fyne.Focusable) { window.Canvas().Focus(o) }
	d.certificate = newCertificateField(now, func() { d.choose([]string{".crt", ".cer", ".pem"}, d.certificate.take) })
	d.certificate.onRefuse, d.certificate.onResize = d.refuse, d.fit
	d.add = kit.NewButton(textAdd.String(), nil, "", d.submit)
	d.add.Importance = widget.HighImportance
	d.cancel = kit.NewButton(kit.TextCancel.String(), nil, "", func() { d.onCancel() })
	for _, field := range []*kit.Entry{d.name, d.base, d.id, d.secret, d.redirect, d.pattern} {
		field.OnSubmitted = func(string) { d.add.Press() }
	}
	d.content = d.layOut()
	d.dialog = dialog.NewCustomWithoutButtons(textDialogTitle.String(), d.content, window)
	return d
}

// makeRedirect makes the redirect URI and what it is held against; each is judged as either is typed.
func (d *form) makeRedirect() {
	d.redirect, d.pattern = kit.NewEntry(""), kit.NewEntry(textPatternHint.String())
	d.redirectState, d.patternState = kit.NewParagraph("", kit.LookCaption()), kit.NewParagraph("", kit.LookCaption())
	judge := func(string) {
		d.say(d.redirectState, redirectVerdict, d.redirect.Text)
		d.say(d.patternState, func(pattern string) (string, kit.Tone) { return patternVerdict(pattern, d.redirect.Text) }, d.pattern.Text)
		if d.dialog != nil {
			d.fit()
		}
	}
	d.redirect.OnChanged, d.pattern.OnChanged = judge, judge
	d.redirect.SetText(tenant.DefaultRedirectURI)
}

// say shows the verdict on what was typed into a field.
func (d *form) say(where *kit.Paragraph, verdict func(string) (string, kit.Tone), typed string) {
	text, mood := verdict(typed)
	where.Text, where.Look.Tone = text, mood.Text()
	where.Hidden = text == ""
	where.Refresh()
}

func (d *form) layOut() *fyne.Container {
	rows := []fyne.CanvasObject{kit.NewParagraph(textDialogHint.String(), kit.Look{Tone: kit.ColorMuted})}
	for _, row := range []struct {
		caption string
		field   fyne.CanvasObject
	}{
		{textName.String(), d.name}, {textEnvironment.String(), d.environment}, {textBaseURL.String(), d.base}, {textClientID.String(), d.id},
		{textClientSecret.String(), d.secret}, {textPrivateKey.String(), d.key.root},
		{textRedirectURI.String(), kit.NewColumn(3, d.redirect, d.redirectState)},
		{textPattern.String(), kit.NewColumn(3, d.pattern, d.patternState)},
		{textExchange.String(), kit.NewBar(0, nil, kit.NewFixed(210, 0, d.exchange))}, {textCertificate.String(), d.certificate.root},
	} {
		rows = append(rows, kit.NewCaptioned(110, kit.NewLine(row.caption, kit.Look{}), row.field))
	}
	d.scroll = kit.NewScrolledColumn(7, kit.SheetRoom, rows...)
	d.watchFocus(d.scroll.Content)
	spacer := layout.NewSpacer()
	foot := kit.NewInset(0, 4, kit.NewBar(6, spacer, spacer, d.cancel, d.add))
	return kit.NewSheet(d.window.Canvas(), d.scroll, d.refused.Container, foot)
}

// watchFocus has every field below o scrolled into view when the focus comes to it.
func (d *form) watchFocus(o fyne.CanvasObject) {
	switch o := o.(type) {
	case *kit.Entry:
		o.OnFocus = d.reveal
	case *kit.Choice:
		o.OnFocus = d.reveal
	case *kit.Button:
		o.OnFocus = d.reveal
	case *fyne.Container:
		for _, child := range o.Objects {
			d.watchFocus(child)
		}
	}
}

// reveal scrolls a field into view: Fyne's scroll does not follow the focus.
func (d *form) reveal(o fyne.CanvasObject) {
	driver := fyne.CurrentApp().Driver()
	top := driver.AbsolutePositionForObject(o).Y - driver.AbsolutePositionForObject(d.scroll.Content).Y
	bottom := top + o.Size().Height
	switch offset := d.scroll.Offset.Y; {
	case top < offset:
		d.scroll.ScrollToOffset(fyne.NewPos(0, max(0, top-kit.SheetGap)))
	case bottom > offset+d.scroll.Size().Height:
		d.scroll.ScrollToOffset(fyne.NewPos(0, bottom+kit.SheetGap-d.scroll.Size().Height))
	}
}

func (d *form) show() {
	canvas := d.window.Canvas()
	d.typedKey = canvas.OnTypedKey()
	canvas.SetOnTypedKey(d.typed)
	d.dialog.Show()
	canvas.Focus(d.name)
}

// typed closes with Escape what is on top.
func (d *form) typed(key *fyne.KeyEvent) {
	switch {
	case key.Name != fyne.KeyEscape:
	case d.chooser != nil:
		d.chooser.Hide()
	default:
		d.onCancel()
	}
}

func (d *form) hide() {
	d.key.drop()
	d.window.Canvas().SetOnTypedKey(d.typedKey)
	d.dialog.Hide()
}

func (d *form) chosenEnvironment() tenant.Environment {
	return registrable()[max(0, d.environment.SelectedIndex())]
}

// showBase shows a fixed address, and lets a custom one be typed.
func (d *form) showBase() {
	if fixed := d.chosenEnvironment().BaseURL(); fixed != "" {
		d.base.SetText(fixed)
		d.base.Disable()
		return
	}
	d.base.SetText("")
	d.base.SetPlaceHolder("https://…")
	d.base.Enable()
}

// choose lets a file be chosen, and hands its content to take.
func (d *form) choose(extensions []string, take func(string)) {
	d.chooser = dialog.NewFileOpen(func(file fyne.URIReadCloser, err error) {
		switch {
		case err != nil:
			d.refuse(kit.Explain(tenant.Explain(err)))
		case file != nil:
			d.onRead(file, take)
		}
	}, d.window)
	d.chooser.SetOnClosed(func() { d.chooser = nil })
	d.chooser.SetFilter(storage.NewExtensionFileFilter(extensions))
	d.chooser.Show()
	d.chooser.Resize(fyne.NewSize(860, 560)) // Fyne's own size shows three files
}

func (d *form) paste() {
	text := d.onPaste()
	if !looksLikeKey(text) {
		d.refuse(kit.NoticeView{Tone: kit.ToneWarning, Title: textNoClipboardKey.String()})
		return
	}
	d.key.take(text)
}

func (d *form) fields() fields {
	return fields{
		Name: d.name.Text, Environment: d.chosenEnvironment(), Base: d.base.Text, ClientID: d.id.Text,
		ClientSecret: secret.New(d.secret.Text), PrivateKey: d.key.key, RedirectURI: d.redirect.Text,
		Exchange: protocols()[max(0, d.exchange.SelectedIndex())], Certificate: d.certificate.file,
	}
}

// submit hands the fields over, unless the key among them cannot be used yet.
func (d *form) submit() {
	if pending := d.key.pending(); pending != "" {
		d.refuse(kit.NoticeView{Tone: kit.ToneWarning, Title: pending})
		return
	}
	d.onSubmit(d.fields())
}

// busy shows that the fields are being stored.
func (d *form) busy(on bool) {
	if on {
		d.add.Label(textAdding.String())
		d.add.Allow(textAdding.String())
		return
	}
	d.add.Label(textAdd.String())
	d.add.Allow("")
}

// refuse says above the buttons what is wrong; the zero view takes it back.
func (d *form) refuse(v kit.NoticeView) {
	if d.refused.Set(v) {
		d.fit()
	}
}

// fit lays the dialog out anew after something in it has changed its height: as small as it can be.
func (d *form) fit() {
	d.scroll.Content.Refresh()
	d.scroll.Refresh()
	d.content.Refresh()
	d.dialog.Resize(fyne.Size{})
}
