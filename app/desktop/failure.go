package main

import (
	"fmt"
	"os"
	"runtime"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver"
)

// exitNoScreen is the exit status of a program that cannot open a window.
const exitNoScreen = 3

// exitWithoutScreen ends the program with a clear sentence where no window can be made: without OpenGL 2.1,
// Fyne logs an error and then runs on for ever, invisible. The window must be Fyne's own, as one that
// embeds it hides its handle.
func exitWithoutScreen(screen fyne.App, window fyne.Window) {
	screen.Lifecycle().SetOnStarted(func() {
		if !visible(window) {
			tellNoScreen("this screen offers no OpenGL 2.1, which is common on remote desktops and plain virtual machines. Mesa's software OpenGL helps")
			os.Exit(exitNoScreen)
		}
	})
}

func tellNoScreen(why string) {
	fmt.Fprintf(os.Stderr, "Partnerdesk cannot open its window: %s.\nThe console program does the same without a window.\n", why)
}

// visible reports whether the system has given the window a handle.
func visible(window fyne.Window) bool {
	native, ok := window.(driver.NativeWindow)
	if !ok {
		return true // a driver that does not tell is taken at its word
	}
	there := true
	native.RunNative(func(handle any) {
		switch h := handle.(type) {
		case driver.X11WindowContext:
			there = h.WindowHandle != 0
		case driver.WaylandWindowContext:
			there = h.WaylandSurface != 0
		case driver.WindowsWindowContext:
			there = h.HWND != 0
		case driver.MacWindowContext:
			there = h.NSWindow != 0
		}
	})
	return there
}

// hasScreen reports whether there is a screen at all: without one, Fyne panics. Only Linux and its kin can
// be without.
func hasScreen() bool {
	switch runtime.GOOS {
	case "windows", "darwin":
		return true
	}
	return os.Getenv("DISPLAY") != "" || os.Getenv("WAYLAND_DISPLAY") != ""
}
