package settings

import (
	"context"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
)

// desk keeps settings and guards a data file as the test says.
type desk struct {
	mu         sync.Mutex
	settings   tenant.Settings
	failure    error
	protection tenant.Protection
	protect    func(context.Context, tenant.ProtectionKind, secret.Text) error
}

func (d *desk) Settings(context.Context) (tenant.Settings, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.settings, d.failure
}

func (d *desk) UpdateSettings(_ context.Context, change func(*tenant.Settings) error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.failure != nil {
		return d.failure
	}
	return change(&d.settings)
}

func (d *desk) Protection(context.Context) (tenant.Protection, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.protection, nil
}

func (d *desk) ChangeProtection(ctx context.Context, to tenant.ProtectionKind, passphrase secret.Text) (tenant.Protection, error) {
	if err := d.protect(ctx, to, passphrase); err != nil {
		return tenant.Protection{}, err
	}
	d.mu.Lock()
	d.protection.Kind, d.protection.Sentence = to, "Secrets are sealed by the "+to.Label()+"."
	d.mu.Unlock()
	return d.Protection(ctx)
}

func (d *desk) RotateDataKey(ctx context.Context) (tenant.Protection, error) {
	d.mu.Lock()
	d.protection.Generation++
	d.mu.Unlock()
	return d.Protection(ctx)
}

// bench is a window with nothing in it but what the settings open.
type bench struct {
	*Settings
	t       *testing.T
	q       *kittest.Queue
	window  fyne.Window
	desk    *desk
	changed int
	failed  []error
	looks   []kit.Appearance
}

func newBench(t *testing.T) *bench { return newBenchIn(t, kit.Light, 1) }

func newBenchIn(t *testing.T, look kit.Appearance, scale float32) *bench {
	t.Helper()
	a := test.NewTempApp(t)
	a.Settings().SetTheme(kit.NewTheme(look))
	b := &bench{t: t, q: kittest.NewQueue(), window: a.NewWindow("settings"), desk: &desk{settings: tenant.DefaultSettings(),
		protection: tenant.Protection{Kind: tenant.ByKeyring, Generation: 1, Sentence: "Secrets are sealed with a key from the system's secret store."}}}
	b.window.Canvas().(software.WindowlessCanvas).SetScale(scale)
	b.window.Resize(fyne.NewSize(900, 600))
	run := kit.NewRunner(t.Context(), b.q.Do)
	t.Cleanup(run.Close)
	b.Settings = New(run, Options{Desk: b.desk, Window: b.window, Preferences: a.Preferences(), Now: func() time.Time { return kittest.Noon },
		OnChanged: func() { b.changed++ }, OnFail: func(err error) { b.failed = append(b.failed, err) },
		OnAppearance: func(l kit.Appearance) { b.looks = append(b.looks, l) }})
	return b
}

func (b *bench) tap(o fyne.Tappable) {
	b.t.Helper()
	test.Tap(o)
	b.q.Drain()
}

func (b *bench) until(what string, holds func() bool) {
	b.t.Helper()
	b.q.Await(b.t, what, holds)
}

// openProtection opens the dialog and waits for it.
func (b *bench) openProtection() *protectionDialog {
	b.t.Helper()
	b.OpenProtection()
	b.until("the protection", func() bool { return b.protection != nil && b.protection.Open() })
	return b.protection
}

// openSheet opens the sheet and waits for it.
func (b *bench) openSheet() *sheet {
	b.t.Helper()
	b.Open()
	b.until("the settings", func() bool { return b.sheet != nil && b.sheet.Open() })
	return b.sheet
}
