package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
)

// focusRing draws a ring over a widget of Fyne's while it has the focus. Fyne only tints the ground, which is
// either too faint on a coloured button or too heavy on a plain one.
type focusRing struct {
	fyne.WidgetRenderer
	widget  fyne.Widget
	ring    *canvas.Rectangle
	focused func() bool
	radius  fyne.ThemeSizeName
}

func newFocusRing(of fyne.WidgetRenderer, w fyne.Widget, radius fyne.ThemeSizeName, focused func() bool) *focusRing {
	r := &focusRing{WidgetRenderer: of, widget: w, ring: canvas.NewRectangle(nil), focused: focused, radius: radius}
	r.ring.StrokeWidth = 2
	r.paint()
	return r
}

func (r *focusRing) paint() {
	r.ring.Hidden = !r.focused()
	r.ring.StrokeColor = theme.ColorForWidget(ColorFocusRing, r.widget)
	r.ring.CornerRadius = theme.SizeForWidget(r.radius, r.widget)
	r.ring.Refresh()
}

// Layout is part of Fyne's WidgetRenderer.
func (r *focusRing) Layout(size fyne.Size) {
	r.WidgetRenderer.Layout(size)
	r.ring.Move(fyne.NewSquareOffsetPos(1)) // a scroll would cut what lies on its edge
	r.ring.Resize(size.SubtractWidthHeight(2, 2))
}

// Refresh is part of Fyne's WidgetRenderer.
func (r *focusRing) Refresh() {
	r.paint()
	r.WidgetRenderer.Refresh()
}

// Objects is part of Fyne's WidgetRenderer.
func (r *focusRing) Objects() []fyne.CanvasObject {
	own := r.WidgetRenderer.Objects()
	return append(own[:len(own):len(own)], r.ring)
}
