package tenants

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

var (
	_ fyne.Focusable         = (*Table)(nil)
	_ fyne.Shortcutable      = (*Table)(nil)
	_ fyne.SecondaryTappable = (*Table)(nil)
	_ desktop.Mouseable      = (*Table)(nil)
	_ desktop.Hoverable      = (*Table)(nil)
)

func keyModifiers() fyne.KeyModifier {
	if d, ok := fyne.CurrentApp().Driver().(desktop.Driver); ok {
		return d.CurrentKeyModifiers()
	}
	return 0
}

// FocusGained is part of Fyne's Focusable.
func (t *Table) FocusGained() {
	t.focused = true
	if t.position(t.sel.chosen) < 0 && len(t.keys) > 0 {
		t.move(0, false) // the keyboard must be somewhere that can be seen
	}
	t.Refresh()
}

// FocusLost is part of Fyne's Focusable.
func (t *Table) FocusLost() {
	t.focused = false
	t.Refresh()
}

// TypedRune is part of Fyne's Focusable.
func (t *Table) TypedRune(rune) {}

// TypedKey moves the selection, or extends it with Shift; other keys act on what is selected.
func (t *Table) TypedKey(key *fyne.KeyEvent) {
	from, extend := t.position(t.sel.chosen), t.modifiers()&fyne.KeyModifierShift != 0
	switch key.Name {
	case fyne.KeyUp:
		t.move(from-1, extend)
	case fyne.KeyDown:
		t.move(from+1, extend)
	case fyne.KeyPageUp:
		t.move(from-t.page(), extend)
	case fyne.KeyPageDown:
		t.move(from+t.page(), extend)
	case fyne.KeyHome:
		t.move(0, extend)
	case fyne.KeyEnd:
		t.move(len(t.keys)-1, extend)
	case desktop.KeyMenu:
		t.menuByKey()
	case fyne.KeyF10:
		if extend {
			t.menuByKey()
		}
	default:
		t.onKey(key)
	}
}

// menuByKey opens the menu below the chosen row.
func (t *Table) menuByKey() {
	i := t.position(t.sel.chosen)
	if i < 0 {
		return
	}
	t.reveal(i)
	t.onMenu(fyne.NewPos(4*edgeRoom, float32(i+1)*t.rowHeight()))
}

// TypedShortcut is Ctrl+A and Ctrl+C. The others are the window's.
func (t *Table) TypedShortcut(s fyne.Shortcut) {
	switch s.(type) {
	case *fyne.ShortcutSelectAll:
		t.selectAll()
	case *fyne.ShortcutCopy:
		t.onCopy()
	default:
		if c, ok := fyne.CurrentApp().Driver().CanvasForObject(t).(fyne.Shortcutable); ok {
			c.TypedShortcut(s)
		}
	}
}

func (t *Table) selectAll() {
	t.sel.all(t.keys)
	t.onSelection()
	t.Refresh()
}

// move chooses the row at a position, or the nearest there is.
func (t *Table) move(to int, extend bool) {
	if len(t.keys) == 0 {
		return
	}
	to = min(max(to, 0), len(t.keys)-1)
	t.pick(to, extend, false)
	t.reveal(to)
}

// pick selects the row at a position: alone, with all from the anchor on, or beside the others.
func (t *Table) pick(i int, through, beside bool) {
	before, k := t.sel.chosen, t.keys[i]
	switch {
	case through:
		t.sel.through(k, t.keys, t.position)
	case beside:
		t.sel.toggle(k)
	default:
		t.sel.one(k)
	}
	t.onSelection()
	if t.sel.chosen != before {
		t.onChosen(t.sel.chosen)
	}
	t.Refresh()
}

// MouseDown selects. The other button leaves a selection of several as it is, for the menu to act on.
func (t *Table) MouseDown(e *desktop.MouseEvent) {
	t.ToolTipWidget.MouseOut()
	if c := fyne.CurrentApp().Driver().CanvasForObject(t); c != nil {
		c.Focus(t)
	}
	i := t.rowAt(e.Position.Y)
	if i < 0 || e.Button == desktop.MouseButtonSecondary && t.sel.keys[t.keys[i]] {
		return
	}
	beside := e.Modifier&(fyne.KeyModifierControl|fyne.KeyModifierSuper) != 0
	t.pick(i, e.Modifier&fyne.KeyModifierShift != 0, beside)
}

// MouseUp is part of Fyne's Mouseable.
func (t *Table) MouseUp(*desktop.MouseEvent) {}

// TappedSecondary opens the menu.
func (t *Table) TappedSecondary(e *fyne.PointEvent) {
	if t.rowAt(e.Position.Y) >= 0 {
		t.onMenu(e.Position)
	}
}

// MouseIn is part of Fyne's Hoverable.
func (t *Table) MouseIn(e *desktop.MouseEvent) { t.MouseMoved(e) }

// MouseMoved marks the row under the pointer, and tells what its cell leaves out.
func (t *Table) MouseMoved(e *desktop.MouseEvent) {
	t.pointer = e.Position.Y
	t.hover(t.rowAt(e.Position.Y))
	over := tipped{t.hovered, columns}
	for _, p := range t.places {
		if x := e.Position.X; x >= p.x && x < p.x+p.width {
			over.column = p.column
		}
	}
	if over == t.tipped {
		t.ToolTipWidget.MouseMoved(e)
		return
	}
	t.ToolTipWidget.MouseOut()
	t.tipped = over
	t.SetToolTip(t.tipOf(over))
	t.ToolTipWidget.MouseIn(e)
}

// MouseOut is part of Fyne's Hoverable.
func (t *Table) MouseOut() {
	t.pointer, t.tipped = -1, tipped{-1, columns}
	t.ToolTipWidget.MouseOut()
	t.hover(-1)
}

func (t *Table) hover(i int) {
	if i != t.hovered {
		t.hovered = i
		t.Refresh()
	}
}

// scrolled draws what has come into sight, and takes the mark from the row that the pointer has left by it.
func (t *Table) scrolled() {
	t.ToolTipWidget.MouseOut()
	t.hovered, t.pointer, t.tipped = -1, -1, tipped{-1, columns} // the next move of the pointer finds it again
	t.Refresh()
}

// tipOf is what the tool tip over a cell says.
func (t *Table) tipOf(at tipped) string {
	if at.row < 0 || at.column == columns {
		return ""
	}
	r := t.row(at.row)
	i := slices.IndexFunc(t.places, func(p place) bool { return p.column == at.column })
	width := t.places[i].width
	if at.column == colVerdict {
		width -= dotRoom + 3
	}
	size, style := textLook(t, r, at.column)
	cut := fyne.MeasureText(r.text(at.column, t.at), size, style).Width > width+0.5
	return r.tip(at.column, cut, t.at)
}
