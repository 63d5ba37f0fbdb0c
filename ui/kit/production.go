package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Tint gives the button the colour of production in the place of the accent, as long as what it does is done there.
// A theme of its own would do so too, but Fyne reads all fonts again for each such theme.
func (b *Button) Tint(production bool) {
	if b.production != production {
		b.production = production
		b.Refresh()
	}
}

// buttonRenderer is Fyne's, whose ground it paints anew for production.
type buttonRenderer struct {
	fyne.WidgetRenderer
	button *Button
}

// Refresh is part of Fyne's WidgetRenderer.
func (r *buttonRenderer) Refresh() {
	r.WidgetRenderer.Refresh()
	r.tint()
}

// tint does to the colour of production what Fyne does to the accent: the focus lies over it, else the pointer.
func (r *buttonRenderer) tint() {
	b := r.button
	if !b.production || b.Importance != widget.HighImportance || b.Disabled() {
		return
	}
	ground, ok := r.Objects()[0].(*canvas.Rectangle)
	if !ok {
		return
	}
	ground.FillColor = theme.ColorForWidget(colorProduction, b)
	switch {
	case b.focused:
		ground.FillColor = over(ground.FillColor, theme.ColorForWidget(theme.ColorNameFocus, b))
	case b.hovered:
		ground.FillColor = over(ground.FillColor, theme.ColorForWidget(theme.ColorNameHover, b))
	}
	ground.Refresh()
}

// over is a colour under one that lets it through.
func over(under, upper color.Color) color.Color {
	ur, ug, ub, ua := under.RGBA()
	r, g, b, a := upper.RGBA()
	mix := func(upper, under uint32) uint16 { return uint16(upper + under - under*a/0xffff) }
	return color.RGBA64{R: mix(r, ur), G: mix(g, ug), B: mix(b, ub), A: mix(a, ua)}
}
