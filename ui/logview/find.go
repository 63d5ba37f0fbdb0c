package logview

import "time"

// finder is what is looked for among the lines shown.
type finder struct {
	search Search
	text   *pattern // nil: nothing
	rows   rows     // the lines shown that have it
	wish   wish     // where to go as soon as the search is done
}

// wish is where to go among the lines found.
type wish int

const (
	stay wish = iota
	toNext
	toPrevious
	toNearest // of the current line, or of what is in sight
)

// Find looks for a text in the lines that pass the filter, and goes to the
// nearest line that has it as soon as that is found. It is marked where it is in
// sight; [View.Next] and [View.Previous] go to the other lines that have it.
// Find fails for an expression that is none, and then looks for nothing.
func (v *View) Find(s Search) error {
	if s == v.find.search || v.closed {
		return nil
	}
	text, err := s.compile()
	v.clearFind()
	v.redraw()
	if err != nil || text == nil {
		v.tellMatches()
		return err
	}
	v.find.search, v.find.text, v.find.wish = s, text, toNearest
	v.hunt(typingPause)
	return nil
}

func (v *View) clearFind() {
	v.finding.stop()
	v.find = finder{}
}

// refind searches among the lines of a new filter.
func (v *View) refind() {
	if v.find.text != nil {
		v.hunt(0)
	}
}

func (v *View) hunt(pause time.Duration) {
	m, err := newMatcher(v.rows.filter(), v.find.search)
	if err != nil {
		return // cannot be: both were compiled before
	}
	v.start(&v.finding, m, pause, func(r rows) {
		v.find.rows = r
		v.catchUp(&v.find.rows)
		v.tellMatches()
		wish := v.find.wish
		v.find.wish = stay
		v.jump(wish)
	})
}

// Finding reports whether a search for what [View.Find] looks for is under way. OnMatches is told when it is done.
func (v *View) Finding() bool { return v.finding.running }

// Matches returns how many lines have what [View.Find] looks for, and which of
// them is the current line, counted from 1, or 0 if that is none of them.
func (v *View) Matches() (at, n int) {
	r := &v.find.rows
	if r.match == nil {
		return 0, 0
	}
	if i := r.rowOf(v.current); v.current >= r.first && i < r.high() && r.line(i) == v.current {
		at = i - r.low() + 1
	}
	return at, r.high() - r.low()
}

func (v *View) tellMatches() {
	if v.OnMatches != nil {
		v.OnMatches()
	}
}

// Next makes the next line current that has what is looked for; after the last
// one it begins again with the first. Before there is a current line it begins
// with those in sight.
func (v *View) Next() { v.jump(toNext) }

// Previous is Next the other way.
func (v *View) Previous() { v.jump(toPrevious) }

func (v *View) jump(w wish) {
	if v.finding.running {
		if w != toNext || v.find.wish != toNearest { // the nearest is the first that is next
			v.find.wish = w
		}
		return
	}
	r := &v.find.rows
	if w == stay || r.match == nil || r.low() == r.high() {
		return
	}
	above, at := v.rows.line(v.top+v.fullRows()), v.rows.line(v.top)
	below := at
	if v.current != noLine {
		above, at, below = v.current, v.current, v.current+1
	}
	row := 0
	switch w {
	case toNext:
		if row = r.rowOf(below); row >= r.high() {
			row = r.low()
		}
	case toPrevious:
		if row = r.rowOf(above) - 1; row < r.low() {
			row = r.high() - 1
		}
	case toNearest: // where nothing comes after it, the last one before it
		row = min(r.rowOf(at), r.high()-1)
	}
	v.show(r.line(row))
}

// show makes a line current that was found, and brings what was found in it in
// sight: in the middle, unless the line is in sight already.
func (v *View) show(line int) {
	v.SetFollow(false)
	row := v.rows.rowOf(line)
	if row < v.top || row >= v.top+v.fullRows() {
		v.top = row - v.fullRows()/2
		v.settle()
	}
	if l, ok := v.lay(line); ok {
		if start, end := v.find.text.first(l.text); start >= 0 {
			low, high := l.cellsOf(start, end)
			if low < v.left || high > v.left+v.columns() {
				v.left = max(0, high-v.columns()*3/4)
				v.left = min(v.left, low)
			}
		}
	}
	v.SetCurrent(line)
	v.raster.Refresh()
}
