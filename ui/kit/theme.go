package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Colours of our own, beside Fyne's.
const (
	// ColorSurface is the ground of cards and panels, colorLine their edge.
	ColorSurface fyne.ThemeColorName = "partnerdeskSurface"
	ColorLine    fyne.ThemeColorName = "partnerdeskLine"
	// ColorMuted is for captions: quieter than the foreground and still easy to read.
	ColorMuted fyne.ThemeColorName = "partnerdeskMuted"
	// colorProduction marks everything that touches customers' real tenants. Nothing else uses it.
	colorProduction   fyne.ThemeColorName = "partnerdeskProduction"
	colorOnProduction fyne.ThemeColorName = "partnerdeskOnProduction"
	// The tinted grounds of notices.
	colorTintError      fyne.ThemeColorName = "partnerdeskTintError"
	colorTintWarning    fyne.ThemeColorName = "partnerdeskTintWarning"
	ColorTintAccent     fyne.ThemeColorName = "partnerdeskTintAccent"
	colorTintProduction fyne.ThemeColorName = "partnerdeskTintProduction"
	ColorTintGood       fyne.ThemeColorName = "partnerdeskTintGood"
	// ColorFocusRing is around the button or the choice that the keyboard is on.
	ColorFocusRing fyne.ThemeColorName = "partnerdeskFocusRing"
	// colorFloatShadow is the shadow of what lies over other content.
	colorFloatShadow fyne.ThemeColorName = "partnerdeskFloatShadow"
)

// deskTheme is Fyne's theme with one accent colour, calmer greys and a little less air.
type deskTheme struct {
	fyne.Theme
	appearance Appearance
}

// NewTheme returns the theme of the window.
func NewTheme(appearance Appearance) fyne.Theme {
	return &deskTheme{Theme: theme.DefaultTheme(), appearance: appearance}
}

// LoadFonts reads the fonts that every window is lettered with, which Fyne does when the first word is measured. Call
// it on the user interface's goroutine, where that waits for something else.
func LoadFonts() {
	for _, style := range []fyne.TextStyle{{}, {Bold: true}} {
		fyne.MeasureText(" ", theme.TextSize(), style)
	}
}

// Color returns our colour where we have one, else Fyne's.
func (t *deskTheme) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	switch t.appearance {
	case Light:
		variant = theme.VariantLight
	case Dark:
		variant = theme.VariantDark
	}
	c, ours := darkColor(name)
	if variant == theme.VariantLight {
		c, ours = lightColor(name)
	}
	if ours {
		return c
	}
	return t.Theme.Color(name, variant)
}

// Size returns our size where we have one, else Fyne's.
func (t *deskTheme) Size(name fyne.ThemeSizeName) float32 {
	switch name {
	case theme.SizeNameText:
		return 13
	case theme.SizeNameCaptionText:
		return 11
	case theme.SizeNameHeadingText:
		return 19
	case theme.SizeNameSubHeadingText:
		return 15
	case theme.SizeNameInnerPadding:
		return 6
	case theme.SizeNameInlineIcon:
		return 16
	case theme.SizeNameModalBlurRadius:
		return 0 // a blur behind each dialog would cost half a core on software rendering
	}
	return t.Theme.Size(name)
}

func rgb(hex uint32) color.Color {
	return color.NRGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 0xff}
}

func rgba(hex uint32, alpha uint8) color.Color {
	return color.NRGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: alpha}
}

