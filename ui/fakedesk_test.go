package ui

import (
	"context"
	"slices"
	"sync"
	"time"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/data"
	"partnerdesk/ui/kit/kittest"
)

// fakeDesk is a workbench of which the test decides every answer.
type fakeDesk struct {
	data.Desk // no test of the whole window moves data

	mu       sync.Mutex
	overview workbench.Overview
	failure  error

	signIn    func(context.Context, workbench.SignInRequest, workbench.SignInHooks) (workbench.SignedIn, error)
	create    func(context.Context, workbench.CompanyRequest) (workbench.CompanyResult, error)
	setActive func(tenant.Key, bool) error
	signOut   func(context.Context, workbench.SignOutRequest) (workbench.SignedOut, error)
	offboard  func(context.Context, workbench.OffboardRequest) (workbench.Receipt, error)
	visited   []tenant.Key

	protection tenant.Protection
	journal    error // what is wrong with its room
	ticks      []tenant.Tick
	releases   int         // how often somebody was asked for a release
	asked      []time.Time // since when ticks were asked for
	protect    func(context.Context, tenant.ProtectionKind, secret.Text) error
}

func newFakeDesk(o workbench.Overview) *fakeDesk {
	d := &fakeDesk{overview: o, protection: tenant.Protection{Kind: tenant.ByKeyring, Generation: 1,
		Sentence: "Secrets are sealed with a key from the system's secret store."}}
	if len(o.Tenants) > 0 {
		d.ticks = kittest.ADay()
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

func (d *fakeDesk) Pulse(context.Context) (workbench.Pulse, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	p := workbench.Pulse{Revision: d.overview.Revision, Poller: d.overview.Poller}
	p.Poller.Settings = tenant.Settings{}
	return p, d.failure
}

// poll changes who polls, which leaves the revision as it is.
func (d *fakeDesk) poll(f func(p *workbench.PollerView)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	f(&d.overview.Poller)
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
	receipt, err := d.offboard(ctx, r)
	if receipt.Wiped {
		d.change(func(o *workbench.Overview) {
			o.Tenants = slices.DeleteFunc(o.Tenants, func(t workbench.TenantView) bool { return t.Key == r.Key })
		})
	}
	return receipt, err
}

func (d *fakeDesk) SaveRegistration(_ context.Context, r workbench.RegistrationDraft) error {
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

func (d *fakeDesk) Settings(context.Context) (tenant.Settings, error) { return d.settings(), nil }

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

// TakeOver has the fake's other process asked; the test lets it answer.
func (d *fakeDesk) TakeOver(context.Context) error {
	d.change(func(o *workbench.Overview) {
		o.Poller.AskedBy, o.Poller.AskedUntil, o.Poller.Asking = tenant.Owner{Program: "desktop", PID: 17}, kittest.Noon.Add(workbench.TakeOverPatience), true
	})
	return nil
}

func (d *fakeDesk) Ticks(_ context.Context, since time.Time) ([]tenant.Tick, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.asked = append(d.asked, since)
	return slices.DeleteFunc(slices.Clone(d.ticks), func(t tenant.Tick) bool { return t.At.Before(since) }), d.failure
}

func (d *fakeDesk) ResolveCompany(_ context.Context, last workbench.CompanyResult) (workbench.CompanyResult, error) {
	return last, nil
}

func (d *fakeDesk) CompanyResults(context.Context, tenant.Key) ([]workbench.CompanyResult, error) {
	return nil, nil
}

func (d *fakeDesk) CompanyPage(context.Context, tenant.Key, int64) (string, error) { return "", nil }

func (d *fakeDesk) SetActiveAll(ctx context.Context, keys []tenant.Key, on bool) ([]tenant.Key, error) {
	for _, k := range keys {
		if err := d.SetActive(ctx, k, on); err != nil {
			return nil, err
		}
	}
	return keys, nil
}

func (d *fakeDesk) VisitAll(ctx context.Context, keys []tenant.Key) ([]tenant.Key, error) {
	for _, k := range keys {
		if err := d.VisitNow(ctx, k); err != nil {
			return nil, err
		}
	}
	return keys, nil
}

func (d *fakeDesk) Diagnose(ctx context.Context, r workbench.DiagnoseRequest) (workbench.Diagnosis, error) {
	result := workbench.Diagnosis{OK: true}
	for _, s := range workbench.DiagnosisSteps() {
		s.Result = workbench.StepPassed
		result.Steps = append(result.Steps, s)
		r.Progress(s)
	}
	return result, ctx.Err()
}

func (d *fakeDesk) Validation(_ context.Context, key tenant.Key) (tenant.Validation, error) {
	return tenant.Validation{Key: key, At: kittest.Noon}, nil
}

func (d *fakeDesk) History(_ context.Context, key tenant.Key) (tenant.History, error) {
	return tenant.History{Key: key, Changes: []tenant.Change{{At: kittest.Noon.Add(-20 * time.Hour), Verdict: tenant.Well}},
		Polled: []tenant.Stretch{{From: kittest.Noon.Add(-19 * time.Hour), To: kittest.Noon}}}, nil
}

// CheckForUpdate asks the fake's release, where the settings name somebody.
func (d *fakeDesk) CheckForUpdate(context.Context) (workbench.UpdateCheck, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	c := workbench.UpdateCheck{Version: "0.1.0", Comparable: true, Address: d.overview.Poller.Settings.UpdateAddress}
	if c.Address == "" {
		return c, nil
	}
	d.releases++
	c.Newest, c.Page, c.Newer = "0.2.0", "https://example.com/0.2.0", true
	return c, nil
}
