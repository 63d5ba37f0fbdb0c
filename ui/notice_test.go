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
	if !strings.HasSuffix(b.place.Text, textByKeyring.String()) || !strings.HasSuffix(b.place.Tip, b.desk.protection.Sentence) {
		t.Fatalf("the footer says %q, and %q", b.place.Text, b.place.Tip)
	}
	b.update(func(*workbench.Overview) {
		b.desk.protection = tenant.Protection{Kind: tenant.ByKeyFile, Sentence: "Another sentence."}
	})
	if !strings.HasSuffix(b.place.Text, "   ·   "+textByKeyFile.String()) || !strings.HasSuffix(b.place.Tip, "Another sentence.") {
		t.Errorf("the footer says %q, and %q", b.place.Text, b.place.Tip)
	}
}

func TestTheFooterIsReadInFullInAnOrdinaryWindow(t *testing.T) {
	for _, language := range []string{"English", "Norwegian"} {
		t.Run(language, func(t *testing.T) {
			if language == "Norwegian" {
				inNorwegian(t)
			}
			b := open(t, kit.Light, kittest.EmptyStore())
			b.o.DataDir = "/home/a-long-name/.local/share/partnerdesk"
			b.Resize(fyne.NewSize(windowWidth, windowHeight))
			for _, kind := range []tenant.ProtectionKind{tenant.ByKeyring, tenant.ByPassphrase, tenant.ByKeyFile} {
				b.update(func(*workbench.Overview) { b.desk.protection.Kind = kind })
				if wanted := b.place.Full().Width; wanted > b.place.Size().Width {
					t.Errorf("%q is %g wide and has %g", b.place.Text, wanted, b.place.Size().Width)
				}
			}
		})
	}
}

func TestDamageLeavesRoomForTheTenant(t *testing.T) {
	b := open(t, kit.Light, kittest.StoreOf(kittest.Nordlys()))
	if b.damage.Root().Visible() || b.room.Visible() {
		t.Fatal("there is trouble where there is none")
	}
	b.update(func(o *workbench.Overview) {
		for i := range 5 {
			key := tenant.Key{Registration: "sandbox", ContextID: "Cust1000" + string(rune('1'+i))}
			o.Damaged = append(o.Damaged, workbench.DamageView{Key: key, Records: []string{"ticket"},
				Trouble: tenant.CauseFilesBroken.Explain("1 record of "+key.ContextID+" cannot be trusted: ticket.", "The data file was damaged.", "")})
		}
	})
	b.Resize(fyne.NewSize(windowWidth, windowHeight))
	if room := b.panel.Root().Size().Height; !b.damage.Root().Visible() || room < 250 {
		t.Errorf("the notice leaves the tenant %.0f of the window's height", room)
	}
	b.update(func(o *workbench.Overview) { o.Damaged = nil })
	if b.damage.Root().Visible() {
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
	b.TellRecovered(kittest.Noon, "~/aside")
	b.update(func(*workbench.Overview) {})
	if !b.general.Holds(b.dismiss) || b.general.Shown.Lines[0] != "The damaged file is kept: ~/aside" {
		t.Errorf("it says %+v", b.general.Shown)
	}
	test.Tap(b.dismiss)
	if b.general.Visible() {
		t.Error("Dismiss does not dismiss")
	}
}
