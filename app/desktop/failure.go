package main

import (
	"errors"
	"flag"
	"io"
	"os"
	"runtime"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver"

	"partnerdesk/app"
	"partnerdesk/ui/words"
)

// The exit statuses of a program that did not come to its window.
const (
	exitWrongUse = 2
	exitNoScreen = 3
)

const (
	textNoScreen words.Phrase = "Partnerdesk cannot open its window: there is no screen (neither DISPLAY nor WAYLAND_DISPLAY is set).\n" +
		"The console program, partnerdesk-console, does the same without a window."
	textNotClosed words.Phrase = "Partnerdesk has ended, but could not close its data: %s"
	textNoOpenGL  words.Phrase = "Partnerdesk cannot open its window: this screen offers no OpenGL 2.1, which is common on remote desktops and plain virtual machines. Mesa's software OpenGL helps.\n" +
		"The console program, partnerdesk-console, does the same without a window."
)

// arguments reads the command line; false means that the program is to end with the status. A program for Windows
// has no terminal to print its usage on, so that this goes where failures go.
func arguments(args []string) (data string, status int, read bool) {
	said := &strings.Builder{}
	flags := flag.NewFlagSet("partnerdesk", flag.ContinueOnError)
	flags.SetOutput(said)
	flags.StringVar(&data, "data", "", "the data `directory`; default "+app.DataVariable+", else the system's place for it")
	err := flags.Parse(args)
	if err == nil && flags.NArg() > 0 {
		err = errors.New("there is an argument too many: " + flags.Arg(0))
		_, _ = io.WriteString(said, err.Error()+"\n") // into memory
		flags.Usage()
	}
	switch {
	case err == nil:
		return data, 0, true
	case errors.Is(err, flag.ErrHelp):
		tell(said.String())
		return "", 0, false
	}
	tell(said.String())
	return "", exitWrongUse, false
}

// watchForWindow ends the program where no window can be made: without OpenGL 2.1, Fyne logs an error and then runs on
// for ever, invisible. The window must be Fyne's own, as one that embeds it hides its handle.
func (p *program) watchForWindow(window fyne.Window) {
	p.screen.Lifecycle().SetOnStarted(func() {
		if !visible(window) {
			p.unseen.Store(true)
			p.quit()
		}
	})
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
