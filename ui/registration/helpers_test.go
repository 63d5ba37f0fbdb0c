package registration

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
)

func TestMain(m *testing.M) { kittest.Main(m) }

// fakeDesk is a workbench of which the test decides every answer. What it is given comes out of the channels.
type fakeDesk struct {
	saved    chan workbench.RegistrationDraft
	refusal  error
	diagnose func(context.Context, workbench.DiagnoseRequest) (workbench.Diagnosis, error)
}

func (d *fakeDesk) SaveRegistration(_ context.Context, draft workbench.RegistrationDraft) error {
	d.saved <- draft
	return d.refusal
}

func (d *fakeDesk) Diagnose(ctx context.Context, r workbench.DiagnoseRequest) (workbench.Diagnosis, error) {
	return d.diagnose(ctx, r)
}

// told is a registration that the window was told of.
type told struct {
	name  string
	isNew bool
}

// bench is a window in a test with a form in front of it.
type bench struct {
	fyne.Window
	t        *testing.T
	q        *kittest.Queue
	app      fyne.App
	desk     *fakeDesk
	overview workbench.Overview
	opened   chan string
	forms    *Forms
	stored   []told
}

func open(t *testing.T, appearance kit.Appearance) *bench {
	t.Helper()
	b := &bench{t: t, q: kittest.NewQueue(), app: test.NewTempApp(t), overview: kittest.EmptyStore(), opened: make(chan string, 1),
		desk: &fakeDesk{saved: make(chan workbench.RegistrationDraft, 4)}}
	b.app.Settings().SetTheme(kit.NewTheme(appearance))
	b.Window = test.NewTempWindow(t, widget.NewLabel(""))
	b.SetPadded(false)
	b.Resize(fyne.NewSize(900, 900))
	run := kit.NewRunner(t.Context(), b.q.Do)
	t.Cleanup(run.Close)
	b.forms = New(run, Options{Window: b.Window, Desk: b.desk, Overview: func() workbench.Overview { return b.overview },
		Now: func() time.Time { return kittest.Noon }, Clipboard: b.app.Clipboard(), Preferences: b.app.Preferences(),
		OpenURL:  func(url string) error { b.opened <- url; return nil },
		OnStored: func(name string, isNew bool) { b.stored = append(b.stored, told{name, isNew}) }})
	return b
}

// add opens the form for a new registration, as the window does.
func (b *bench) add() *form {
	b.forms.Add()
	return b.forms.form
}

// stage is a stored registration that has everything.
func stage(t *testing.T) workbench.RegistrationView {
	t.Helper()
	pinned, err := workbench.CheckCertificate([]byte(testFile(t, "certificate.crt")), kittest.Noon)
	if err != nil {
		t.Fatal(err)
	}
	return workbench.RegistrationView{Name: "Stage", Environment: tenant.Stage, Base: tenant.Stage.BaseURL(), ClientID: clientID,
		RedirectURI: "http://127.0.0.1:4000/callback", SecretFingerprint: "51ab09ce", KeyFingerprint: "9f2c41d7", Exchange: tenant.SOAP,
		CertificatePinned: true, Certificate: &pinned}
}

const clientID = "0123456789abcdef0123456789abcdef"

// edit opens the form for a stored registration.
func (b *bench) edit(r workbench.RegistrationView) *form {
	b.overview.Registrations = append(b.overview.Registrations, r)
	b.forms.Edit(r.Name)
	return b.forms.form
}

// fill enters what a form for a new registration needs.
func (b *bench) fill(d *form) {
	d.name.SetText("Stage")
	d.environment.choose(tenant.Stage)
	d.id.SetText(clientID)
}

// until waits for a condition while the form works.
func (b *bench) until(what string, holds func() bool) {
	b.t.Helper()
	b.q.Await(b.t, what, holds)
}

func (b *bench) tap(o fyne.Tappable) {
	b.t.Helper()
	test.Tap(o)
	b.q.Drain()
}

// key sends a key to whoever has the focus.
func (b *bench) key(name fyne.KeyName) {
	b.t.Helper()
	if b.Canvas().Focused() == nil {
		b.t.Fatal("nobody has the focus")
	}
	b.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: name})
	b.q.Drain()
}

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

// sheet is what Fyne's dialog has in it, and the part of that which scrolls.
func (b *bench) sheet() (content *fyne.Container, scroll *container.Scroll) {
	b.t.Helper()
	for _, o := range test.LaidOutObjects(b.Canvas().Overlays().Top()) {
		if c, ok := o.(*fyne.Container); ok && len(c.Objects) > 0 {
			if s, ok := c.Objects[0].(*container.Scroll); ok {
				return c, s
			}
		}
	}
	b.t.Fatal("there is no sheet")
	return nil, nil
}

// overlays is how many dialogs lie over the window.
func (b *bench) overlays() int { return len(b.Canvas().Overlays().List()) }
