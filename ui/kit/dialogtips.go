package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
)

// dialogTips shows the tool tips of what lies in a dialog. The window's own layer for tool tips lies below it, and
// the library finds no other in Fyne 2.8: it would log an error and stay mute.
type dialogTips struct {
	root *fyne.Container
	text *Paragraph
	// content is what the tips lie over.
	content fyne.CanvasObject
	// of is what the tip that is shown belongs to.
	of fyne.CanvasObject
}

// The most that a tool tip in a dialog is wide, and the room between it and what it is about.
const (
	dialogTipWidth = 420
	dialogTipGap   = 4
)

// WithTips lets the buttons, checks and choices in a dialog's content show their tool tips: at once, as it is mostly
// the reason why something cannot be used.
func WithTips(content fyne.CanvasObject) *fyne.Container {
	t := &dialogTips{content: content, text: NewParagraph("", LookCaption().In(theme.ColorNameForeground))}
	t.root = &fyne.Container{Layout: &inset{}, Objects: []fyne.CanvasObject{
		NewSurface(ColorSurface, theme.ColorNameInputBorder, 4), NewInset(8, 4, t.text)}}
	t.root.Hide()
	t.serve(content)
	return container.NewStack(content, container.NewWithoutLayout(t.root))
}

func (t *dialogTips) serve(o fyne.CanvasObject) {
	switch o := o.(type) {
	case *Button:
		o.tips = t
	case *Check:
		o.tips = t
	case *Choice:
		o.tips = t
	case *container.Scroll:
		t.serve(o.Content)
	case *fyne.Container:
		for _, child := range o.Objects {
			t.serve(child)
		}
	}
}

// show shows the tool tip of o below it, or above where the window has no room.
func (t *dialogTips) show(o fyne.CanvasObject, tip string) {
	driver := fyne.CurrentApp().Driver()
	c := driver.CanvasForObject(o)
	if c == nil || tip == "" {
		return
	}
	t.of, t.text.Text = o, tip
	size := theme.SizeForWidget(theme.SizeNameCaptionText, t.text)
	width := min(dialogTipWidth, fyne.MeasureText(tip, size, fyne.TextStyle{}).Width+17)
	height := HeightFor(t.root, width)
	at := driver.AbsolutePositionForObject(o)
	y := at.Y + o.Size().Height + dialogTipGap
	if y+height > c.Size().Height {
		y = at.Y - height - dialogTipGap
	}
	x := max(0, min(at.X, c.Size().Width-width-dialogTipGap))
	t.root.Show()
	t.root.Move(fyne.NewPos(x, y).Subtract(driver.AbsolutePositionForObject(t.content))) // the two share their corner
	t.root.Resize(fyne.NewSize(width, height))
	t.root.Refresh()
}

// hide takes the tool tip of o away. Outside of dialogs t is nil, and there is none.
func (t *dialogTips) hide(o fyne.CanvasObject) {
	if t != nil && t.of == o {
		t.of = nil
		t.root.Hide()
	}
}
