package detail

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	ttwidget "github.com/dweymouth/fyne-tooltip/widget"

	"partnerdesk/core/tenant"
	"partnerdesk/ui/kit"
)

// historyChart draws a day as a band in the colours of the verdicts, with pins on it and the hours below. Each piece
// says in its tool tip what it is.
type historyChart struct {
	widget.BaseWidget
	view historyView
}

func newHistoryChart() *historyChart {
	c := &historyChart{}
	c.ExtendBaseWidget(c)
	return c
}

func (c *historyChart) set(v historyView) {
	c.view = v
	c.Refresh()
}

// The chart's measures.
const (
	pinRoom    = 7 // above the band
	bandHeight = 16
	hourRoom   = 15 // below the band
	pinWidth   = 7
	// leastPiece is how wide the shortest piece is drawn: a failure of a minute must be seen.
	leastPiece = 2
	hourStep   = 3 * time.Hour
)

// CreateRenderer is part of Fyne's Widget.
func (c *historyChart) CreateRenderer() fyne.WidgetRenderer {
	r := &historyRenderer{chart: c}
	r.build()
	return r
}

type historyRenderer struct {
	chart *historyChart
	parts []part
}

// part is one object of the chart, and where it belongs.
type part struct {
	object   fyne.CanvasObject
	from, to time.Time
	kind     partKind
}

type partKind int

const (
	partPiece partKind = iota
	partPin
	partHour
)

func (r *historyRenderer) build() {
	c := r.chart
	r.parts = nil
	zone := c.view.End.Location()
	for _, s := range c.view.Segments {
		r.parts = append(r.parts, part{newPiece(s.color(), 0, s.words(zone)), s.From, s.To, partPiece})
	}
	for _, p := range c.view.Pins {
		r.parts = append(r.parts, part{newPiece(theme.ColorNameHyperlink, 2, p.Words), p.At, p.At, partPin})
	}
	for _, at := range hoursOf(c.view.Begin, c.view.End) {
		label := canvas.NewText(clock(at, zone), theme.ColorForWidget(kit.ColorMuted, c))
		label.TextSize = theme.SizeForWidget(theme.SizeNameCaptionText, c)
		label.Alignment = fyne.TextAlignCenter
		r.parts = append(r.parts, part{label, at, at, partHour})
	}
}

// hoursOf are the times that the scale names.
func hoursOf(begin, end time.Time) []time.Time {
	var hours []time.Time
	if begin.IsZero() {
		return nil
	}
	local := begin.In(end.Location())
	midnight := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, local.Location())
	for at := midnight; !at.After(end); at = at.Add(hourStep) {
		if !at.Before(begin) {
			hours = append(hours, at)
		}
	}
	return hours
}

func (r *historyRenderer) Refresh() {
	r.build()
	r.Layout(r.chart.Size())
	canvas.Refresh(r.chart)
}

// Layout is part of Fyne's WidgetRenderer.
func (r *historyRenderer) Layout(size fyne.Size) {
	view := r.chart.view
	at := func(t time.Time) float32 {
		return size.Width * float32(t.Sub(view.Begin).Seconds()/tenant.HistoryLife.Seconds())
	}
	for _, p := range r.parts {
		x := at(p.from)
		switch p.kind {
		case partPiece:
			width := max(leastPiece, at(p.to)-x)
			p.object.Move(fyne.NewPos(min(x, size.Width-width), pinRoom))
			p.object.Resize(fyne.NewSize(width, bandHeight))
		case partPin:
			p.object.Move(fyne.NewPos(min(max(0, x-pinWidth/2), size.Width-pinWidth), 0))
			p.object.Resize(fyne.NewSize(pinWidth, pinRoom+bandHeight/2))
		case partHour:
			label := p.object.MinSize()
			p.object.Move(fyne.NewPos(min(max(0, x-label.Width/2), size.Width-label.Width), pinRoom+bandHeight+1))
			p.object.Resize(label)
		}
	}
}

func (r *historyRenderer) MinSize() fyne.Size {
	return fyne.NewSize(240, pinRoom+bandHeight+hourRoom)
}

func (r *historyRenderer) Objects() []fyne.CanvasObject {
	objects := make([]fyne.CanvasObject, 0, len(r.parts))
	for _, p := range r.parts {
		objects = append(objects, p.object)
	}
	return objects
}

func (r *historyRenderer) Destroy() {}

// piece is a coloured part of the chart that says in its tool tip what it is.
type piece struct {
	ttwidget.ToolTipWidget
	color fyne.ThemeColorName
	round float32
}

func newPiece(color fyne.ThemeColorName, round float32, words string) *piece {
	p := &piece{color: color, round: round}
	p.ExtendBaseWidget(p)
	p.SetToolTip(words)
	return p
}

// CreateRenderer is part of Fyne's Widget.
func (p *piece) CreateRenderer() fyne.WidgetRenderer {
	r := &pieceRenderer{piece: p, rectangle: canvas.NewRectangle(nil)}
	r.rectangle.CornerRadius = p.round
	r.Refresh()
	return r
}

type pieceRenderer struct {
	piece     *piece
	rectangle *canvas.Rectangle
}

func (r *pieceRenderer) Refresh() {
	r.rectangle.FillColor = theme.ColorForWidget(r.piece.color, r.piece)
	if r.piece.round > 0 {
		r.rectangle.StrokeColor, r.rectangle.StrokeWidth = theme.ColorForWidget(kit.ColorSurface, r.piece), 1
	}
	r.rectangle.Refresh()
}

func (r *pieceRenderer) Layout(size fyne.Size)        { r.rectangle.Resize(size) }
func (r *pieceRenderer) MinSize() fyne.Size           { return fyne.Size{} }
func (r *pieceRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.rectangle} }
func (r *pieceRenderer) Destroy()                     {}
