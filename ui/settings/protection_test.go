package settings

import (
	"context"
	"errors"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
	"partnerdesk/ui/kit"
)

func TestAPassphraseIsTypedTwiceAndProtects(t *testing.T) {
	b := newBench(t)
	given := make(chan secret.Text, 1)
	b.desk.protect = func(_ context.Context, to tenant.ProtectionKind, p secret.Text) error {
		given <- p
		return nil
	}
	d := b.openProtection()
	if d.chosen() != tenant.ByKeyring || d.secrets.Visible() {
		t.Errorf("it begins with %s", d.chosen())
	}
	if !d.change.Disabled() || d.change.ToolTip() != textProtectSame.String() {
		t.Error("what guards it already can be changed to the same")
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
	if b.changed != 1 || b.desk.protection.Kind != tenant.ByPassphrase {
		t.Errorf("the window heard of it %d times", b.changed)
	}
}

func TestAProtectionThatCannotBeChangedSaysWhy(t *testing.T) {
	b := newBench(t)
	b.desk.protect = func(context.Context, tenant.ProtectionKind, secret.Text) error {
		return &tenant.Problem{Op: "change protection", Err: errors.New("locked"),
			Explanation: tenant.CauseSecretStore.Explain("The protection stays as it is.", "The secret store is locked.", "")}
	}
	d := b.openProtection()
	d.kind.SetSelectedIndex(2)
	b.tap(d.change)
	b.until("the failure", func() bool { return d.Told.Shown.Title == "The protection stays as it is." })
	if d.change.Disabled() || d.kind.Disabled() {
		t.Error("it cannot be tried again")
	}
	b.desk.protect = func(context.Context, tenant.ProtectionKind, secret.Text) error { return nil }
	b.tap(d.change)
	b.until("the second try", func() bool { return d.Told.Shown.Tone == kit.ToneGood && b.desk.protection.Kind == tenant.ByKeyFile })
	if !d.change.Disabled() {
		t.Error("it can be changed once more to the same")
	}
	d.kind.SetSelectedIndex(0)
	if d.change.Disabled() {
		t.Error("it cannot be changed back")
	}
	d.kind.SetSelectedIndex(1)
	d.passphrase.SetText("four words are enough")
	d.again.SetText("four words are enough")
	b.tap(d.change)
	b.until("the passphrase", func() bool { return !d.kind.Disabled() && b.desk.protection.Kind == tenant.ByPassphrase })
	if d.change.Disabled() {
		t.Error("a passphrase cannot be changed for another one")
	}
}

func TestCancelEndsAChangeThatWaits(t *testing.T) {
	b := newBench(t)
	for _, late := range []error{
		context.Canceled,
		&tenant.Problem{Op: "wipe", Explanation: tenant.CauseFiles.Explain("The old key stays.", "", "")},
	} {
		b.desk.protect = func(ctx context.Context, _ tenant.ProtectionKind, _ secret.Text) error {
			<-ctx.Done()
			return late
		}
		d := b.openProtection()
		d.kind.SetSelectedIndex(2)
		b.tap(d.change)
		b.tap(d.close)
		b.until("the end of the change", func() bool { return d.current.Finished })
		if b.window.Canvas().Overlays().Top() != nil {
			t.Error("the dialog stays")
		}
		if len(b.failed) != 1 || !errors.Is(b.failed[0], late) {
			t.Errorf("late, %v is told as %v", late, b.failed)
		}
		b.failed = nil
	}
}

func TestANewDataKeyIsMadeFromTheWindow(t *testing.T) {
	b := newBench(t)
	b.desk.protection.OldKeys = 2
	d := b.openProtection()
	b.tap(d.rotate)
	b.until("the result", func() bool { return len(d.Told.Shown.Lines) == 2 })
	if d.Told.Shown.Tone != kit.ToneWarning || !strings.Contains(strings.Join(d.Told.Shown.Lines, "\n"), "number 2.\n2 old keys could not") {
		t.Errorf("it says %+v", d.Told.Shown)
	}
}
