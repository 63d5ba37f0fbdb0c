package settings

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"partnerdesk/core/tenant"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
)

func TestAnIntervalIsReadAsPeopleWriteIt(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"15": 15 * time.Second, "15s": 15 * time.Second, " 2 m ": 2 * time.Minute, "1h": time.Hour, "1m30s": 90 * time.Second,
	} {
		if got, err := readInterval(text); got != want || err != nil {
			t.Errorf("%q is %v, %v", text, got, err)
		}
	}
	for text, want := range map[string]string{"": "write it as", "soon": "write it as", "2s": "between 5 seconds", "61m": "and 1 hour"} {
		if _, err := readInterval(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
	for d, want := range map[time.Duration]string{15 * time.Second: "15s", 2 * time.Minute: "2m", time.Hour: "1h", 90 * time.Second: "1m30s", 10 * time.Minute: "10m"} {
		if got := intervalText(d); got != want {
			t.Errorf("%v is written %q", d, got)
		}
	}
}

// What the other program has changed since the sheet was opened stays.
func TestOnlyWhatWasChangedIsKept(t *testing.T) {
	b := newBench(t)
	s := b.openSheet()
	if s.interval.Text != "15s" || s.budget.Text != "10" || s.maintenance.Text != string(tenant.DefaultMaintenance()) {
		t.Errorf("it shows %+v", s.fields())
	}
	b.desk.settings.RequestBudget = 40
	s.interval.SetText("2m")
	test.Tap(s.demonstration)
	s.interval.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	b.until("the sheet to close", func() bool { return !s.Open() })
	want := tenant.DefaultSettings()
	want.RequestBudget, want.PollInterval, want.Demonstration = 40, 2*time.Minute, true
	if b.desk.settings != want || b.changed != 1 {
		t.Errorf("kept: %+v, told %d times", b.desk.settings, b.changed)
	}
}

func TestAWrongValueIsExplainedBesideItsField(t *testing.T) {
	b := newBench(t)
	s := b.openSheet()
	s.budget.SetText("0")
	s.maintenance.SetText("Sunday noon")
	if got := s.budgetHint.Text; got != "The request budget must lie between 1 and 1,000 requests a second." {
		t.Errorf("the budget: %q", got)
	}
	if got := s.maintenanceHint.Text; !strings.Contains(got, `"Sunday noon"`) || s.maintenanceHint.Look.Tone != kit.ToneBad.Text() {
		t.Errorf("the maintenance: %q", got)
	}
	b.tap(s.save)
	if !s.Open() || b.window.Canvas().Focused() != fyne.Focusable(s.budget) || b.desk.settings != tenant.DefaultSettings() {
		t.Error("the wrong field does not get the focus")
	}
	s.budget.SetText("20")
	b.tap(s.published)
	if !strings.Contains(s.maintenanceHint.Text, "Next:") && !strings.Contains(s.maintenanceHint.Text, "under way") {
		t.Errorf("a plan is explained as %q", s.maintenanceHint.Text)
	}
	b.tap(s.save)
	b.until("the sheet to close", func() bool { return !s.Open() })
	if b.desk.settings.RequestBudget != 20 {
		t.Error("it was not kept")
	}
}

func TestNobodyIsAskedForUpdatesBeforeAnAddressIsNamed(t *testing.T) {
	b := newBench(t)
	b.OpenUpdates()
	b.until("the settings", func() bool { return b.sheet != nil && b.sheet.Open() })
	s := b.sheet
	if b.window.Canvas().Focused() != fyne.Focusable(s.updates) {
		t.Error("the keyboard is not at the update notice")
	}
	if s.updates.Checked || !s.address.Disabled() || s.addressHint.Look.Tone == kit.ToneBad.Text() {
		t.Fatal("it is on, though nobody has named an address")
	}
	test.Tap(s.updates)
	for typed, want := range map[string]string{"": "Write the address to ask.", "http://example.com/": "must begin with https://", "newest.json": "must be a web address"} {
		s.address.SetText(typed)
		b.tap(s.save)
		if !s.Open() || !strings.Contains(s.addressHint.Text, want) || b.window.Canvas().Focused() != fyne.Focusable(s.address) {
			t.Errorf("%q: it says %q", typed, s.addressHint.Text)
		}
	}
	const address = "https://example.com/newest.json"
	s.address.SetText(" " + address + " ")
	b.tap(s.save)
	b.until("the sheet to close", func() bool { return !s.Open() })
	if b.desk.settings.UpdateAddress != address {
		t.Errorf("kept: %q", b.desk.settings.UpdateAddress)
	}
	s = b.openSheet()
	if !s.updates.Checked || s.address.Text != address || s.address.Disabled() {
		t.Error("opened again, the sheet shows something else")
	}
	test.Tap(s.updates)
	b.tap(s.save)
	b.until("the sheet to close", func() bool { return !s.Open() })
	if b.desk.settings != tenant.DefaultSettings() {
		t.Errorf("off, it would still ask %q", b.desk.settings.UpdateAddress)
	}
}

func TestWhatBelongsToTheWindowIsRememberedHere(t *testing.T) {
	b := newBench(t)
	p := b.o.Preferences
	if BackgroundOf(p) != BackgroundAsk || !NotifyOf(p) || AppearanceOf(p) != kit.FollowSystem {
		t.Error("the first start does not ask, notify and follow the system")
	}
	s := b.openSheet()
	s.background.SetSelectedIndex(1)
	s.appearance.SetSelectedIndex(2)
	test.Tap(s.notify)
	if fmt.Sprint(b.looks) != fmt.Sprint([]kit.Appearance{kit.Dark}) {
		t.Errorf("the looks were %v", b.looks)
	}
	b.tap(s.save)
	if s.Open() || b.changed != 0 {
		t.Error("the store was asked for what is not its own")
	}
	if p.String("window.background") != "yes" || p.BoolWithFallback("window.notify", true) || p.String("window.appearance") != "dark" {
		t.Errorf("remembered: %q %v %q", p.String("window.background"), p.Bool("window.notify"), p.String("window.appearance"))
	}
	if BackgroundOf(p) != BackgroundKeep || NotifyOf(p) || AppearanceOf(p) != kit.Dark {
		t.Error("it is read otherwise")
	}
}

func TestEscapeTakesAllOfItBack(t *testing.T) {
	b := newBench(t)
	s := b.openSheet()
	s.appearance.SetSelectedIndex(1)
	s.interval.SetText("30s")
	test.Tap(s.notify)
	s.notify.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if s.Open() || b.desk.settings != tenant.DefaultSettings() || !NotifyOf(b.o.Preferences) {
		t.Error("something was kept")
	}
	if fmt.Sprint(b.looks) != fmt.Sprint([]kit.Appearance{kit.Light, kit.FollowSystem}) {
		t.Errorf("the looks were %v", b.looks)
	}
}

func TestAStoreThatRefusesIsTold(t *testing.T) {
	b := newBench(t)
	s := b.openSheet()
	b.desk.failure = errors.New("the disk is full")
	s.interval.SetText("30s")
	b.tap(s.save)
	b.until("the failure", func() bool { return !s.save.Disabled() && s.Told.Visible() })
	if !s.Open() || s.save.Disabled() || s.interval.Text != "30s" {
		t.Error("it cannot be tried again")
	}
	s.giveUp()
	b.Open()
	b.until("the failure", func() bool { return len(b.failed) == 1 })
	b.openProtection() // which has nothing to do with the settings
}

func TestTheProtectionIsChangedFromTheSheet(t *testing.T) {
	b := newBench(t)
	s := b.openSheet()
	b.tap(s.protect)
	b.until("the protection", func() bool { return b.protection != nil && b.protection.Open() })
	b.desk.mu.Lock()
	b.desk.protection.Sentence = "Another key seals the secrets."
	b.desk.mu.Unlock()
	b.tap(b.protection.rotate)
	b.until("the sheet's sentence", func() bool { return s.guard.Text == "Another key seals the secrets." })
	b.window.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if b.protection.Open() || !s.Open() {
		t.Error("Escape does not close what is on top")
	}
}

func TestPictures(t *testing.T) {
	b := newBenchIn(t, kit.Light, 1)
	b.openSheet()
	kittest.AssertPicture(t, "settings_light.png", b.window.Canvas())

	b = newBenchIn(t, kit.Dark, 1)
	b.window.Resize(fyne.NewSize(900, 960))
	b.desk.settings.UpdateAddress = "https://example.com/partnerdesk/newest.json"
	b.openSheet()
	kittest.AssertPicture(t, "settings_dark.png", b.window.Canvas())

	b = newBenchIn(t, kit.Dark, 1)
	s := b.openSheet()
	s.interval.SetText("2s")
	s.maintenance.SetText("Sunday noon")
	s.Tell(kit.Explain(tenant.CauseFiles.Explain("The settings cannot be stored.", "The disk is full.", "")))
	kittest.AssertPicture(t, "wrong_dark.png", b.window.Canvas())

	b = newBenchIn(t, kit.Light, 2)
	b.window.Resize(fyne.NewSize(700, 460))
	d := b.openProtection()
	d.kind.SetSelectedIndex(1)
	d.Tell(keyRotated(tenant.Protection{Generation: 2}))
	kittest.AssertPicture(t, "protection_light_2x.png", b.window.Canvas())
}
