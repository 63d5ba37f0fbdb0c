package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"golang.org/x/sys/windows"

	"partnerdesk/ui/words"
)

// Windows looks for OpenGL in the folder of the program first, and whoever has no graphics card puts Mesa's into that of
// the copy. Beside the program itself, Mesa's would slow down those who have one.
const openGL = "opengl32.dll"

const (
	textWithoutOpenGL words.Phrase = "Partnerdesk cannot open its window: this screen offers no OpenGL 2.1, which is common on remote desktops and plain virtual machines.\n\n" +
		"Mesa's software OpenGL helps. Put its opengl32.dll, and what comes with it, into this folder, whose README.txt says where to get it:\n%s\n" +
		"From then on Partnerdesk finds it there, and the copy in that folder uses it always.\n\n" +
		"The console program does the same without a window: %s"
	textDLLMissing words.Phrase = "This copy of Partnerdesk draws with Mesa's software OpenGL, which is not there yet.\n\n" +
		"Put Mesa's opengl32.dll, and what comes with it, beside this program. README.txt in the same folder says where to get it:\n%s\n\n" +
		"The console program does the same without a window: %s"
	textDLLUseless words.Phrase = "Partnerdesk cannot open its window, although there is an opengl32.dll beside it: it does not offer OpenGL 2.1, or a file that it needs is missing.\n\n" +
		"README.txt in the same folder says which files belong together:\n%s\n\n" +
		"The console program does the same without a window: %s"
	textCopyFailed words.Phrase = "Partnerdesk cannot open its window: this screen offers no OpenGL 2.1. The copy with software OpenGL cannot be started either:\n%s\n\n" +
		"The console program does the same without a window: %s"
)

// tell says why the program ends. A program with a window has no standard error under Windows, unless whoever started
// it has given it one, so that a message box says it too.
func tell(what string) {
	fmt.Fprintln(os.Stderr, what)
	text, err := windows.UTF16PtrFromString(what)
	if err != nil {
		return // it has a zero in it, and stands on standard error
	}
	title, err := windows.UTF16PtrFromString(metadata().Name)
	if err != nil {
		return
	}
	_, _ = windows.MessageBox(0, text, title, windows.MB_OK|windows.MB_ICONERROR|windows.MB_SETFOREGROUND) // it only has an OK
}

// withoutOpenGL starts the copy that brings an OpenGL of its own, where somebody has provided for that; else it says
// what is missing. It returns the exit status.
func withoutOpenGL(args []string) int {
	program, err := os.Executable()
	if err != nil {
		tell(textNoOpenGL.String())
		return exitNoScreen
	}
	here := filepath.Dir(program)
	console := filepath.Join(here, consoleFile)
	if filepath.Base(here) == softwareFolder {
		console = filepath.Join(filepath.Dir(here), consoleFile)
		if fileThere(filepath.Join(here, openGL)) {
			tell(textDLLUseless.With(here, console))
		} else {
			tell(textDLLMissing.With(here, console))
		}
		return exitNoScreen
	}
	folder := filepath.Join(here, softwareFolder)
	other := filepath.Join(folder, filepath.Base(program))
	if !fileThere(filepath.Join(folder, openGL)) || !fileThere(other) {
		tell(textWithoutOpenGL.With(folder, console))
		return exitNoScreen
	}
	if err := exec.Command(other, args...).Start(); err != nil {
		tell(textCopyFailed.With(err, console))
		return exitNoScreen
	}
	return 0
}

// consoleFile is the console program, which the packages put beside the desktop.
const consoleFile = "partnerdesk-console.exe"
