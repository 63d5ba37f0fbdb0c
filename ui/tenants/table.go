package tenants

import (
	"math"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	ttwidget "github.com/dweymouth/fyne-tooltip/widget"

	"partnerdesk/core/tenant"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/words"
)

// Table is the rows below the header, and what the keyboard is at. It lies in a scroll, is as high as all rows
// together, and draws those that are seen.
type Table struct {
	ttwidget.ToolTipWidget
	scroll *container.Scroll
	header *header
	root   *fyne.Container

	roster *Roster
	shown  []int32      // indexes of the roster's rows, in the table's order
	keys   []tenant.Key // of the shown
	stands []int32      // where each row of the roster stands in shown, -1 for nowhere
	at     time.Time    // for which the texts are that grow old
	sel    selection

	widths [columns]float32 // as a person has dragged them, 0 where nobody has
	places []place

	hovered   int // the row under the pointer, -1 for none
	pointer   float32
	tipped    tipped
	focused   bool
	modifiers func() fyne.KeyModifier

	onChosen    func(tenant.Key) // a person has chosen another tenant
	onSelection func()           // how many are selected may have changed
	onKey       func(*fyne.KeyEvent)
	onCopy      func()
	onMenu      func(at fyne.Position) // where on the table
}

// tipped is the cell of which the tool tip tells.
type tipped struct {
	row    int
	column column
}

func newTable() *Table {
	t := &Table{roster: &Roster{}, hovered: -1, pointer: -1, modifiers: keyModifiers, tipped: tipped{-1, columns}}
	t.sel.one(tenant.Key{})
	t.ExtendBaseWidget(t)
	t.header = newHeader(t)
	t.scroll = container.NewVScroll(t)
	t.scroll.OnScrolled = func(fyne.Position) { t.scrolled() }
	t.root = &fyne.Container{Layout: &tableLayout{t}, Objects: []fyne.CanvasObject{t.header, t.scroll}}
	return t
}

// tableLayout puts the header above the rows, and gives the columns their places.
type tableLayout struct{ table *Table }

// MinSize is part of Fyne's Layout.
func (l *tableLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(200, l.table.header.MinSize().Height+3*l.table.rowHeight())
}

// Layout is part of Fyne's Layout.
func (l *tableLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	t, height := l.table, l.table.header.MinSize().Height
	t.refit(size.Width)
	t.header.Move(fyne.NewPos(0, 0))
	t.header.Resize(fyne.NewSize(size.Width, height))
	t.scroll.Move(fyne.NewPos(0, height))
	t.scroll.Resize(fyne.NewSize(size.Width, max(0, size.Height-height)))
	t.redraw()
}

// barRoom is kept free at the right for the bar of the scroll.
const barRoom = 6

func (t *Table) refit(width float32) {
	widths := t.widths
	for c := range columns {
		if widths[c] == 0 {
			widths[c] = t.natural(c)
		}
	}
	t.places = fit(width-barRoom, widths)
}

// natural is the width in which a column shows all that it usually says, and its title with the arrow.
func (t *Table) natural(c column) float32 {
	caption := theme.SizeForWidget(theme.SizeNameCaptionText, t)
	measure := func(texts ...string) float32 {
		width := float32(0)
		for _, s := range texts {
			width = max(width, fyne.MeasureText(s, caption, fyne.TextStyle{}).Width)
		}
		return width
	}
	least := fyne.MeasureText(c.title(), caption, fyne.TextStyle{Bold: true}).Width + arrowRoom
	switch c {
	case colVerdict:
		return max(least, dotRoom+4+measure(kit.VerdictWord(tenant.NeedsAttention), kit.VerdictWord(tenant.Inactive)))
	case colCtx:
		return max(least, measure("Cust00000"))
	case colEnvironment:
		return max(least, measure(kit.EnvironmentShort(tenant.Development), kit.EnvironmentShort(tenant.Production)))
	case colLogOn:
		return max(least, measure(textAwaited.String(), words.Ago(time.Time{}, time.Unix(0, 0)), words.Ago(time.Unix(0, 0), time.Unix(3000, 0))))
	case colTicket:
		return max(least, measure(words.Span(5*time.Hour+55*time.Minute)))
	}
	return least
}

// rowHeight is a whole number, so that rows stand where they should however many there are.
func (t *Table) rowHeight() float32 {
	text := fyne.MeasureText("M", theme.SizeForWidget(theme.SizeNameText, t), fyne.TextStyle{})
	return float32(math.Ceil(float64(text.Height))) + 7
}

// MinSize is part of Fyne's CanvasObject: the height of all rows.
func (t *Table) MinSize() fyne.Size {
	return fyne.NewSize(120, float32(len(t.shown))*t.rowHeight())
}

// set takes over rows in an order.
func (t *Table) set(r *Roster, shown []int32, at time.Time) {
	height := len(t.shown)
	t.roster, t.shown, t.at = r, shown, at
	t.keys, t.stands = make([]tenant.Key, len(shown)), make([]int32, len(r.rows))
	for i := range t.stands {
		t.stands[i] = -1
	}
	for i, index := range shown {
		t.keys[i], t.stands[index] = r.rows[index].view.Key, int32(i)
	}
	t.sel.keep(r)
	if height != len(shown) {
		t.scroll.Refresh() // its content has another height
	}
	t.hovered = t.rowAt(t.pointer)
	t.Refresh()
}

// age brings the texts that grow old up to date.
func (t *Table) age(now time.Time) {
	t.at = now
	t.Refresh()
}

// position is where a tenant stands in the table, -1 where it is not shown.
func (t *Table) position(k tenant.Key) int {
	index, there := t.roster.index[k]
	if !there || index >= len(t.stands) {
		return -1
	}
	return int(t.stands[index])
}

// row is the one at a position of the table.
func (t *Table) row(i int) *row { return &t.roster.rows[t.shown[i]] }

// selected are the selected rows, in the table's order. Those that the filter hides are not among them: nothing is
// done to what cannot be seen.
func (t *Table) selected() []*row {
	var rows []*row
	for i, k := range t.keys {
		if t.sel.keys[k] {
			rows = append(rows, t.row(i))
		}
	}
	return rows
}

// choose selects a tenant alone and brings it into sight, because the window says so.
func (t *Table) choose(k tenant.Key) {
	if k == t.sel.chosen {
		return
	}
	t.sel.one(k)
	if i := t.position(k); i >= 0 {
		t.reveal(i)
	}
	t.Refresh()
}

// reveal scrolls no further than a row needs to be seen whole.
func (t *Table) reveal(i int) {
	top, seen := float32(i)*t.rowHeight(), t.scroll.Size().Height
	switch {
	case top < t.scroll.Offset.Y:
		t.scroll.ScrollToOffset(fyne.NewPos(0, top))
	case top+t.rowHeight() > t.scroll.Offset.Y+seen:
		t.scroll.ScrollToOffset(fyne.NewPos(0, top+t.rowHeight()-seen))
	default:
		return
	}
	t.scrolled() // the scroll tells only of what a person scrolls
}

// page is how many rows are seen whole.
func (t *Table) page() int { return max(1, int(t.scroll.Size().Height/t.rowHeight())) }

// rowAt is the row at a height of the table, -1 where there is none.
func (t *Table) rowAt(y float32) int {
	if i := int(y / t.rowHeight()); y >= 0 && i < len(t.shown) {
		return i
	}
	return -1
}

// redraw draws the header too, where columns have other places.
func (t *Table) redraw() {
	t.Refresh()
	t.header.Refresh()
}
