package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver"
	"fyne.io/fyne/v2/widget"

	"partnerdesk/core/tenant"
)

// showStartFailure says in a window and on standard error why the program cannot start.
func showStartFailure(screen fyne.App, err error) int {
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
	window.ShowAndRun()
	return 1
}

// exitNoScreen is the exit status of a program that cannot open a window.
const exitNoScreen = 3

// exitWithoutScreen ends the program with a clear sentence where no window can be made: without OpenGL 2.1,
// Fyne logs an error and then runs on for ever, invisible.
func exitWithoutScreen(screen fyne.App, window fyne.Window) {
	screen.Lifecycle().SetOnStarted(func() {
		if visible(window) {
			return
		}
		fmt.Fprintln(os.Stderr, strings.Join([]string{
			"Partnerdesk cannot open its window: this screen offers no OpenGL 2.1, which is common on remote desktops and plain virtual machines.",
			"Use the console (partnerdesk-console), which does the same without a window, or install Mesa's software OpenGL.",
		}, "\n"))
		os.Exit(exitNoScreen)
	})
}

// visible reports whether the operating system has given the window a handle. Systems where Fyne does not
// tell are taken at their word.
func visible(window fyne.Window) bool {
	native, ok := window.(driver.NativeWindow)
	if !ok || runtime.GOOS == "darwin" {
		return true
	}
	there := true
	native.RunNative(func(handle any) {
		switch h := handle.(type) {
		case driver.X11WindowContext:
			there = h.WindowHandle != 0
		case driver.WindowsWindowContext:
			there = h.HWND != 0
		}
	})
	return there
}
