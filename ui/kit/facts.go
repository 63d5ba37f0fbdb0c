package kit

import "fyne.io/fyne/v2"

// Fact is one caption and its value in the tenant's panel or on a result card.
type Fact struct {
	Caption, Value string
	Tone           Tone
	Bold           bool
}

// FactGrid shows facts in columns, each with its caption at the left.
type FactGrid struct {
	*fyne.Container
}

// NewFactGrid makes a grid with a number of columns, fewer where they do not fit, and a width for their captions.
func NewFactGrid(columns int, caption float32) *FactGrid {
	return &FactGrid{Container: &fyne.Container{Layout: &factLayout{columns: columns, caption: caption, gapX: 16, gapY: 4}}}
}

// Set shows facts, and reports whether their number changed and with it the height.
func (g *FactGrid) Set(facts []Fact) bool {
	resized := len(g.Objects) != 2*len(facts)
	for len(g.Objects) < 2*len(facts) {
		g.Objects = append(g.Objects, NewLine("", LookCaption()), NewLine("", Look{}))
	}
	g.Objects = g.Objects[:2*len(facts)]
	for i, f := range facts {
		value := Look{Tone: f.Tone.Text()}
		value.Style.Bold = f.Bold
		g.Objects[2*i].(*Line).Set(f.Caption, LookCaption())
		g.Objects[2*i+1].(*Line).Set(f.Value, value)
	}
	if resized {
		g.Refresh()
	}
	return resized
}

// factLayout lays out pairs of caption and value, row by row.
type factLayout struct {
	columns             int
	caption, gapX, gapY float32
}

// factRoom is what a value needs beside its caption: an address of a mailbox, or the fingerprint of a token.
const factRoom = 150

// columnsAt is how many columns fit a width, so that values can be read: as many as there are, or fewer.
func (l *factLayout) columnsAt(width float32) int {
	columns := l.columns
	for columns > 1 && l.columnWidth(width, columns) < l.caption+factRoom {
		columns--
	}
	return columns
}

func (l *factLayout) columnWidth(width float32, columns int) float32 {
	return (width - l.gapX*float32(columns-1)) / float32(columns)
}

// HeightFor returns the height of the rows at a width.
func (l *factLayout) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	columns := l.columnsAt(width)
	rows := (len(objects)/2 + columns - 1) / columns
	return l.rowHeight(objects)*float32(rows) + l.gapY*float32(max(0, rows-1))
}

func (l *factLayout) rowHeight(objects []fyne.CanvasObject) float32 {
	height := float32(0)
	for _, o := range objects {
		height = max(height, o.MinSize().Height)
	}
	return height
}

// MinSize is part of Fyne's Layout.
func (l *factLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	width := l.caption + 40
	return fyne.NewSize(width, l.HeightFor(objects, width))
}

// Layout is part of Fyne's Layout.
func (l *factLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	height, columns := l.rowHeight(objects), l.columnsAt(size.Width)
	width := l.columnWidth(size.Width, columns)
	for i := 0; i+1 < len(objects); i += 2 {
		column, row := (i/2)%columns, (i/2)/columns
		x, y := float32(column)*(width+l.gapX), float32(row)*(height+l.gapY)
		caption := objects[i].MinSize().Height
		objects[i].Move(fyne.NewPos(x, y+(height-caption)/2))
		objects[i].Resize(fyne.NewSize(l.caption, caption))
		objects[i+1].Move(fyne.NewPos(x+l.caption, y))
		objects[i+1].Resize(fyne.NewSize(width-l.caption, height))
	}
}
