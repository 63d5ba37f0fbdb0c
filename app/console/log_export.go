package main

import (
	"context"
	"fmt"
	"io"

	"partnerdesk/app"
	"partnerdesk/core/journal"
	"partnerdesk/core/wholefile"
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
	events := 0
	file := wholefile.File{Name: c.File, Op: "export the log", What: "The log could not be exported to %s.", Force: c.Force,
		Taken: "Name another file, or replace this one with --force."}
	if err := file.Write(func(w io.Writer) (err error) {
		events, err = write(w)
		return err
	}); err != nil {
		return err
	}
	return s.out.value(exported{c.File, events}, func(w io.Writer) { fmt.Fprintf(w, "Exported %d events to %s\n", events, c.File) })
}
