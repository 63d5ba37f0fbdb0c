package journal

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// chain makes streams of the files that q may find something in, oldest first. The files of a program
// follow each other, with one exception: where the clock was set back, a part begins before the one before
// it ends. That part is read at the same time.
func chain(dir string, q Query, files []file) ([]*stream, error) {
	var streams []*stream
	for i, f := range files {
		if !q.mayHold(f) {
			continue
		}
		var begin, end time.Time // zero but for a file that is one of several parts
		if f.part > 1 || i+1 < len(files) && files[i+1].part > 1 {
			var err error
			if begin, end, err = span(dir, f); err != nil {
				return nil, err
			}
		}
		at := slices.IndexFunc(streams, func(s *stream) bool {
			return s.program == f.program && (f.day.After(s.day) || !begin.Before(s.last.Add(-disorder)))
		})
		if at < 0 {
			at = len(streams)
			streams = append(streams, &stream{dir: dir, program: f.program, query: q, sieve: newSieve(q)})
		}
		s := streams[at]
		s.files, s.day, s.last = append(s.files, f), f.day, end
	}
	return streams, nil
}

// span returns when a file's first and last lines were written.
func span(dir string, f file) (begin, end time.Time, err error) {
	open, err := os.Open(filepath.Join(dir, f.name))
	if errors.Is(err, fs.ErrNotExist) {
		return begin, end, nil // pruned since it was listed
	}
	if err != nil {
		return begin, end, err
	}
	defer func() { _ = open.Close() }() // it was only read
	info, err := open.Stat()
	if err != nil {
		return begin, end, err
	}
	if begin, err = firstTime(open); err != nil {
		return begin, end, err
	}
	end, err = lastTime(open, info.Size())
	return begin, end, err
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

// stream reads the matching events of files that follow each other in time.
type stream struct {
	dir, program string
	query        Query
	sieve        sieve
	day          time.Time // of the newest file
	last         time.Time // where the newest file ends, where it is known; see [chain]
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
		if !l.whole {
			continue
		}
		switch s.sieve.judge(l.text) {
		case perhaps:
			s.take(l)
		case beyond:
			s.close()
		case passed:
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
	if err := s.skip(f); err != nil {
		return errors.Join(err, f.Close())
	}
	s.open, s.lines, s.reading = f, newLineReader(f), reading{file: next}
	return nil
}

// skip passes over the lines that are too old.
func (s *stream) skip(f *os.File) error {
	if s.query.Since.IsZero() {
		return nil
	}
	info, err := f.Stat()
	if err != nil {
		return err
	}
	offset, err := seekTo(f, info.Size(), s.query.Since)
	if err == nil {
		_, err = f.Seek(offset, io.SeekStart)
	}
	return err
}

func (s *stream) close() {
	if s.open != nil {
		_ = s.open.Close() // it was only read
		s.open = nil
	}
}
