package kit

import (
	"image/color"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// productionIsAccent is a theme whose accent is the colour of production: what Fyne draws with it is how a button for
// production is to look.
type productionIsAccent struct{ fyne.Theme }

func (t productionIsAccent) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	if name == theme.ColorNamePrimary {
		name = colorProduction
	}
	return t.Theme.Color(name, variant)
}

func TestAButtonForProductionLooksLikeOneWhoseAccentThatIs(t *testing.T) {
	test.NewTempApp(t)
	for name, do := range map[string]func(*Button){
		"at rest":           func(*Button) {},
		"below the pointer": func(b *Button) { b.MouseIn(&desktop.MouseEvent{}) },
		"with the focus":    func(b *Button) { b.FocusGained() },
		"with both":         func(b *Button) { b.MouseIn(&desktop.MouseEvent{}); b.FocusGained() },
		"left by both":      func(b *Button) { b.MouseIn(&desktop.MouseEvent{}); b.FocusGained(); b.MouseOut(); b.FocusLost() },
		"barred":            func(b *Button) { b.Allow("Not now.") },
		"barred and back":   func(b *Button) { b.Allow("Not now."); b.Allow("") },
	} {
		for _, appearance := range []Appearance{Light, Dark} {
			test.ApplyTheme(t, NewTheme(appearance))
			ours, theirs := NewButton("Create", nil, "", nil), NewButton("Create", nil, "", nil)
			themed := container.NewThemeOverride(theirs, productionIsAccent{NewTheme(appearance)})
			test.NewTempWindow(t, container.NewHBox(ours, themed))
			var grounds []color.Color
			for _, b := range []*Button{ours, theirs} {
				b.Importance = widget.HighImportance
				b.Tint(b == ours)
				b.Refresh()
				do(b)
				grounds = append(grounds, test.WidgetRenderer(b).Objects()[0].(*canvas.Rectangle).FillColor)
			}
			if grounds[0] != grounds[1] {
				t.Errorf("%s: %v, and not %v", name, grounds[0], grounds[1])
			}
			ours.Tint(false)
			if test.WidgetRenderer(ours).Objects()[0].(*canvas.Rectangle).FillColor == grounds[0] && !ours.Disabled() {
				t.Errorf("%s: the tint stays", name)
			}
		}
	}
}
