package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

const (
	sheetWidth = 640
	// SheetRoom is kept at the right, for the bar of the scroll.
	SheetRoom = 12
	// SheetGap is between the parts of a sheet.
	SheetGap = 8
	// sheetAround is what Fyne's dialog puts above and below a sheet, with some air.
	sheetAround = 96
)

// newSheet puts a scroll and what stays below it, a notice and buttons, into a dialog on a canvas.
func newSheet(canvas fyne.Canvas, width float32, objects ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &sheet{canvas, width}, Objects: objects}
}

// sheet lays out what is in a dialog: a scroll, as high as its content where the window has room for that, and
// below it a notice and the buttons, which do not scroll.
type sheet struct {
	canvas fyne.Canvas
	width  float32
}

// foot is the height of all but the rows.
func (l *sheet) foot(objects []fyne.CanvasObject, width float32) float32 {
	height := float32(0)
	for _, o := range visible(objects[1:]) {
		height += SheetGap + HeightFor(o, width-SheetRoom)
	}
	return height
}

// MinSize is part of Fyne's Layout.
func (l *sheet) MinSize(objects []fyne.CanvasObject) fyne.Size {
	height := HeightFor(objects[0].(*container.Scroll).Content, l.width) + l.foot(objects, l.width)
	return fyne.NewSize(l.width, min(height, max(l.canvas.Size().Height, 400)-sheetAround))
}

// Layout is part of Fyne's Layout.
func (l *sheet) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	y := max(0, size.Height-l.foot(objects, size.Width))
	objects[0].Move(fyne.NewPos(0, 0))
	objects[0].Resize(fyne.NewSize(size.Width, y))
	for _, o := range visible(objects[1:]) {
		height := HeightFor(o, size.Width-SheetRoom)
		o.Move(fyne.NewPos(0, y+SheetGap))
		o.Resize(fyne.NewSize(size.Width-SheetRoom, height))
		y += SheetGap + height
	}
}

// NewCaptioned puts a caption of a fixed width before a field.
func NewCaptioned(width float32, caption, field fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &captioned{width, 7}, Objects: []fyne.CanvasObject{caption, field}}
}

// NewPair puts a caption of a fixed width before a text, both beginning at the top.
func NewPair(width float32, caption, text fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &captioned{width, 0}, Objects: []fyne.CanvasObject{caption, text}}
}

// captioned lays out a caption and its field. The caption is so much lower that it stands beside a field's text.
type captioned struct{ width, lower float32 }

// HeightFor returns the field's height.
func (l *captioned) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	return HeightFor(objects[1], width-l.width)
}

// MinSize is part of Fyne's Layout.
func (l *captioned) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return objects[1].MinSize().AddWidthHeight(l.width, 0)
}

// Layout is part of Fyne's Layout.
func (l *captioned) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	caption := objects[0].MinSize()
	objects[0].Move(fyne.NewPos(0, l.lower))
	objects[0].Resize(fyne.NewSize(l.width-8, caption.Height))
	objects[1].Move(fyne.NewPos(l.width, 0))
	objects[1].Resize(fyne.NewSize(size.Width-l.width, size.Height))
}
