package ui

import (
	"context"
	"log/slog"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"partnerdesk/core/journal"
	"partnerdesk/core/online"
	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
)

// The journal shows local times; the golden images need the same everywhere.
func TestMain(m *testing.M) {
	time.Local = time.UTC
	os.Exit(m.Run())
}

// queue stands for the user interface's goroutine: what hops there runs when the test says so.
type queue struct {
	mu     sync.Mutex
	jobs   []func()
	signal chan struct{}
}

func newQueue() *queue { return &queue{signal: make(chan struct{}, 1)} }

func (q *queue) do(f func()) {
	q.mu.Lock()
	q.jobs = append(q.jobs, f)
	q.mu.Unlock()
	select {
	case q.signal <- struct{}{}:
	default:
	}
}

func (q *queue) drain() {
	for {
		q.mu.Lock()
		jobs := q.jobs
		q.jobs = nil
		q.mu.Unlock()
		if len(jobs) == 0 {
			return
		}
		for _, f := range jobs {
			f()
		}
	}
}

// await runs what hops over until the condition holds.
func (q *queue) await(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline := time.After(time.Minute)
	for {
		q.drain()
		if holds() {
			return
		}
		select {
		case <-q.signal:
		case <-deadline:
			t.Fatalf("waited in vain: %s", what)
		}
	}
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
	q       *queue
	desk    *fakeDesk
	polling *fakePoller
	events  chan []journal.Event
	opened  chan string
}

var noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

