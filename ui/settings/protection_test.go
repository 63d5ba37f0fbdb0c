package settings

import (
	"context"
	"errors"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
)

// keeper guards a data file as the test says.
type keeper struct {
	protection tenant.Protection
	protect    func(context.Context, tenant.ProtectionKind, secret.Text) error
}

func (k *keeper) ChangeProtection(ctx context.Context, to tenant.ProtectionKind, passphrase secret.Text) (tenant.Protection, error) {
	if err := k.protect(ctx, to, passphrase); err != nil {
		return tenant.Protection{}, err
	}
	k.protection.Kind, k.protection.Sentence = to, "Secrets are sealed by the "+to.Label()+"."
	return k.protection, nil
}

func (k *keeper) RotateDataKey(context.Context) (tenant.Protection, error) {
	k.protection.Generation++
	return k.protection, nil
}

// bench is a window with nothing in it but what the settings open.
type bench struct {
	*Settings
	t       *testing.T
	q       *kittest.Queue
	window  fyne.Window
	keeper  *keeper
	changed int
	late    []error
}

func newBench(t *testing.T) *bench {
	t.Helper()
	a := test.NewTempApp(t)
	a.Settings().SetTheme(kit.NewTheme(kit.Light))
	b := &bench{t: t, q: kittest.NewQueue(), window: a.NewWindow("settings"), keeper: &keeper{
		protection: tenant.Protection{Kind: tenant.ByKeyring, Generation: 1}}}
	b.window.Resize(fyne.NewSize(900, 600))
	run := kit.NewRunner(t.Context(), b.q.Do)
	t.Cleanup(run.Close)
	b.Settings = New(run, Options{Desk: b.keeper, Window: b.window, OnChanged: func() { b.changed++ }, OnLate: func(err error) { b.late = append(b.late, err) }})
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

func openProtection(b *bench) *protectionDialog {
	d := newProtectionDialog(b.window, b.run, b.keeper, b.keeper.protection.Kind)
	d.onChanged, d.onLate = b.o.OnChanged, b.o.OnLate
	d.Show(d.kind)
	return d
}

func TestAPassphraseIsTypedTwiceAndProtects(t *testing.T) {
	b := newBench(t)
	given := make(chan secret.Text, 1)
	b.keeper.protect = func(_ context.Context, to tenant.ProtectionKind, p secret.Text) error {
		given <- p
		return nil
	}
	d := openProtection(b)
	if d.chosen() != tenant.ByKeyring || d.secrets.Visible() {
		t.Errorf("it begins with %s", d.chosen())
	}
	d.kind.SetSelectedIndex(1)
	if !d.secrets.Visible() || d.meaning.Text != textProtectAsks.String() {
		t.Fatal("no passphrase can be typed")
	}
	for _, c := range []struct{ first, second, want string }{
		{"", "", "no passphrase"}, {"too short", "too short", "at least 12"}, {"four words are enough", "four words are enoug", "not the same"},
	} {
		d.passphrase.SetText(c.first)
		d.again.SetText(c.second)
		b.tap(d.change)
		if !strings.Contains(strings.ToLower(d.Told.Shown.Title), c.want) || len(given) > 0 {
			t.Errorf("%q and %q: it says %q", c.first, c.second, d.Told.Shown.Title)
		}
	}
	d.again.SetText("four words are enough")
	d.again.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if d.Told.Shown.Title != textProtectChanging.String() || !d.change.Disabled() || !d.passphrase.Disabled() {
		t.Errorf("under way it says %q", d.Told.Shown.Title)
	}
	b.until("the result", func() bool { return d.Told.Shown.Tone == kit.ToneGood })
	if p := <-given; p.Reveal() != "four words are enough" {
		t.Error("another passphrase protects")
	}
	if d.passphrase.Text+d.again.Text != "" || d.close.Text != kit.TextClose.String() {
		t.Error("the passphrase stays in its fields")
	}
	if b.changed != 1 || b.keeper.protection.Kind != tenant.ByPassphrase {
		t.Errorf("the window heard of it %d times", b.changed)
	}
}

func TestAProtectionThatCannotBeChangedSaysWhy(t *testing.T) {
	b := newBench(t)
	b.keeper.protect = func(context.Context, tenant.ProtectionKind, secret.Text) error {
		return &tenant.Problem{Op: "change protection", Err: errors.New("locked"),
			Explanation: tenant.CauseSecretStore.Explain("The protection stays as it is.", "The secret store is locked.", "")}
	}
	d := openProtection(b)
	d.kind.SetSelectedIndex(2)
	b.tap(d.change)
	b.until("the failure", func() bool { return d.Told.Shown.Title == "The protection stays as it is." })
	if d.change.Disabled() || d.kind.Disabled() {
		t.Error("it cannot be tried again")
	}
	b.keeper.protect = func(context.Context, tenant.ProtectionKind, secret.Text) error { return nil }
	b.tap(d.change)
	b.until("the second try", func() bool { return d.Told.Shown.Tone == kit.ToneGood && b.keeper.protection.Kind == tenant.ByKeyFile })
}

func TestCancelEndsAChangeThatWaits(t *testing.T) {
	b := newBench(t)
	for _, late := range []error{
		context.Canceled,
		&tenant.Problem{Op: "wipe", Explanation: tenant.CauseFiles.Explain("The old key stays.", "", "")},
	} {
		b.keeper.protect = func(ctx context.Context, _ tenant.ProtectionKind, _ secret.Text) error {
			<-ctx.Done()
			return late
		}
		d := openProtection(b)
		b.tap(d.change)
		b.tap(d.close)
		b.until("the end of the change", func() bool { return d.current.Finished })
		if b.window.Canvas().Overlays().Top() != nil {
			t.Error("the dialog stays")
		}
		if len(b.late) != 1 || !errors.Is(b.late[0], late) {
			t.Errorf("late, %v is told as %v", late, b.late)
		}
		b.late = nil
	}
}

func TestANewDataKeyIsMadeFromTheWindow(t *testing.T) {
	b := newBench(t)
	b.keeper.protection.OldKeys = 2
	d := openProtection(b)
	b.tap(d.rotate)
	b.until("the result", func() bool { return len(d.Told.Shown.Lines) == 2 })
	if d.Told.Shown.Tone != kit.ToneWarning || !strings.Contains(strings.Join(d.Told.Shown.Lines, "\n"), "number 2.\n2 old keys could not") {
		t.Errorf("it says %+v", d.Told.Shown)
	}
}
