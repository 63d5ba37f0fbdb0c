package ui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// notice is an inline message with buttons: the window's way to say that something is under way, went
// wrong or needs an answer, without a dialog in the way.
type notice struct {
	*fyne.Container
	ground  *surface
	texts   *fyne.Container
	buttons *fyne.Container
	shown   noticeView
}

func newNotice() *notice {
	n := &notice{ground: newSurface(colorSurface, colorLine, 6), texts: newColumn(2)}
	n.buttons = newBar(6, nil)
	inside := &fyne.Container{Layout: &beside{gap: 12}, Objects: []fyne.CanvasObject{n.texts, n.buttons}}
	n.Container = &fyne.Container{Layout: &inset{}, Objects: []fyne.CanvasObject{n.ground, newInset(12, 9, inside)}}
	n.Hide()
	return n
}

// set shows a view with its buttons, or nothing for the zero view. It reports whether anything changed, as
// the owner must then lay its region out again.
func (n *notice) set(view noticeView, buttons ...fyne.CanvasObject) bool {
	if view.equal(n.shown) && slices.Equal(buttons, n.buttons.Objects) {
		return false
	}
	// A title that changes keeps its one line: a countdown must not lay the window out every second.
	sameShape := n.Visible() && slices.Equal(view.Lines, n.shown.Lines) && slices.Equal(buttons, n.buttons.Objects)
	n.shown = view
	if view.empty() {
		n.Hide()
		return true
	}
	fill, edge := view.Tone.colors()
	n.ground.paint(fill, edge)
	n.texts.Objects = n.texts.Objects[:0]
	n.texts.Add(newParagraph(view.Title, lookBold().in(edge)))
	for _, text := range view.Lines {
		n.texts.Add(newParagraph(text, look{}))
	}
	n.buttons.Objects = buttons
	n.Show()
	n.Refresh()
	return !sameShape
}

// holds reports whether the notice is shown with this button.
func (n *notice) holds(button fyne.CanvasObject) bool {
	return n.Visible() && slices.Contains(n.buttons.Objects, button)
}

// colors returns the ground of a tone and the colour of its edge and title.
func (t tone) colors() (fill, edge fyne.ThemeColorName) {
	switch t {
	case toneGood:
		return colorSurface, theme.ColorNameSuccess
	case toneWarning:
		return colorTintWarning, theme.ColorNameWarning
	case toneBad:
		return colorTintError, theme.ColorNameError
	case toneAccent:
		return colorTintAccent, theme.ColorNameHyperlink
	case toneProduction:
		return colorTintProduction, colorProduction
	}
	return colorSurface, colorLine
}

// text returns the colour of a word in this tone.
func (t tone) text() fyne.ThemeColorName {
	switch t {
	case toneGood:
		return theme.ColorNameSuccess
	case toneWarning:
		return theme.ColorNameWarning
	case toneBad:
		return theme.ColorNameError
	case toneAccent:
		return theme.ColorNameHyperlink
	case toneProduction:
		return colorProduction
	case toneMuted:
		return colorMuted
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
	return max(heightFor(objects[0], l.rest(objects, width)), objects[1].MinSize().Height)
}

// MinSize is part of Fyne's Layout.
func (l *beside) MinSize(objects []fyne.CanvasObject) fyne.Size {
	a, b := objects[0].MinSize(), objects[1].MinSize()
	return fyne.NewSize(a.Width+l.gap+b.Width, max(a.Height, b.Height))
}

// Layout is part of Fyne's Layout.
func (l *beside) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	width, side := l.rest(objects, size.Width), objects[1].MinSize()
	height := min(size.Height, heightFor(objects[0], width))
	objects[0].Move(fyne.NewPos(0, (size.Height-height)/2))
	objects[0].Resize(fyne.NewSize(width, height))
	objects[1].Move(fyne.NewPos(size.Width-side.Width, 0))
	objects[1].Resize(side)
}