// open starts a window on a store, and waits for its first picture.
func open(t *testing.T, appearance Appearance, o workbench.Overview) *bench {
	t.Helper()
	b := &bench{t: t, q: newQueue(), desk: newFakeDesk(o), polling: &fakePoller{running: true},
		events: make(chan []journal.Event, 8), opened: make(chan string, 8)}
	ctx, cancel := context.WithCancel(t.Context())
	b.Window = New(ctx, test.NewTempApp(t), Options{
		Desk: b.desk, Poller: b.polling, Do: b.q.do, Now: func() time.Time { return noon }, Every: time.Hour,
		Since: noon.Add(-time.Hour), Appearance: appearance,
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
	b.q.await(t, "the first picture", func() bool { return b.scene != nil })
	return b
}

// until waits for a condition while the window works.
func (b *bench) until(what string, holds func() bool) {
	b.t.Helper()
	b.q.await(b.t, what, holds)
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
	b.q.drain()
}

// choose opens a menu by its button and chooses an item by keys, as many steps down.
func (b *bench) choose(menu *button, down int) {
	b.t.Helper()
	b.tap(menu)
	for range down {
		b.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	}
	b.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	b.q.drain()
}

// What the tests show.

var sandboxRegistration = workbench.RegistrationView{Name: "sandbox", Environment: tenant.Sandbox, Base: "http://127.0.0.1:4711", Current: true}

func emptyStore() workbench.Overview {
	return workbench.Overview{Revision: 1, Registrations: []workbench.RegistrationView{sandboxRegistration},
		Poller: workbench.PollerView{Settings: tenant.DefaultSettings(), Here: true, Lease: tenant.Lease{
			Owner: tenant.Owner{Program: "desktop", PID: 17}, Until: noon.Add(time.Minute), Last: tenant.Tick{At: noon.Add(-time.Second)}}}}
}

func nordlys() workbench.TenantView {
	return workbench.TenantView{
		Key: tenant.Key{Registration: "sandbox", ContextID: "Cust10234"}, Environment: tenant.Sandbox,
		CompanyName: "Nordlys Ærlig Handel AS", Serial: "1893041276", Active: true, SignedIn: true, SignedInAs: "ada@nordlys.example",
		SignedInAt: noon.Add(-7 * time.Minute), TokenFingerprint: "9f2c41d7", Verdict: tenant.Well, State: tenant.StateRunning,
		Proofs: []tenant.Proof{
			{Kind: tenant.ProofStatus, At: noon.Add(-12 * time.Second), Detail: "Running"},
			{Kind: tenant.ProofExchange, At: noon.Add(-41 * time.Minute)},
			{Kind: tenant.ProofPrincipal, At: noon.Add(-12 * time.Second), Detail: "as System user 10234"},
			{Kind: tenant.ProofCompany, At: noon.Add(-72 * time.Hour), Detail: "“Fjord & Fell” (id 1017) as system user"},
		},
		StateName: "Running", LogOnAt: noon.Add(-12 * time.Second), LogOnAs: "System user 10234", TicketUntil: noon.Add(5*time.Hour + 59*time.Minute),
	}
}

func blomster() workbench.TenantView {
	v := nordlys()
	v.ContextID, v.CompanyName, v.Verdict = "Cust20871", "Blomster & Sønn", tenant.Unknown
	v.LogOnAt, v.LogOnAs, v.TicketUntil = time.Time{}, "", time.Time{}
	v.Proofs = tenant.ProofsOf(tenant.Visit{}, tenant.Exchanges{}).All()
	return v
}

func storeOf(tenants ...workbench.TenantView) workbench.Overview {
	o := emptyStore()
	o.Tenants = tenants
	o.Poller.Lease.Last = tenant.Tick{At: noon.Add(-12 * time.Second), Active: len(tenants), LoggedOn: len(tenants)}
	return o
}

func created(r workbench.CompanyRequest) workbench.CompanyResult {
	result := workbench.CompanyResult{Key: r.Key, As: r.As, Outcome: workbench.Created, At: noon, Took: 184 * time.Millisecond,
		Credential: "Bearer access token, fingerprint 51ab09ce",
		Company:    tenant.Company{ID: 1042, Name: "SuperId-1773489600", CreatedBy: "ADA", Owner: "Nordlys Ærlig Handel AS", CreatedAt: noon},
		Requests: []online.Request{
			{Method: "GET", Path: "/Cust10234/api/v1/Contact/default", Status: 200, Took: 41 * time.Millisecond},
			{Method: "POST", Path: "/Cust10234/api/v1/Contact", Status: 200, Took: 96 * time.Millisecond},
		}}
	if r.As == tenant.SystemUser {
		result.Credential = "SOTicket, fingerprint 77e0d3b1"
		result.Company.ID, result.Company.CreatedBy = 1043, "SYSTEM"
	}
	if r.Name != "" {
		result.Company.Name = r.Name
	}
	return result
}

func someEvents() []journal.Event {
	at := noon.Add(-8 * time.Minute)
	event := func(step tenant.Step, level slog.Level, ctx, message string) journal.Event {
		at = at.Add(7 * time.Second)
		e := journal.Event{Time: at, Level: level, Program: "desktop", Step: step, Message: message}
		if ctx != "" {
			e.Registration, e.Tenant = "sandbox", ctx
		}
		return e
	}
	return []journal.Event{
		event(1, slog.LevelInfo, "", "Partnerdesk has started"),
		event(2, slog.LevelInfo, "", "Ready to sign in"),
		event(3, slog.LevelInfo, "", "Opening SuperID in the browser"),
		event(4, slog.LevelInfo, "", "The browser came back with an approval"),
		event(5, slog.LevelInfo, "Cust10234", "The id token passed all 11 checks"),
		event(6, slog.LevelInfo, "Cust10234", "Stored the tenant Nordlys Ærlig Handel AS"),
		event(7, slog.LevelInfo, "", "Polled 1 active tenant: 1 logged on, 0 exchanged, 0 resting, 0 failed"),
		event(8, slog.LevelInfo, "Cust10234", "Exchanged the system user token for a ticket"),
		event(9, slog.LevelInfo, "Cust10234", "The answer passed all 7 checks"),
		event(10, slog.LevelInfo, "Cust10234", "Logged on as System user 10234"),
		event(0, slog.LevelWarn, "Cust20871", "The tenant is not running: Suspended"),
		event(0, slog.LevelError, "Cust20871", "Could not log on: 503 from the tenant"),
	}
}
