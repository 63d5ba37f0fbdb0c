package logview

import (
	"image"
	"image/color"
	"math"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// style is what the theme and the screen decide.
type style struct {
	palette palette
	font    fyne.Resource
	px      float64
	scale   float32
	pad     int // between the edge and the text
	bar     int // width of the scrollbar
	edge    int // width of the frame that shows the focus, kept free of rows
}

// look is what decides what is to be seen as lines come and go.
type look struct {
	top, rows int
	keyCells  int
	thumb     image.Rectangle
}

// drawnRow is what a row of the image shows.
type drawnRow struct {
	line      int // noLine for the background only
	low, high int // the cells selected
	ends      bool
	current   bool
}

// underlay is what all rows are drawn with. When it changes, none can stay.
type underlay struct {
	style    style
	img      *image.RGBA
	top      int
	left     int
	keyCells int
	filter   *matcher
	find     *pattern
}

// restyle follows the theme and the scale of the screen. It costs a few map
// look-ups when nothing has changed.
func (v *View) restyle() {
	app := fyne.CurrentApp()
	scale := float32(1)
	if c := app.Driver().CanvasForObject(v); c != nil && c.Scale() > 0 {
		scale = c.Scale()
	}
	th := v.Theme()
	now := style{
		palette: newPalette(th, app.Settings().ThemeVariant()),
		font:    th.Font(fyne.TextStyle{Monospace: true}),
		px:      max(4, math.Round(float64(th.Size(theme.SizeNameText)-1)*float64(scale))),
		scale:   scale,
		pad:     int(12 * scale),
		bar:     int(12 * scale),
		edge:    max(1, int(math.Round(float64(1.5*scale)))),
	}
	if v.atlas == nil || now.px != v.style.px || now.font != v.style.font {
		fonts := append([]fyne.Resource{now.font}, fallbackFonts()...)
		v.atlas = newAtlas(now.px, int(math.Round(float64(2*scale))), append(fonts, v.fonts...))
	}
	v.style = now
}

// measure makes sure of the size in pixels. Until the first drawing it is
// worked out from the widget's size.
func (v *View) measure() {
	if v.atlas == nil {
		v.restyle()
	}
	if v.img == nil {
		size := v.Size()
		v.w, v.h = int(size.Width*v.style.scale), int(size.Height*v.style.scale)
	}
}

// fullRows is how many rows fit in whole.
func (v *View) fullRows() int {
	v.measure()
	return max(1, (v.h-2*v.style.edge)/v.atlas.cellH)
}

// look tells what there is to be seen at present.
func (v *View) look() look {
	v.measure()
	inSight := max(0, (v.h-2*v.style.edge+v.atlas.cellH-1)/v.atlas.cellH)
	return look{
		top:      v.top,
		rows:     max(0, min(inSight, v.rows.high()-v.top)),
		keyCells: v.store.columnWidth(),
		thumb:    v.thumb(),
	}
}

// lay lays out a line, or returns false if it was dropped a moment ago; then the next update says so.
func (v *View) lay(n int) (laid, bool) {
	c, ok := v.store.chunkAt(n)
	if !ok {
		return laid{}, false
	}
	return c.lay(n-c.first, v.store.own, v.shown.keyCells), true
}

// draw is the raster's generator. It runs on the UI thread, and draws into the
// same image as long as the size stays: the rows that are there already only
// move, and those that changed are drawn.
func (v *View) draw(w, h int) image.Image {
	w, h = max(1, w), max(1, h)
	v.restyle()
	if v.img == nil || v.w != w || v.h != h {
		v.img = image.NewRGBA(image.Rect(0, 0, w, h))
		inSight := v.currentInSight()
		v.w, v.h = w, h
		if inSight && !v.currentInSight() && !v.following {
			v.top = v.rows.rowOf(v.current) - v.fullRows() + 1
		}
		fill(v.img, v.img.Rect, v.style.palette.background)
	}
	v.settle()
	v.shown = v.look()
	v.keepRows()
	for i := range v.drawn {
		if want := v.rowNow(i); v.drawn[i] != want {
			v.drawn[i] = want
			v.drawRow(want, v.style.edge+i*v.atlas.cellH)
		}
	}
	v.drawFrame(v.style.palette.background)
	v.drawBar(v.shown.thumb)
	if v.focused {
		v.drawFrame(v.style.palette.focus)
	}
	return v.img
}

// undrawn is a row that has to be drawn whatever it shows.
var undrawn = drawnRow{line: noLine - 1}

// keepRows moves the rows that stay in sight to their places, and forgets what
// cannot stay.
func (v *View) keepRows() {
	cellH := v.atlas.cellH
	now := underlay{style: v.style, img: v.img, top: v.top, left: v.left, keyCells: v.shown.keyCells, filter: v.rows.match, find: v.find.text}
	by := now.top - v.under.top
	was := v.under
	was.top = now.top
	v.under = now
	full := v.fullRows()
	if v.drawn = slices.Grow(v.drawn[:0], full+1)[:full+1]; was != now || by <= -full || by >= full {
		for i := range v.drawn {
			v.drawn[i] = undrawn
		}
		return
	}
	if by == 0 {
		return
	}
	at := func(row int) int { return (v.style.edge + row*cellH) * v.img.Stride }
	if by > 0 {
		copy(v.img.Pix[at(0):], v.img.Pix[at(by):at(full)])
		copy(v.drawn, v.drawn[by:full])
		for i := full - by; i <= full; i++ {
			v.drawn[i] = undrawn
		}
		return
	}
	copy(v.img.Pix[at(-by):at(full)], v.img.Pix[at(0):])
	copy(v.drawn[-by:full], v.drawn)
	for i := range -by {
		v.drawn[i] = undrawn
	}
	v.drawn[full] = undrawn
}

// rowNow returns what row i of the image has to show.
func (v *View) rowNow(i int) drawnRow {
	if i >= v.shown.rows {
		return drawnRow{line: noLine}
	}
	n := v.rows.line(v.top + i)
	row := drawnRow{line: n, current: n == v.current}
	if low, high, ok := v.sel.cells(n); ok {
		row.low, row.high, row.ends = low, high, v.sel.endsIn(n)
	}
	return row
}

// drawRow draws one line with its upper edge at y.
func (v *View) drawRow(row drawnRow, y int) {
	p := &v.style.palette
	area := image.Rect(v.style.edge, y, v.textEnd(), y+v.atlas.cellH)
	below := p.background
	if row.current {
		below = p.current
	}
	fill(v.img, area, below)
	if row.line == noLine {
		return
	}
	line, ok := v.lay(row.line)
	if !ok {
		return
	}
	if low, high := line.starts[colProgram], line.starts[colMessage]; low < high {
		low, high = line.cellsOf(low, high-1)
		fill(v.img, v.cellBox(low, high, area).Inset(max(1, int(v.style.scale))), p.tag)
	}
	if m := v.rows.match; m != nil {
		for _, text := range m.texts {
			v.drawMarks(&line, text, area, p.mark)
		}
	}
	if v.find.text != nil {
		v.drawMarks(&line, v.find.text, area, p.found)
	}
	if row.low < row.high || row.high > 0 || row.ends {
		v.drawSelection(&line, row, area)
	}
	if line.level >= Warn {
		stripe := area
		stripe.Max.X = stripe.Min.X + max(2, v.style.pad/4)
		fill(v.img, stripe, p.text[line.level])
	}
	v.drawText(&line, area)
}

func (v *View) drawSelection(line *laid, row drawnRow, area image.Rectangle) {
	high := min(row.high, line.width())
	box := v.cellBox(row.low, max(high, row.low), area)
	if !row.ends {
		box.Max.X += v.atlas.cellW / 2 // the newline is selected too
	}
	fill(v.img, box.Intersect(area), v.style.palette.selection)
}

// inks returns the colour of each column.
func (p *palette) inks(level Level) [columnCount]color.NRGBA {
	text := p.text[level]
	return [...]color.NRGBA{p.muted, text, p.muted, p.key, p.text[Debug], text}
}

// drawText draws the cells of a line that are in sight, and a small arrow where
// the line goes on beyond the edge.
func (v *View) drawText(line *laid, area image.Rectangle) {
	a := v.atlas
	base := area.Min.Y + a.ascent
	clip := image.Rect(v.style.pad, area.Min.Y, area.Max.X, area.Max.Y).Intersect(v.img.Rect)
	inks := v.style.palette.inks(line.level)
	end := v.left + v.columns()
	beyond, before := false, 0
	for p := range line.places {
		if p.cell+p.width > end {
			beyond = true
			break
		}
		if p.cell < v.left || p.r == ' ' {
			before = p.cell
			continue
		}
		at := p.cell
		if p.width == 0 {
			at = before
		}
		before = p.cell
		if g := a.get(p.r, p.width); g.w > 0 {
			blit(v.img, g, v.style.pad+(at-v.left)*a.cellW, base, clip, inks[p.col])
		}
	}
	faint := v.style.palette.faint
	if beyond {
		blit(v.img, a.get('›', 1), area.Max.X-a.cellW, base, v.img.Rect, faint)
	}
	if v.left > 0 && len(line.text) > 0 {
		blit(v.img, a.get('‹', 1), v.style.pad-a.cellW, base, v.img.Rect, faint)
	}
}

// drawMarks paints the background of what was found.
func (v *View) drawMarks(line *laid, text *pattern, area image.Rectangle, c color.NRGBA) {
	for start, end := range text.all(line.text) {
		low, high := line.cellsOf(start, end)
		if low > v.left+v.columns() {
			return // the rest is out of sight
		}
		if start < end { // an expression may find nothing, anywhere
			fill(v.img, v.cellBox(low, high, area), c)
		}
	}
}

// cellBox returns the pixels of the cells low to before high, cut to what is
// scrolled into sight.
func (v *View) cellBox(low, high int, area image.Rectangle) image.Rectangle {
	low, high = max(low, v.left)-v.left, min(max(high, v.left)-v.left, v.columns()+1)
	return image.Rectangle{
		Min: image.Pt(v.style.pad+low*v.atlas.cellW, area.Min.Y),
		Max: image.Pt(v.style.pad+high*v.atlas.cellW, area.Max.Y),
	}
}

// textEnd is where the text area ends and the scrollbar begins.
func (v *View) textEnd() int { return max(0, v.w-v.style.bar) }

// columns is how many cells of a line fit; one is left for the arrow.
func (v *View) columns() int {
	return max(1, (v.textEnd()-v.style.pad)/v.atlas.cellW-1)
}

func (v *View) drawBar(thumb image.Rectangle) {
	p := &v.style.palette
	fill(v.img, image.Rect(v.textEnd(), 0, v.w, v.h), p.track)
	if thumb.Empty() {
		return
	}
	c := p.thumb
	if v.bar.held || v.bar.hovered {
		c = p.thumbHeld
	}
	gap := max(1, v.style.bar/4)
	fill(v.img, image.Rect(thumb.Min.X+gap, thumb.Min.Y, thumb.Max.X-gap, thumb.Max.Y), c)
}

// drawFrame shows that the keyboard is here.
func (v *View) drawFrame(c color.NRGBA) {
	t := v.style.edge
	fill(v.img, image.Rect(0, 0, v.w, t), c)
	fill(v.img, image.Rect(0, v.h-t, v.w, v.h), c)
	fill(v.img, image.Rect(0, 0, t, v.h), c)
	fill(v.img, image.Rect(v.w-t, 0, v.w, v.h), c)
}
