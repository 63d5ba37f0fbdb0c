// Command empty is the floor of the window's bench: a window of Fyne with nothing in it but one line, built with the
// desktop's flags and as large as the desktop's.
package main

import (
	"flag"

	"fyne.io/fyne/v2"
	fyneapp "fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/widget"
)

func main() {
	width := flag.Float64("width", 1280, "of the window")
	height := flag.Float64("height", 800, "of the window")
	flag.Parse()
	fyneapp.SetMetadata(fyne.AppMetadata{ID: "dev.partnerdesk.empty", Name: "Empty", Migrations: map[string]bool{"fyneDo": true}})
	screen := fyneapp.New()
	window := screen.NewWindow("Empty")
	window.SetContent(widget.NewLabel("Nothing is in this window."))
	window.Resize(fyne.NewSize(float32(*width), float32(*height)))
	window.ShowAndRun()
}
