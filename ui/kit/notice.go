package kit

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Notice is an inline message with buttons: the window's way to say that something is under way, went
// wrong or needs an answer, without a dialog in the way.
type Notice struct {
	*fyne.Container
	ground  *Surface
	texts   *fyne.Container
	Buttons *fyne.Container
	Shown   NoticeView
}

func NewNotice() *Notice {
	n := &Notice{ground: NewSurface(ColorSurface, ColorLine, 6), texts: NewColumn(2)}
	n.Buttons = NewBar(6, nil)
	inside := &fyne.Container{Layout: &beside{gap: 12}, Objects: []fyne.CanvasObject{n.texts, n.Buttons}}
	n.Container = &fyne.Container{Layout: &inset{}, Objects: []fyne.CanvasObject{n.ground, NewInset(12, 9, inside)}}
	n.Hide()
	return n
}

// Set shows a view with its buttons, or nothing for the zero view. It reports whether anything changed, as
// the owner must then lay its region out again.
func (n *Notice) Set(view NoticeView, buttons ...fyne.CanvasObject) bool {
	if view.Equal(n.Shown) && slices.Equal(buttons, n.Buttons.Objects) {
		return false
	}
	// A title that changes keeps its one line: a countdown must not lay the window out every second.
	sameShape := n.Visible() && slices.Equal(view.Lines, n.Shown.Lines) && slices.Equal(buttons, n.Buttons.Objects)
	n.Shown = view
	if view.Empty() {
		n.Hide()
		return true
	}
	fill, edge := view.Tone.Colors()
	n.ground.Paint(fill, edge)
	n.texts.Objects = n.texts.Objects[:0]
	title := edge
	if view.Tone == TonePlain {
		title = theme.ColorNameForeground // its edge is too faint to be read
	}
	n.texts.Add(NewParagraph(view.Title, LookBold().In(title)))
	for _, text := range view.Lines {
		n.texts.Add(NewParagraph(text, Look{}))
	}
	n.Buttons.Objects = buttons
	n.Show()
	n.Refresh()
	return !sameShape
}

// Holds reports whether the notice is shown with this button.
func (n *Notice) Holds(button fyne.CanvasObject) bool {
	return n.Visible() && slices.Contains(n.Buttons.Objects, button)
}

// Colors returns the ground of a tone and the colour of its edge and title.
func (t Tone) Colors() (fill, edge fyne.ThemeColorName) {
	switch t {
	case ToneGood:
		return ColorSurface, theme.ColorNameSuccess
	case ToneWarning:
		return colorTintWarning, theme.ColorNameWarning
	case ToneBad:
		return colorTintError, theme.ColorNameError
	case ToneAccent:
		return ColorTintAccent, theme.ColorNameHyperlink
	case ToneProduction:
		return colorTintProduction, colorProduction
	}
	return ColorSurface, ColorLine
}

// Text returns the colour of a word in this tone.
func (t Tone) Text() fyne.ThemeColorName {
	switch t {
	case ToneGood:
		return theme.ColorNameSuccess
	case ToneWarning:
		return theme.ColorNameWarning
	case ToneBad:
		return theme.ColorNameError
	case ToneAccent:
		return theme.ColorNameHyperlink
	case ToneProduction:
		return colorProduction
	case ToneMuted:
		return ColorMuted
	}
	return theme.ColorNameForeground
}

// beside gives its second object its natural size at the right, and the first one the rest.
type beside struct{ gap float32 }

func (l *beside) rest(objects []fyne.CanvasObject, width float32) float32 {
	if side := objects[1].MinSize().Width; side > 0 {
		return width - side - l.gap
	}
	return width
}

// HeightFor returns the height of the higher of the two.
func (l *beside) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	return max(HeightFor(objects[0], l.rest(objects, width)), objects[1].MinSize().Height)
}

// MinSize is part of Fyne's Layout.
func (l *beside) MinSize(objects []fyne.CanvasObject) fyne.Size {
	a, b := objects[0].MinSize(), objects[1].MinSize()
	return fyne.NewSize(a.Width+l.gap+b.Width, max(a.Height, b.Height))
}

// Layout is part of Fyne's Layout.
func (l *beside) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	width, side := l.rest(objects, size.Width), objects[1].MinSize()
	height := min(size.Height, HeightFor(objects[0], width))
	objects[0].Move(fyne.NewPos(0, (size.Height-height)/2))
	objects[0].Resize(fyne.NewSize(width, height))
	objects[1].Move(fyne.NewPos(size.Width-side.Width, 0))
	objects[1].Resize(side)
}
