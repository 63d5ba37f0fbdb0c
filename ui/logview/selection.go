package logview

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// spot is a place between two cells of a line.
type spot struct {
	line, cell int
}

func (a spot) before(b spot) bool {
	return a.line < b.line || a.line == b.line && a.cell < b.cell
}

// selection goes from where the mouse was pressed to where it is. It knows
// lines by their absolute numbers, so it stays whatever comes, goes or is
// filtered.
type selection struct {
	anchor, head spot
}

func (s selection) ordered() (from, to spot) {
	if s.head.before(s.anchor) {
		return s.head, s.anchor
	}
	return s.anchor, s.head
}

func (s selection) empty() bool { return s.anchor == s.head }

// cells returns the selected cells of a line.
func (s selection) cells(line int) (low, high int, ok bool) {
	from, to := s.ordered()
	if s.empty() || line < from.line || line > to.line {
		return 0, 0, false
	}
	high = allCells
	if line == from.line {
		low = from.cell
	}
	if line == to.line {
		high = to.cell
	}
	return low, high, true
}

func (s selection) endsIn(line int) bool {
	_, to := s.ordered()
	return line == to.line
}

// mouseDrag is a selection being made.
type mouseDrag struct {
	pressed bool
	at      fyne.Position
	scroll  *pacer // scrolls on while the pointer rests outside
}

// MouseDown begins a selection, or extends it with Shift. Following ends, else
// the line under the pointer would slip away.
func (v *View) MouseDown(e *desktop.MouseEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(v); c != nil {
		c.Focus(v)
	}
	if e.Button != desktop.MouseButtonPrimary {
		return
	}
	v.measure()
	if int(e.Position.X*v.style.scale) >= v.textEnd() {
		v.pressBar(int(e.Position.Y * v.style.scale))
		return
	}
	v.SetFollow(false)
	v.mouse.pressed = true
	v.mouse.at = e.Position
	at := v.spotAt(e.Position)
	if e.Modifier&fyne.KeyModifierShift == 0 {
		v.sel.anchor = at
	}
	v.sel.head = at
	v.raster.Refresh()
}

// MouseUp ends it. Where nothing was selected it was a click, which makes the
// line below it current and opens it.
func (v *View) MouseUp(*desktop.MouseEvent) {
	clicked := v.mouse.pressed && v.sel.empty() && v.rows.low() < v.rows.high()
	v.release()
	if clicked {
		v.SetCurrent(v.sel.head.line)
		v.open()
	}
}

// Dragged moves the end of the selection, or the scrollbar's thumb.
func (v *View) Dragged(e *fyne.DragEvent) {
	v.measure()
	if v.bar.held {
		v.dragBar(int(e.Position.Y * v.style.scale))
		return
	}
	if !v.mouse.pressed {
		return // began on the scrollbar beside the thumb
	}
	v.mouse.at = e.Position
	v.dragOn()
}

// DragEnd is Fyne's; with the pointer outside, it comes without a MouseUp.
func (v *View) DragEnd() { v.release() }

func (v *View) release() {
	v.mouse.pressed = false
	if v.bar.held {
		v.bar.held = false
		v.raster.Refresh()
	}
}

// dragOn takes the selection to the pointer. While that rests above or below
// the view, it scrolls, and comes back by itself.
func (v *View) dragOn() {
	if !v.mouse.pressed {
		return
	}
	if rows := v.outside(); rows != 0 {
		v.top = min(max(v.top+rows, v.rows.low()), v.lastTop()) // selecting never begins to follow
		v.mouse.scroll.ask()
	}
	v.sel.head = v.spotAt(v.mouse.at)
	v.raster.Refresh()
}

// outside tells by how many rows the pointer is above (negative) or below.
func (v *View) outside() int {
	y := int(v.mouse.at.Y * v.style.scale)
	switch {
	case y < 0:
		return y/v.atlas.cellH - 1
	case y >= v.h:
		return (y-v.h)/v.atlas.cellH + 1
	default:
		return 0
	}
}

// spotAt returns the place that is nearest to a point of the widget.
func (v *View) spotAt(pos fyne.Position) spot {
	if v.rows.high() == v.rows.low() {
		return spot{line: v.rows.end}
	}
	x, y := int(pos.X*v.style.scale), int(pos.Y*v.style.scale)
	y = min(max(y-v.style.edge, 0), v.h-1)
	row := v.top + y/v.atlas.cellH
	if row >= v.rows.high() {
		return spot{line: v.rows.line(v.rows.high() - 1), cell: allCells}
	}
	cell := v.left + (x-v.style.pad+v.atlas.cellW/2)/v.atlas.cellW
	return spot{line: v.rows.line(row), cell: max(0, cell)}
}

// DoubleTapped selects a line.
func (v *View) DoubleTapped(e *fyne.PointEvent) {
	v.measure()
	if int(e.Position.X*v.style.scale) >= v.textEnd() {
		return
	}
	n := v.spotAt(e.Position).line
	v.sel = selection{anchor: spot{line: n}, head: spot{line: n, cell: allCells}}
	v.raster.Refresh()
}

// TypedShortcut is Ctrl+C, Ctrl+A, Ctrl+Home and Ctrl+End.
func (v *View) TypedShortcut(s fyne.Shortcut) {
	switch s := s.(type) {
	case *fyne.ShortcutCopy:
		v.CopySelection()
	case *fyne.ShortcutSelectAll:
		v.SelectAll()
	case *desktop.CustomShortcut:
		if s.KeyName == fyne.KeyHome || s.KeyName == fyne.KeyEnd {
			v.TypedKey(&fyne.KeyEvent{Name: s.KeyName})
		}
	}
}

// SelectAll selects all lines that are shown.
func (v *View) SelectAll() {
	low, high := v.rows.low(), v.rows.high()
	if low == high {
		return
	}
	v.sel = selection{
		anchor: spot{line: v.rows.line(low)},
		head:   spot{line: v.rows.line(high - 1), cell: allCells},
	}
	v.raster.Refresh()
}

func (v *View) clearSelection() {
	v.sel = selection{}
	v.raster.Refresh()
}

// SelectedText returns what is selected among the lines shown.
func (v *View) SelectedText() string {
	if v.sel.empty() {
		return ""
	}
	from, to := v.sel.ordered()
	var b strings.Builder
	first := v.rows.rowOf(from.line)
	for row := first; row < v.rows.high(); row++ {
		n := v.rows.line(row)
		if n > to.line {
			break
		}
		line, ok := v.lay(n)
		if !ok {
			continue
		}
		if row > first {
			b.WriteByte('\n')
		}
		low, high, _ := v.sel.cells(n)
		b.Write(line.cut(low, high))
	}
	return b.String()
}

// CopySelection puts SelectedText on the clipboard, if there is any.
func (v *View) CopySelection() {
	if text := v.SelectedText(); text != "" {
		fyne.CurrentApp().Clipboard().SetContent(text)
	}
}
