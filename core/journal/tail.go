package journal

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

const (
	firstWindow = 256 << 10
	// lookBytes is how much of one file is read before its events are delivered, which take several times that
	// in memory. It is more than the longest line that is read, so that reading always gets on.
	lookBytes = 2 << 20
)

// tail is one file that is followed. It is opened for each reading and not held, so that any program may
// remove it.
type tail struct {
	reading
	offset   int64       // the beginning of the first line that was not read
	info     fs.FileInfo // at the last reading
	live     bool        // it may grow at any moment
	skipping bool        // offset lies within a line that is passed over
}

// skip passes over all that is there.
func (t *tail) skip(dir string) error {
	info, err := os.Stat(filepath.Join(dir, t.file.name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	t.info, t.offset = info, info.Size()
	return nil
}

// newest returns the last n events and leaves the tail behind the last whole line. It reads backwards in
// growing windows, as files may be large and events few.
func (t *tail) newest(dir string, n int) (events []Event, err error) {
	for window := int64(firstWindow); ; window *= 4 {
		if err := t.skip(dir); err != nil || t.offset == 0 {
			return nil, err
		}
		size := t.offset
		t.offset = max(0, size-window)
		t.skipping = t.offset > 0
		whole := t.offset == 0
		events, _, err = t.read(dir, size-t.offset)
		if err != nil {
			return nil, err
		}
		if len(events) >= n || whole {
			return events[max(0, len(events)-n):], nil
		}
	}
}

// grown returns the events that are new since the last reading, and whether there are more.
func (t *tail) grown(dir string) (events []Event, more bool, err error) {
	info, err := os.Stat(filepath.Join(dir, t.file.name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil // the next listing will miss it too
	}
	if err != nil {
		return nil, false, err
	}
	if t.info != nil && (info.Size() < t.offset || !os.SameFile(info, t.info)) {
		t.offset, t.skipping = 0, false // another file has taken its place
	}
	t.info = info
	if info.Size() == t.offset {
		return nil, false, nil
	}
	t.live = true
	return t.read(dir, lookBytes)
}

// read reads up to budget bytes. Half a line at the end is left for the next time.
func (t *tail) read(dir string, budget int64) (events []Event, more bool, err error) {
	f, err := os.Open(filepath.Join(dir, t.file.name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	defer func() { _ = f.Close() }() // it was only read
	end := t.offset + budget
	lines := newLineReader(io.NewSectionReader(f, t.offset, budget))
	t.broken = 0
	for {
		l, err := lines.next()
		if errors.Is(err, io.EOF) {
			return events, t.offset == end, nil
		}
		if err != nil {
			return events, false, err
		}
		if !l.whole && !l.long && !t.skipping {
			return events, t.offset+l.size == end, nil
		}
		t.offset += l.size
		if skipped := t.skipping; skipped {
			t.skipping = !l.whole
			continue
		}
		if e, ok := t.event(l); ok {
			events = append(events, e)
		}
		t.skipping = !l.whole
	}
}
