package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver"
	"fyne.io/fyne/v2/widget"

	"partnerdesk/core/tenant"
)

// showStartFailure says in a window and on standard error why the program cannot start.
func showStartFailure(ctx context.Context, screen fyne.App, err error) int {
	e := tenant.Explain(err)
	fmt.Fprintln(os.Stderr, e.Sentence())
	window := screen.NewWindow("Partnerdesk cannot start")
	exitWithoutScreen(screen, window)
	parts := []fyne.CanvasObject{}
	for i, text := range []string{e.What, e.Why, e.Next} {
		if text == "" {
			continue
		}
		label := widget.NewLabel(text)
		label.Wrapping = fyne.TextWrapWord
		label.Selectable = true
		label.TextStyle.Bold = i == 0
		parts = append(parts, label)
	}
	quit := widget.NewButton("Quit", screen.Quit)
	window.SetContent(container.NewPadded(container.NewBorder(nil, container.NewHBox(quit), nil, nil, container.NewVBox(parts...))))
	window.Resize(fyne.NewSize(560, 260))
	ctx, closed := context.WithCancel(ctx)
	var background sync.WaitGroup
	background.Go(func() { quitAfter(ctx, screen) })
	window.ShowAndRun()
	closed()
	background.Wait()
	return 1
}

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