func lightColor(name fyne.ThemeColorName) (color.Color, bool) {
	switch name {
	case theme.ColorNamePrimary, theme.ColorNameHyperlink:
		return rgb(0x2563c9), true
	case theme.ColorNameForegroundOnPrimary, theme.ColorNameForegroundOnError, theme.ColorNameForegroundOnWarning,
		theme.ColorNameForegroundOnSuccess, colorOnProduction:
		return rgb(0xffffff), true
	case theme.ColorNameFocus:
		return rgba(0x2563c9, 0x38), true
	case ColorFocusRing:
		return rgb(0x0b2a63), true
	case theme.ColorNameSelection:
		return rgba(0x2563c9, 0x26), true
	case theme.ColorNameBackground, theme.ColorNameOverlayBackground:
		return rgb(0xf3f4f7), true
	case ColorSurface, theme.ColorNameInputBackground, theme.ColorNameMenuBackground:
		return rgb(0xffffff), true
	case theme.ColorNameShadow:
		return rgba(0x1c2128, 0x16), true
	case ColorLine, theme.ColorNameSeparator:
		return rgb(0xdadfe6), true
	case theme.ColorNameInputBorder:
		return rgb(0xc3cad4), true
	case theme.ColorNameForeground:
		return rgb(0x1c2128), true
	case ColorMuted, theme.ColorNamePlaceHolder:
		return rgb(0x5f6b7a), true
	case theme.ColorNameDisabled:
		return rgb(0x8b95a3), true
	case theme.ColorNameButton:
		return rgb(0xe4e8ee), true
	case theme.ColorNameDisabledButton:
		return rgb(0xebedf1), true
	case theme.ColorNameSuccess:
		return rgb(0x1a7f37), true
	case theme.ColorNameWarning:
		return rgb(0x9a6700), true
	case theme.ColorNameError:
		return rgb(0xc4212c), true
	case colorProduction:
		return rgb(0xa3246e), true
	case colorTintError:
		return rgb(0xfdeeee), true
	case colorTintWarning:
		return rgb(0xfdf5e1), true
	case ColorTintAccent:
		return rgb(0xeaf1fd), true
	case colorTintProduction:
		return rgb(0xfbedf5), true
	case ColorTintGood:
		return rgb(0xdcf2e1), true
	case colorFloatShadow:
		return rgba(0x1c2128, 0x50), true
	}
	return nil, false
}

func darkColor(name fyne.ThemeColorName) (color.Color, bool) {
	switch name {
	case theme.ColorNamePrimary:
		return rgb(0x3b78e0), true
	case theme.ColorNameHyperlink:
		return rgb(0x7aa7f5), true
	case theme.ColorNameForegroundOnPrimary, colorOnProduction:
		return rgb(0xffffff), true
	case theme.ColorNameForegroundOnError, theme.ColorNameForegroundOnWarning, theme.ColorNameForegroundOnSuccess:
		return rgb(0x14171b), true
	case theme.ColorNameFocus:
		return rgba(0x7aa7f5, 0x40), true
	case ColorFocusRing:
		return rgb(0xcfe0ff), true
	case theme.ColorNameSelection:
		return rgba(0x5b93f0, 0x38), true
	case theme.ColorNameBackground:
		return rgb(0x15181c), true
	case ColorSurface:
		return rgb(0x1c2025), true
	case theme.ColorNameInputBackground:
		return rgb(0x12151a), true
	case theme.ColorNameMenuBackground, theme.ColorNameOverlayBackground:
		return rgb(0x22272d), true
	case theme.ColorNameShadow:
		return rgba(0x000000, 0x60), true
	case ColorLine, theme.ColorNameSeparator:
		return rgb(0x2e343c), true
	case theme.ColorNameInputBorder:
		return rgb(0x3d4650), true
	case theme.ColorNameForeground:
		return rgb(0xe4e7eb), true
	case ColorMuted, theme.ColorNamePlaceHolder:
		return rgb(0x97a1ad), true
	case theme.ColorNameDisabled:
		return rgb(0x6b7480), true
	case theme.ColorNameButton:
		return rgb(0x2b3138), true
	case theme.ColorNameDisabledButton:
		return rgb(0x22272d), true
	case theme.ColorNameSuccess:
		return rgb(0x46b35c), true
	case theme.ColorNameWarning:
		return rgb(0xd9a02b), true
	case theme.ColorNameError:
		return rgb(0xf26a66), true
	case colorProduction:
		return rgb(0xd0539c), true
	case colorTintError:
		return rgb(0x35201f), true
	case colorTintWarning:
		return rgb(0x322818), true
	case ColorTintAccent:
		return rgb(0x1b2a42), true
	case colorTintProduction:
		return rgb(0x351f2d), true
	case ColorTintGood:
		return rgb(0x183322), true
	case colorFloatShadow:
		return rgba(0x000000, 0xa0), true
	}
	return nil, false
}
