package registration

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
)

// plainKey is a key as SuperOffice hands them out.
func plainKey(t *testing.T) workbench.WrittenKey {
	t.Helper()
	key, err := workbench.GenerateKey(1024, workbench.KeyXML)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func testFile(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func TestRegistrationDialogStaysOpenWhenRefused(t *testing.T) {
	b := open(t, kit.Light)
	d := b.form()
	refuse := true
	b.desk.add = func(tenant.Registration) error {
		if refuse {
			return &tenant.Problem{Op: "add", Explanation: tenant.Explanation{What: "There is one of that name."}}
		}
		return nil
	}
	hidden := false
	d.dialog.SetOnClosed(func() { hidden = true })
	b.tap(d.add)
	if !d.refused.Visible() || hidden {
		t.Fatal("an empty form was taken")
	}
	if bottom := d.content.Size().Height; d.refused.Size().Height < 20 || d.refused.Position().Y+d.refused.Size().Height > bottom {
		t.Errorf("the refusal is laid out at %v, %v high, in a form %v high", d.refused.Position(), d.refused.Size().Height, bottom)
	}
	d.name.SetText("Stage")
	d.environment.SetSelected(tenant.Stage.Label())
	if d.base.Text != "https://qaonline.superoffice.com" || !d.base.Disabled() {
		t.Errorf("the address of stage is %q", d.base.Text)
	}
	d.id.SetText("0123456789abcdef0123456789abcdef")
	d.redirect.SetText("http://localhost:5000")
	if d.redirectState.Look.Tone != kit.ToneBad.Text() {
		t.Error("localhost is not refused as it is typed")
	}
	d.redirect.SetText(tenant.DefaultRedirectURI)
	b.app.Clipboard().SetContent("hello")
	d.paste()
	if !d.key.key.Empty() {
		t.Error("any text is taken for a key")
	}
	b.app.Clipboard().SetContent("-----BEGIN PRIVATE KEY-----\nbroken\n-----END PRIVATE KEY-----")
	d.paste()
	b.until("the refusal of the key", func() bool { return d.refused.Shown.Title == "The app's private key cannot be used." })
	if !d.key.key.Empty() || d.key.pending() != "" {
		t.Error("a broken key is kept")
	}
	key := plainKey(t)
	b.app.Clipboard().SetContent(key.Private.Reveal())
	d.paste()
	b.until("the key", func() bool { return !d.key.key.Empty() })
	if want := "RSAKeyValue XML, 1024 bits, fingerprint " + key.Fingerprint; d.key.file.state.Text != want || !strings.Contains(d.key.file.detail.Text, "weak") {
		t.Errorf("the key's line says %q, below it %q", d.key.file.state.Text, d.key.file.detail.Text)
	}
	b.tap(d.add)
	b.until("the refusal", func() bool { return d.refused.Shown.Title == "There is one of that name." })
	if hidden || d.name.Text != "Stage" || d.add.Disabled() {
		t.Error("the form must stay open and filled")
	}
	refuse = false
	b.tap(d.add)
	b.until("the new registration to be used", func() bool { return hidden && slices.Equal(b.stored, []string{"Stage"}) })
}

// passphrase opens testdata/encrypted-key.pem.
const passphrase = "open sesame"

func TestAnEncryptedKeyAsksForItsPassphrase(t *testing.T) {
	b := open(t, kit.Light)
	added := make(chan tenant.Registration, 1)
	b.desk.add = func(r tenant.Registration) error { added <- r; return nil }
	d := b.form()
	d.name.SetText("Stage")
	d.id.SetText("0123456789abcdef0123456789abcdef")
	if d.key.unlock.Visible() {
		t.Error("a passphrase is asked for before there is a key")
	}
	d.key.take(testFile(t, "encrypted-key.pem"))
	b.until("the question", d.key.unlock.Visible)
	if b.Canvas().Focused() != fyne.Focusable(d.key.passphrase) || d.refused.Visible() {
		t.Error("the question is no refusal, and has the focus")
	}
	b.tap(d.add)
	if d.refused.Shown.Title != textKeyLocked.String() || len(added) != 0 {
		t.Errorf("with a locked key Add says %q", d.refused.Shown.Title)
	}
	test.Type(d.key.passphrase, "open barley")
	b.tap(d.key.open)
	b.until("the refusal", func() bool { return d.refused.Shown.Title == "The app's private key cannot be used." })
	if !d.key.unlock.Visible() || !strings.Contains(strings.Join(d.refused.Shown.Lines, "\n"), "passphrase") || d.key.open.Disabled() {
		t.Errorf("after a wrong passphrase: %+v", d.refused.Shown)
	}
	test.Type(d.key.passphrase, passphrase) // over the wrong one, which is marked
	d.key.passphrase.OnSubmitted(passphrase)
	b.until("the key", func() bool { return !d.key.key.Empty() })
	if d.key.unlock.Visible() || d.refused.Visible() || d.key.passphrase.Text != "" {
		t.Error("the question is still there")
	}
	if b.Canvas().Focused() != fyne.Focusable(d.redirect) {
		t.Error("the focus is lost")
	}
	b.tap(d.add)
	if key, err := workbench.CheckKey((<-added).PrivateKey, secret.Text{}); err != nil || key.Encrypted {
		t.Errorf("the registration has the key %+v, %v", key, err)
	}
}

func TestAKeyCanBeTakenAwayOrReplacedBeforeItIsOpened(t *testing.T) {
	b := open(t, kit.Light)
	d := b.form()
	encrypted, plain := testFile(t, "encrypted-key.pem"), plainKey(t)
	d.key.take(encrypted)
	b.until("the question", d.key.unlock.Visible)
	b.tap(d.key.file.remove)
	if d.key.pending() != "" || d.key.unlock.Visible() || d.key.file.state.Text != textNoKey.String() {
		t.Errorf("taken away, it says %q", d.key.file.state.Text)
	}
	d.key.take(encrypted)
	overtaken := d.key.opening
	d.key.take(plain.Private.Reveal())
	b.until("both answers", func() bool { return overtaken.Finished && !d.key.key.Empty() })
	if d.key.unlock.Visible() || !strings.Contains(d.key.file.state.Text, plain.Fingerprint) {
		t.Errorf("the key that was chosen first is shown: %q", d.key.file.state.Text)
	}
}

func TestTheDialogTakesExchangeAndCertificate(t *testing.T) {
	b := open(t, kit.Light)
	added := make(chan tenant.Registration, 2)
	b.desk.add = func(r tenant.Registration) error { added <- r; return nil }
	d := b.form()
	d.name.SetText("Stage")
	d.id.SetText("0123456789abcdef0123456789abcdef")
	d.certificate.take("hello")
	if d.refused.Shown.Title != "The certificate cannot be used." || d.certificate.file != "" {
		t.Errorf("no certificate is answered by %q", d.refused.Shown.Title)
	}
	pinned := testFile(t, "certificate.crt")
	d.certificate.take(pinned)
	if !strings.Contains(d.certificate.state.Text, "Federated Login") || !strings.Contains(d.certificate.detail.Text, "thumbprint") || d.refused.Visible() {
		t.Errorf("the certificate is shown as %q, %q", d.certificate.state.Text, d.certificate.detail.Text)
	}
	b.tap(d.certificate.remove)
	if d.certificate.file != "" || d.certificate.state.Text != textNoCertificate.String() {
		t.Error("the certificate cannot be taken away")
	}
	d.certificate.take(pinned)
	if got := d.exchange.Options[d.exchange.SelectedIndex()]; got != "REST (recommended)" {
		t.Errorf("proposed is %q", got)
	}
	d.exchange.SetSelected("SOAP")
	b.tap(d.add)
	if r := <-added; r.Exchange != tenant.SOAP || r.Certificate != pinned {
		t.Errorf("the registration has exchange %q, and %d bytes of certificate", r.Exchange, len(r.Certificate))
	}
}

func TestThePatternIsJudgedAsEitherFieldIsTyped(t *testing.T) {
	d := open(t, kit.Light).form()
	if d.patternState.Visible() {
		t.Error("there is a verdict without a pattern")
	}
	test.Type(d.pattern, `^http://127.0.0.1\:\d{4,10}$`)
	if d.patternState.Text != textPatternFits.String() {
		t.Errorf("the verdict is %q", d.patternState.Text)
	}
	d.redirect.SetText("http://127.0.0.1:0/back")
	if d.patternState.Look.Tone != kit.ToneBad.Text() {
		t.Errorf("the verdict is %q", d.patternState.Text)
	}
}

func TestEscapeClosesTheDialogFromEveryField(t *testing.T) {
	b := open(t, kit.Light)
	escape := &fyne.KeyEvent{Name: fyne.KeyEscape}
	for name, focus := range map[string]func(*form) fyne.Focusable{
		"entry":    func(d *form) fyne.Focusable { return d.id },
		"password": func(d *form) fyne.Focusable { return d.secret },
		"select":   func(d *form) fyne.Focusable { return d.environment },
		"button":   func(d *form) fyne.Focusable { return d.add },
	} {
		d := b.form()
		closed := false
		d.dialog.SetOnClosed(func() { closed = true })
		b.Canvas().Focus(focus(d))
		b.Canvas().Focused().TypedKey(escape)
		if !closed {
			t.Errorf("%s: closed is %v", name, closed)
		}
	}
	d := b.form()
	d.choose([]string{".pem"}, nil)
	b.Canvas().OnTypedKey()(escape)
	if d.chooser != nil || b.Canvas().OnTypedKey() == nil {
		t.Error("Escape must close the file chooser first, and only that")
	}
}

func TestTheDialogFitsAndTheFocusStaysInView(t *testing.T) {
	b := open(t, kit.Light)
	b.Resize(fyne.NewSize(900, 600))
	d := b.form()
	d.key.take(testFile(t, "encrypted-key.pem"))
	b.until("the question", d.key.unlock.Visible)
	d.certificate.take(testFile(t, "certificate.crt"))
	d.refuse(kit.NoticeView{Tone: kit.ToneBad, Title: "No.", Lines: []string{"Why.", "What to do."}})
	place := fyne.CurrentApp().Driver().AbsolutePositionForObject
	if bottom := place(d.add).Y + d.add.Size().Height; bottom > 600 || place(d.content).Y < 0 {
		t.Errorf("the dialog goes from %v to %v", place(d.content).Y, bottom)
	}
	top, end := place(d.scroll).Y, place(d.scroll).Y+d.scroll.Size().Height
	for _, o := range []fyne.Focusable{d.name, d.pattern, d.exchange, d.certificate.remove, d.key.open, d.name} {
		b.Canvas().Focus(o)
		object := o.(fyne.CanvasObject)
		if y := place(object).Y; y < top-1 || y+object.Size().Height > end+1 {
			t.Errorf("the focus is at %v to %v, the view from %v to %v", y, y+object.Size().Height, top, end)
		}
	}
}
