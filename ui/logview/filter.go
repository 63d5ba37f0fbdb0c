package logview

import (
	"context"
	"sort"
	"strings"
	"time"
)

// typingPause is how long a changed filter text must stand before it is
// searched for.
const typingPause = 100 * time.Millisecond

// Filter says which lines are shown. The zero value shows all.
type Filter struct {
	MinLevel Level
	Key      string // only lines with this key; empty for all
	Text     string // only lines that contain this, in whatever case; empty for all
}

// matcher is a Filter made ready.
type matcher struct {
	filter Filter
	text   *needle // nil: any text
}

// newMatcher returns nil for a filter that lets everything through.
func newMatcher(f Filter) *matcher {
	if f == (Filter{}) {
		return nil
	}
	m := &matcher{filter: f}
	if f.Text != "" {
		m.text = newNeedle(f.Text)
	}
	return m
}

// scan appends the absolute numbers of the chunk's matching lines, from line
// number from on.
func (m *matcher) scan(c *chunk, from int, out []int) []int {
	key, ok := m.keyIn(c)
	if !ok {
		return out
	}
	i := max(0, from-c.first)
	if m.text == nil {
		for ; i < len(c.lines); i++ {
			if m.fits(c.lines[i], key) {
				out = append(out, c.first+i)
			}
		}
		return out
	}
	if m.text.ascii && !m.text.odd {
		return m.scanBytes(c, i, len(c.lines), key, out)
	}
	return m.scanLines(c, i, key, out)
}

// scanBytes searches lines i to end as one text: far quicker than line by line,
// because most lines do not match.
func (m *matcher) scanBytes(c *chunk, i, end int, key uint32, out []int) []int {
	for i < end {
		stop := int(c.lineEnd(end - 1))
		at := m.text.index(c.text[c.lines[i].off:stop])
		if at < 0 {
			return out
		}
		at += int(c.lines[i].off)
		i += sort.Search(end-i, func(n int) bool { return int(c.lineEnd(i+n)) > at })
		lineEnd := int(c.lineEnd(i))
		// A hit that begins in one line and ends in the next is none, but
		// behind its beginning there may be a real one.
		for at >= 0 && at+len(m.text.folded) > lineEnd {
			at = -1
			if start := m.text.index(c.line(i)); start >= 0 {
				at = int(c.lines[i].off) + start
			}
		}
		if at >= 0 && m.fits(c.lines[i], key) {
			out = append(out, c.first+i)
		}
		i++
	}
	return out
}

// scanLines takes runs of ASCII lines together and other lines one by one.
func (m *matcher) scanLines(c *chunk, i int, key uint32, out []int) []int {
	for i < len(c.lines) {
		run := i
		for run < len(c.lines) && c.lines[run].meta&metaNonASCII == 0 {
			run++
		}
		if m.text.ascii && run > i {
			out = m.scanBytes(c, i, run, key, out)
		}
		if run < len(c.lines) && m.fits(c.lines[run], key) {
			if start, _ := m.text.find(c.line(run)); start >= 0 {
				out = append(out, c.first+run)
			}
		}
		i = run + 1
	}
	return out
}

const anyKey = ^uint32(0)

// keyIn returns the chunk's number for the wanted key, or false if the chunk
// has no line with it.
func (m *matcher) keyIn(c *chunk) (uint32, bool) {
	if m.filter.Key == "" {
		return anyKey, true
	}
	for n, key := range c.keys {
		if key == m.filter.Key {
			return uint32(n), true
		}
	}
	return 0, false
}

func (m *matcher) fits(e entry, key uint32) bool {
	return e.level() >= m.filter.MinLevel && (key == anyKey || key == e.key())
}

// scanStore returns the numbers of all matching lines, and the number of the
// first line that it has not looked at. It ends early when ctx does.
func (m *matcher) scanStore(ctx context.Context, s *Store) (ids []int, next int) {
	next, end := s.Bounds()
	for next < end && ctx.Err() == nil {
		ids, next = m.scanNext(s, next, end, ids)
	}
	return ids, next
}

// scanNext looks at the chunk that holds line next.
func (m *matcher) scanNext(s *Store, next, end int, ids []int) ([]int, int) {
	c, ok := s.chunkAt(next)
	if !ok { // dropped since the bounds were asked for
		first, _ := s.Bounds()
		return ids, min(end, max(next+1, first))
	}
	c = c.upTo(end)
	return m.scan(&c, next, ids), c.first + len(c.lines)
}

// SetFilter changes what is shown. The search runs beside the UI thread, after
// a short pause while text is being typed; until it is done, the lines of the
// filter before stay. Call it on the UI thread.
func (v *View) SetFilter(f Filter) {
	f.Text = strings.ToValidUTF8(f.Text, "\ufffd")
	if f == v.wanted || v.closed {
		return
	}
	pause := time.Duration(0)
	if f.Text != v.wanted.Text {
		pause = typingPause
	}
	v.wanted = f
	v.generation++
	v.cancelSearch()
	m := newMatcher(f)
	if m == nil { // nothing to search for: at once
		v.swap(rows{store: v.store})
		return
	}
	ctx, cancel := context.WithCancel(v.ctx)
	v.cancelSearch = cancel
	generation := v.generation
	v.background.Go(func() { v.search(ctx, generation, m, pause) })
}

// search runs on a goroutine of its own and hands its result to the UI thread,
// where an answer to an older question is thrown away.
func (v *View) search(ctx context.Context, generation int, m *matcher, pause time.Duration) {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return
	case <-timer.C:
	}
	ids, next := m.scanStore(ctx, v.store)
	if ctx.Err() != nil {
		return
	}
	v.do(func() {
		if generation == v.generation && !v.closed {
			v.swap(rows{store: v.store, match: m, ids: ids, next: next})
		}
	})
}

// swap shows other rows, with the same line at the top if it is among them,
// else the next one that is.
func (v *View) swap(r rows) {
	top := v.rows.line(v.top)
	r.sync()
	v.rows = r
	v.top = v.rows.rowOf(top)
	v.settle()
	v.raster.Refresh()
	v.tellNewLines()
	if v.OnCounts != nil {
		v.OnCounts()
	}
}
