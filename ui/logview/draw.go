package logview

import (
	"image"
	"image/color"
	"math"

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
}

// look is what decides what is to be seen as lines come and go.
type look struct {
	top, rows int
	thumb     image.Rectangle
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
	return max(1, v.h/v.atlas.cellH)
}

// look tells what there is to be seen at present.
func (v *View) look() look {
	v.measure()
	inSight := (v.h + v.atlas.cellH - 1) / v.atlas.cellH
	return look{
		top:   v.top,
		rows:  max(0, min(inSight, v.rows.high()-v.top)),
		thumb: v.thumb(),
	}
}

// draw is the raster's generator. It runs on the UI thread, and draws into the
// same image as long as the size stays.
func (v *View) draw(w, h int) image.Image {
	w, h = max(1, w), max(1, h)
	v.restyle()
	if v.img == nil || v.w != w || v.h != h {
		v.img = image.NewRGBA(image.Rect(0, 0, w, h))
		v.w, v.h = w, h
	}
	v.settle()
	p := &v.style.palette
	fill(v.img, v.img.Rect, p.background)
	now := v.look()
	for i := range now.rows {
		v.drawRow(v.rows.line(v.top+i), i*v.atlas.cellH)
	}
	v.drawBar(now.thumb)
	if v.focused {
		v.drawFrame(p.focus)
	}
	v.shown = now
	return v.img
}

// drawRow draws one line with its upper edge at y.
func (v *View) drawRow(n, y int) {
	line, ok := v.store.Line(n)
	if !ok {
		return // dropped a moment ago; the next update says so
	}
	p := &v.style.palette
	area := image.Rect(0, y, v.textEnd(), y+v.atlas.cellH)
	v.drawMarks(line.Text, area)
	if low, high, ok := v.sel.cells(n); ok {
		high = min(high, lineCells(line.Text))
		box := v.cellBox(low, max(high, low), area)
		if !v.sel.endsIn(n) {
			box.Max.X += v.atlas.cellW / 2 // the newline is selected too
		}
		fill(v.img, box.Intersect(area), p.selection)
	}
	if line.Level >= Warn {
		stripe := area
		stripe.Max.X = max(2, v.style.pad/3)
		fill(v.img, stripe, p.text[line.Level])
	}
	v.drawText(line.Text, area, p.text[line.Level])
}

// drawText draws the cells of a line that are in sight, and a small arrow where
// the line goes on beyond the edge.
func (v *View) drawText(text string, area image.Rectangle, c color.NRGBA) {
	a := v.atlas
	base := area.Min.Y + a.ascent
	clip := image.Rect(v.style.pad, area.Min.Y, area.Max.X, area.Max.Y).Intersect(v.img.Rect)
	end := v.left + v.columns()
	beyond, before := false, 0
	for p := range places(text) {
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
			blit(v.img, g, v.style.pad+(at-v.left)*a.cellW, base, clip, c)
		}
	}
	faint := v.style.palette.faint
	if beyond {
		blit(v.img, a.get('›', 1), area.Max.X-a.cellW, base, v.img.Rect, faint)
	}
	if v.left > 0 && text != "" {
		blit(v.img, a.get('‹', 1), v.style.pad-a.cellW, base, v.img.Rect, faint)
	}
}

// drawMarks paints the background of what the filter's text found.
func (v *View) drawMarks(text string, area image.Rectangle) {
	if v.rows.match == nil || v.rows.match.text == nil {
		return
	}
	needle := v.rows.match.text
	for at := 0; at < len(text); {
		start, end := needle.find([]byte(text[at:]))
		if start < 0 {
			return
		}
		low, high := cellsOf(text, at+start, at+end)
		if low > v.left+v.columns() {
			return // the rest is out of sight
		}
		fill(v.img, v.cellBox(low, high, area), v.style.palette.mark)
		at += end
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
	t := max(1, int(math.Round(float64(1.5*v.style.scale))))
	fill(v.img, image.Rect(0, 0, v.w, t), c)
	fill(v.img, image.Rect(0, v.h-t, v.w, v.h), c)
	fill(v.img, image.Rect(0, 0, t, v.h), c)
	fill(v.img, image.Rect(v.w-t, 0, v.w, v.h), c)
}
