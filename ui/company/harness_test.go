package company

import (
	"context"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
)

// fakeDesk is a workbench of which the test decides every answer.
type fakeDesk struct {
	mu     sync.Mutex
	asked  []workbench.CompanyRequest
	create func(context.Context, workbench.CompanyRequest) (workbench.CompanyResult, error)
}

func (d *fakeDesk) CreateCompany(ctx context.Context, r workbench.CompanyRequest) (workbench.CompanyResult, error) {
	d.mu.Lock()
	d.asked = append(d.asked, r)
	d.mu.Unlock()
	return d.create(ctx, r)
}

// requests are those for a company that have come so far.
func (d *fakeDesk) requests() []workbench.CompanyRequest {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]workbench.CompanyRequest(nil), d.asked...)
}

// bench is the region in a window of its own, with everything outside of it in the test's hands.
type bench struct {
	*Section
	t      *testing.T
	q      *kittest.Queue
	desk   *fakeDesk
	now    time.Time
	window fyne.Window
	opened chan string
	copied string
	failed error
}

// open shows the region for a tenant. Whatever is created is created at once, until the test says otherwise.
func open(t *testing.T, appearance kit.Appearance, view workbench.TenantView) *bench {
	t.Helper()
	b := &bench{t: t, q: kittest.NewQueue(), now: kittest.Noon, opened: make(chan string, 8)}
	b.desk = &fakeDesk{create: func(_ context.Context, r workbench.CompanyRequest) (workbench.CompanyResult, error) {
		return kittest.Created(r), nil
	}}
	a := test.NewTempApp(t)
	a.Settings().SetTheme(kit.NewTheme(appearance))
	run := kit.NewRunner(t.Context(), b.q.Do)
	t.Cleanup(run.Close)
	var scroll *container.Scroll
	b.Section = New(run, Options{
		Desk: b.desk, Now: func() time.Time { return b.now },
		OpenURL:    func(url string) error { b.opened <- url; return nil },
		SandboxURL: func() string { return "http://127.0.0.1:4711/tenants" },
		Copy:       func(text string) { b.copied = text },
		OnFocus:    func(o fyne.Focusable) { b.window.Canvas().Focus(o) },
		OnFail:     func(err error) { b.failed = err },
		OnResize: func() {
			scroll.Content.Refresh()
			scroll.Refresh()
		},
	})
	scroll = kit.NewScrolledColumn(8, 10, b.Root())
	b.window = test.NewTempWindow(t, kit.NewInset(8, 8, scroll))
	b.window.SetPadded(false)
	b.window.Resize(fyne.NewSize(760, 330))
	b.Show(view, b.now)
	return b
}

// until waits for a condition while the region works.
func (b *bench) until(what string, holds func() bool) {
	b.t.Helper()
	b.q.Await(b.t, what, holds)
}

func (b *bench) tap(o fyne.Tappable) {
	b.t.Helper()
	test.Tap(o)
	b.q.Drain()
}

// later moves the clock on.
func (b *bench) later(d time.Duration) { b.now = b.now.Add(d) }
