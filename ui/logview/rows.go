package logview

import (
	"slices"
	"sort"
)

// rows are the lines that pass the filter. Row numbers are absolute too: a row
// keeps its number when rows before it are dropped, so that what is on the
// screen stays where it is. It belongs to the UI thread.
type rows struct {
	store      *Store
	first, end int      // the store's bounds at the last sync
	match      *matcher // nil: every line is a row, and has the same number
	ids        []int    // else the line numbers, ascending,
	base       int      // the first of them being row number base,
	next       int      // and the first line not looked at yet
}

// sync takes over what the store has gained and lost.
func (r *rows) sync() {
	r.first, r.end = r.store.Bounds()
	if r.match == nil {
		return
	}
	for r.next = max(r.next, r.first); r.next < r.end; {
		r.ids, r.next = r.match.scanNext(r.store, r.next, r.end, r.ids)
	}
	gone := sort.SearchInts(r.ids, r.first)
	r.base += gone
	r.ids = r.ids[gone:]
	if cap(r.ids) > 2*len(r.ids)+1024 {
		r.ids = slices.Clone(r.ids)
	}
}

// low and high are the bounds of the row numbers.
func (r *rows) low() int {
	if r.match == nil {
		return r.first
	}
	return r.base
}

func (r *rows) high() int {
	if r.match == nil {
		return r.end
	}
	return r.base + len(r.ids)
}

// line returns the line number of a row; beyond the last row, one that no line
// has yet.
func (r *rows) line(row int) int {
	switch {
	case row >= r.high():
		return r.end
	case r.match == nil:
		return max(row, r.first)
	default:
		return r.ids[max(0, row-r.base)]
	}
}

// rowOf returns the first row whose line is number line or later.
func (r *rows) rowOf(line int) int {
	if r.match == nil {
		return min(max(line, r.first), r.end)
	}
	return r.base + sort.SearchInts(r.ids, line)
}
