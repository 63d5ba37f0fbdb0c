// Package wholefile writes the files that a person asked for: whole or not at all, for their owner only, and never in
// the place of another one by accident. They hold tokens, a backup, or a log.
package wholefile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/gofrs/flock"

	"partnerdesk/core/tenant"
)

// File is a file to be written whole or not at all, for the owner only.
type File struct {
	Name string
	// Op is for the log, verb first; What is the sentence for people that it failed, with a place for the name.
	Op, What string
	// Force replaces a file that is there; without it such a file is left alone.
	Force bool
	// Taken is what to do next where such a file is there.
	Taken string
}

// Write lets fill make a file in a folder beside the one that is wanted, and puts it in its place when it is whole. An
// error of fill is passed on; any other is a [tenant.Problem]. What a program left there that was killed while it wrote
// is removed first.
func (f File) Write(fill func(io.Writer) error) (err error) {
	if err := f.Replaceable(); err != nil { // before the work, so that nobody waits in vain
		return err
	}
	sweep(filepath.Dir(f.Name))
	w, err := newWorkplace(filepath.Dir(f.Name))
	if err != nil {
		return f.failed(err)
	}
	defer w.clear()
	beside, err := os.OpenFile(w.file(), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return f.failed(err)
	}
	if err = fill(beside); err != nil {
		return errors.Join(err, beside.Close())
	}
	if err := errors.Join(beside.Sync(), beside.Close()); err != nil {
		return f.failed(err)
	}
	if !f.Force {
		// The name is taken first: a file that somebody made meanwhile is not replaced either.
		taken, err := os.OpenFile(f.Name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return f.failed(err)
		}
		if err := taken.Close(); err != nil {
			return f.failed(errors.Join(err, os.Remove(f.Name)))
		}
	}
	if err := os.Rename(w.file(), f.Name); err != nil {
		if !f.Force {
			err = errors.Join(err, os.Remove(f.Name)) // the empty one that took the name
		}
		return f.failed(err)
	}
	return nil
}

// workplace is a folder in which a file is written. Its lock, a file of its own as Windows does not let anybody write to
// one that is locked, tells that somebody is at work: the operating system frees it when that program dies.
type workplace struct {
	path string
	lock *flock.Flock
}

// The names of a workplace and of what is in it.
const (
	workplacePrefix = ".partnerdesk-unfinished-"
	workplaceLock   = "lock"
	workplaceFile   = "file"
)

func newWorkplace(folder string) (*workplace, error) {
	path, err := os.MkdirTemp(folder, workplacePrefix) // mode 0700
	if err != nil {
		return nil, err
	}
	w := &workplace{path, flock.New(filepath.Join(path, workplaceLock), flock.SetPermissions(0o600))}
	_, _ = w.lock.TryLock() // where the file system has no locks, no sweep gets one either
	return w, nil
}

func (w *workplace) file() string { return filepath.Join(w.path, workplaceFile) }

// clear removes the folder and what is in it. Nothing can be done where that fails, and the next sweep tries again.
func (w *workplace) clear() {
	_ = w.lock.Close()
	_ = os.RemoveAll(w.path)
}

// sweep removes the workplaces in a folder whose programs were killed, as they may hold tokens in the clear. Those in
// which somebody is at work are left alone.
func sweep(folder string) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return // what is to be written there fails too, and tells why
	}
	for _, e := range entries {
		if !e.IsDir() || !strings.HasPrefix(e.Name(), workplacePrefix) {
			continue
		}
		path := filepath.Join(folder, e.Name())
		// It makes no lock: a workplace without one is that of somebody who has just begun.
		w := &workplace{path, flock.New(filepath.Join(path, workplaceLock), flock.SetFlag(os.O_RDWR))}
		if free, err := w.lock.TryLock(); err == nil && free {
			w.clear()
		}
	}
}

// Replaceable refuses a name that is taken, unless by a file that Force is for.
func (f File) Replaceable() error {
	info, err := os.Lstat(f.Name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return f.failed(err)
	case !f.Force:
		return f.failed(fs.ErrExist)
	case !info.Mode().IsRegular():
		return f.failed(errors.New("it is no ordinary file"))
	}
	return nil
}

func (f File) failed(err error) error {
	what := fmt.Sprintf(f.What, f.Name)
	if errors.Is(err, fs.ErrExist) {
		return &tenant.Problem{Op: f.Op, Err: err, Explanation: tenant.CauseInput.Explain(what, "There is such a file already.", f.Taken)}
	}
	return &tenant.Problem{Op: f.Op, Err: err, Explanation: tenant.CauseFiles.Explain(what, tenant.Sentence(err),
		"Name a file in a folder that you may write to.")}
}
