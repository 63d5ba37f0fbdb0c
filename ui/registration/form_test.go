package registration

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"partnerdesk/core/tenant"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
)

func TestANewRegistrationIsStoredAsItWasEntered(t *testing.T) {
	b := open(t, kit.Light)
	d := b.add()
	b.fill(d)
	test.Type(d.secret, " 51ab09ce51ab09ce\n")
	b.app.Clipboard().SetContent(plainKey(t).Private.Reveal())
	d.paste()
	b.until("the key", func() bool { return !d.key.key.Empty() })
	d.certificate.take(testFile(t, "certificate.crt"))
	d.exchange.SetSelected("SOAP")
	b.tap(d.store)
	b.until("the form to close", func() bool { return !d.Open() })
	got := <-b.desk.saved
	if got.Replaces || got.KeepSecret || got.Name != "Stage" || got.Environment != tenant.Stage || got.Base != tenant.Stage.BaseURL() ||
		got.ClientSecret.Reveal() != "51ab09ce51ab09ce" || got.PrivateKey.Empty() || got.Exchange != tenant.SOAP || got.Certificate == "" {
		t.Errorf("stored is %s at %s by %s, kept %v", got.Name, got.Base, got.Exchange, got.KeepSecret)
	}
	if !slices.Equal(b.stored, []told{{"Stage", true}}) {
		t.Errorf("told was %v", b.stored)
	}
}

func TestTheFormStaysOpenAndFilledWhenRefused(t *testing.T) {
	b := open(t, kit.Light)
	d := b.add()
	b.fill(d)
	b.desk.refusal = &tenant.Problem{Op: "add", Explanation: tenant.CauseInput.Explain("There is one of that name.", "", "")}
	b.tap(d.store)
	b.until("the refusal", func() bool { return d.Told.Shown.Title == "There is one of that name." })
	if !d.Open() || d.name.Text != "Stage" || d.store.Disabled() || d.store.Text != textSaveAnyway.String() {
		t.Errorf("the form is shown: %v, with %q and %q", d.Open(), d.name.Text, d.store.Text)
	}
	content, _ := b.sheet()
	if bottom := content.Size().Height; d.Told.Size().Height < 20 || d.Told.Position().Y+d.Told.Size().Height > bottom {
		t.Errorf("the refusal is laid out at %v, %v high, in a form %v high", d.Told.Position(), d.Told.Size().Height, bottom)
	}
}

func TestAFieldComplainsAfterItWasLeft(t *testing.T) {
	b := open(t, kit.Light)
	d := b.add()
	b.Canvas().Focus(d.id)
	test.Type(d.id, "0123")
	if s := d.slots[atClientID]; s.note.Look.Tone == kit.ToneBad.Text() {
		t.Errorf("half typed, it says %q", s.note.Text)
	}
	b.Canvas().Focus(d.secret)
	if s := d.slots[atClientID]; s.note.Look.Tone != kit.ToneBad.Text() || !strings.Contains(s.note.Text, "32 hexadecimal") {
		t.Errorf("left, it says %q", s.note.Text)
	}
	d.id.SetText(clientID)
	if s := d.slots[atClientID]; s.note.Text != textClientIDHint.String() {
		t.Errorf("put right, it says %q", s.note.Text)
	}
	// A field that was only passed through has not been filled wrongly.
	b.Canvas().Focus(d.name)
	b.Canvas().Focus(d.id)
	if d.slots[atName].note.Visible() {
		t.Errorf("an untouched field says %q", d.slots[atName].note.Text)
	}
}

func TestTheFirstWrongFieldGetsTheFocus(t *testing.T) {
	b := open(t, kit.Light)
	b.Resize(fyne.NewSize(900, 600))
	d := b.add()
	b.overview.Registrations[0].Name = "sandbox"
	for _, row := range []struct {
		put  func()
		want fyne.Focusable
	}{
		{func() { d.environment.choose(tenant.Custom) }, d.base},
		{func() { d.base.SetText("https://sandbox.example") }, d.name},
		{func() { d.name.SetText("sandbox") }, d.name},
		{func() { d.name.SetText("Stage") }, d.id},
		{func() { d.id.SetText(clientID); d.secret.SetText("two words") }, d.secret},
		{func() { d.secret.SetText("one"); d.redirect.SetText("http://localhost:80") }, d.redirect},
		{func() { d.redirect.SetText("http://127.0.0.1:80"); d.pattern.SetText("http://127.0.0.1:81") }, d.pattern},
	} {
		row.put()
		b.Canvas().Focus(d.store)
		d.store.Press()
		if b.Canvas().Focused() != row.want {
			t.Errorf("the focus is at %T, %v", b.Canvas().Focused(), b.Canvas().Focused() == fyne.Focusable(d.store))
		}
		object := row.want.(fyne.CanvasObject)
		place := fyne.CurrentApp().Driver().AbsolutePositionForObject
		_, scroll := b.sheet()
		if y, top := place(object).Y, place(scroll).Y; y < top-1 || y+object.Size().Height > top+scroll.Size().Height+1 {
			t.Errorf("it is at %v, and the view begins at %v", y, top)
		}
	}
	if len(b.desk.saved) != 0 {
		t.Error("something wrong was stored")
	}
}

