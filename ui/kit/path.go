package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	ttwidget "github.com/dweymouth/fyne-tooltip/widget"
)

// Path is a line whose beginning and end matter most, such as an address: where the room ends it is cut in the
// middle, and its tool tip has the whole.
type Path struct {
	ttwidget.ToolTipWidget
	text string
	look Look
}

func NewPath(text string, l Look) *Path {
	p := &Path{text: text, look: l}
	p.ExtendBaseWidget(p)
	return p
}

// CreateRenderer is part of Fyne's Widget.
func (p *Path) CreateRenderer() fyne.WidgetRenderer {
	r := &pathRenderer{path: p, text: canvas.NewText("", nil)}
	r.Refresh()
	return r
}

type pathRenderer struct {
	path *Path
	text *canvas.Text
}

func (r *pathRenderer) Refresh() {
	r.text.Color = theme.ColorForWidget(r.path.look.color(), r.path)
	r.text.TextSize = theme.SizeForWidget(r.path.look.sizeName(), r.path)
	r.text.TextStyle = r.path.look.Style
	r.Layout(r.path.Size())
	r.text.Refresh()
}

func (r *pathRenderer) Layout(size fyne.Size) {
	r.text.Resize(size)
	r.text.Text = elideMiddle(r.path.text, size.Width, r.text.TextSize, r.text.TextStyle)
	tip := ""
	if r.text.Text != r.path.text {
		tip = r.path.text
	}
	r.path.SetToolTip(tip)
}

func (r *pathRenderer) MinSize() fyne.Size {
	size := theme.SizeForWidget(r.path.look.sizeName(), r.path)
	full := fyne.MeasureText(r.path.text, size, r.path.look.Style)
	return fyne.NewSize(min(full.Width, 3*size), full.Height)
}

func (r *pathRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.text} }
func (r *pathRenderer) Destroy()                     {}

// elideMiddle cuts text to a width and keeps its beginning and a little more of its end. A width of zero means that
// there is no layout yet.
func elideMiddle(text string, width, size float32, style fyne.TextStyle) string {
	fits := func(s string) bool { return fyne.MeasureText(s, size, style).Width <= width+0.5 }
	if width <= 0 || fits(text) {
		return text
	}
	runes := []rune(text)
	cut := func(kept int) string {
		return string(runes[:kept/2]) + "…" + string(runes[len(runes)-(kept-kept/2):])
	}
	low, high := 0, len(runes)-1
	for low < high {
		if middle := (low + high + 1) / 2; fits(cut(middle)) {
			low = middle
		} else {
			high = middle - 1
		}
	}
	return cut(low)
}
