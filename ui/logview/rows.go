package logview

import (
	"slices"
	"sort"
	"time"
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

// How long the UI thread filters new lines in one go, and how many at a time.
const (
	syncBudget = 3 * time.Millisecond
	syncLines  = 512
)

// filter returns what the rows passed.
func (r *rows) filter() Filter {
	if r.match == nil {
		return Filter{}
	}
	return r.match.filter
}

// sync takes over what the store has gained and lost. It reports whether there
// is more than it had time for.
func (r *rows) sync() (more bool) {
	r.first, r.end = r.store.Bounds()
	if r.match == nil {
		return false
	}
	began := time.Now()
	for r.next = max(r.next, r.first); r.next < r.end; {
		r.ids, r.next = r.match.scanNext(r.store, r.next, min(r.end, r.next+syncLines), r.ids)
		if time.Since(began) > syncBudget {
			break
		}
	}
	gone := sort.SearchInts(r.ids, r.first)
	r.base += gone
	r.ids = r.ids[gone:]
	if cap(r.ids) > 2*len(r.ids)+1024 {
		r.ids = slices.Clone(r.ids)
	}
	return r.next < r.end
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
