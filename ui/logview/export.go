package logview

import (
	"bufio"
	"io"
)

// Export is the list of lines that a view showed at one moment. Unlike the view
// it may be used on any goroutine, so that writing a large log does not block
// the window. Lines that the store drops meanwhile are left out.
type Export struct {
	store    *Store
	ids      []int // nil: all lines from first to before end
	first, n int
}

// Export returns the lines that pass the filter now.
func (v *View) Export() *Export {
	e := &Export{store: v.store, first: v.rows.low(), n: v.rows.high() - v.rows.low()}
	if v.rows.match != nil {
		e.ids = v.rows.ids[:len(v.rows.ids):len(v.rows.ids)]
	}
	return e
}

// WriteTo writes each line with a newline after it.
func (e *Export) WriteTo(w io.Writer) (int64, error) {
	out := bufio.NewWriterSize(w, 64<<10)
	var written int64
	for i := range e.n {
		id := e.first + i
		if e.ids != nil {
			id = e.ids[i]
		}
		line, ok := e.store.Text(id)
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
