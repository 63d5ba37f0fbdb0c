package logview

import (
	"bufio"
	"io"
	"time"
)

// Export is the list of lines that a view showed at one moment. Unlike the view
// it may be used on any goroutine, so that writing a large log does not block
// the window. Lines that the store drops meanwhile are left out.
type Export struct {
	store    *Store
	match    *matcher // nil: any line
	ids      []int    // nil: all lines from first to before end
	first, n int
}

// Export returns the lines that pass the filter now.
func (v *View) Export() *Export {
	e := &Export{store: v.store, match: v.rows.match, first: v.rows.low(), n: v.rows.high() - v.rows.low()}
	if v.rows.match != nil {
		e.ids = v.rows.ids[:len(v.rows.ids):len(v.rows.ids)]
	}
	return e
}

// Span returns the times of the first and the last line that are kept still; both are zero if there are none.
func (e *Export) Span() (first, last time.Time) {
	found := false
	for i := range e.n {
		line, kept := e.store.Line(e.at(i))
		if !kept {
			continue
		}
		if !found || line.Time.Before(first) {
			first = line.Time
		}
		if line.Time.After(last) {
			last = line.Time
		}
		found = true
	}
	return first, last
}

// Passes reports whether the filter lets a line through, wherever that is kept.
func (e *Export) Passes(l Line) bool {
	if e.match == nil {
		return true
	}
	one := NewStore(1, e.store.own)
	one.Append([]Line{l})
	ids, _ := e.match.scanNext(one, 0, 1, nil)
	return len(ids) == 1
}

// at is the absolute number of the i-th line.
func (e *Export) at(i int) int {
	if e.ids != nil {
		return e.ids[i]
	}
	return e.first + i
}

// WriteTo writes each line with a newline after it.
func (e *Export) WriteTo(w io.Writer) (int64, error) {
	out := bufio.NewWriterSize(w, 64<<10)
	var written int64
	for i := range e.n {
		line, ok := e.store.Text(e.at(i))
		if !ok {
			continue
		}
		n, err := out.WriteString(line)
		written += int64(n)
		if err != nil {
			return written, err
		}
		if err := out.WriteByte('\n'); err != nil {
			return written, err
		}
		written++
	}
	return written, out.Flush()
}
