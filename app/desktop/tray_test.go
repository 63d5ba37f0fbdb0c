//go:build linux

package main

import (
	"bufio"
	"os/exec"
	"strings"
	"testing"

	"github.com/godbus/dbus/v5"
	"github.com/godbus/dbus/v5/prop"
)

// startBus starts a session bus of the test's own, and has the environment point to it.
func startBus(t *testing.T) {
	t.Helper()
	daemon, err := exec.LookPath("dbus-daemon")
	if err != nil {
		t.Skip("there is no dbus-daemon here")
	}
	cmd := exec.CommandContext(t.Context(), daemon, "--session", "--nofork", "--print-address")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Wait() }) // the test's context ends it
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", strings.TrimSpace(line))
}

func TestATrayIsThereWhereTheDesktopShowsOne(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
	if hasTray(t.Context()) {
		t.Error("a tray without a bus")
	}
	startBus(t)
	if hasTray(t.Context()) {
		t.Error("a tray although the desktop has brought none")
	}
	bus, err := dbus.ConnectSessionBus()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = bus.Close() }()
	const name, path = "org.kde.StatusNotifierWatcher", "/StatusNotifierWatcher"
	host := &prop.Prop{Value: false, Writable: true}
	watcher, err := prop.Export(bus, path, prop.Map{name: {"IsStatusNotifierHostRegistered": host}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := bus.RequestName(name, dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
	if hasTray(t.Context()) {
		t.Error("a tray although nobody shows its icons")
	}
	watcher.SetMust(name, "IsStatusNotifierHostRegistered", true)
	if !hasTray(t.Context()) {
		t.Error("no tray although there is one")
	}
}
