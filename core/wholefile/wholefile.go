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

// Write lets fill make a file beside the one that is wanted, and puts it in its place when it is whole. An error of
// fill is passed on; any other is a [tenant.Problem].
func (f File) Write(fill func(io.Writer) error) (err error) {
	if err := f.Replaceable(); err != nil { // before the work, so that nobody waits in vain
		return err
	}
	beside, err := os.CreateTemp(filepath.Dir(f.Name), ".export-*") // mode 0600
	if err != nil {
		return f.failed(err)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(beside.Name()) // the first error says more
		}
	}()
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
	if err := os.Rename(beside.Name(), f.Name); err != nil {
		if !f.Force {
			err = errors.Join(err, os.Remove(f.Name)) // the empty one that took the name
		}
		return f.failed(err)
	}
	return nil
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
