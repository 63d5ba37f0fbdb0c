package ui

import (
	"context"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"partnerdesk/core/journal"
	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
)

// The journal shows local times; the golden images need the same everywhere.
func TestMain(m *testing.M) {
	time.Local = time.UTC
	os.Exit(m.Run())
}

// fakeDesk is a workbench of which the test decides every answer.
type fakeDesk struct {
	mu       sync.Mutex
	overview workbench.Overview
	failure  error

	signIn    func(context.Context, workbench.SignInRequest, workbench.SignInHooks) (workbench.SignedIn, error)
	create    func(context.Context, workbench.CompanyRequest) (workbench.CompanyResult, error)
	add       func(tenant.Registration) error
	setActive func(tenant.Key, bool) error
	signOut   func(context.Context, workbench.SignOutRequest) (workbench.SignedOut, error)
	offboard  func(context.Context, workbench.OffboardRequest) (workbench.Receipt, error)
	visited   []tenant.Key

	protection tenant.Protection
	journal    error // what is wrong with its room
	ticks      []tenant.Tick
	asked      []time.Time // since when ticks were asked for
	protect    func(context.Context, tenant.ProtectionKind, secret.Text) error
}

func newFakeDesk(o workbench.Overview) *fakeDesk {
	d := &fakeDesk{overview: o, protection: tenant.Protection{Kind: tenant.ByKeyring, Generation: 1,
		Sentence: "Secrets are sealed with a key from the system's secret store."}}
	if len(o.Tenants) > 0 {
		d.ticks = someTicks()
	}
	return d
}

func (d *fakeDesk) warning() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.journal
}

func (d *fakeDesk) change(f func(o *workbench.Overview)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.overview.Tenants = slices.Clone(d.overview.Tenants)
	d.overview.Registrations = slices.Clone(d.overview.Registrations)
	f(&d.overview)
	d.overview.Revision++
}

func (d *fakeDesk) fail(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.failure = err
}

func (d *fakeDesk) Revision(context.Context) (uint64, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.overview.Revision, d.failure
}

func (d *fakeDesk) Overview(context.Context) (workbench.Overview, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.overview, d.failure
}

func (d *fakeDesk) SignIn(ctx context.Context, r workbench.SignInRequest, h workbench.SignInHooks) (workbench.SignedIn, error) {
	return d.signIn(ctx, r, h)
}

func (d *fakeDesk) SignOut(ctx context.Context, r workbench.SignOutRequest) (workbench.SignedOut, error) {
	return d.signOut(ctx, r)
}

func (d *fakeDesk) CreateCompany(ctx context.Context, r workbench.CompanyRequest) (workbench.CompanyResult, error) {
	return d.create(ctx, r)
}

func (d *fakeDesk) VisitNow(_ context.Context, key tenant.Key) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.visited = append(d.visited, key)
	return nil
}

func (d *fakeDesk) visits() []tenant.Key {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.visited)
}

func (d *fakeDesk) SetActive(_ context.Context, key tenant.Key, on bool) error {
	if d.setActive != nil {
		return d.setActive(key, on)
	}
	d.change(func(o *workbench.Overview) {
		for i := range o.Tenants {
			if o.Tenants[i].Key == key {
				o.Tenants[i].Active, o.Tenants[i].Verdict = on, tenant.Inactive
			}
		}
	})
	return nil
}

func (d *fakeDesk) Offboard(ctx context.Context, r workbench.OffboardRequest) (workbench.Receipt, error) {
	receipt, err := receiptOf(r.Key), error(nil)
	if d.offboard != nil {
		receipt, err = d.offboard(ctx, r)
	}
	if receipt.Wiped {
		d.change(func(o *workbench.Overview) {
			o.Tenants = slices.DeleteFunc(o.Tenants, func(t workbench.TenantView) bool { return t.Key == r.Key })
		})
	}
	return receipt, err
}

func (d *fakeDesk) AddRegistration(_ context.Context, r tenant.Registration) error {
	if d.add != nil {
		if err := d.add(r); err != nil {
			return err
		}
	}
	d.change(func(o *workbench.Overview) {
		o.Registrations = append(o.Registrations, workbench.RegistrationView{Name: r.Name, Environment: r.Environment, Base: r.Base})
	})
	return nil
}

