package registration

import (
	"context"
	"os"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"partnerdesk/core/tenant"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
)

// Certificates are shown with local times; the golden images need the same everywhere.
func TestMain(m *testing.M) {
	time.Local = time.UTC
	os.Exit(m.Run())
}

// fakeDesk is a workbench of which the test decides every answer.
type fakeDesk struct {
	add func(tenant.Registration) error
}

func (d *fakeDesk) AddRegistration(_ context.Context, r tenant.Registration) error {
	if d.add == nil {
		return nil
	}
	return d.add(r)
}

// bench is a window in a test with a form in front of it.
type bench struct {
	fyne.Window
	t      *testing.T
	q      *kittest.Queue
	app    fyne.App
	desk   *fakeDesk
	forms  *Forms
	stored []string
}

func open(t *testing.T, appearance kit.Appearance) *bench {
	t.Helper()
	b := &bench{t: t, q: kittest.NewQueue(), app: test.NewTempApp(t), desk: &fakeDesk{}}
	b.app.Settings().SetTheme(kit.NewTheme(appearance))
	b.Window = test.NewTempWindow(t, widget.NewLabel(""))
	b.SetPadded(false)
	b.Resize(fyne.NewSize(1280, 800))
	run := kit.NewRunner(t.Context(), b.q.Do)
	t.Cleanup(run.Close)
	b.forms = New(run, Options{Window: b.Window, Desk: b.desk, Now: func() time.Time { return kittest.Noon }, Clipboard: b.app.Clipboard(),
		OnStored: func(name string) { b.stored = append(b.stored, name) }})
	return b
}

// form opens the form as the window does.
func (b *bench) form() *form {
	d := newForm(b.Window, b.forms.run, b.forms.o.Now)
	b.forms.open(d)
	return d
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
