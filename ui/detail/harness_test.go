package detail

import (
	"context"
	"fmt"
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

func TestMain(m *testing.M) { kittest.Main(m) }

// fakeDesk is a workbench of which the test decides every answer.
type fakeDesk struct {
	diagnose   func(context.Context, workbench.DiagnoseRequest) (workbench.Diagnosis, error)
	validation func(tenant.Key) (tenant.Validation, error)
	history    func(tenant.Key) (tenant.History, error)
	signOut    func(context.Context, workbench.SignOutRequest) (workbench.SignedOut, error)
	offboard   func(context.Context, workbench.OffboardRequest) (workbench.Receipt, error)
}

func (d *fakeDesk) Diagnose(ctx context.Context, r workbench.DiagnoseRequest) (workbench.Diagnosis, error) {
	return d.diagnose(ctx, r)
}

func (d *fakeDesk) Validation(_ context.Context, k tenant.Key) (tenant.Validation, error) {
	return d.validation(k)
}

func (d *fakeDesk) History(_ context.Context, k tenant.Key) (tenant.History, error) {
	return d.history(k)
}

func (d *fakeDesk) SignOut(ctx context.Context, r workbench.SignOutRequest) (workbench.SignedOut, error) {
	return d.signOut(ctx, r)
}

func (d *fakeDesk) Offboard(ctx context.Context, r workbench.OffboardRequest) (workbench.Receipt, error) {
	return d.offboard(ctx, r)
}

// wellDesk is a workbench in which all is well.
func wellDesk() *fakeDesk {
	return &fakeDesk{
		validation: func(k tenant.Key) (tenant.Validation, error) { return validated(k), nil },
		history: func(k tenant.Key) (tenant.History, error) {
			if k == kittest.Blomster().Key {
				return tenant.History{Key: k}, nil // never visited
			}
			return tenant.History{Key: k, Changes: []tenant.Change{{At: kittest.Noon.Add(-30 * time.Hour), Verdict: tenant.Well}},
				Polled: []tenant.Stretch{{From: kittest.Noon.Add(-25 * time.Hour), To: kittest.Noon}}}, nil
		},
		diagnose: diagnosing(nil, nil),
	}
}

// validated is what a sign-in has left.
func validated(k tenant.Key) tenant.Validation {
	v := tenant.Validation{Key: k, At: kittest.Noon.Add(-7 * time.Minute)}
	for _, name := range []string{"form", "algorithm", "key", "signature", "issuer", "audience", "expiry", "not before", "time of issue", "nonce", "subject", "SuperOffice claims"} {
		v.Checks = append(v.Checks, tenant.ValidationCheck{Name: name, Passed: true})
	}
	v.Checks = append(v.Checks, tenant.ValidationCheck{Name: "tenant", Detail: "not checked, as no tenant was asked for"})
	v.Claims = []tenant.ValidationClaim{
		{Name: "iss", Value: "https://sod.superoffice.com"}, {Name: "aud", Value: "0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a"},
		{Name: "sub", Value: "ada@nordlys.example"}, {Name: "exp", Value: "1773489600"}, {Name: "nonce", Fingerprint: "51ab09ce"},
		{Name: identityPrefix + "ctx", Value: k.ContextID}, {Name: identityPrefix + "company_name", Value: "Nordlys Ærlig Handel AS"},
		{Name: identityPrefix + "is_administrator", Value: "true"}, {Name: identityPrefix + "system_token", Fingerprint: "9f2c41d7"},
	}
	return v
}

// diagnosing goes through the steps, of which the last fails where there is a cause. Before each it waits for the test,
// where there is a gate.
func diagnosing(cause *tenant.Explanation, gate chan struct{}) func(context.Context, workbench.DiagnoseRequest) (workbench.Diagnosis, error) {
	return func(ctx context.Context, r workbench.DiagnoseRequest) (workbench.Diagnosis, error) {
		d := workbench.Diagnosis{OK: cause == nil, At: kittest.Noon, Took: 1234 * time.Millisecond, Cause: cause}
		steps := workbench.DiagnosisSteps()
		if cause != nil {
			steps = steps[:11]
		}
		for i, s := range steps {
			if gate != nil {
				select {
				case <-gate:
				case <-ctx.Done():
					return d, ctx.Err()
				}
			}
			s.Result, s.Detail, s.Took = workbench.StepPassed, "It holds: "+s.Proves, time.Duration(i*7+3)*time.Millisecond
			switch {
			case s.Name == workbench.DiagnoseAPIName || s.Name == workbench.DiagnoseAPITLS:
				s.Result, s.Detail = workbench.StepSkipped, "The tenant is called at the sign-in host."
			case s.Name == workbench.DiagnoseTLS:
				s.Detail, s.Warning = "TLS 1.3; the certificate for *.superoffice.com from DigiCert ends in 5 days.", "The certificate ends soon."
			case cause != nil && i == len(steps)-1:
				s.Result, s.Detail = workbench.StepFailed, cause.What+" "+cause.Why
			}
			d.Steps = append(d.Steps, s)
			r.Progress(s)
		}
		return d, nil
	}
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
	acts      []string // what was asked of the window
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
	b := &bench{t: t, q: kittest.NewQueue(), desk: wellDesk(), now: kittest.Noon, opened: make(chan string, 8),
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
		OpenURL:        func(url string) error { return b.openURL(url) },
		Copy:           func(text string) { b.app.Clipboard().SetContent(text) },
		Companies:      b.companies,
		Preferences:    b.app.Preferences(),
		OnActive:       func(k tenant.Key, on bool) { b.note("active %s %t", k.ContextID, on) },
		OnLogOn:        func(k tenant.Key) { b.note("log on %s", k.ContextID) },
		OnSignIn:       func(t workbench.TenantView, approve bool) { b.note("sign in %s %t", t.ContextID, approve) },
		OnPoll:         func() { b.note("poll") },
		OnRegistration: func(name string) { b.note("registration %s", name) },
		OnChanged:      func() { b.changed++ },
		OnElsewhere:    func(v kit.NoticeView) { b.elsewhere = v },
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

func (b *bench) note(format string, values ...any) {
	b.acts = append(b.acts, fmt.Sprintf(format, values...))
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
