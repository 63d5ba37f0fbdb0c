package logview

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// palette are the colours of the view, all opaque.
type palette struct {
	background, selection          color.NRGBA
	current                        color.NRGBA // behind the current line
	mark, found                    color.NRGBA // behind what the filter's text and what Find found
	text                           [Error + 1]color.NRGBA
	muted, key                     color.NRGBA // of the time and the step, and of the key
	tag                            color.NRGBA // behind the name of another program
	faint, track, thumb, thumbHeld color.NRGBA
	focus                          color.NRGBA
}

// newPalette takes what it can from the theme. The colours of the levels are
// our own, chosen by how light the background is and not by the variant: a theme
// may be dark in any variant.
func newPalette(th fyne.Theme, variant fyne.ThemeVariant) palette {
	named := func(name fyne.ThemeColorName) color.NRGBA {
		return color.NRGBAModel.Convert(th.Color(name, variant)).(color.NRGBA)
	}
	background := over(named(theme.ColorNameBackground), color.NRGBA{A: 0xff})
	foreground := over(named(theme.ColorNameForeground), background)
	primary := over(named(theme.ColorNamePrimary), background)
	light := isLight(background)
	strong := mix(foreground, extreme(!light), 35) // text for reading, not a label
	p := palette{
		background: background,
		selection:  mix(background, primary, 30),
		current:    mix(background, primary, 13),
		tag:        mix(background, foreground, 14),
		focus:      primary,
		faint:      mix(background, foreground, 45),
		track:      mix(background, foreground, 6),
		thumb:      mix(background, foreground, 34),
		thumbHeld:  mix(background, foreground, 55),
	}
	p.text[Debug] = mix(background, strong, 76)
	p.muted = mix(background, strong, 72)
	p.key = mix(strong, primary, 45)
	p.text[Info] = strong
	if light {
		p.found = color.NRGBA{R: 0xff, G: 0xe0, B: 0x66, A: 0xff}
		p.mark = color.NRGBA{R: 0xfb, G: 0xf2, B: 0xcc, A: 0xff}
		p.text[Warn] = color.NRGBA{R: 0x8f, G: 0x55, B: 0x00, A: 0xff}
		p.text[Error] = color.NRGBA{R: 0xb8, G: 0x1d, B: 0x1d, A: 0xff}
	} else {
		p.found = color.NRGBA{R: 0x66, G: 0x4e, B: 0x00, A: 0xff}
		p.mark = color.NRGBA{R: 0x3a, G: 0x33, B: 0x1c, A: 0xff}
		p.text[Warn] = color.NRGBA{R: 0xff, G: 0xc1, B: 0x5e, A: 0xff}
		p.text[Error] = color.NRGBA{R: 0xff, G: 0x85, B: 0x7d, A: 0xff}
	}
	return p
}

// over lays a colour that may be translucent over an opaque one.
func over(c, below color.NRGBA) color.NRGBA {
	return mix(below, c, int(c.A)*100/255)
}

// mix goes percent of the way from one colour to another.
func mix(from, to color.NRGBA, percent int) color.NRGBA {
	part := func(a, b uint8) uint8 { return uint8((int(a)*(100-percent) + int(b)*percent + 50) / 100) }
	return color.NRGBA{R: part(from.R, to.R), G: part(from.G, to.G), B: part(from.B, to.B), A: 0xff}
}

// extreme is white or black.
func extreme(white bool) color.NRGBA {
	if white {
		return color.NRGBA{R: 0xff, G: 0xff, B: 0xff, A: 0xff}
	}
	return color.NRGBA{A: 0xff}
}

func isLight(c color.NRGBA) bool {
	return 299*int(c.R)+587*int(c.G)+114*int(c.B) > 128*1000
}
