package logview

import "unicode/utf8"

// column is a part of a line that stands below the same part of other lines.
type column int

// The columns, from the left.
const (
	colTime column = iota
	colLevel
	colStep
	colKey
	colProgram
	colMessage
	columnCount
)

// Where the first columns stand, in cells. The width of the keys decides where the rest does.
const (
	cellLevel = len(clock) + 1
	cellStep  = cellLevel + 6
	cellKey   = cellStep + 3
	keyGap    = 2
)

// starts are the bytes of a line's text where its columns begin. An empty column begins where the next does.
type starts [columnCount]int

// columns returns the text of the chunk's i-th line and where its columns begin.
func (c *chunk) columns(i int, own string) ([]byte, starts) {
	e := c.lines[i]
	var s starts
	length := func(col column, n int) {
		if n > 0 {
			n++ // the space behind it
		}
		s[col+1] = s[col] + n
	}
	if e.at != 0 {
		length(colTime, len(clock))
	}
	length(colLevel, len(e.level().String()))
	switch {
	case e.step() >= 10:
		length(colStep, 2)
	case e.step() > 0:
		length(colStep, 1)
	default:
		length(colStep, 0)
	}
	length(colKey, len(c.names[e.key()]))
	program := c.names[e.program()]
	if !tagged(program, own) {
		program = ""
	}
	length(colProgram, len(program))
	return c.line(i), s
}

// laid is a line's text laid out in cells. Its columns keep their places, whatever stands in them; a key
// that is too long for its column moves what follows.
type laid struct {
	text   []byte
	starts starts
	cells  [columnCount]int // where a column begins, or later
	level  Level
}

// lay lays out the chunk's i-th line.
func (c *chunk) lay(i int, own string, keyCells int) laid {
	l := laid{level: c.lines[i].level()}
	l.text, l.starts = c.columns(i, own)
	message := cellKey
	if keyCells > 0 {
		message += keyCells + keyGap
	}
	step := cellStep
	if l.starts[colKey]-l.starts[colStep] == 2 {
		step++ // below the last digit of longer ones
	}
	l.cells = [...]int{0, cellLevel, step, cellKey, message, message}
	return l
}

// places yields the runes of a line in their order.
func (l *laid) places(yield func(place) bool) {
	cell, col := 0, colTime
	for off := 0; off < len(l.text); {
		for col < columnCount && l.starts[col] <= off {
			cell = max(cell, l.cells[col])
			col++
		}
		r, size := rune(l.text[off]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(l.text[off:])
		}
		width := runeCells(r, cell)
		if !yield(place{r: r, off: off, cell: cell, width: width, col: col - 1}) {
			return
		}
		cell += width
		off += size
	}
}

// width returns how many cells a line takes.
func (l *laid) width() int {
	cells := 0
	for p := range l.places {
		cells = p.cell + p.width
	}
	return cells
}

// cut returns the part from cell low to before cell high. A rune belongs to the
// cell where it begins.
func (l *laid) cut(low, high int) []byte {
	start, end := len(l.text), len(l.text)
	for p := range l.places {
		cell := p.cell
		if p.width == 0 {
			cell-- // a mark goes with its rune
		}
		if cell >= low && start == len(l.text) {
			start = p.off
		}
		if cell >= high {
			end = p.off
			break
		}
	}
	return l.text[min(start, end):end]
}

// cellsOf returns the cells that the bytes start to end of the text take.
func (l *laid) cellsOf(start, end int) (low, high int) {
	low = -1
	for p := range l.places {
		if p.off >= end {
			break
		}
		if p.off >= start && low < 0 {
			low = p.cell
		}
		high = p.cell + p.width
	}
	return max(low, 0), high
}

// textCells returns how many cells a text takes that begins a line.
func textCells(s string) int {
	cells := 0
	for _, r := range s {
		cells += runeCells(r, cells)
	}
	return cells
}
