package journal

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// disorder is how far a line may stand behind a younger one within a file: goroutines and processes that
// write at the same moment overtake each other. The writer begins a new part before lines get further
// apart (see [writer.fits]), with half of it left for processes that do not see each other.
const disorder = time.Minute

// secondLayout is the beginning of a line's time that has the same length in every line.
const secondLayout = "2006-01-02T15:04:05"

// How every line of the journal's own begins.
var (
	beforeTime  = []byte(`{"time":"`)
	beforeLevel = []byte(`,"level":"`)
)

// verdict is what the bytes of a line tell about it.
type verdict int

const (
	perhaps verdict = iota // it must be read as an event
	passed                 // it is not wanted
	beyond                 // nor is any line that follows in its file
)

// sieve judges lines by their bytes, which is many times faster than to read them as events. It knows only
// the journal's own way of writing: of a line that begins in any other way it says nothing.
type sieve struct {
	since, until, end string // in whole seconds; "" is none
	level             slog.Level
	parts             [][]byte // each must stand in the line
	text              finder
}

func newSieve(q Query) sieve {
	s := sieve{level: q.Level, text: newFinder(q.Text)}
	if !q.Since.IsZero() {
		s.since = second(q.Since)
	}
	if !q.Until.IsZero() {
		s.until, s.end = second(q.Until), second(q.Until.Add(disorder))
	}
	for _, named := range [][2]string{{keyTenant, q.Tenant}, {keyRegistration, q.Registration}} {
		if named[1] != "" {
			s.parts = append(s.parts, appendQuoted([]byte(`,"`+named[0]+`":`), named[1], maxField, 0))
		}
	}
	if q.Step != 0 {
		s.parts = append(s.parts, fmt.Appendf(nil, `,"%s":%d,`, keyStep, int(q.Step)))
	}
	return s
}

// second returns the second that t lies in, or "" for a year that does not have four digits.
func second(t time.Time) string {
	text := t.UTC().Format(secondLayout)
	if len(text) != len(secondLayout) {
		return ""
	}
	return text
}

// stampOf cuts the time out of a line of the journal's own, and what follows it. The first
// len(secondLayout) bytes of all such times compare as the times do.
func stampOf(line []byte) (stamp, rest []byte, ok bool) {
	rest, ok = bytes.CutPrefix(line, beforeTime)
	if !ok || len(rest) <= len(secondLayout) {
		return nil, nil, false
	}
	at := bytes.IndexByte(rest[len(secondLayout):], '"') + len(secondLayout)
	if at < len(secondLayout)+1 || rest[at-1] != 'Z' || rest[len("2006-01-02")] != 'T' {
		return nil, nil, false
	}
	return rest[:at], rest[at+1:], true
}

func (s *sieve) judge(line []byte) verdict {
	stamp, rest, ok := stampOf(line)
	if !ok {
		return perhaps
	}
	rest, ok = bytes.CutPrefix(rest, beforeLevel)
	if !ok {
		return perhaps
	}
	at := stamp[:len(secondLayout)]
	switch {
	case s.end != "" && string(at) > s.end && !timeOf(line).IsZero(): // digits alone may be anything
		return beyond
	case s.since != "" && string(at) < s.since, s.until != "" && string(at) > s.until, s.tooLow(rest):
		return passed
	}
	for _, part := range s.parts {
		if !bytes.Contains(rest, part) {
			return passed
		}
	}
	if !s.text.in(rest) {
		return passed
	}
	return perhaps
}

// tooLow knows the levels that have a name. A level between two of them must be read.
func (s *sieve) tooLow(rest []byte) bool {
	switch {
	case s.level <= slog.LevelDebug:
		return false
	case bytes.HasPrefix(rest, []byte(`DEBUG"`)):
		return true
	case bytes.HasPrefix(rest, []byte(`INFO"`)):
		return s.level > slog.LevelInfo
	case bytes.HasPrefix(rest, []byte(`WARN"`)):
		return s.level > slog.LevelWarn
	}
	return false
}

// lower makes letters small as searching does. No letter outside ASCII becomes one of ASCII, as the Kelvin
// sign else would: so an ASCII text is found by its bytes.
func lower(s string) string {
	return strings.Map(func(r rune) rune {
		if small := unicode.ToLower(r); r < utf8.RuneSelf || small >= utf8.RuneSelf {
			return small
		}
		return r
	}, s)
}

// commonest are the characters of lines, the most frequent first.
const commonest = `etaoinsrlducmphgy "0123:,.-_456789fbvw/TZ`

// finder looks for the longest piece of a text that stands in a line as it does in the event, in any case:
// printable ASCII that JSON does not escape. No piece is found everywhere.
type finder struct {
	small string // the piece in small letters
	at    int    // of the character in it that lines have least of
}

func newFinder(text string) finder {
	var f finder
	isOther := func(r rune) bool { return r < ' ' || r > '~' || r == '"' || r == '\\' }
	for _, piece := range strings.FieldsFunc(lower(text), isOther) {
		if len(piece) > len(f.small) {
			f.small = piece
		}
	}
	rarest := -1
	for i := range len(f.small) {
		rank := strings.IndexByte(commonest, f.small[i])
		if rank < 0 {
			rank = len(commonest)
		}
		if rank > rarest {
			rarest, f.at = rank, i
		}
	}
	return f
}

func (f finder) in(line []byte) bool {
	if f.small == "" {
		return true
	}
	rare := f.small[f.at]
	if f.scan(line, rare) {
		return true
	}
	return 'a' <= rare && rare <= 'z' && f.scan(line, rare-'a'+'A')
}

// scan looks at each place where the rare character stands in one of its cases.
func (f finder) scan(line []byte, rare byte) bool {
	last := len(line) - len(f.small) + f.at
	for from := f.at; from <= last; from++ {
		i := bytes.IndexByte(line[from:last+1], rare)
		if i < 0 {
			return false
		}
		from += i
		if f.fits(line[from-f.at:]) {
			return true
		}
	}
	return false
}

func (f finder) fits(at []byte) bool {
	for i := range len(f.small) {
		c := at[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != f.small[i] {
			return false
		}
	}
	return true
}
