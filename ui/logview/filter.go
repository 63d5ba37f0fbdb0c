package logview

import (
	"context"
	"sort"
)

// Filter says which lines are shown. The zero value shows all.
type Filter struct {
	MinLevel Level
	Key      string // only lines with this key; empty for all
	Program  string // only lines that this program wrote; empty for all
	Step     int    // only lines of this step; 0 for all
	Search          // only lines in which it is found
}

// matcher is a Filter made ready.
type matcher struct {
	filter Filter
	texts  []*pattern // all must be found
}

// newMatcher returns the matcher of a filter, and of what is looked for beside it.
func newMatcher(f Filter, beside ...Search) (*matcher, error) {
	m := &matcher{filter: f}
	for _, s := range append(beside, f.Search) {
		p, err := s.compile()
		if err != nil {
			return nil, err
		}
		if p == nil {
			continue
		}
		m.texts = append(m.texts, p)
		if last := len(m.texts) - 1; p.needle != nil && m.texts[0].needle == nil {
			m.texts[0], m.texts[last] = p, m.texts[0] // the quickest first
		}
	}
	return m, nil
}

// everything reports whether the matcher lets all lines through.
func (m *matcher) everything() bool {
	f := m.filter
	return f.MinLevel == Debug && f.Key == "" && f.Program == "" && f.Step == 0 && len(m.texts) == 0
}

// scan appends the absolute numbers of the chunk's matching lines, from line
// number from on.
func (m *matcher) scan(c *chunk, from int, out []int) []int {
	want, ok := m.wanted(c)
	if !ok {
		return out
	}
	i := max(0, from-c.first)
	if len(m.texts) == 0 || m.texts[0].needle == nil {
		for ; i < len(c.lines); i++ {
			if m.fits(c.lines[i], want) && m.found(c.line(i), 0) {
				out = append(out, c.first+i)
			}
		}
		return out
	}
	if n := m.texts[0].needle; n.ascii && !n.odd {
		return m.scanBytes(c, i, len(c.lines), want, out)
	}
	return m.scanLines(c, i, want, out)
}

// scanBytes searches lines i to end as one text: far quicker than line by line,
// because most lines do not match.
func (m *matcher) scanBytes(c *chunk, i, end int, want wanted, out []int) []int {
	needle := m.texts[0].needle
	for i < end {
		stop := int(c.lineEnd(end - 1))
		at := needle.index(c.text[c.lines[i].off:stop])
		if at < 0 {
			return out
		}
		at += int(c.lines[i].off)
		i += sort.Search(end-i, func(n int) bool { return int(c.lineEnd(i+n)) > at })
		lineEnd := int(c.lineEnd(i))
		// A hit that begins in one line and ends in the next is none, but
		// behind its beginning there may be a real one.
		for at >= 0 && at+len(needle.folded) > lineEnd {
			at = -1
			if start := needle.index(c.line(i)); start >= 0 {
				at = int(c.lines[i].off) + start
			}
		}
		if at >= 0 && m.fits(c.lines[i], want) && m.confirm(c.line(i)) {
			out = append(out, c.first+i)
		}
		i++
	}
	return out
}

// scanLines takes runs of ASCII lines together and other lines one by one.
func (m *matcher) scanLines(c *chunk, i int, want wanted, out []int) []int {
	needle := m.texts[0].needle
	for i < len(c.lines) {
		run := i
		for run < len(c.lines) && c.lines[run].meta&metaNonASCII == 0 {
			run++
		}
		if needle.ascii && run > i {
			out = m.scanBytes(c, i, run, want, out)
		}
		if run < len(c.lines) && m.fits(c.lines[run], want) && m.found(c.line(run), 0) {
			out = append(out, c.first+run)
		}
		i = run + 1
	}
	return out
}

// confirm looks for what is left to be found in a line that has the first needle.
func (m *matcher) confirm(line []byte) bool {
	if m.texts[0].exact == nil {
		return m.found(line, 1)
	}
	return m.found(line, 0)
}

// found reports whether the texts from number from on are all in the line.
func (m *matcher) found(line []byte, from int) bool {
	for _, p := range m.texts[from:] {
		if !p.match(line) {
			return false
		}
	}
	return true
}

// wanted are the chunk's numbers of the names that the filter asks for.
type wanted struct{ key, program uint32 }

const anyName = ^uint32(0)

// wanted returns false if the chunk has no line with one of the names.
func (m *matcher) wanted(c *chunk) (w wanted, ok bool) {
	key, hasKey := c.numberOf(m.filter.Key)
	program, hasProgram := c.numberOf(m.filter.Program)
	return wanted{key, program}, hasKey && hasProgram
}

func (c *chunk) numberOf(name string) (uint32, bool) {
	if name == "" {
		return anyName, true
	}
	for n, other := range c.names {
		if other == name {
			return uint32(n), true
		}
	}
	return 0, false
}

func (m *matcher) fits(e entry, want wanted) bool {
	return e.level() >= m.filter.MinLevel && (want.key == anyName || want.key == e.key()) &&
		(want.program == anyName || want.program == e.program()) && (m.filter.Step == 0 || m.filter.Step == e.step())
}

// scanStore returns the numbers of all matching lines, and the number of the
// first line that it has not looked at. It ends early when ctx does. tell is
// told how far it is, often; it may be nil.
func (m *matcher) scanStore(ctx context.Context, s *Store, tell func(done, all int)) (ids []int, next int) {
	first, end := s.Bounds()
	for next = first; next < end && ctx.Err() == nil; {
		ids, next = m.scanNext(s, next, end, ids)
		if tell != nil {
			tell(next-first, end-first)
		}
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
