package ui

import (
	"context"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
)

func (d *fakeDesk) Protection(context.Context) (tenant.Protection, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.protection, d.failure
}

func (d *fakeDesk) ChangeProtection(ctx context.Context, to tenant.ProtectionKind, passphrase secret.Text) (tenant.Protection, error) {
	if err := d.protect(ctx, to, passphrase); err != nil {
		return tenant.Protection{}, err
	}
	d.change(func(*workbench.Overview) {
		d.protection.Kind, d.protection.Sentence = to, "Secrets are sealed by the "+to.Label()+"."
	})
	return d.Protection(ctx)
}

func (d *fakeDesk) RotateDataKey(ctx context.Context) (tenant.Protection, error) {
	d.change(func(*workbench.Overview) { d.protection.Generation++ })
	return d.Protection(ctx)
}

func TestTheFootersButtonOpensTheProtection(t *testing.T) {
	b := open(t, kit.Light, kittest.EmptyStore())
	b.tap(b.protect)
	b.until("the dialog", func() bool { return b.Canvas().Overlays().Top() != nil })
	b.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if b.Canvas().Overlays().Top() != nil {
		t.Error("Escape does not close it")
	}
}

func TestTheFooterFollowsTheOtherProgram(t *testing.T) {
	b := open(t, kit.Light, kittest.EmptyStore())
	if !strings.HasSuffix(b.place.Text, b.desk.protection.Sentence) {
		t.Fatalf("the footer says %q", b.place.Text)
	}
	b.update(func(*workbench.Overview) { b.desk.protection.Sentence = "Another sentence." })
	if !strings.HasSuffix(b.place.Text, "   ·   Another sentence.") {
		t.Errorf("the footer says %q", b.place.Text)
	}
}

// damagedOf is damage at as many tenants.
func damagedOf(n int) []workbench.DamageView {
	var all []workbench.DamageView
	for i := range n {
		ctx := "Cust1000" + string(rune('1'+i))
		all = append(all, workbench.DamageView{Key: tenant.Key{Registration: "sandbox", ContextID: ctx}, Records: []string{"ticket"},
			Trouble: tenant.CauseFilesBroken.Explain("1 record of "+ctx+" cannot be trusted: ticket.", "The data file was damaged.", "Remove the tenant and sign in to it again.")})
	}
	return all
}

func TestDamageIsShownAsLongAsItIsThere(t *testing.T) {
	b := open(t, kit.Light, kittest.StoreOf(kittest.Nordlys()))
	if b.damage.Visible() || b.room.Visible() {
		t.Fatal("there is trouble where there is none")
	}
	b.update(func(o *workbench.Overview) { o.Damaged = damagedOf(1) })
	if got := b.damage.Shown; got.Title != "1 record of Cust10001 cannot be trusted: ticket." || !strings.Contains(strings.Join(got.Lines, ""), "What to do: Remove the tenant") {
		t.Errorf("one: %+v", got)
	}
	b.update(func(o *workbench.Overview) { o.Damaged = damagedOf(5) })
	said := strings.Join(b.damage.Shown.Lines, "\n")
	if !strings.Contains(said, "Cust10003") || strings.Contains(said, "Cust10004") || !strings.Contains(said, "And 2 more") {
		t.Errorf("five: %q", said)
	}
	b.Resize(fyne.NewSize(windowWidth, windowHeight))
	if room := b.panel.Root().Size().Height; room < 250 {
		t.Errorf("the notice leaves the tenant %.0f of the window's height", room)
	}
	b.update(func(o *workbench.Overview) { o.Damaged = nil })
	if b.damage.Visible() {
		t.Error("the notice outlives the damage")
	}
}

func TestAJournalThatOutgrowsItsLimitIsShown(t *testing.T) {
	b := open(t, kit.Light, kittest.EmptyStore())
	full := &tenant.Problem{Op: "check", Explanation: tenant.CauseFiles.Explain("The journal has outgrown its limit.", "It takes 5 KB.", "")}
	b.update(func(*workbench.Overview) { b.desk.journal = full })
	if !b.room.Visible() || b.room.Shown.Tone != kit.ToneWarning || b.room.Shown.Title != "The journal has outgrown its limit." {
		t.Errorf("it says %+v", b.room.Shown)
	}
	b.update(func(*workbench.Overview) { b.desk.journal = nil })
	if b.room.Visible() {
		t.Error("the warning outlives its reason")
	}
}

func TestWhatHappenedBeforeTheWindowIsTold(t *testing.T) {
	b := open(t, kit.Light, kittest.EmptyStore())
	b.Tell("The backup of 12:00 is in the place of the data file.", "The damaged file is kept.")
	b.update(func(*workbench.Overview) {})
	if !b.general.Holds(b.dismiss) || b.general.Shown.Lines[0] != "The damaged file is kept." {
		t.Errorf("it says %+v", b.general.Shown)
	}
	test.Tap(b.dismiss)
	if b.general.Visible() {
		t.Error("Dismiss does not dismiss")
	}
}
