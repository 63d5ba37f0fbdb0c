// Package logview shows a live log: a ring of lines, a filter and a search over them, and one widget that
// draws the visible lines into a single raster.
//
// The widget knows nothing about where lines come from. A writer fills a [Store] from any goroutine and
// tells the [View] that it did; everything else happens on the UI thread, but for what looks at all lines.
package logview

import (
	"bytes"
	"slices"
	"sort"
	"sync"
	"time"
	"unique"
)

const (
	defaultMaxLines = 200_000
	chunkLines      = 2048 // with two names each, a number of 12 bits for all
	chunkBytes      = 256 << 10
	maxMessage      = 16 << 10
	ellipsis        = "…"
	lockedLines     = 256 // appended under one lock: drawing never waits for more
)

// maxKeyCells bounds the column of keys. A longer key moves its own message only.
const maxKeyCells = 28

// Store keeps the newest lines. It is append-only: a line keeps the absolute
// number that it got when it was appended, and the oldest lines leave in chunks
// when there are more than the store may hold. It is safe for one writer and
// any number of readers.
type Store struct {
	maxLines int
	perChunk int
	own      string

	mu       sync.RWMutex
	chunks   []*chunk
	end      int
	keyCells int               // the widest key so far
	active   map[string]uint32 // numbers of the names of the last chunk, which is being filled
	text     []byte            // of the line that is being added
}

// chunk is a run of lines. A copy of the struct is a snapshot: what is behind
// its slices is never written again, only appended after.
type chunk struct {
	first int
	text  []byte
	lines []entry
	names []string // keys and programs
}

// NewStore returns an empty store that holds up to maxLines lines, or 200,000
// if maxLines is not positive. Lines of other programs than own say whose they are.
func NewStore(maxLines int, own string) *Store {
	if maxLines <= 0 {
		maxLines = defaultMaxLines
	}
	return &Store{maxLines: maxLines, perChunk: max(1, min(chunkLines, maxLines/16)), own: own}
}

// Append adds lines and drops the oldest ones beyond the store's size. A message
// longer than 16 KiB is cut, so that no line can make drawing slow.
func (s *Store) Append(lines []Line) {
	for some := range slices.Chunk(lines, lockedLines) {
		s.mu.Lock()
		for i := range some {
			s.add(&some[i])
		}
		s.mu.Unlock()
	}
}

// Bounds returns the absolute number of the oldest line kept, and one more than
// that of the newest.
func (s *Store) Bounds() (first, end int) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if len(s.chunks) == 0 {
		return s.end, s.end
	}
	return s.chunks[0].first, s.end
}

// Line returns the line with absolute number i, or false if it has not come yet
// or has been dropped.
func (s *Store) Line(i int) (Line, bool) {
	c, ok := s.chunkAt(i)
	if !ok {
		return Line{}, false
	}
	e := c.lines[i-c.first]
	l := Line{Level: e.level(), Step: e.step(), Key: c.names[e.key()], Program: c.names[e.program()]}
	if e.at != 0 {
		l.Time = time.Unix(0, e.at)
	}
	text, starts := c.columns(i-c.first, s.own)
	l.Message = string(text[starts[colMessage]:])
	return l, true
}

// Text returns the line with absolute number i as it is shown, copied and searched.
func (s *Store) Text(i int) (string, bool) {
	c, ok := s.chunkAt(i)
	if !ok {
		return "", false
	}
	return string(c.line(i - c.first)), true
}

// columnWidth is how many cells the keys take.
func (s *Store) columnWidth() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.keyCells
}

// chunkAt returns a snapshot of the chunk that holds line i.
func (s *Store) chunkAt(i int) (chunk, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	at := sort.Search(len(s.chunks), func(n int) bool { return s.chunks[n].first > i }) - 1
	if at < 0 || i >= s.end {
		return chunk{}, false
	}
	return *s.chunks[at], true
}

func (s *Store) add(l *Line) {
	s.text = l.appendText(s.text[:0], s.own)
	c := s.room(len(s.text))
	e := entry{off: uint32(len(c.text)), meta: nonASCII(s.text) | uint32(min(l.Level, Error))}
	e.meta |= uint32(l.step())<<metaStepShift | s.number(c, l.Key)<<metaKeyShift | s.number(c, l.Program)<<metaProgramShift
	if !l.Time.IsZero() {
		e.at = l.Time.UnixNano()
	}
	if len(l.Key) > s.keyCells {
		s.keyCells = max(s.keyCells, min(textCells(l.Key), maxKeyCells))
	}
	c.lines = append(c.lines, e)
	c.text = append(c.text, s.text...)
	s.end++
	for s.end-s.chunks[0].first > s.maxLines && len(s.chunks) > 1 {
		s.chunks[0] = nil // the slice still points at it until it grows
		s.chunks = s.chunks[1:]
	}
}

// room returns the chunk that takes a line of n bytes.
func (s *Store) room(n int) *chunk {
	if len(s.chunks) == 0 {
		return s.begin(0, 0)
	}
	c := s.chunks[len(s.chunks)-1]
	if len(c.lines) < s.perChunk && (len(c.text)+n <= chunkBytes || len(c.lines) == 0) {
		return c
	}
	textCap, linesCap := len(c.text), len(c.lines)
	c.seal()
	return s.begin(textCap, linesCap)
}

// begin opens a chunk with the capacity that the last one needed: lines of a
// log resemble each other.
func (s *Store) begin(textCap, linesCap int) *chunk {
	c := &chunk{first: s.end, text: make([]byte, 0, textCap), lines: make([]entry, 0, linesCap)}
	s.chunks = append(s.chunks, c)
	s.active = make(map[string]uint32)
	return c
}

// seal gives back what the chunk reserved and does not need.
func (c *chunk) seal() {
	if cap(c.text)-len(c.text) > len(c.text)/16 {
		c.text = bytes.Clone(c.text)
	}
	if cap(c.lines)-len(c.lines) > len(c.lines)/16 {
		c.lines = slices.Clip(append(make([]entry, 0, len(c.lines)), c.lines...))
	}
	c.names = slices.Clip(c.names)
}

// number returns the chunk's number for a name. Names are numbered by chunk, so
// that those nobody uses any more leave with their chunk; unique keeps one copy
// of the text for all chunks.
func (s *Store) number(c *chunk, name string) uint32 {
	n, ok := s.active[name]
	if !ok {
		n = uint32(len(c.names))
		name = unique.Make(name).Value()
		c.names = append(c.names, name)
		s.active[name] = n
	}
	return n
}

// line returns the text of the chunk's i-th line.
func (c *chunk) line(i int) []byte {
	return c.text[c.lines[i].off:c.lineEnd(i)]
}

func (c *chunk) lineEnd(i int) uint32 {
	if i+1 < len(c.lines) {
		return c.lines[i+1].off
	}
	return uint32(len(c.text))
}

// upTo returns the chunk without the lines from absolute number end on.
func (c *chunk) upTo(end int) chunk {
	n := end - c.first
	if n >= len(c.lines) {
		return *c
	}
	return chunk{first: c.first, text: c.text[:c.lines[n].off], lines: c.lines[:n], names: c.names}
}
