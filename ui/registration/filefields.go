package registration

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
)

// fileField is a form's field that a file fills: what it holds in a few words, the buttons to change that,
// and below them what else there is to say.
type fileField struct {
	buttons []*kit.Button
	root    *fyne.Container
	state   *kit.Line
	detail  *kit.Paragraph
	remove  *kit.Button
	empty   string
}

func newFileField(empty string, buttons ...*kit.Button) *fileField {
	f := &fileField{state: kit.NewLine("", kit.LookCaption()), detail: kit.NewParagraph("", kit.LookCaption()), empty: empty, buttons: buttons}
	f.remove = kit.NewIconButton(theme.DeleteIcon(), textTakeAway.String(), nil)
	row := kit.NewBar(6, f.state, f.state)
	for _, b := range append(buttons, f.remove) {
		row.Add(b)
	}
	f.root = kit.NewColumn(3, row, f.detail)
	f.show(fileView{})
	return f
}

// fileView is what a fileField says; the zero value is an empty one.
type fileView struct {
	State, Detail         string
	StateTone, DetailTone kit.Tone
}

func (f *fileField) show(v fileView) {
	there := v.State != ""
	if !there {
		v.State, v.StateTone = f.empty, kit.ToneMuted
	}
	f.state.Set(v.State, kit.LookCaption().In(v.StateTone.Text()))
	f.detail.Text, f.detail.Look.Tone = v.Detail, v.DetailTone.Text()
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
	passphrase *kit.Entry
	open       *kit.Button
	unlock     *fyne.Container

	key secret.Text // as PEM, without a passphrase
	// publicHalf is the key's, as XML.
	publicHalf string
	// locked is a key that still needs its passphrase.
	locked  secret.Text
	opening *kit.Job

	// stored is the fingerprint of the key that an edited registration has, "" where there is none; keep is true
	// while that one stays.
	stored string
	keep   bool
	public *kit.Button
	// next is the field that follows in the form.
	next fyne.Focusable

	run      *kit.Runner
	onRefuse func(kit.NoticeView)
	onChange func()
	onFocus  func(fyne.Focusable)
}

func newKeyField(run *kit.Runner, choose, paste func(), clip func(string)) *keyField {
	k := &keyField{run: run}
	k.public = kit.NewIconButton(theme.ContentCopyIcon(), textCopyPublic.String(), func() {
		clip(k.publicHalf)
		k.public.SetIcon(theme.ConfirmIcon())
	})
	k.public.Hide()
	k.file = newFileField(textNoKey.String(), kit.NewButton(textChooseFile.String(), nil, "", choose), kit.NewButton(textPasteKey.String(), nil, "", paste), k.public)
	k.file.remove.OnTapped = k.clear
	k.passphrase = kit.NewPasswordEntry(textPassphraseHint.String())
	k.passphrase.OnSubmitted = func(string) { k.open.Press() }
	k.open = kit.NewButton(textOpenKey.String(), nil, "", func() { k.read(k.locked, secret.New(k.passphrase.Text)) })
	k.open.Importance = widget.HighImportance
	k.unlock = kit.NewBar(6, k.passphrase, k.passphrase, k.open)
	k.unlock.Hide()
	k.root = kit.NewColumn(5, k.file.root, k.unlock)
	return k
}

// keepStored shows the key that an edited registration has, and keeps it.
func (k *keyField) keepStored(fingerprint string) {
	k.stored, k.keep = fingerprint, true
	k.file.show(fileView{State: textKeyKept.With(fingerprint), StateTone: kit.ToneGood})
}

// pending says why there is no key yet although one was chosen; empty where that is not so.
func (k *keyField) pending() string {
	switch {
	case k.opening != nil && !k.opening.Finished:
		return textKeyOpening.String()
	case !k.locked.Empty():
		return textKeyLocked.String()
	}
	return ""
}

// clear takes the key away. What was stored before comes back first, and is taken away after that.
func (k *keyField) clear() {
	back := k.stored != "" && !k.keep
	k.drop()
	k.key, k.keep = secret.Text{}, false
	k.file.show(fileView{})
	k.showPublic("")
	if back {
		k.keepStored(k.stored)
	}
	k.onRefuse(kit.NoticeView{})
	k.onChange()
}

// showPublic offers the public half to be copied, "" where there is none.
func (k *keyField) showPublic(xml string) {
	k.publicHalf = xml
	k.public.SetIcon(theme.ContentCopyIcon())
	k.public.Hidden = xml == ""
	k.file.root.Refresh()
}

// drop forgets a key that is being opened, or waits for its passphrase.
func (k *keyField) drop() {
	if k.opening != nil {
		k.opening.Cancel()
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
	var mine *kit.Job
	k.busy(true)
	mine = kit.Perform(k.run, func(context.Context) (openedKey, error) { return openKey(text, passphrase) }, nil,
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
		k.open.Label(textOpeningKey.String())
		k.open.Allow(textOpeningKey.String())
		return
	}
	k.open.Label(textOpenKey.String())
	k.open.Allow("")
}

// opened shows what came of reading a key. One that cannot be used leaves the one that was there.
func (k *keyField) opened(text secret.Text, opened openedKey, err error) {
	switch {
	case err == nil:
		if !k.locked.Empty() {
			k.onFocus(k.next) // the field that has the focus goes away
		}
		k.drop()
		k.key, k.keep = opened.pem, false
		k.file.show(keyView(opened.info))
		k.showPublic(opened.public)
		k.onRefuse(kit.NoticeView{})
	case workbench.NeedsPassphrase(err):
		again := !k.locked.Empty()
		k.locked, k.key, k.keep = text, secret.Text{}, false
		k.showPublic("")
		k.file.show(fileView{State: textKeyNeedsPassphrase.String(), StateTone: kit.ToneWarning})
		k.unlock.Show()
		if again {
			k.onRefuse(kit.Explain(tenant.Explain(err)))
		} else {
			k.onRefuse(kit.NoticeView{})
		}
		k.onFocus(k.passphrase)
		k.passphrase.TypedShortcut(&fyne.ShortcutSelectAll{}) // the next one is typed over it
	default:
		k.onRefuse(kit.Explain(tenant.Explain(err)))
	}
	k.onChange()
}

// openedKey is a private key without its passphrase, its public half as XML, and what may be said of it.
type openedKey struct {
	info   workbench.KeyInfo
	pem    secret.Text
	public string
}

// openKey says what a key is as it came, and writes it as PEM.
func openKey(text, passphrase secret.Text) (openedKey, error) {
	info, err := workbench.CheckKey(text, passphrase)
	if err != nil {
		return openedKey{}, err
	}
	written, err := workbench.ConvertKey(text, passphrase, workbench.KeyPEM)
	if err != nil {
		return openedKey{}, err
	}
	listed, err := workbench.ConvertKey(written.Private, secret.Text{}, workbench.KeyXML)
	return openedKey{info, written.Private, listed.Public}, err
}
