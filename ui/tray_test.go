package ui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
	"partnerdesk/ui/settings"
)

// trayApp is an app on a screen with a tray.
type trayApp struct {
	fyne.App
	menu  *fyne.Menu
	drawn int
	quit  bool
}

func (a *trayApp) SetSystemTrayMenu(m *fyne.Menu)      { a.menu = m }
func (a *trayApp) SetSystemTrayIcon(fyne.Resource)     {}
func (a *trayApp) SetSystemTrayWindow(fyne.Window)     {}
func (a *trayApp) Quit()                               { a.quit = true }
func (a *trayApp) SendNotification(*fyne.Notification) {}

// openWithTray opens a window where its program can live on in the tray.
func openWithTray(t *testing.T, store workbench.Overview) (*bench, *trayApp) {
	t.Helper()
	a := &trayApp{App: test.NewTempApp(t)}
	b := openOn(t, a, kit.Light, store, func(o *Options) { o.Tray = fyne.NewMenu("") })
	b.until("the tray", func() bool { return a.menu != nil })
	return b, a
}

func TestTheTrayShowsHowThingsAre(t *testing.T) {
	b, a := openWithTray(t, kittest.StoreOf(kittest.Nordlys(), kittest.Blomster()))
	labels := func() (list []string) {
		for _, i := range a.menu.Items {
			if !i.IsSeparator {
				list = append(list, i.Label)
			}
		}
		return list
	}
	if got := labels(); len(got) != 4 || got[1] != "No tenant needs attention" || !a.menu.Items[3].Checked {
		t.Errorf("the tray says %q", got)
	}
	drawn := a.drawn
	b.update(func(*workbench.Overview) {})
	if a.drawn != drawn {
		t.Error("the tray is drawn anew although nothing is new")
	}
	b.update(func(o *workbench.Overview) { o.Tenants[0] = troubled(o.Tenants[0]) })
	if got := labels(); got[1] != "1 tenant needs attention" {
		t.Errorf("the tray says %q", got)
	}
	a.menu.Items[3].Action()
	b.until("the stop", func() bool { return !b.polling.Running() && !a.menu.Items[3].Checked })
}

func TestClosingTheWindowAsksOnceAboutThePoller(t *testing.T) {
	b, a := openWithTray(t, kittest.StoreOf(kittest.Nordlys()))
	b.closing()
	if b.general.Shown.Title != "Keep polling in the background?" || a.quit || b.hidden {
		t.Fatalf("it says %q", b.general.Shown.Title)
	}
	b.press(b.general.Container, "Keep polling")
	if !b.hidden || a.quit || !b.polling.Running() {
		t.Error("the poller does not go on in the background")
	}
	shown := b.selected
	b.update(func(o *workbench.Overview) { o.Tenants = []workbench.TenantView{kittest.Blomster()} })
	if b.selected != shown {
		t.Error("a window that nobody sees is drawn")
	}
	a.menu.Items[0].Action()
	b.until("the window to be up to date", func() bool { return !b.hidden && b.selected == kittest.Blomster().Key })
	b.closing()
	if !b.hidden || b.general.Visible() {
		t.Error("it asks again")
	}
	settings.KeepBackground(b.app.Preferences(), settings.BackgroundStop)
	b.closing()
	if !a.quit {
		t.Error("the program lives on although the person has said no")
	}
}

func TestClosingTheWindowTwiceQuits(t *testing.T) {
	b, a := openWithTray(t, kittest.StoreOf(kittest.Nordlys()))
	b.closing()
	b.press(b.general.Container, "Cancel")
	if a.quit || b.general.Visible() {
		t.Error("Cancel does not stay")
	}
	b.closing()
	b.closing()
	if !a.quit || settings.BackgroundOf(b.app.Preferences()) != settings.BackgroundAsk {
		t.Error("to insist is no answer to remember, and ends the program")
	}
}

func TestAWindowThatCouldNotBeFoundAgainIsNotHidden(t *testing.T) {
	a := &trayApp{App: test.NewTempApp(t)}
	b := openOn(t, a, kit.Light, kittest.StoreOf(kittest.Nordlys()), func(*Options) {})
	settings.KeepBackground(b.app.Preferences(), settings.BackgroundKeep)
	b.closing()
	if !a.quit || b.hidden {
		t.Error("the window is hidden on a screen without a tray")
	}
	b, a = openWithTray(t, kittest.StoreOf(kittest.Nordlys()))
	b.polling.Stop()
	b.closing()
	if !a.quit {
		t.Error("the program lives on in the background to do nothing")
	}
}
