package tenants

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	ttwidget "github.com/dweymouth/fyne-tooltip/widget"

	"partnerdesk/ui/kit"
)

// arrowRoom is what the arrow of the sorting takes beside a title.
const arrowRoom = 15

// header is the titles of the columns. A click sorts, and the edges between them can be dragged.
type header struct {
	ttwidget.ToolTipWidget
	table *Table
	order order
	// edge is the one that is being dragged, -1 for none, and over whether the pointer is over one.
	edge    int
	over    bool
	pointed column

	onSort  func(column)
	onWidth func() // a column has another width, and the pointer has let it go
}

func newHeader(t *Table) *header {
	h := &header{table: t, order: usualOrder(), edge: -1, pointed: columns}
	h.ExtendBaseWidget(h)
	return h
}

// columnAt is the column whose title lies at x.
func (h *header) columnAt(x float32) (column, bool) {
	for _, p := range h.table.places {
		if x >= p.x-columnGap/2 && x < p.x+p.width+columnGap/2 {
			return p.column, true
		}
	}
	return 0, false
}

// Tapped sorts by the column.
func (h *header) Tapped(e *fyne.PointEvent) {
	if _, edge := edgeAt(h.table.places, e.Position.X); edge {
		return
	}
	if c, found := h.columnAt(e.Position.X); found {
		h.onSort(c)
	}
}

// MouseDown takes hold of an edge.
func (h *header) MouseDown(e *desktop.MouseEvent) {
	h.edge = -1
	if i, found := edgeAt(h.table.places, e.Position.X); found {
		h.edge = i
	}
}

// MouseUp is part of Fyne's Mouseable.
func (h *header) MouseUp(*desktop.MouseEvent) {}

// Dragged moves the edge that MouseDown took hold of.
func (h *header) Dragged(e *fyne.DragEvent) {
	t := h.table
	if h.edge < 0 || h.edge+1 >= len(t.places) {
		return
	}
	t.widths = dragged(t.places, h.edge, e.Dragged.DX, t.widths)
	t.widths[colName] = 0 // the name takes what is left
	t.refit(h.Size().Width)
	t.redraw()
}

// DragEnd lets the edge go.
func (h *header) DragEnd() {
	if h.edge >= 0 {
		h.edge = -1
		h.onWidth()
	}
}

// Cursor shows where an edge can be dragged.
func (h *header) Cursor() desktop.Cursor {
	if h.over || h.edge >= 0 {
		return desktop.HResizeCursor
	}
	return desktop.DefaultCursor
}

// MouseIn is part of Fyne's Hoverable.
func (h *header) MouseIn(e *desktop.MouseEvent) { h.MouseMoved(e) }

// MouseMoved looks whether the pointer is over an edge, or over another title.
func (h *header) MouseMoved(e *desktop.MouseEvent) {
	_, h.over = edgeAt(h.table.places, e.Position.X)
	c, found := h.columnAt(e.Position.X)
	if !found || h.over {
		c = columns
	}
	if c == h.pointed {
		h.ToolTipWidget.MouseMoved(e)
		return
	}
	h.ToolTipWidget.MouseOut()
	h.pointed = c
	if c < columns {
		h.SetToolTip(textSortTip.With(c.about()))
		h.ToolTipWidget.MouseIn(e)
	}
}

// MouseOut is part of Fyne's Hoverable.
func (h *header) MouseOut() {
	h.over, h.pointed = false, columns
	h.ToolTipWidget.MouseOut()
}

// MinSize is part of Fyne's CanvasObject.
func (h *header) MinSize() fyne.Size {
	return fyne.NewSize(120, fyne.MeasureText("M", theme.SizeForWidget(theme.SizeNameCaptionText, h), fyne.TextStyle{}).Height+8)
}

// CreateRenderer is part of Fyne's Widget.
func (h *header) CreateRenderer() fyne.WidgetRenderer {
	r := &headerRenderer{header: h, line: canvas.NewRectangle(nil), arrow: canvas.NewImageFromResource(nil)}
	for c := range r.titles {
		r.titles[c], r.edges[c] = canvas.NewText("", nil), canvas.NewRectangle(nil)
	}
	r.Refresh()
	return r
}

type headerRenderer struct {
	header *header
	titles [columns]*canvas.Text
	edges  [columns]*canvas.Rectangle
	line   *canvas.Rectangle
	arrow  *canvas.Image
	// icon is which way the arrow points, so that its picture is made anew only when it turns.
	icon fyne.ThemeIconName
}

func (r *headerRenderer) MinSize() fyne.Size { return r.header.MinSize() }
func (r *headerRenderer) Destroy()           {}

func (r *headerRenderer) Objects() []fyne.CanvasObject {
	objects := []fyne.CanvasObject{r.line, r.arrow}
	for c := range r.titles {
		objects = append(objects, r.titles[c], r.edges[c])
	}
	return objects
}

func (r *headerRenderer) Refresh() {
	r.Layout(r.header.Size())
	canvas.Refresh(r.header)
}

func (r *headerRenderer) Layout(size fyne.Size) {
	h := r.header
	line := theme.ColorForWidget(kit.ColorLine, h)
	r.line.FillColor = line
	r.line.Move(fyne.NewPos(0, size.Height-1))
	r.line.Resize(fyne.NewSize(size.Width, 1))
	r.arrow.Hidden = true
	for c := range r.titles {
		r.titles[c].Hidden, r.edges[c].Hidden = true, true
	}
	for i, p := range h.table.places {
		r.title(p, size.Height)
		if i+1 < len(h.table.places) {
			edge := r.edges[p.column]
			edge.FillColor, edge.Hidden = line, false
			edge.Move(fyne.NewPos(p.x+p.width+columnGap/2, 5))
			edge.Resize(fyne.NewSize(1, size.Height-10))
		}
	}
}

// title draws a column's title, and the arrow if the rows are sorted by it.
func (r *headerRenderer) title(p place, height float32) {
	h, text := r.header, r.titles[p.column]
	sorted, width := h.order.by == p.column, p.width
	tone := kit.ColorMuted
	if sorted {
		tone = theme.ColorNameForeground
		if p.width >= leastWidth {
			width -= arrowRoom
		}
	}
	text.TextSize, text.Color = theme.SizeForWidget(theme.SizeNameCaptionText, h), theme.ColorForWidget(tone, h)
	text.TextStyle.Bold = sorted
	text.Hidden = width < leastWidth/2
	if !text.Hidden {
		text.Text = kit.Elide(p.title(), width, text.TextSize, text.TextStyle)
	}
	text.Move(fyne.NewPos(p.x, 4))
	text.Resize(fyne.NewSize(width, height-8))
	if !sorted {
		return
	}
	x := p.x
	if !text.Hidden {
		x += fyne.MeasureText(text.Text, text.TextSize, text.TextStyle).Width + 1
	}
	r.point(x, height)
}

// point puts the arrow at x.
func (r *headerRenderer) point(x, height float32) {
	icon := theme.IconNameArrowDropUp
	if r.header.order.downward {
		icon = theme.IconNameArrowDropDown
	}
	r.arrow.Hidden = false
	r.arrow.Resource = theme.NewThemedResource(theme.IconForWidget(icon, r.header))
	const side = 14
	r.arrow.Move(fyne.NewPos(x, (height-side)/2-1))
	r.arrow.Resize(fyne.NewSquareSize(side))
	if r.icon != icon {
		r.icon = icon
		r.arrow.Refresh()
	}
}
