package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"partnerdesk/core/tenant"
)

// wholeFile is a file to be written whole or not at all, for the owner only.
type wholeFile struct {
	name string
	// op is for the log, verb first; what is the sentence for people that it failed, with a place for the name.
	op, what string
	// force replaces a file that is there; without it such a file is left alone.
	force bool
	// taken is what to do next where such a file is there.
	taken string
}

// write lets fill make a file beside the one that is wanted, and puts it in its place when it is whole.
func (f wholeFile) write(fill func(io.Writer) error) (err error) {
	if err := f.replaceable(); err != nil { // before the work, so that nobody waits in vain
		return err
	}
	beside, err := os.CreateTemp(filepath.Dir(f.name), ".export-*") // mode 0600
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
	if !f.force {
		// The name is taken first: a file that somebody made meanwhile is not replaced either.
		taken, err := os.OpenFile(f.name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return f.failed(err)
		}
		if err := taken.Close(); err != nil {
			return f.failed(err)
		}
	}
	if err := os.Rename(beside.Name(), f.name); err != nil {
		return f.failed(err)
	}
	return nil
}

// replaceable refuses a name that is taken, unless by a file that force is for.
func (f wholeFile) replaceable() error {
	info, err := os.Lstat(f.name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return f.failed(err)
	case !f.force:
		return f.failed(fs.ErrExist)
	case !info.Mode().IsRegular():
		return f.failed(errors.New("it is no ordinary file"))
	}
	return nil
}

func (f wholeFile) failed(err error) error {
	what := fmt.Sprintf(f.what, f.name)
	if errors.Is(err, fs.ErrExist) {
		return &tenant.Problem{Op: f.op, Err: err, Explanation: tenant.CauseInput.Explain(what, "There is such a file already.", f.taken)}
	}
	return &tenant.Problem{Op: f.op, Err: err, Explanation: tenant.CauseFiles.Explain(what, tenant.Sentence(err),
		"Name a file in a folder that you may write to.")}
}
