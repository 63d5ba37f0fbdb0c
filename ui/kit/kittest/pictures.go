package kittest

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"partnerdesk/ui/kit"
)

// AssertPicture compares what is on a canvas with a golden image, but not while the race detector looks on: drawing
// takes twelve times as long under it, minutes for a window of many pixels, and all of it happens on one goroutine.
// What led up to the picture it has seen by then. The Makefile runs the tests with Picture in their name a second
// time without it, so that the caller's must be one of them.
func AssertPicture(t *testing.T, file string, c fyne.Canvas) {
	t.Helper()
	if top, _, _ := strings.Cut(t.Name(), "/"); !strings.Contains(top, "Picture") {
		t.Errorf("%s compares a picture, and has not Picture in its name: the Makefile looks for that", top)
	}
	if !raced {
		test.AssertRendersToImage(t, file, c)
	}
}

// Pictures compares what build makes with golden images: light, dark, and light on a screen with twice as many
// pixels. Build is called once for each, in an app that has the theme already.
func Pictures(t *testing.T, name string, size fyne.Size, build func(t *testing.T) fyne.CanvasObject) {
	t.Helper()
	for _, c := range []struct {
		suffix     string
		appearance kit.Appearance
		variant    fyne.ThemeVariant
		scale      float32
	}{{"_light", kit.Light, theme.VariantLight, 1}, {"_dark", kit.Dark, theme.VariantDark, 1}, {"_light_2x", kit.Light, theme.VariantLight, 2}} {
		t.Run(name+c.suffix, func(t *testing.T) {
			colours := kit.NewTheme(c.appearance)
			test.NewTempApp(t).Settings().SetTheme(colours)
			content := build(t)
			w := test.NewTempWindow(t, container.NewStack(canvas.NewRectangle(colours.Color(theme.ColorNameBackground, c.variant)), content))
			w.SetPadded(false)
			w.Canvas().(interface{ SetScale(float32) }).SetScale(c.scale)
			w.Resize(size)
			AssertPicture(t, name+c.suffix+".png", w.Canvas())
		})
	}
}
