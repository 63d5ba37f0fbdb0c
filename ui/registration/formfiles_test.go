package registration

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"

	"partnerdesk/core/secret"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
)

// passphrase opens testdata/encrypted-key.pem.
const passphrase = "open sesame"

func TestAnEncryptedKeyAsksForItsPassphrase(t *testing.T) {
	b := open(t, kit.Light)
	d := b.add()
	b.fill(d)
	if d.key.unlock.Visible() {
		t.Error("a passphrase is asked for before there is a key")
	}
	d.key.take(testFile(t, "encrypted-key.pem"))
	b.until("the question", d.key.unlock.Visible)
	found := d.slots[atKey].found
	if b.Canvas().Focused() != fyne.Focusable(d.key.passphrase) || found.Visible() {
		t.Error("the question is no refusal, and has the focus")
	}
	b.tap(d.store)
	if d.slots[atKey].note.Text != textKeyLocked.String() || len(b.desk.saved) != 0 {
		t.Errorf("with a locked key it says %q", d.slots[atKey].note.Text)
	}
	test.Type(d.key.passphrase, "open barley")
	b.tap(d.key.open)
	b.until("the refusal", func() bool { return found.Shown.Title == "The app's private key cannot be used." })
	if !d.key.unlock.Visible() || !strings.Contains(strings.Join(found.Shown.Lines, "\n"), "passphrase") || d.key.open.Disabled() {
		t.Errorf("after a wrong passphrase: %q", found.Shown.Lines)
	}
	test.Type(d.key.passphrase, passphrase) // over the wrong one, which is marked
	d.key.passphrase.OnSubmitted(passphrase)
	b.until("the key", func() bool { return !d.key.key.Empty() })
	if d.key.unlock.Visible() || found.Visible() || d.key.passphrase.Text != "" {
		t.Error("the question is still there")
	}
	if b.Canvas().Focused() != fyne.Focusable(d.redirect) {
		t.Error("the focus is lost")
	}
	b.tap(d.store)
	if key, err := workbench.CheckKey((<-b.desk.saved).PrivateKey, secret.Text{}); err != nil || key.Encrypted {
		t.Errorf("the registration has the key %+v, %v", key, err)
	}
	b.until("the form to close", func() bool { return !d.Open() })
}

func TestAKeyCanBeTakenAwayOrReplacedBeforeItIsOpened(t *testing.T) {
	b := open(t, kit.Light)
	d := b.add()
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

func TestWhatIsNoKeyOrCertificateIsRefusedBesideItsField(t *testing.T) {
	b := open(t, kit.Light)
	d := b.add()
	b.app.Clipboard().SetContent("hello")
	d.paste()
	key, certificate := d.slots[atKey].found, d.slots[atCertificate].found
	if key.Shown.Title != textNoClipboardKey.String() || !d.key.key.Empty() {
		t.Errorf("any text is taken for a key: %q", key.Shown.Title)
	}
	b.app.Clipboard().SetContent("-----BEGIN PRIVATE KEY-----\nbroken\n-----END PRIVATE KEY-----")
	d.paste()
	b.until("the refusal of the key", func() bool { return key.Shown.Title == "The app's private key cannot be used." })
	if !d.key.key.Empty() || d.key.pending() != "" {
		t.Error("a broken key is kept")
	}
	d.certificate.take("hello")
	if certificate.Shown.Title != "The certificate cannot be used." || d.certificate.file != "" {
		t.Errorf("no certificate is answered by %q", certificate.Shown.Title)
	}
	d.certificate.take(testFile(t, "certificate.crt"))
	if !strings.Contains(d.certificate.state.Text, "Federated Login") || !strings.Contains(d.certificate.detail.Text, "thumbprint") || certificate.Visible() {
		t.Errorf("the certificate is shown as %q, %q", d.certificate.state.Text, d.certificate.detail.Text)
	}
	b.tap(d.certificate.remove)
	if d.certificate.file != "" || d.certificate.state.Text != textNoCertificate.String() {
		t.Error("the certificate cannot be taken away")
	}
}

func TestADroppedFileFindsItsField(t *testing.T) {
	b := open(t, kit.Light)
	folder := t.TempDir()
	file := func(name, content string) []fyne.URI {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return []fyne.URI{storage.NewFileURI(path)}
	}
	key := plainKey(t)
	if b.forms.Drop(file("key.xml", key.Private.Reveal())) {
		t.Error("a file is taken without a form")
	}
	d := b.add()
	if !b.forms.Drop(file("key.xml", key.Private.Reveal())) {
		t.Error("the form does not take the file")
	}
	b.until("the key", func() bool { return strings.Contains(d.key.file.state.Text, key.Fingerprint) })
	b.forms.Drop(file("superoffice.crt", testFile(t, "certificate.crt")))
	b.until("the certificate", func() bool { return d.certificate.file != "" })
	b.forms.Drop(file("letter.txt", "hello"))
	b.until("the refusal", func() bool { return d.Told.Shown.Title == textDroppedNothing.String() })
	b.forms.Drop([]fyne.URI{storage.NewFileURI(filepath.Join(folder, "gone"))})
	b.until("the other refusal", func() bool { return d.Told.Shown.Title != textDroppedNothing.String() && d.Told.Visible() })
}

func TestTheFileDialogBeginsWhereTheLastFileWas(t *testing.T) {
	b := open(t, kit.Light)
	d := b.add()
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	if d.folder()() != home {
		t.Errorf("it begins in %s", d.folder()())
	}
	if err := os.Mkdir(filepath.Join(home, "Downloads"), 0o700); err != nil {
		t.Fatal(err)
	}
	if d.folder()() != filepath.Join(home, "Downloads") {
		t.Errorf("it begins in %s", d.folder()())
	}
	b.app.Preferences().SetString(folderPreference, "/keys")
	if d.folder()() != "/keys" {
		t.Errorf("it begins in %s", d.folder()())
	}
	d.choose([]string{".pem"}, nil) // a folder that is gone does no harm
	b.until("the file dialog", func() bool { return b.overlays() == 2 })
}
