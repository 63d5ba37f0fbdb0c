// Package logview shows a live log: a ring of lines, a filter over them and one
// widget that draws the visible lines into a single raster.
//
// The widget knows nothing about where lines come from. A writer fills a Store
// from any goroutine and tells the View that it did; everything else happens on
// the UI thread.
package logview

import (
	"bytes"
	"slices"
	"sort"
	"sync"
	"unicode/utf8"
	"unique"
)

const (
	defaultMaxLines = 200_000
	chunkLines      = 4096
	chunkBytes      = 256 << 10
	maxLineBytes    = 64 << 10
	ellipsis        = "…"
)

// Level is the weight of a line, from Debug to Error.
type Level uint8

// The levels, lightest first.
const (
	Debug Level = iota
	Info
	Warn
	Error
)

// Line is one line of the log, ready to be shown.
type Line struct {
	Level Level
	Key   string // what the filter's Key is compared with, for example a tenant
	Text  string // one line, without a newline
}

// Store keeps the newest lines. It is append-only: a line keeps the absolute
// number that it got when it was appended, and the oldest lines leave in chunks
// when there are more than the store may hold. It is safe for one writer and
// any number of readers.
type Store struct {
	maxLines int
	perChunk int

	mu     sync.RWMutex
	chunks []*chunk
	end    int
	active map[string]uint32 // key numbers of the last chunk, which is being filled
}

// chunk is a run of lines. A copy of the struct is a snapshot: bytes and
// entries behind its slices are never written again, only appended after.
type chunk struct {
	first int
	text  []byte
	lines []entry
	keys  []string
}

// entry is all that is kept for a line beside its text.
type entry struct {
	off  uint32 // where its text begins; it ends where the next begins
	meta uint32 // key number << metaKeyShift | metaNonASCII | level
}

const (
	metaLevel    = 3
	metaNonASCII = 4
	metaKeyShift = 3
)

// NewStore returns an empty store that holds up to maxLines lines, or 200,000
// if maxLines is not positive.
func NewStore(maxLines int) *Store {
	if maxLines <= 0 {
		maxLines = defaultMaxLines
	}
	return &Store{maxLines: maxLines, perChunk: max(1, min(chunkLines, maxLines/16))}
}

// Append adds lines and drops the oldest ones beyond the store's size. Text
// longer than 64 KiB is cut, so that no line can make drawing slow.
func (s *Store) Append(lines []Line) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range lines {
		s.add(&lines[i])
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
	return Line{Level: e.level(), Key: c.keys[e.key()], Text: string(c.line(i - c.first))}, true
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
	text := l.Text
	if len(text) > maxLineBytes {
		text = cutBytes(text, maxLineBytes-len(ellipsis)) + ellipsis
	}
	c := s.room(len(text))
	c.lines = append(c.lines, entry{
		off:  uint32(len(c.text)),
		meta: s.keyNumber(c, l.Key)<<metaKeyShift | nonASCII(text) | uint32(min(l.Level, Error)),
	})
	c.text = append(c.text, text...)
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
	c.keys = slices.Clip(c.keys)
}

// keyNumber returns the chunk's number for key. Keys are numbered by chunk, so
// that keys nobody uses any more leave with their chunk; unique keeps one copy
// of the text for all chunks.
func (s *Store) keyNumber(c *chunk, key string) uint32 {
	n, ok := s.active[key]
	if !ok {
		n = uint32(len(c.keys))
		key = unique.Make(key).Value()
		c.keys = append(c.keys, key)
		s.active[key] = n
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
	return chunk{first: c.first, text: c.text[:c.lines[n].off], lines: c.lines[:n], keys: c.keys}
}

func (e entry) level() Level { return Level(e.meta & metaLevel) }
func (e entry) key() uint32  { return e.meta >> metaKeyShift }

func nonASCII(s string) uint32 {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return metaNonASCII
		}
	}
	return 0
}

// cutBytes returns the beginning of s, at most n bytes, without half a rune.
func cutBytes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for i := 0; i < utf8.UTFMax && n > 0 && !utf8.RuneStart(s[n]); i++ {
		n--
	}
	return s[:n]
}
