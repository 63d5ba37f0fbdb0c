package journal

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

const (
	// checkEvery is how often the writer looks whether its file still lies in its place.
	checkEvery = time.Second
	// syncEvery is how often at most a line of weight makes the caller wait for the disk.
	syncEvery = time.Second
)

// writer appends lines to the file of the day. Other processes may append to the same file: every line
// goes out in one write at the file's end, which the system keeps whole.
type writer struct {
	dir, program string
	max          int64

	file    *os.File
	path    string
	day     time.Time
	last    time.Time // the newest event in the file that we know of
	end     int64     // where our last write ended; -1 when unknown
	checked time.Time // when the file was last seen in its place
	weighty bool      // a line of weight was written since synced
	synced  time.Time // when the file was last made durable for one
	buf     []byte

	syncFile func(*os.File) error // nil is the file's own
}

// ready makes the file of at's day the open one, in a part with room for a line. It reports whether a day
// began that is later than the one before.
func (w *writer) ready(at time.Time) (newDay bool, err error) {
	today := dayOf(at)
	newDay = !w.day.IsZero() && today.After(w.day)
	if w.file != nil {
		stay, err := w.stays(today, at)
		if err != nil || stay {
			return false, err
		}
	}
	if err := w.open(today, at); err != nil {
		return false, err
	}
	w.checked = at
	return newDay, nil
}

// stays reports whether the open file takes the next line, and closes it if not.
func (w *writer) stays(today, at time.Time) (bool, error) {
	switch {
	case !today.Equal(w.day):
		return false, w.leave(at)
	case w.misplaced(at):
		return false, w.close()
	case !w.fits(at):
		return false, w.finish()
	}
	size, err := w.size()
	if err != nil {
		return false, err
	}
	if w.full(size) {
		return false, w.finish()
	}
	w.last = later(w.last, at)
	return true, nil
}

// leave makes the file of a day that is over durable and closes it. The file is marked as in use until now:
// if the clock was wrong while it was written and is right now, its name says too early a day, and
// [Prune] must not believe it.
func (w *writer) leave(at time.Time) error {
	path := w.path
	// The mark is worth no lost line: a file that somebody took away cannot be marked.
	return errors.Join(w.finish(), ignoreMissing(os.Chtimes(path, at, at)))
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// fits reports whether the order of time in the file suffers an event of this moment. One that is much
// older than the last, because the clock was set back, begins a new part: readers rely on the order to find
// a range of time without reading all.
func (w *writer) fits(at time.Time) bool { return !at.Before(w.last.Add(-disorder / 2)) }

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// full reports whether a part of this size gets no more lines. The length of the next line plays no role:
// all processes must leave a part at the same moment, or their lines would be far out of order. So there is
// room left for a few of the longest lines.
func (w *writer) full(size int64) bool { return size >= w.max-min(4*maxLine, w.max/4) }

// misplaced reports whether the open file was deleted or replaced, so that lines would go nowhere.
func (w *writer) misplaced(at time.Time) bool {
	if since := at.Sub(w.checked); since >= 0 && since < checkEvery {
		return false
	}
	w.checked = at
	mine, err := w.file.Stat()
	if err != nil {
		return true
	}
	there, err := os.Stat(w.path)
	return err != nil || !os.SameFile(mine, there)
}

// open opens the newest part of a day that has room, or a new part.
func (w *writer) open(today, at time.Time) error {
	if err := makeDir(w.dir); err != nil {
		return err
	}
	part, err := w.newestPart(today)
	if err != nil {
		return err
	}
	for ; ; part++ {
		if err := w.openPart(today, part); err != nil {
			return err
		}
		size, err := w.size()
		if err != nil {
			return errors.Join(err, w.close())
		}
		if w.last, err = lastTime(w.file, size); err != nil {
			return errors.Join(err, w.close())
		}
		if !w.full(size) && w.fits(at) {
			w.last = later(w.last, at)
			return nil
		}
		if err := w.close(); err != nil {
			return err
		}
	}
}

func (w *writer) newestPart(today time.Time) (int, error) {
	files, err := listFiles(w.dir)
	part := 1
	for _, f := range files {
		if f.program == w.program && f.day.Equal(today) {
			part = max(part, f.part)
		}
	}
	return part, err
}

func (w *writer) openPart(today time.Time, part int) error {
	path := filepath.Join(w.dir, fileName(w.program, today, part))
	// Read rights are for the look at the last byte.
	f, err := os.OpenFile(path, os.O_RDWR|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o077 != 0 {
		err = f.Chmod(0o600)
	}
	if err != nil {
		return errors.Join(err, f.Close())
	}
	w.file, w.path, w.day, w.end = f, path, today, -1
	return nil
}

// size is the file's size now, whoever wrote. Seeking costs less than a Stat, and moves nothing for a file
// that is open for appending.
func (w *writer) size() (int64, error) { return w.file.Seek(0, io.SeekEnd) }

// append writes one line that ends in a newline, in one call. Where somebody left half a line behind (a
// crash, a full disk), it begins with a newline, so that only the half line is lost.
func (w *writer) append(line []byte) error {
	size, err := w.size()
	if err != nil {
		return err
	}
	if size != w.end && size > 0 {
		var last [1]byte
		if _, err := w.file.ReadAt(last[:], size-1); err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if last[0] != '\n' {
			w.buf = append(append(w.buf[:0], '\n'), line...)
			line = w.buf
		}
	}
	w.end = -1
	n, err := w.file.Write(line)
	if err != nil {
		return err
	}
	w.end = size + int64(n)
	return nil
}

// close closes without waiting for the disk.
func (w *writer) close() error {
	if w.file == nil {
		return nil
	}
	f := w.file
	w.file = nil
	return f.Close()
}

// finish makes all lines durable and closes.
func (w *writer) finish() error {
	if w.file == nil {
		return nil
	}
	w.weighty = false
	return errors.Join(w.sync(), w.close())
}

// settle makes the lines up to now durable where one of them has weight, as a warning has, but at most once
// every syncEvery: then the next line does it that comes after that time.
func (w *writer) settle(at time.Time, weighty bool) error {
	w.weighty = w.weighty || weighty
	if since := at.Sub(w.synced); !w.weighty || since >= 0 && since < syncEvery {
		return nil
	}
	w.weighty, w.synced = false, at
	return w.sync()
}

func (w *writer) sync() error {
	if w.syncFile != nil {
		return w.syncFile(w.file)
	}
	return w.file.Sync()
}
