package tenants

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"

	"partnerdesk/ui/kit"
)

// CreateRenderer is part of Fyne's Widget.
func (t *Table) CreateRenderer() fyne.WidgetRenderer { return &tableRenderer{table: t} }

// tableRenderer has as many drawn rows as can be seen at once, and uses each for every so-many-th row, so that
// scrolling changes only the rows that come into sight.
type tableRenderer struct {
	table   *Table
	rows    []*drawnRow
	objects []fyne.CanvasObject
}

func (r *tableRenderer) MinSize() fyne.Size           { return r.table.MinSize() }
func (r *tableRenderer) Layout(fyne.Size)             { r.draw() }
func (r *tableRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *tableRenderer) Destroy()                     {}

func (r *tableRenderer) Refresh() {
	if r.draw() {
		canvas.Refresh(r.table)
	}
}

// draw brings the rows that are seen up to date, and reports whether anything has changed.
func (r *tableRenderer) draw() bool {
	t := r.table
	height := t.rowHeight()
	changed := r.provide(int(t.scroll.Size().Height/height) + 2)
	if len(r.rows) == 0 {
		return changed
	}
	first := int(t.scroll.Offset.Y / height)
	for i := first; i < first+len(r.rows); i++ {
		d := r.rows[i%len(r.rows)]
		if i >= len(t.shown) {
			changed = d.hide() || changed
			continue
		}
		changed = d.show(t, i, height) || changed
	}
	return changed
}

// provide sees to it that there are so many drawn rows.
func (r *tableRenderer) provide(n int) bool {
	if n == len(r.rows) {
		return false
	}
	r.rows, r.objects = nil, nil
	for range n {
		d := newDrawnRow()
		r.rows = append(r.rows, d)
		r.objects = append(r.objects, d.ground, d.stripe, d.dot)
		for _, text := range d.texts {
			r.objects = append(r.objects, text)
		}
	}
	return true
}

// drawnRow is what one row is drawn with.
type drawnRow struct {
	ground, stripe *canvas.Rectangle
	dot            *canvas.Circle
	texts          [columns]*canvas.Text
	full           [columns]string // the texts before they are cut
	shown          bool
}

func newDrawnRow() *drawnRow {
	d := &drawnRow{ground: canvas.NewRectangle(color.Transparent), stripe: canvas.NewRectangle(color.Transparent), dot: canvas.NewCircle(color.Transparent)}
	d.ground.CornerRadius = 3
	for c := range d.texts {
		d.texts[c] = canvas.NewText("", color.Transparent)
	}
	d.shown = true
	d.hide()
	return d
}

func (d *drawnRow) hide() bool {
	if !d.shown {
		return false
	}
	d.shown = false
	d.ground.Hidden, d.stripe.Hidden, d.dot.Hidden = true, true, true
	for c := range d.texts {
		d.texts[c].Hidden = true
	}
	return true
}

// show draws the row at a position of the table, and reports whether that changed anything.
func (d *drawnRow) show(t *Table, i int, height float32) bool {
	r, y := t.row(i), float32(i)*height
	p := painter{changed: !d.shown}
	d.shown = true
	fill, edge := t.groundOf(i)
	p.paint(&d.ground.FillColor, theme.ColorForWidget(fill, t))
	p.paint(&d.ground.StrokeColor, theme.ColorForWidget(edge, t))
	p.width(&d.ground.StrokeWidth, edge)
	p.put(d.ground, fyne.NewPos(1, y), fyne.NewSize(t.Size().Width-barRoom, height-1))
	p.reveal(&d.ground.Hidden, true)
	p.paint(&d.stripe.FillColor, theme.ColorForWidget(kit.ToneProduction.Text(), t))
	p.put(d.stripe, fyne.NewPos(1, y+3), fyne.NewSize(3, height-7))
	p.reveal(&d.stripe.Hidden, r.production())
	const side = 9
	p.paint(&d.dot.FillColor, theme.ColorForWidget(r.tone(colVerdict).Text(), t))
	p.put(d.dot, fyne.NewPos(edgeRoom+1, y+(height-side)/2), fyne.NewSquareSize(side))
	p.reveal(&d.dot.Hidden, true)
	var seen [columns]bool
	for _, at := range t.places {
		seen[at.column] = d.cell(&p, t, r, at, y, height)
	}
	for c := range d.texts {
		p.reveal(&d.texts[c].Hidden, seen[c])
	}
	return p.changed
}

// cell draws a row's text in a column, and reports whether there is one.
func (d *drawnRow) cell(p *painter, t *Table, r *row, at place, y, height float32) bool {
	text, x, width := d.texts[at.column], at.x, at.width
	if at.column == colVerdict {
		x, width = x+dotRoom+3, width-dotRoom-3
	}
	if width < leastWidth/2 {
		return false
	}
	size, style := textLook(t, r, at.column)
	full := r.text(at.column, t.at)
	if text.TextSize != size || text.TextStyle != style || d.full[at.column] != full || text.Size().Width != width {
		p.changed = true
		text.TextSize, text.TextStyle, d.full[at.column] = size, style, full
		text.Text = kit.Elide(full, width, size, style)
	}
	p.paint(&text.Color, theme.ColorForWidget(r.tone(at.column).Text(), t))
	line := fyne.MeasureText("M", size, style).Height
	p.put(text, fyne.NewPos(x, y+(height-line)/2), fyne.NewSize(width, line))
	return true
}

// textLook is the size and style of a cell's text: the name is what one looks for, and production stands out.
func textLook(t *Table, r *row, c column) (float32, fyne.TextStyle) {
	switch {
	case c == colName:
		return theme.SizeForWidget(theme.SizeNameText, t), fyne.TextStyle{}
	case c == colEnvironment && r.production():
		return theme.SizeForWidget(theme.SizeNameCaptionText, t), fyne.TextStyle{Bold: true}
	}
	return theme.SizeForWidget(theme.SizeNameCaptionText, t), fyne.TextStyle{}
}

// groundOf is the colour of a row's ground and of its edge: the keyboard's place is seen while the table has it.
func (t *Table) groundOf(i int) (fill, edge fyne.ThemeColorName) {
	fill = kit.ColorSurface
	switch {
	case t.sel.keys[t.keys[i]]:
		fill = theme.ColorNameSelection
	case i == t.hovered:
		fill = theme.ColorNameHover
	}
	if t.focused && t.keys[i] == t.sel.chosen {
		return fill, theme.ColorNamePrimary
	}
	return fill, ""
}

// painter changes what is drawn, and notes whether anything was new.
type painter struct{ changed bool }

func (p *painter) paint(c *color.Color, to color.Color) {
	if *c != to {
		*c, p.changed = to, true
	}
}

func (p *painter) width(w *float32, edge fyne.ThemeColorName) {
	to := float32(0)
	if edge != "" {
		to = 1
	}
	if *w != to {
		*w, p.changed = to, true
	}
}

func (p *painter) put(o fyne.CanvasObject, at fyne.Position, size fyne.Size) {
	if o.Position() != at {
		o.Move(at)
		p.changed = true
	}
	if o.Size() != size {
		o.Resize(size)
		p.changed = true
	}
}

func (p *painter) reveal(hidden *bool, shown bool) {
	if *hidden == shown {
		*hidden, p.changed = !shown, true
	}
}
