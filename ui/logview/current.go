package logview

// noLine is the number of no line.
const noLine = -1

// Current returns the number of the line that the user has chosen, or false if
// there is none or it has been dropped.
func (v *View) Current() (line int, ok bool) {
	return v.current, v.current >= v.rows.first && v.current < v.rows.end
}

// SetCurrent makes a line the current one. It does not scroll there.
func (v *View) SetCurrent(line int) {
	if line == v.current {
		return
	}
	v.current = line
	v.raster.Refresh()
	if v.OnCurrent != nil {
		v.OnCurrent()
	}
	if v.find.text != nil {
		v.tellMatches()
	}
}

// ClearCurrent leaves no line current.
func (v *View) ClearCurrent() { v.SetCurrent(noLine) }

// currentInSight reports whether all of the current line can be seen.
func (v *View) currentInSight() bool {
	if _, ok := v.Current(); !ok {
		return false
	}
	row := v.rows.rowOf(v.current)
	return row >= v.top && row < v.top+v.fullRows()
}

// open is a click or Return on the current line.
func (v *View) open() {
	if line, ok := v.Current(); ok && v.OnOpen != nil {
		v.OnOpen(line)
	}
}

// moveCurrent goes up or down from the current line, or from the last one in
// sight, and keeps it in sight. Following ends, else it would slip away.
func (v *View) moveCurrent(by int) {
	low, high := v.rows.low(), v.rows.high()
	if low == high {
		return
	}
	row := min(v.top+v.fullRows(), high) - 1
	if v.current != noLine {
		row = v.rows.rowOf(v.current) + by
	}
	row = min(max(row, low), high-1)
	v.SetFollow(false)
	switch {
	case row < v.top:
		v.top = row
	case row >= v.top+v.fullRows():
		v.top = row - v.fullRows() + 1
	}
	v.settle()
	v.SetCurrent(v.rows.line(row))
	v.raster.Refresh()
}
