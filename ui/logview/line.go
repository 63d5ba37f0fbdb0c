package logview

import (
	"strconv"
	"time"
	"unicode/utf8"
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

// String returns the level as its column shows it.
func (l Level) String() string {
	return [...]string{"DEBUG", "INFO", "WARN", "ERROR"}[min(l, Error)]
}

// clock is how the time of a line is shown, in the local time zone.
const clock = "15:04:05.000"

// maxStep is the highest number that the column of steps has room for.
const maxStep = 31

// Line is one line of the log. Its columns are shown, copied, exported and searched as one text: time,
// level, step, key, the program if it is another than the store's own, and the message.
type Line struct {
	Time    time.Time // zero for none
	Level   Level
	Step    int    // of a course of numbered steps; 0 for none
	Key     string // whom the line is about, for example a tenant
	Program string // who wrote it
	Message string // one line, without a newline
}

// appendText appends the line as it is shown. [entry.lay] knows how long each column is.
func (l *Line) appendText(b []byte, own string) []byte {
	if !l.Time.IsZero() {
		b = append(l.Time.Local().AppendFormat(b, clock), ' ')
	}
	b = append(append(b, l.Level.String()...), ' ')
	if step := l.step(); step > 0 {
		b = append(strconv.AppendInt(b, int64(step), 10), ' ')
	}
	if l.Key != "" {
		b = append(append(b, l.Key...), ' ')
	}
	if tagged(l.Program, own) {
		b = append(append(b, l.Program...), ' ')
	}
	if len(l.Message) > maxMessage {
		return append(append(b, cutBytes(l.Message, maxMessage-len(ellipsis))...), ellipsis...)
	}
	return append(b, l.Message...)
}

func (l *Line) step() int { return min(max(l.Step, 0), maxStep) }

// tagged reports whether a line says which program wrote it: the one that shows the log needs no name.
func tagged(program, own string) bool { return program != "" && program != own }

// entry is all that is kept for a line beside its text.
type entry struct {
	at   int64  // when, in nanoseconds since 1970; 0 for a line without a time
	off  uint32 // where its text begins; it ends where the next begins
	meta uint32 // program number, key number, step, metaNonASCII and level
}

const (
	metaLevel        = 3
	metaNonASCII     = 4
	metaStepShift    = 3
	metaKeyShift     = 8
	metaProgramShift = 20
	metaNumber       = 1<<12 - 1 // see chunkLines
)

func (e entry) level() Level { return Level(e.meta & metaLevel) }
func (e entry) step() int    { return int(e.meta >> metaStepShift & maxStep) }
func (e entry) key() uint32  { return e.meta >> metaKeyShift & metaNumber }

func (e entry) program() uint32 { return e.meta >> metaProgramShift }

func nonASCII(s []byte) uint32 {
	for _, c := range s {
		if c >= utf8.RuneSelf {
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
