package ui

import (
	"errors"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
)

func (d *fakeDesk) askedForReleases() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.releases
}

const newestAt = "https://example.com/newest.json"

func TestTheWindowAsksForUpdatesOnlyWhenItWasToldTo(t *testing.T) {
	b := open(t, kit.Light, kittest.StoreOf(kittest.Nordlys()))
	b.update(func(*workbench.Overview) {})
	if b.desk.askedForReleases() != 0 || b.updates.Notice.Visible() {
		t.Fatal("somebody is asked though nobody was named")
	}
	b.item("Check for updates…").Action()
	b.until("the settings", func() bool { return b.Canvas().Overlays().Top() != nil })
	b.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	b.update(func(o *workbench.Overview) { o.Poller.Settings.UpdateAddress = newestAt })
	b.until("the notice", b.updates.Notice.Visible)
	for range 3 {
		b.update(func(*workbench.Overview) {})
	}
	if b.desk.askedForReleases() != 1 {
		t.Errorf("asked %d times", b.desk.askedForReleases())
	}
	b.press(b.updates.Notice.Container, "Open the page")
	if got := <-b.opened; got != "https://example.com/0.2.0" {
		t.Errorf("opened %s", got)
	}
}

func TestAVersionThatWasDismissedIsNotToldAtTheNextStart(t *testing.T) {
	a := test.NewTempApp(t)
	store := kittest.StoreOf(kittest.Nordlys())
	store.Poller.Settings.UpdateAddress = newestAt
	b := openOn(t, a, kit.Light, store, func(*Options) {})
	b.until("the notice", b.updates.Notice.Visible)
	b.fail(errors.New("the log could not be written"))
	b.typedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if b.general.Visible() || !b.updates.Notice.Visible() {
		t.Error("Escape answers another notice than the lowest")
	}
	b.typedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if b.updates.Notice.Visible() {
		t.Error("Escape does not dismiss it")
	}
	b = openOn(t, a, kit.Light, store, func(*Options) {})
	b.until("the answer", func() bool { return b.updates.Line(kittest.Noon) == "0.2.0, asked just now" })
	if b.updates.Notice.Visible() {
		t.Error("it is told again")
	}
}