func (d *fakeDesk) RemoveRegistration(_ context.Context, name string) error {
	d.change(func(o *workbench.Overview) {
		o.Registrations = slices.DeleteFunc(o.Registrations, func(r workbench.RegistrationView) bool { return r.Name == name })
	})
	return nil
}

func (d *fakeDesk) UseRegistration(_ context.Context, name string) error {
	d.change(func(o *workbench.Overview) {
		for i := range o.Registrations {
			o.Registrations[i].Current = o.Registrations[i].Name == name
		}
	})
	return nil
}

func (d *fakeDesk) UpdateSettings(_ context.Context, change func(*tenant.Settings) error) error {
	d.mu.Lock()
	err := d.failure
	d.mu.Unlock()
	if err != nil {
		return err
	}
	d.change(func(o *workbench.Overview) { err = change(&o.Poller.Settings) })
	return err
}

func (d *fakeDesk) settings() tenant.Settings {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.overview.Poller.Settings
}

// fakePoller is a switch.
type fakePoller struct {
	mu      sync.Mutex
	running bool
}

func (p *fakePoller) set(on bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.running = on
}
func (p *fakePoller) Start() { p.set(true) }
func (p *fakePoller) Stop()  { p.set(false) }
func (p *fakePoller) Running() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.running
}

// bench is a window in a test, with everything outside of it in the test's hands.
type bench struct {
	*Window
	t       *testing.T
	q       *kittest.Queue
	desk    *fakeDesk
	polling *fakePoller
	events  chan []journal.Event
	opened  chan string
}

// open starts a window on a store, and waits for its first picture.
func open(t *testing.T, appearance kit.Appearance, o workbench.Overview) *bench {
	t.Helper()
	b := &bench{t: t, q: kittest.NewQueue(), desk: newFakeDesk(o), polling: &fakePoller{running: true},
		events: make(chan []journal.Event, 8), opened: make(chan string, 8)}
	ctx, cancel := context.WithCancel(t.Context())
	b.Window = New(ctx, test.NewTempApp(t), Options{
		Desk: b.desk, Poller: b.polling, Do: b.q.Do, Now: func() time.Time { return kittest.Noon }, Every: time.Hour,
		Since: kittest.Noon.Add(-time.Hour), Appearance: appearance,
		Events: func(ctx context.Context, deliver func([]journal.Event)) error {
			for {
				select {
				case <-ctx.Done():
					return nil
				case batch := <-b.events:
					deliver(batch)
				}
			}
		},
		OpenURL:    func(url string) error { b.opened <- url; return nil },
		SandboxURL: func() string { return "http://127.0.0.1:4711/tenants" },
		DataDir:    "/home/ada/.local/share/partnerdesk", Version: "0.1.0", Warning: b.desk.warning,
	})
	done := make(chan struct{})
	go func() {
		defer close(done)
		b.Run()
	}()
	t.Cleanup(func() {
		cancel()
		<-done
		b.Close()
	})
	b.q.Await(t, "the first picture", func() bool { return b.scene != nil })
	return b
}

// until waits for a condition while the window works.
func (b *bench) until(what string, holds func() bool) {
	b.t.Helper()
	b.q.Await(b.t, what, holds)
}

// update changes the store, as the other program would, and waits for the window to show it.
func (b *bench) update(change func(*workbench.Overview)) {
	b.t.Helper()
	before := b.scene
	b.desk.change(change)
	b.refresh()
	b.until("the change to be shown", func() bool { return b.scene != before })
}

func (b *bench) tap(o fyne.Tappable) {
	b.t.Helper()
	test.Tap(o)
	b.q.Drain()
}

// choose opens a menu by its button and chooses an item by keys, as many steps down.
func (b *bench) choose(menu *kit.Button, down int) {
	b.t.Helper()
	b.tap(menu)
	for range down {
		b.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	}
	b.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	b.q.Drain()
}
