package logpane

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/layout"

	"partnerdesk/ui/kit"
)

// barGap is between two controls of the bar, and between its rows.
const barGap = 6

// newBar makes the row above the lines: what they are filtered by, and then what can be done with them.
func (p *Pane) newBar() *fyne.Container {
	title, spacer := kit.NewWord(textLog.String(), kit.LookBold()), layout.NewSpacer()
	filters := kit.NewBar(barGap, nil, title, snug(p.level), snug(p.scope), snug(p.step), snug(p.program),
		kit.NewPliant(leastFilter, mostFilter, p.Filter), p.regexp, p.clear)
	rest := kit.NewBar(barGap, spacer, kit.NewPliant(leastCounts, mostCounts, p.counts), p.cancel,
		spacer, p.follow, p.search, p.copy, p.export)
	p.rows = &rows{title: title, filters: filters, rest: rest}
	return &fyne.Container{Layout: p.rows, Objects: []fyne.CanvasObject{filters, rest}}
}

// fitBar lays the bar out again, and the lines too if it takes another height now.
func (p *Pane) fitBar() {
	size := p.bar.Size()
	if size.Width > 0 && p.rows.HeightFor(nil, size.Width) != size.Height {
		p.Root.Refresh()
		return
	}
	p.rows.Layout(nil, size)
}

// snug keeps a choice as wide as what is chosen, so that it is never cut.
func snug(c *kit.Choice) *fyne.Container {
	return &fyne.Container{Layout: snugLayout{c}, Objects: []fyne.CanvasObject{c}}
}

type snugLayout struct{ choice *kit.Choice }

// MinSize is part of Fyne's Layout.
func (l snugLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(l.choice.Full(), l.choice.MinSize().Height)
}

// Layout is part of Fyne's Layout.
func (l snugLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) { l.choice.Resize(size) }

// The widths of the field and of the count of lines, which give way first where the window is narrow.
const (
	leastFilter, mostFilter = 92, 180
	leastCounts, mostCounts = 76, 130
)

// rows puts what lines are filtered by and the rest of the bar side by side. Where there is no room for that, the bar's
// title goes, and where that does not help, the rest takes a second row.
type rows struct {
	title         fyne.CanvasObject
	filters, rest *fyne.Container
}

// fit decides what of the bar is shown where at a width.
func (l *rows) fit(width float32) (titled, wrapped bool) {
	// The title counts whether it is shown now or not.
	filters := l.filters.MinSize().Width
	title := l.title.MinSize().Width + barGap
	if !l.title.Visible() {
		filters += title
	}
	both := filters + barGap + l.rest.MinSize().Width
	switch {
	case both <= width:
		return true, false
	case both-title <= width:
		return false, false
	}
	return filters <= width, true
}

// HeightFor returns the height of the rows at a width.
func (l *rows) HeightFor(_ []fyne.CanvasObject, width float32) float32 {
	first, second := l.filters.MinSize().Height, l.rest.MinSize().Height
	if _, wrapped := l.fit(width); wrapped {
		return first + barGap + second
	}
	return max(first, second)
}

// MinSize is part of Fyne's Layout. The least width is that of two rows without the title.
func (l *rows) MinSize([]fyne.CanvasObject) fyne.Size {
	size := l.filters.MinSize()
	if l.title.Visible() {
		size.Width -= l.title.MinSize().Width + barGap
	}
	return size.Max(l.rest.MinSize())
}

// Layout is part of Fyne's Layout.
func (l *rows) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	titled, wrapped := l.fit(size.Width)
	if titled {
		l.title.Show()
	} else {
		l.title.Hide()
	}
	filters, rest := l.filters.MinSize(), l.rest.MinSize()
	if wrapped {
		place(l.filters, 0, 0, size.Width, filters.Height)
		place(l.rest, 0, filters.Height+barGap, size.Width, rest.Height)
		return
	}
	// What is spare goes to the field and the count of lines alike, and then to the gap before the buttons.
	spare := max(0, size.Width-filters.Width-barGap-rest.Width)
	wide := filters.Width + min(mostFilter-leastFilter, spare*(mostFilter-leastFilter)/(mostFilter-leastFilter+mostCounts-leastCounts))
	place(l.filters, 0, (size.Height-filters.Height)/2, wide, filters.Height)
	place(l.rest, wide+barGap, (size.Height-rest.Height)/2, max(0, size.Width-wide-barGap), rest.Height)
}

// place puts an object somewhere, and lays its own objects out even where it had that size before.
func place(c *fyne.Container, x, y, width, height float32) {
	c.Move(fyne.NewPos(x, y))
	size := fyne.NewSize(width, height)
	if c.Size() == size {
		c.Layout.Layout(c.Objects, size)
		return
	}
	c.Resize(size)
}
