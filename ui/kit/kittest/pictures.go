package kittest

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"partnerdesk/ui/kit"
)

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
			test.AssertRendersToImage(t, name+c.suffix+".png", w.Canvas())
		})
	}
}
