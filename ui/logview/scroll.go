package logview

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

const (
	// wheelFactor makes a notch of the wheel about three rows: Fyne's own
	// speed is meant for pixels.
	wheelFactor = 2
	keyCells    = 8 // by which an arrow key scrolls sideways
)

// barDrag is a drag of the scrollbar's thumb.
type barDrag struct {
	held, hovered bool
	grabY         int // where the pointer took it
	grabTop       int // the row at the top then
	grabThumb     int // and the thumb's upper edge
}

// settle puts the top where it may be: at the newest rows while following, else
// where it is, unless those rows have been dropped.
func (v *View) settle() {
	if v.following {
		v.top = v.lastTop()
		return
	}
	v.top = min(max(v.top, v.rows.low()), v.lastTop())
}

// lastTop is the top with which the last row is the last in sight.
func (v *View) lastTop() int {
	return max(v.rows.low(), v.rows.high()-v.fullRows())
}

// scrollTo is a scroll by the user: it ends following if it leaves the newest
// line, and begins it if it gets there.
func (v *View) scrollTo(top int) {
	last := v.lastTop()
	top = min(max(top, v.rows.low()), last)
	moved := top != v.top
	v.top = top
	if top == last {
		v.SetFollow(true)
	} else {
		v.SetFollow(false)
	}
	if moved {
		v.raster.Refresh()
	}
}

// scrollSideways moves by cells, no further than the longest line in sight.
func (v *View) scrollSideways(cells int) {
	longest := 0
	for i := range v.look().rows {
		if line, ok := v.lay(v.rows.line(v.top + i)); ok {
			longest = max(longest, line.width())
		}
	}
	left := v.left + cells
	if cells > 0 {
		left = min(left, max(v.left, longest-v.columns()))
	}
	left = max(0, left)
	if left != v.left {
		v.left = left
		v.raster.Refresh()
	}
}

// Scrolled is the mouse wheel; with Shift it moves sideways.
func (v *View) Scrolled(e *fyne.ScrollEvent) {
	v.measure()
	dx, dy := e.Scrolled.DX, e.Scrolled.DY
	if dx == 0 && v.modifiers()&fyne.KeyModifierShift != 0 {
		dx, dy = dy, 0
	}
	v.wheelX -= dx * wheelFactor * v.style.scale / float32(v.atlas.cellW)
	v.wheelY -= dy * wheelFactor * v.style.scale / float32(v.atlas.cellH)
	cells, rows := int(v.wheelX), int(v.wheelY)
	v.wheelX -= float32(cells)
	v.wheelY -= float32(rows)
	if cells != 0 {
		v.scrollSideways(cells)
	}
	if rows != 0 {
		v.scrollTo(v.top + rows)
	}
}

// FocusGained is Fyne's.
func (v *View) FocusGained() { v.setFocused(true) }

// FocusLost is Fyne's.
func (v *View) FocusLost() { v.setFocused(false) }

func (v *View) setFocused(focused bool) {
	v.focused = focused
	v.raster.Refresh()
}

// TypedRune is Fyne's; the view takes no text.
func (v *View) TypedRune(rune) {}

// TypedKey moves the current line, opens it, scrolls, and goes to the next match
// with F3. Escape gives up the selection first and then the current line.
func (v *View) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyUp:
		v.moveCurrent(-1)
	case fyne.KeyDown:
		v.moveCurrent(1)
	case fyne.KeyReturn, fyne.KeyEnter:
		v.open()
	case fyne.KeyF3:
		if v.modifiers()&fyne.KeyModifierShift != 0 {
			v.Previous()
		} else {
			v.Next()
		}
	case fyne.KeyPageUp:
		v.scrollTo(v.top - max(1, v.fullRows()-1))
	case fyne.KeyPageDown:
		v.scrollTo(v.top + max(1, v.fullRows()-1))
	case fyne.KeyHome:
		v.scrollSideways(-v.left)
		v.scrollTo(v.rows.low())
	case fyne.KeyEnd:
		v.scrollTo(v.lastTop())
	case fyne.KeyLeft:
		v.scrollSideways(-keyCells)
	case fyne.KeyRight:
		v.scrollSideways(keyCells)
	case fyne.KeyEscape:
		if v.sel.empty() && v.current == noLine && v.OnKey != nil {
			v.OnKey(e)
			return
		}
		if v.sel.empty() {
			v.ClearCurrent()
		}
		v.clearSelection()
	default:
		if v.OnKey != nil {
			v.OnKey(e)
		}
	}
}

// thumb returns the part of the scrollbar that can be dragged, empty if all rows
// are in sight. Whole numbers keep it exact for any number of rows.
func (v *View) thumb() image.Rectangle {
	low, last := v.rows.low(), v.lastTop()
	if last <= low {
		return image.Rectangle{}
	}
	size := v.thumbSize()
	y := int(int64(v.h-size) * int64(v.top-low) / int64(last-low))
	return image.Rect(v.textEnd(), y, v.w, y+size)
}

// thumbSize shows how much of all is in sight, but never gets too small to hit.
func (v *View) thumbSize() int {
	count := max(1, v.rows.high()-v.rows.low())
	size := int(int64(v.h) * int64(v.fullRows()) / int64(count))
	return min(v.h, max(size, int(24*v.style.scale)))
}

// pressBar is the mouse button on the scrollbar: on the thumb it takes hold of
// it, beside it it turns a page.
func (v *View) pressBar(y int) {
	thumb := v.thumb()
	switch {
	case thumb.Empty():
	case y < thumb.Min.Y:
		v.scrollTo(v.top - v.fullRows())
	case y >= thumb.Max.Y:
		v.scrollTo(v.top + v.fullRows())
	default:
		v.bar = barDrag{held: true, hovered: v.bar.hovered, grabY: y, grabTop: v.top, grabThumb: thumb.Min.Y}
		v.raster.Refresh()
	}
}

// dragBar moves the thumb with the pointer. Rows are counted from where it was
// taken, so that taking hold of it moves nothing, and both ends are exact.
func (v *View) dragBar(y int) {
	low, last := v.rows.low(), v.lastTop()
	way := v.h - v.thumbSize()
	edge := v.bar.grabThumb + y - v.bar.grabY
	switch {
	case edge <= 0 || way <= 0:
		v.scrollTo(low)
	case edge >= way:
		v.scrollTo(last)
	default:
		rows := int64(y-v.bar.grabY) * int64(last-low) / int64(way)
		v.scrollTo(min(v.bar.grabTop+int(rows), last-1))
	}
}

// MouseIn is Fyne's.
func (v *View) MouseIn(e *desktop.MouseEvent) { v.hover(e.Position) }

// MouseMoved is Fyne's.
func (v *View) MouseMoved(e *desktop.MouseEvent) { v.hover(e.Position) }

// MouseOut is Fyne's.
func (v *View) MouseOut() { v.setHovered(false) }

func (v *View) hover(pos fyne.Position) {
	v.measure()
	v.setHovered(int(pos.X*v.style.scale) >= v.textEnd())
}

func (v *View) setHovered(hovered bool) {
	if hovered != v.bar.hovered {
		v.bar.hovered = hovered
		v.raster.Refresh()
	}
}

// Cursor is a text cursor over text and an arrow over the scrollbar.
func (v *View) Cursor() desktop.Cursor {
	if v.bar.hovered || v.bar.held {
		return desktop.DefaultCursor
	}
	return desktop.TextCursor
}
