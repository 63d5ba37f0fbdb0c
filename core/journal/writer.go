package journal

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"time"
)

// checkEvery is how often the writer looks whether its file still lies in its place.
const checkEvery = time.Second

// writer appends lines to the file of the day. Other processes may append to the same file: every line
// goes out in one write at the file's end, which the system keeps whole.
type writer struct {
	dir, program string
	max          int64

	file    *os.File
	path    string
	day     time.Time
	end     int64     // where our last write ended; -1 when unknown
	checked time.Time // when the file was last seen in its place
	buf     []byte
}

// ready makes the file of at's day the open one, in a part with room for a line. It reports whether a day
// began that is later than the one before.
func (w *writer) ready(at time.Time) (newDay bool, err error) {
	today := dayOf(at)
	newDay = !w.day.IsZero() && today.After(w.day)
	if w.file != nil && (!today.Equal(w.day) || w.misplaced(at)) {
		if err := w.close(); err != nil {
			return false, err
		}
	}
	if w.file != nil {
		size, err := w.size()
		if err != nil {
			return false, err
		}
		if !w.full(size) {
			return false, nil
		}
		if err := w.close(); err != nil {
			return false, err
		}
	}
	if err := w.open(today); err != nil {
		return false, err
	}
	w.checked = at
	return newDay, nil
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
func (w *writer) open(today time.Time) error {
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
		if !w.full(size) {
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
	return errors.Join(w.file.Sync(), w.close())
}
