package detail

import (
	"context"
	"os"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
	fynetooltip "github.com/dweymouth/fyne-tooltip"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
)

// Times are shown in the local zone; the golden images need the same everywhere.
func TestMain(m *testing.M) {
	time.Local = time.UTC
	os.Exit(m.Run())
}

// fakeDesk is a workbench of which the test decides every answer.
type fakeDesk struct {
	signOut  func(context.Context, workbench.SignOutRequest) (workbench.SignedOut, error)
	offboard func(context.Context, workbench.OffboardRequest) (workbench.Receipt, error)
}

func (d *fakeDesk) SignOut(ctx context.Context, r workbench.SignOutRequest) (workbench.SignedOut, error) {
	return d.signOut(ctx, r)
}

func (d *fakeDesk) Offboard(ctx context.Context, r workbench.OffboardRequest) (workbench.Receipt, error) {
	return d.offboard(ctx, r)
}

// bench is a panel in a test's window, with everything outside of it in the test's hands.
type bench struct {
	*Panel
	t         *testing.T
	q         *kittest.Queue
	app       fyne.App
	window    fyne.Window
	desk      *fakeDesk
	now       time.Time
	opened    chan string
	openURL   func(string) error
	elsewhere kit.NoticeView
	asked     []workbench.TenantView // for whom a sign-in was asked
	changed   int
	companies *widget.Button // stands for the section in which companies are created
}

// The room that the panel has in a window of 1280 by 800, beside the tenants and above the log.
const (
	roomWidth  = 780
	roomHeight = 470
)

// open shows a tenant in a panel.
func open(t *testing.T, appearance kit.Appearance, shown workbench.TenantView) *bench {
	t.Helper()
	b := &bench{t: t, q: kittest.NewQueue(), desk: &fakeDesk{}, now: kittest.Noon, opened: make(chan string, 8),
		companies: widget.NewButton("Create as login user", nil)}
	b.openURL = func(url string) error { b.opened <- url; return nil }
	b.app = test.NewTempApp(t)
	b.app.Settings().SetTheme(kit.NewTheme(appearance))
	b.window = b.app.NewWindow("")
	t.Cleanup(b.window.Close)
	run := kit.NewRunner(t.Context(), b.q.Do)
	t.Cleanup(run.Close)
	b.Panel = New(run, Options{
		Desk: b.desk, Now: func() time.Time { return b.now }, Window: b.window,
		OpenURL:   func(url string) error { return b.openURL(url) },
		Copy:      func(text string) { b.app.Clipboard().SetContent(text) },
		Companies: b.companies,
		OnActive:  func(tenant.Key, bool) {}, OnLogOn: func(tenant.Key) {},
		OnSignIn:    func(t workbench.TenantView) { b.asked = append(b.asked, t) },
		OnChanged:   func() { b.changed++ },
		OnElsewhere: func(v kit.NoticeView) { b.elsewhere = v },
	})
	b.window.SetPadded(false)
	b.window.SetContent(fynetooltip.AddWindowToolTipLayer(kit.NewInset(8, 8, b.Root()), b.window.Canvas()))
	t.Cleanup(func() { fynetooltip.DestroyWindowToolTipLayer(b.window.Canvas()) })
	b.window.Resize(fyne.NewSize(roomWidth, roomHeight))
	b.show(shown)
	return b
}

// show draws a tenant, as the window does when it is chosen or has changed. This program polls.
func (b *bench) show(t workbench.TenantView) {
	b.Panel.Show(View{Tenant: t, Poller: kittest.EmptyStore().Poller, Polling: true})
	b.q.Drain()
}

func (b *bench) canvas() fyne.Canvas { return b.window.Canvas() }

// until waits for a condition while the panel works.
func (b *bench) until(what string, holds func() bool) {
	b.t.Helper()
	b.q.Await(b.t, what, holds)
}

func (b *bench) tap(o fyne.Tappable) {
	b.t.Helper()
	test.Tap(o)
	b.q.Drain()
}

// key types a key where the focus is.
func (b *bench) key(name fyne.KeyName) {
	b.t.Helper()
	b.canvas().Focused().TypedKey(&fyne.KeyEvent{Name: name})
	b.q.Drain()
}

// choose opens the panel's menu and chooses an item by keys, as many steps down.
func (b *bench) choose(down int) {
	b.t.Helper()
	b.tap(b.more)
	for range down {
		b.canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	}
	b.key(fyne.KeyReturn)
}
