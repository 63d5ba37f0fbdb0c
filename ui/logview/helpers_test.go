package logview

import (
	"fmt"
	"image/color"
	"strings"
	"sync"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
)

// queue stands for the UI thread: what is to run there waits until the test
// gets round to it.
type queue struct {
	mu    sync.Mutex
	funcs []func()
}

func (q *queue) do(f func()) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.funcs = append(q.funcs, f)
}

// drain runs what waits and returns how much it was.
func (q *queue) drain() int {
	q.mu.Lock()
	funcs := q.funcs
	q.funcs = nil
	q.mu.Unlock()
	for _, f := range funcs {
		f()
	}
	return len(funcs)
}

// variant is Fyne's own theme, always light or always dark.
type variant struct {
	fyne.Theme
	variant fyne.ThemeVariant
}

func (v variant) Color(name fyne.ThemeColorName, _ fyne.ThemeVariant) color.Color {
	return v.Theme.Color(name, v.variant)
}

func dark() fyne.Theme  { return variant{theme.DefaultTheme(), theme.VariantDark} }
func light() fyne.Theme { return variant{theme.DefaultTheme(), theme.VariantLight} }

// desk is a view in a window, and the queue that feeds it.
type desk struct {
	*View
	store  *Store
	queue  *queue
	window fyne.Window
}

// newDesk shows a view of 400 by 200 pixels.
func newDesk(t testing.TB, s *Store) *desk {
	t.Helper()
	app := test.NewApp()
	t.Cleanup(func() { test.NewApp() })
	app.Settings().SetTheme(dark())
	d := &desk{store: s, queue: &queue{}}
	d.View = NewView(t.Context(), s, d.queue.do)
	d.window = test.NewWindow(d.View)
	d.window.SetPadded(false)
	d.window.Resize(fyne.NewSize(400, 200))
	t.Cleanup(func() { d.window.Close(); d.Close() })
	d.window.Canvas().Capture()
	return d
}

// arrive appends lines and lets the view see them.
func (d *desk) arrive(lines ...Line) {
	d.store.Append(lines)
	for d.update(); d.rows.match != nil && d.rows.next < d.rows.end; { // a slow machine takes several
		d.update()
	}
}

// inSight returns the absolute numbers of the first and the last line that is at
// least partly in sight, or false if there is none.
func (d *desk) inSight() (first, last int, ok bool) {
	look := d.look()
	if look.rows == 0 {
		return 0, 0, false
	}
	return d.rows.line(d.top), d.rows.line(d.top + look.rows - 1), true
}

// text is all that passes the filter, as it is exported.
func (d *desk) text() string {
	var b strings.Builder
	_, _ = d.Export().WriteTo(&b) // a Builder never fails
	return b.String()
}

// kept is how many lines the store holds.
func kept(s *Store) int {
	first, end := s.Bounds()
	return end - first
}

// message is the cell where messages begin.
func (d *desk) message() int {
	if n := d.store.columnWidth(); n > 0 {
		return cellKey + n + keyGap
	}
	return cellKey
}

// at is a point in the middle of a row in sight, over the left edge of a cell of its message.
func (d *desk) at(row, cell int) fyne.Position {
	x, y := d.style.pad+(d.message()+cell)*d.atlas.cellW, d.style.edge+row*d.atlas.cellH+d.atlas.cellH/2
	return fyne.NewPos(float32(x)/d.style.scale, float32(y)/d.style.scale)
}

// numbered makes lines that say their number.
func numbered(from, to int) []Line {
	lines := make([]Line, 0, to-from)
	for i := from; i < to; i++ {
		lines = append(lines, Line{Level: Level(i % 4), Key: fmt.Sprintf("Cust%d", i%5), Message: fmt.Sprintf("line %07d of the log", i)})
	}
	return lines
}

func filled(maxLines, n int) *Store {
	s := NewStore(maxLines, "desktop")
	s.Append(numbered(0, n))
	return s
}

// matching makes a filter ready that is known to be right.
func matching(t testing.TB, f Filter, beside ...Search) *matcher {
	t.Helper()
	m, err := newMatcher(f, beside...)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// swapTo shows what passes a filter, as a search does when it is done.
func (d *desk) swapTo(t testing.TB, m *matcher) {
	t.Helper()
	ids, next := m.scanStore(t.Context(), d.store, nil)
	d.swap(rows{store: d.store, match: m, ids: ids, next: next})
}

// textOf is a line as it is shown by the desktop.
func textOf(l Line) string { return string(l.appendText(nil, "desktop")) }

// plain is a filter for a text.
func plain(text string) Filter { return Filter{Search: Search{Text: text}} }

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}
