package logpane

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
	ttwidget "github.com/dweymouth/fyne-tooltip/widget"

	"partnerdesk/ui/kit"
)

// fieldValue is text that wraps, and that a click copies.
type fieldValue struct {
	ttwidget.ToolTipWidget
	text   *kit.Paragraph
	tapped func()
}

func newFieldValue(text string, tapped func()) *fieldValue {
	v := &fieldValue{text: kit.NewParagraph(text, kit.Look{}), tapped: tapped}
	v.ExtendBaseWidget(v)
	v.SetToolTip(textCopyField.String())
	return v
}

// HeightFor returns the height that the text takes at a width.
func (v *fieldValue) HeightFor(width float32) float32 { return v.text.HeightFor(width) }

// Tapped is part of Fyne's Tappable.
func (v *fieldValue) Tapped(*fyne.PointEvent) {
	v.MouseOut() // the tool tip has served
	v.tapped()
}

// Cursor is part of Fyne's Cursorable.
func (v *fieldValue) Cursor() desktop.Cursor { return desktop.PointerCursor }

// CreateRenderer is part of Fyne's Widget.
func (v *fieldValue) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(v.text) }

// chipLayout puts its object into the lower right corner, beside the bar of the scroll: it comes and goes, and
// nothing moves for it.
type chipLayout struct{}

// The room between the chip and the edges of the lines.
const (
	chipRight  = 22
	chipBottom = 8
)

// MinSize is part of Fyne's Layout.
func (chipLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }

// Layout is part of Fyne's Layout.
func (chipLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	own := objects[0].MinSize()
	objects[0].Resize(own)
	objects[0].Move(fyne.NewPos(max(0, size.Width-own.Width-chipRight), max(0, size.Height-own.Height-chipBottom)))
}
