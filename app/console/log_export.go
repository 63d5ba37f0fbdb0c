package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"partnerdesk/app"
	"partnerdesk/core/journal"
	"partnerdesk/core/tenant"
)

type logExportCommand struct {
	File   string         `arg:"" help:"The file to write, or - for standard output."`
	Format journal.Format `enum:"jsonl,csv" default:"jsonl" placeholder:"F" help:"jsonl is one JSON object a line; csv opens in a spreadsheet (default ${default})."`
	Force  bool           `help:"Replace the file if it is there."`
	Level  string         `enum:"debug, info, warn, error" default:"debug" placeholder:"L" help:"The lowest level: ${enum} (default ${default}, so that nothing is left out)."`
	eventFilter
}

// exported is what the command prints with --json.
type exported struct {
	File   string `json:"file"`
	Events int    `json:"events"`
}

// Run writes the events that were asked for, oldest first. Like “log” it opens nothing but the journal's
// files.
func (c *logExportCommand) Run(ctx context.Context, s *session) error {
	data, err := app.DataDir(s.data)
	if err != nil {
		return err
	}
	query, err := c.query(s, c.Level)
	if err != nil {
		return err
	}
	s.out.journalSize(app.JournalDir(data))
	write := func(w io.Writer) (int, error) {
		return journal.Export(ctx, w, app.JournalDir(data), query, c.Format)
	}
	if c.File == standardInput { // the same sign stands for standard output
		_, err := write(s.out.stdout)
		return err
	}
	events, err := writeExport(c.File, c.Force, write)
	if err != nil {
		return err
	}
	return s.out.value(exported{c.File, events}, func(w io.Writer) { fmt.Fprintf(w, "Exported %d events to %s\n", events, c.File) })
}

// writeExport lets write make a file beside the one that is wanted, for the owner only, and puts it in its
// place when it is whole.
func writeExport(name string, force bool, write func(io.Writer) (int, error)) (events int, err error) {
	if err := replaceable(name, force); err != nil { // before the work, so that nobody waits in vain
		return 0, err
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".export-*")
	if err != nil {
		return 0, unexportable(name, err)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name()) // the first error says more
		}
	}()
	events, err = write(f)
	if err != nil {
		return events, errors.Join(err, f.Close())
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return events, unexportable(name, err)
	}
	if !force {
		// The name is taken first: a file that somebody made meanwhile is not replaced either.
		taken, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return events, unexportable(name, err)
		}
		if err := taken.Close(); err != nil {
			return events, unexportable(name, err)
		}
	}
	if err := os.Rename(f.Name(), name); err != nil {
		return events, unexportable(name, err)
	}
	return events, nil
}

// replaceable refuses a name that is taken, unless by a file that force is for.
func replaceable(name string, force bool) error {
	info, err := os.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return unexportable(name, err)
	case !force:
		return unexportable(name, fs.ErrExist)
	case !info.Mode().IsRegular():
		return unexportable(name, errors.New("it is no ordinary file"))
	}
	return nil
}

func unexportable(name string, err error) error {
	const op = "export the log"
	what := fmt.Sprintf("The log could not be exported to %s.", name)
	if errors.Is(err, fs.ErrExist) {
		return &tenant.Problem{Op: op, Err: err, Explanation: tenant.CauseInput.Explain(what,
			"There is such a file already.", "Name another file, or replace this one with --force.")}
	}
	return &tenant.Problem{Op: op, Err: err, Explanation: tenant.CauseFiles.Explain(what, tenant.Sentence(err),
		"Name a file in a folder that you may write to.")}
}
