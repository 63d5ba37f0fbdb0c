package ui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"partnerdesk/ui/settings"
)

// trayState is all that the tray's menu shows. It is drawn anew only where that has changed.
type trayState struct {
	polls    bool
	troubled int
}

// showTray draws the tray's menu, if anything in it is new.
func (w *Window) showTray() {
	state := trayState{w.o.Poller.Running(), w.attention.count()}
	tray, able := w.app.(desktop.App)
	if !able || w.o.Tray == nil || w.tray != nil && *w.tray == state {
		return
	}
	w.tray = &state
	w.o.Tray.Items = w.trayItems(state) // always in the one menu: Fyne still draws its first as the app begins to run
	tray.SetSystemTrayMenu(w.o.Tray)
}

func (w *Window) trayItems(state trayState) []*fyne.MenuItem {
	open := fyne.NewMenuItem(textOpenWindow.String(), w.unhide)
	troubled := fyne.NewMenuItem(textNoneAttention.String(), nil)
	if state.troubled > 0 {
		troubled = fyne.NewMenuItem(textAttention.Of(state.troubled), w.unhide)
	}
	troubled.Disabled = state.troubled == 0
	poll := fyne.NewMenuItem(textPollCommand.String(), func() { w.switchPoller(!state.polls) })
	poll.Checked = state.polls
	quit := fyne.NewMenuItem(textQuit.String(), w.quit)
	quit.IsQuit = true
	return []*fyne.MenuItem{open, fyne.NewMenuItemSeparator(), troubled, poll, fyne.NewMenuItemSeparator(), quit}
}

// closing is called when the person closes the window. Without a tray, nobody could open it again: the program ends
// then, and where there is nothing to go on with.
func (w *Window) closing() {
	asked := w.asking != nil && w.general.Holds(w.asking)
	switch chosen := settings.BackgroundOf(w.app.Preferences()); {
	case w.o.Tray == nil || !w.o.Poller.Running() || chosen == settings.BackgroundStop || asked:
		w.quit()
	case chosen == settings.BackgroundKeep:
		w.hide()
	default:
		w.askBackground()
	}
}

// hide takes the window away; the poller goes on.
func (w *Window) hide() {
	w.remember()
	w.hidden = true
	w.Hide()
}

// unhide brings the window back, with what has changed meanwhile.
func (w *Window) unhide() {
	w.hidden = false
	w.Show()
	w.RequestFocus()
	w.refresh()
}

// quit ends the program.
func (w *Window) quit() {
	w.remember()
	w.o.Quit()
}

// watchAttention tells the system of tenants that newly need attention, never of routine. It keeps silent while the
// person looks at the window, which shows the same in the list.
func (w *Window) watchAttention(s *scene) {
	newly := w.attention.see(s.overview.Tenants)
	w.showTray()
	if len(newly) == 0 || w.inFront || !settings.NotifyOf(w.app.Preferences()) {
		return
	}
	title, text := notification(newly)
	w.run.Spawn(func(context.Context) { w.o.Notify(fyne.NewNotification(title, text)) }) // the system may take its time
}
