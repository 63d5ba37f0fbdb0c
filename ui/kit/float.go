package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// NewFloat lays notices over the foot of other content, the newest lowest and none wider than a sentence is easy
// to read. What lies below keeps its place: nothing moves under the pointer when a notice comes or goes.
func NewFloat(foot float32, notices ...*Notice) *fyne.Container {
	c := &fyne.Container{Layout: &float{foot: foot}}
	for _, n := range notices {
		ground := newShield()
		n.Objects = append([]fyne.CanvasObject{ground}, n.Objects...)
		c.Add(n.Container)
	}
	return c
}

// float stacks notices upwards from its foot.
type float struct{ foot float32 }

const (
	floatWidth = 760
	floatGap   = 8
	floatSide  = 16
)

// MinSize is part of Fyne's Layout. A float asks for nothing: it lies over what is there.
func (l *float) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }

// Layout is part of Fyne's Layout.
func (l *float) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	width := max(0, min(floatWidth, size.Width-2*floatSide))
	y := size.Height - l.foot
	shown := visible(objects)
	for i := len(shown) - 1; i >= 0; i-- {
		height := HeightFor(shown[i], width)
		y -= height
		shown[i].Resize(fyne.NewSize(width, height))
		shown[i].Move(fyne.NewPos((size.Width-width)/2, y))
		y -= floatGap
	}
}

// shield is the ground of what floats: it throws a shadow, and keeps the pointer from what lies below.
type shield struct{ widget.BaseWidget }

func newShield() *shield {
	s := &shield{}
	s.ExtendBaseWidget(s)
	return s
}

// Tapped is part of Fyne's Tappable.
func (s *shield) Tapped(*fyne.PointEvent) {}

// TappedSecondary is part of Fyne's SecondaryTappable.
func (s *shield) TappedSecondary(*fyne.PointEvent) {}

// MouseDown is part of Fyne's Mouseable.
func (s *shield) MouseDown(*desktop.MouseEvent) {}

// MouseUp is part of Fyne's Mouseable.
func (s *shield) MouseUp(*desktop.MouseEvent) {}

// MouseIn is part of Fyne's Hoverable.
func (s *shield) MouseIn(*desktop.MouseEvent) {}

// MouseMoved is part of Fyne's Hoverable.
func (s *shield) MouseMoved(*desktop.MouseEvent) {}

// MouseOut is part of Fyne's Hoverable.
func (s *shield) MouseOut() {}

// Dragged is part of Fyne's Draggable.
func (s *shield) Dragged(*fyne.DragEvent) {}

// DragEnd is part of Fyne's Draggable.
func (s *shield) DragEnd() {}

// Scrolled is part of Fyne's Scrollable.
func (s *shield) Scrolled(*fyne.ScrollEvent) {}

// CreateRenderer is part of Fyne's Widget.
func (s *shield) CreateRenderer() fyne.WidgetRenderer {
	r := &shieldRenderer{shield: s, rectangle: canvas.NewRectangle(nil)}
	r.Refresh()
	return r
}

type shieldRenderer struct {
	shield    *shield
	rectangle *canvas.Rectangle
}

func (r *shieldRenderer) Refresh() {
	r.rectangle.FillColor = theme.ColorForWidget(theme.ColorNameBackground, r.shield)
	r.rectangle.CornerRadius = 6
	r.rectangle.Shadow = canvas.Shadow{Color: theme.ColorForWidget(colorFloatShadow, r.shield), BlurRadius: 14, Offset: fyne.NewPos(0, 3)}
	r.rectangle.Refresh()
}

func (r *shieldRenderer) Layout(size fyne.Size)        { r.rectangle.Resize(size) }
func (r *shieldRenderer) MinSize() fyne.Size           { return fyne.Size{} }
func (r *shieldRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.rectangle} }
func (r *shieldRenderer) Destroy()                     {}
