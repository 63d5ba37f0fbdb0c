package main

import (
	"context"
	"os"
	"runtime"
	"time"

	"github.com/godbus/dbus/v5"
)

// trayPatience is how long the bus may take to say whether there is a tray.
const trayPatience = 3 * time.Second

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
