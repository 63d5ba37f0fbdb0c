package main

import (
	"context"
	"os"
	"runtime"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"github.com/godbus/dbus/v5"
)

// trayPatience is how long the bus may take to say whether there is a tray.
const trayPatience = time.Second

// enterTray puts the program's icon into the tray, if there is one, and returns its menu for the window to fill; nil
// where there is none. Fyne takes it only before the app runs.
func enterTray(ctx context.Context, screen fyne.App) *fyne.Menu {
	tray, able := screen.(desktop.App)
	if !able || !hasTray(ctx) {
		return nil
	}
	menu := fyne.NewMenu(metadata().Name)
	tray.SetSystemTrayMenu(menu)
	return menu
}

// hasTray reports whether the screen shows icons of programs in a tray. Windows and macOS always do. Elsewhere the
// desktop has to bring one (org.kde.StatusNotifierWatcher, in the freedesktop StatusNotifierItem specification), and
// many do not: a window that was hidden there could not be found again.
func hasTray(ctx context.Context) bool {
	switch runtime.GOOS {
	case "windows", "darwin":
		return true
	}
	if os.Getenv("DBUS_SESSION_BUS_ADDRESS") == "" {
		return false // to ask would start a bus
	}
	ctx, cancel := context.WithTimeout(ctx, trayPatience)
	defer cancel()
	bus, err := dbus.ConnectSessionBus(dbus.WithContext(ctx))
	if err != nil {
		return false
	}
	defer func() { _ = bus.Close() }() // it was only asked
	var there bool
	watcher := bus.Object("org.kde.StatusNotifierWatcher", "/StatusNotifierWatcher")
	err = watcher.CallWithContext(ctx, "org.freedesktop.DBus.Properties.Get", dbus.FlagNoAutoStart,
		"org.kde.StatusNotifierWatcher", "IsStatusNotifierHostRegistered").Store(&there)
	return err == nil && there
}