func TestTheGuideFollowsEnvironmentAndRedirectURI(t *testing.T) {
	b := open(t, kit.Light)
	d := b.add()
	urls := d.guide.lines[2]
	b.tap(urls.copy)
	if got := b.app.Clipboard().Content(); got != `^http://127.0.0.1\:\d{4,10}$` || urls.copy.Text != textCopied.String() {
		t.Errorf("copied is %q, and the button says %q", got, urls.copy.Text)
	}
	d.redirect.SetText("http://127.0.0.1:4000/callback")
	if urls.value.Text != "http://127.0.0.1:4000/callback" || urls.copy.Text != kit.TextCopy.String() {
		t.Errorf("to be registered is %q; the button says %q", urls.value.Text, urls.copy.Text)
	}
	last := d.guide.lines[len(d.guide.lines)-1]
	before := last.text.Text
	d.environment.choose(tenant.Production)
	if last.text.Text == before || d.slots[atAddress].note.Look.Tone != kit.ToneProduction.Text() {
		t.Errorf("in production it says %q", last.text.Text)
	}
	b.tap(d.guide.open)
	if url := <-b.opened; url != portalURL {
		t.Errorf("opened is %s", url)
	}
	b.tap(d.guide.fold)
	if d.guide.steps.Visible() {
		t.Error("the guide does not fold away")
	}
}

func TestAnEditedRegistrationKeepsWhatIsNotEntered(t *testing.T) {
	b := open(t, kit.Light)
	d := b.edit(stage(t))
	if !d.name.Disabled() || d.secret.Text != "" || d.secret.PlaceHolder != "kept, fingerprint 51ab09ce" || d.key.file.state.Text != "kept, fingerprint 9f2c41d7" ||
		!strings.HasPrefix(d.certificate.state.Text, "kept: CN=") || d.guide.steps.Visible() || d.environment.Disabled() {
		t.Errorf("it shows %q, %q, %q", d.secret.PlaceHolder, d.key.file.state.Text, d.certificate.state.Text)
	}
	d.redirect.SetText(tenant.DefaultRedirectURI)
	b.tap(d.store)
	b.until("the form to close", func() bool { return !d.Open() })
	if got := <-b.desk.saved; !got.Replaces || !got.KeepSecret || !got.KeepKey || !got.KeepCertificate || got.RedirectURI != tenant.DefaultRedirectURI || got.Exchange != tenant.SOAP {
		t.Errorf("kept are secret %v, key %v, certificate %v", got.KeepSecret, got.KeepKey, got.KeepCertificate)
	}
	if !slices.Equal(b.stored, []told{{"Stage", false}}) {
		t.Errorf("told was %v", b.stored)
	}
}

func TestAnEditedRegistrationsSecretsAreReplacedOrTakenAway(t *testing.T) {
	b := open(t, kit.Light)
	d := b.edit(stage(t))
	d.secret.SetText("another")
	key := plainKey(t)
	d.key.take(key.Private.Reveal())
	b.until("the key", func() bool { return !d.key.key.Empty() })
	if !strings.Contains(d.key.file.state.Text, key.Fingerprint) {
		t.Errorf("the key's line says %q", d.key.file.state.Text)
	}
	b.tap(d.key.public)
	if got := b.app.Clipboard().Content(); got != key.Public {
		t.Errorf("the public key that is copied is %q", got)
	}
	b.tap(d.key.file.remove) // the new one
	if !d.key.keep || d.key.file.state.Text != "kept, fingerprint 9f2c41d7" || d.key.public.Visible() {
		t.Errorf("the stored key does not come back: %q", d.key.file.state.Text)
	}
	b.tap(d.key.file.remove) // the stored one
	b.tap(d.certificate.remove)
	b.tap(d.store)
	if got := <-b.desk.saved; got.KeepSecret || got.ClientSecret.Reveal() != "another" || got.KeepKey || !got.PrivateKey.Empty() || got.KeepCertificate || got.Certificate != "" {
		t.Errorf("kept are secret %v, key %v, certificate %v", got.KeepSecret, got.KeepKey, got.KeepCertificate)
	}
	b.until("the form to close", func() bool { return !d.Open() })
}

func TestARegistrationWithTenantsStaysThatApp(t *testing.T) {
	b := open(t, kit.Light)
	customer := kittest.Nordlys()
	customer.Registration = "Stage"
	b.overview.Tenants = append(b.overview.Tenants, customer)
	d := b.edit(stage(t))
	if !d.environment.Disabled() || !d.id.Disabled() || d.slots[atAddress].note.Text != textTenantsStay.String() {
		t.Errorf("it can become another app; it says %q", d.slots[atAddress].note.Text)
	}
	b.tap(d.environment.cards[0])
	if d.environment.chosen != tenant.Stage {
		t.Error("a card can be chosen all the same")
	}
}

func TestTheSandboxAndWhatIsNotThereCannotBeEdited(t *testing.T) {
	b := open(t, kit.Light)
	b.forms.Edit(tenant.SandboxName)
	b.forms.Edit("nobody")
	if b.forms.form != nil {
		t.Error("a form is open")
	}
}
