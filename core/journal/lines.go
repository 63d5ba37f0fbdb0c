package journal

import (
	"bufio"
	"errors"
	"io"
	"log/slog"
	"time"
)

const (
	maxReadLine     = 1 << 20
	readBuffer      = 64 << 10
	levelUnreadable = slog.LevelWarn
)

// line is what a lineReader found.
type line struct {
	text  []byte // without the newline; valid until the next call
	size  int64  // in the file, with the newline
	whole bool   // it ended with a newline
	long  bool   // it has more than maxReadLine bytes, and text is only its beginning
}

// lineReader reads lines of any length in bounded memory.
type lineReader struct {
	r   *bufio.Reader
	buf []byte
}

func newLineReader(r io.Reader) *lineReader {
	return &lineReader{r: bufio.NewReaderSize(r, readBuffer)}
}

// next returns the next line. The last may be not whole; after it comes io.EOF.
func (l *lineReader) next() (line, error) {
	part, err := l.r.ReadSlice('\n')
	if err == nil {
		return line{text: part[:len(part)-1], size: int64(len(part)), whole: true}, nil
	}
	found := line{size: int64(len(part))}
	l.buf = append(l.buf[:0], part...)
	for errors.Is(err, bufio.ErrBufferFull) {
		part, err = l.r.ReadSlice('\n')
		found.size += int64(len(part))
		if found.long = found.long || len(l.buf)+len(part) > maxReadLine+1; !found.long {
			l.buf = append(l.buf, part...)
		}
	}
	found.text = l.buf
	switch {
	case err == nil:
		found.whole = true
		if !found.long {
			found.text = l.buf[:len(l.buf)-1]
		}
	case !errors.Is(err, io.EOF):
		return line{}, err
	case found.size == 0:
		return line{}, io.EOF
	}
	return found, nil
}

// reading turns the lines of one file into events.
type reading struct {
	file file
	last time.Time // of the newest event: where a broken line is put in the order
	// broken counts the lines that were none since the count was last reset.
	broken int
}

// maxBroken is how many broken lines are told one by one before they are only counted.
const maxBroken = 20

// event reads one whole line. It reports false for an empty line, which two writers can leave behind who
// both mended the same half line, and for a broken line too many.
func (r *reading) event(l line) (Event, bool) {
	if len(l.text) == 0 {
		return Event{}, false
	}
	if l.long {
		return r.unreadable(tooLong(), "")
	}
	e, err := parseEvent(string(l.text))
	if err != nil {
		return r.unreadable(err.Error(), string(l.text))
	}
	r.last = e.Time
	return e, true
}

func (r *reading) unreadable(reason, text string) (Event, bool) {
	r.broken++
	switch {
	case r.broken < maxBroken:
		return unreadable(r.file, r.last, reason, text), true
	case r.broken == maxBroken:
		return unreadable(r.file, r.last, reason+", and more lines after it", text), true
	}
	return Event{}, false
}
