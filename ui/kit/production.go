package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
)

// Tint gives its object the colour of production in the place of the accent, as long as what it does is done there.
type Tint struct {
	// Root is what a layout takes.
	Root  *container.ThemeOverride
	theme *tintTheme
}

// NewTint puts an object into a tint that is off.
func NewTint(o fyne.CanvasObject) *Tint {
	t := &tintTheme{}
	return &Tint{Root: container.NewThemeOverride(o, t), theme: t}
}

// Set turns the tint on or off.
func (t *Tint) Set(production bool) {
	if t.theme.on != production {
		t.theme.on = production
		t.Root.Refresh()
	}
}

// tintTheme is the app's theme, whichever that is at the time, with another accent.
type tintTheme struct{ on bool }

func (t *tintTheme) app() fyne.Theme { return fyne.CurrentApp().Settings().Theme() }

// Color is part of Fyne's Theme.
func (t *tintTheme) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	if t.on {
		switch name {
		case theme.ColorNamePrimary:
			name = colorProduction
		case theme.ColorNameForegroundOnPrimary:
			name = colorOnProduction
		}
	}
	return t.app().Color(name, variant)
}

// Font is part of Fyne's Theme.
func (t *tintTheme) Font(style fyne.TextStyle) fyne.Resource { return t.app().Font(style) }

// Icon is part of Fyne's Theme.
func (t *tintTheme) Icon(name fyne.ThemeIconName) fyne.Resource { return t.app().Icon(name) }

// Size is part of Fyne's Theme.
func (t *tintTheme) Size(name fyne.ThemeSizeName) float32 { return t.app().Size(name) }
