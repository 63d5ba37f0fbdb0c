package company

import (
	"context"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
)

// fakeDesk is a workbench of which the test decides every answer.
type fakeDesk struct {
	mu     sync.Mutex
	asked  []workbench.CompanyRequest
	create func(context.Context, workbench.CompanyRequest) (workbench.CompanyResult, error)
	// resolve is asked for an unclear result, page for a company's address, kept are the stored results.
	resolve func(context.Context, workbench.CompanyResult) (workbench.CompanyResult, error)
	page    func(id int64) (string, error)
	kept    []workbench.CompanyResult
	failure error
}

func (d *fakeDesk) ResolveCompany(ctx context.Context, last workbench.CompanyResult) (workbench.CompanyResult, error) {
	return d.resolve(ctx, last)
}

func (d *fakeDesk) CompanyResults(_ context.Context, key tenant.Key) ([]workbench.CompanyResult, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var own []workbench.CompanyResult
	for _, r := range d.kept {
		if r.Key == key {
			own = append(own, r)
		}
	}
	return own, d.failure
}

func (d *fakeDesk) CompanyPage(_ context.Context, _ tenant.Key, id int64) (string, error) {
	return d.page(id)
}

// store puts results into the store, the newest first.
func (d *fakeDesk) store(results ...workbench.CompanyResult) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.kept = results
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
	t    *testing.T
	q    *kittest.Queue
	desk *fakeDesk
	now  time.Time
	// revision is the store's.
	revision uint64
	window   fyne.Window
	opened   chan string
	copied   string
	failed   error
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
	b.show(view)
	return b
}

// show draws a tenant as the store has it at a new revision.
func (b *bench) show(view workbench.TenantView) {
	b.revision++
	b.Show(view, b.revision, b.now)
	b.q.Drain()
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

// buttonIn is the first visible button within an object for which something holds.
func buttonIn(o fyne.CanvasObject, holds func(*kit.Button) bool) *kit.Button {
	switch o := o.(type) {
	case *kit.Button:
		if o.Visible() && holds(o) {
			return o
		}
	case *fyne.Container:
		for _, inside := range o.Objects {
			if found := buttonIn(inside, holds); found != nil {
				return found
			}
		}
	}
	return nil
}
