package journal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Query selects events. The zero value of a field selects all, except for Level, where it is
// [slog.LevelInfo].
type Query struct {
	// Since is the first moment, Until the first one after.
	Since, Until time.Time
	// Level is the lowest level.
	Level                slog.Level
	Registration, Tenant string
	// Text must occur in the message, a name or a field, in any case.
	Text    string
	Program string
	// Limit is the greatest number of events.
	Limit int
}

// Matches reports whether q selects e, leaving aside Limit: the live log filters with it too.
func (q Query) Matches(e Event) bool {
	switch {
	case e.Level < q.Level,
		!q.Since.IsZero() && e.Time.Before(q.Since),
		!q.Until.IsZero() && !e.Time.Before(q.Until),
		q.Program != "" && e.Program != q.Program,
		q.Registration != "" && e.Registration != q.Registration,
		q.Tenant != "" && e.Tenant != q.Tenant:
		return false
	}
	return q.Text == "" || e.contains(strings.ToLower(q.Text))
}

// contains looks for a text in small letters.
func (e Event) contains(text string) bool {
	for _, s := range [...]string{e.Message, e.Component, e.Registration, e.Tenant, e.User, e.Remote, e.Program} {
		if strings.Contains(strings.ToLower(s), text) {
			return true
		}
	}
	for _, f := range e.Fields {
		if strings.Contains(strings.ToLower(f.Value), text) || strings.Contains(strings.ToLower(f.Key), text) {
			return true
		}
	}
	return false
}

// Search yields the events of all programs' files in dir that q selects, oldest first, until yield returns
// false or ctx ends. It holds only a few events at a time, and opens only files of days that q can match.
// Broken lines count as events of level Warn, as in [Follow].
func Search(ctx context.Context, dir string, q Query, yield func(Event) bool) error {
	files, err := listFiles(dir)
	if err != nil {
		return unusable("search journal", dir, err)
	}
	var streams []*stream // one a program: the parts of a day follow each other
	for _, f := range files {
		if !q.mayHold(f) {
			continue
		}
		at := slices.IndexFunc(streams, func(s *stream) bool { return s.program == f.program })
		if at < 0 {
			at = len(streams)
			streams = append(streams, &stream{dir: dir, program: f.program, query: q})
		}
		streams[at].files = append(streams[at].files, f)
	}
	defer func() {
		for _, s := range streams {
			s.close()
		}
	}()
	if err := merge(ctx, streams, q.Limit, yield); err != nil {
		return fmt.Errorf("search journal: %w", err)
	}
	return nil
}

// mayHold judges a file by its name.
func (q Query) mayHold(f file) bool {
	return (q.Program == "" || f.program == q.Program) &&
		(q.Since.IsZero() || f.day.Add(day).After(q.Since)) &&
		(q.Until.IsZero() || f.day.Before(q.Until))
}

// merge yields the oldest event of all streams again and again.
func merge(ctx context.Context, streams []*stream, limit int, yield func(Event) bool) error {
	for n := 0; limit <= 0 || n < limit; n++ {
		var oldest *stream
		for _, s := range streams {
			if err := s.fill(ctx); err != nil {
				return err
			}
			if len(s.ahead) > 0 && (oldest == nil || s.ahead[0].event.Time.Before(oldest.ahead[0].event.Time)) {
				oldest = s
			}
		}
		if oldest == nil {
			return nil
		}
		next := oldest.ahead[0]
		oldest.ahead = oldest.ahead[1:]
		oldest.held -= next.size
		if !yield(next.event) {
			return nil
		}
	}
	return nil
}

// A stream holds so many events, and bytes of their lines, to put them in order: lines of goroutines and
// processes that write at the same moment may stand in the file the other way round.
const (
	lookAhead      = 512
	lookAheadBytes = 1 << 20
)

// waiting is an event that others may still have to go before.
type waiting struct {
	event Event
	size  int // of its line
}

// stream reads the matching events of one program.
type stream struct {
	dir, program string
	query        Query
	files        []file    // those not opened yet
	ahead        []waiting // in order
	held         int       // bytes ahead

	open    *os.File
	lines   *lineReader
	reading reading
	read    int
}

// fill reads until enough events are ahead or all are.
func (s *stream) fill(ctx context.Context) error {
	for len(s.ahead) < lookAhead && s.held < lookAheadBytes {
		if s.read++; s.read%256 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if s.open == nil {
			if len(s.files) == 0 {
				return nil
			}
			if err := s.openNext(); err != nil {
				return err
			}
			continue
		}
		l, err := s.lines.next()
		if errors.Is(err, io.EOF) {
			s.close()
			continue
		}
		if err != nil {
			return err
		}
		if l.whole && !s.query.passesOver(l.text) {
			s.take(l)
		}
	}
	return nil
}

// take puts a line's event in its place, if it is wanted.
func (s *stream) take(l line) {
	e, ok := s.reading.event(l)
	if !ok || !s.query.Matches(e) {
		return
	}
	at := len(s.ahead)
	for at > 0 && e.Time.Before(s.ahead[at-1].event.Time) {
		at--
	}
	s.ahead = slices.Insert(s.ahead, at, waiting{e, len(l.text)})
	s.held += len(l.text)
}

func (s *stream) openNext() error {
	next := s.files[0]
	s.files = s.files[1:]
	f, err := os.Open(filepath.Join(s.dir, next.name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil // pruned since it was listed
	}
	if err != nil {
		return err
	}
	s.open, s.lines, s.reading = f, newLineReader(f), reading{file: next}
	return nil
}

func (s *stream) close() {
	if s.open != nil {
		_ = s.open.Close() // it was only read
		s.open = nil
	}
}

// passesOver reports, from the beginning of a line of the journal's own making, that q cannot select it.
// It spares most lines the reading when little is wanted.
func (q Query) passesOver(line []byte) bool {
	rest, ok := bytes.CutPrefix(line, []byte(`{"time":"`))
	if !ok {
		return false
	}
	stamp, rest, ok := bytes.Cut(rest, []byte(`","level":"`))
	if !ok || len(stamp) > len(time.RFC3339Nano) {
		return false
	}
	if !q.Since.IsZero() || !q.Until.IsZero() {
		at, err := time.Parse(time.RFC3339Nano, string(stamp))
		if err == nil && (!q.Since.IsZero() && at.Before(q.Since) || !q.Until.IsZero() && !at.Before(q.Until)) {
			return true
		}
	}
	if q.Level > slog.LevelDebug && bytes.HasPrefix(rest, []byte(`DEBUG"`)) {
		return true
	}
	return q.Level > slog.LevelInfo && bytes.HasPrefix(rest, []byte(`INFO"`))
}
