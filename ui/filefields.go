package ui

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
)

// fileField is a form's field that a file fills: what it holds in a few words, the buttons to change that,
// and below them what else there is to say.
type fileField struct {
	root   *fyne.Container
	state  *line
	detail *paragraph
	remove *button
	empty  string
}

func newFileField(empty string, buttons ...fyne.CanvasObject) *fileField {
	f := &fileField{state: newLine("", lookCaption()), detail: newParagraph("", lookCaption()), empty: empty}
	f.remove = newButton(textTakeAway, nil, "", nil)
	row := newBar(6, f.state, append(append([]fyne.CanvasObject{f.state}, buttons...), f.remove)...)
	f.root = newColumn(3, row, f.detail)
	f.show(fileView{})
	return f
}

// fileView is what a fileField says; the zero value is an empty one.
type fileView struct {
	State, Detail         string
	StateTone, DetailTone tone
}

func (f *fileField) show(v fileView) {
	there := v.State != ""
	if !there {
		v.State, v.StateTone = f.empty, toneMuted
	}
	f.state.set(v.State, lookCaption().in(v.StateTone.text()))
	f.detail.text, f.detail.look.tone = v.Detail, v.DetailTone.text()
	f.detail.Hidden = v.Detail == ""
	f.detail.Refresh()
	f.remove.Hidden = !there
	f.root.Refresh()
}

// keyField takes an app's private key. One with a passphrase is opened here, so that nobody needs to ask for
// it again: what is stored is sealed in another way.
type keyField struct {
	file       *fileField
	root       *fyne.Container
	passphrase *entry
	open       *button
	unlock     *fyne.Container

	key secret.Text // as PEM, without a passphrase
	// locked is a key that still needs its passphrase.
	locked  secret.Text
	opening *job

	// next is the field that follows in the form.
	next fyne.Focusable

	run      *runner
	onRefuse func(noticeView)
	onResize func()
	onFocus  func(fyne.Focusable)
}

func newKeyField(run *runner, choose, paste func()) *keyField {
	k := &keyField{run: run}
	k.file = newFileField(textNoKey, newButton(textChooseFile, nil, "", choose), newButton(textPasteKey, nil, "", paste))
	k.file.remove.OnTapped = k.clear
	k.passphrase = newPasswordEntry(textPassphraseHint)
	k.passphrase.OnSubmitted = func(string) { k.open.press() }
	k.open = newButton(textOpenKey, nil, "", func() { k.read(k.locked, secret.New(k.passphrase.Text)) })
	k.open.Importance = widget.HighImportance
	k.unlock = newBar(6, k.passphrase, k.passphrase, k.open)
	k.unlock.Hide()
	k.root = newColumn(5, k.file.root, k.unlock)
	return k
}

// pending says why there is no key yet although one was chosen; empty where that is not so.
func (k *keyField) pending() string {
	switch {
	case k.opening != nil && !k.opening.finished:
		return textKeyOpening
	case !k.locked.Empty():
		return textKeyLocked
	}
	return ""
}

// clear takes the key away.
func (k *keyField) clear() {
	k.drop()
	k.key = secret.Text{}
	k.file.show(fileView{})
	k.onRefuse(noticeView{})
	k.onResize()
}

// drop forgets a key that is being opened, or waits for its passphrase.
func (k *keyField) drop() {
	if k.opening != nil {
		k.opening.cancel()
		k.opening = nil
	}
	k.locked = secret.Text{}
	k.passphrase.SetText("")
	k.unlock.Hide()
	k.busy(false)
}

// take reads a key that was chosen in the place of what is there.
func (k *keyField) take(text string) {
	k.drop()
	k.read(secret.New(text), secret.Text{})
}

// read opens a key off the user interface's goroutine, as deriving from a passphrase takes its time. A key
// that was chosen meanwhile is the one that counts.
func (k *keyField) read(text, passphrase secret.Text) {
	var mine *job
	k.busy(true)
	mine = perform(k.run, func(context.Context) (openedKey, error) { return openKey(text, passphrase) }, nil,
		func(opened openedKey, err error) {
			if k.opening != mine {
				return
			}
			k.busy(false)
			k.opened(text, opened, err)
		})
	k.opening = mine
}

func (k *keyField) busy(on bool) {
	if on {
		k.open.label(textOpeningKey)
		k.open.allow(textOpeningKey)
		return
	}
	k.open.label(textOpenKey)
	k.open.allow("")
}

// opened shows what came of reading a key. One that cannot be used leaves the one that was there.
func (k *keyField) opened(text secret.Text, opened openedKey, err error) {
	switch {
	case err == nil:
		if !k.locked.Empty() {
			k.onFocus(k.next) // the field that has the focus goes away
		}
		k.drop()
		k.key = opened.pem
		k.file.show(keyView(opened.info))
		k.onRefuse(noticeView{})
	case workbench.NeedsPassphrase(err):
		again := !k.locked.Empty()
		k.locked, k.key = text, secret.Text{}
		k.file.show(fileView{State: textKeyNeedsPassphrase, StateTone: toneWarning})
		k.unlock.Show()
		if again {
			k.onRefuse(explain(tenant.Explain(err)))
		} else {
			k.onRefuse(noticeView{})
		}
		k.onFocus(k.passphrase)
		k.passphrase.TypedShortcut(&fyne.ShortcutSelectAll{}) // the next one is typed over it
	default:
		k.onRefuse(explain(tenant.Explain(err)))
	}
	k.onResize()
}

// openedKey is a private key without its passphrase, and what may be said of it.
type openedKey struct {
	info workbench.KeyInfo
	pem  secret.Text
}

// openKey says what a key is as it came, and writes it as PEM.
func openKey(text, passphrase secret.Text) (openedKey, error) {
	info, err := workbench.CheckKey(text, passphrase)
	if err != nil {
		return openedKey{}, err
	}
	written, err := workbench.ConvertKey(text, passphrase, workbench.KeyPEM)
	return openedKey{info, written.Private}, err
}

// certificateField takes the certificate that is pinned in the place of the key set.
type certificateField struct {
	*fileField
	file string // as it was read, PEM or DER

	now      func() time.Time
	onRefuse func(noticeView)
	onResize func()
}

func newCertificateField(now func() time.Time, choose func()) *certificateField {
	c := &certificateField{now: now}
	c.fileField = newFileField(textNoCertificate, newButton(textChooseFile, nil, "", choose))
	c.remove.OnTapped = func() {
		c.file = ""
		c.show(fileView{})
		c.onResize()
	}
	return c
}

// take keeps a certificate, if it is one that can be pinned.
func (c *certificateField) take(file string) {
	view, err := workbench.CheckCertificate([]byte(file), c.now())
	if err != nil {
		c.onRefuse(explain(tenant.Explain(err)))
		return
	}
	c.file = file
	c.show(certificateVerdict(view, c.now().Location()))
	c.onRefuse(noticeView{})
	c.onResize()
}
