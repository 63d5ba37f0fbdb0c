package journal

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"strings"
)

// Format is how [Export] writes events.
type Format string

// The formats of an export.
const (
	// JSONLines has one object a line, under the keys of the journal's files.
	JSONLines Format = "jsonl"
	// CSV is a table by RFC 4180 for a spreadsheet, with the columns of [CSVColumns].
	CSV Format = "csv"
)

// CSVColumns are the heads of the columns of an export as CSV: among them what SuperOffice asks logs to
// have (source, date, user, time, address). The source is "program/component"; date and time are those of
// UTC, in the forms of RFC 3339; details is a JSON object of all that has no column.
func CSVColumns() []string {
	return []string{"date", "time", "source", "level", "step", "registration", "tenant", "user", "address", "message", "details"}
}

// byteOrderMark begins the CSV: without it Excel takes UTF-8 for the code page of the machine and garbles
// every name with a letter outside of ASCII. Programs that read CSV as UTF-8 pass over it.
const byteOrderMark = "\ufeff"

// Export writes the events that q selects to w, oldest first, and returns how many they were. Like
// [Search] it holds only a few at a time. As an export leaves the machine, secrets are masked once more:
// another program may have written to the files.
func Export(ctx context.Context, w io.Writer, dir string, q Query, f Format) (events int, err error) {
	buffered := bufio.NewWriterSize(w, readBuffer)
	var put func(Event) error
	switch f {
	case JSONLines:
		put = jsonLines(buffered)
	case CSV:
		put, err = csvTable(buffered)
	default:
		err = fmt.Errorf("%q is no format", f)
	}
	if err != nil {
		return 0, fmt.Errorf("export journal: %w", err)
	}
	var failed error
	err = Search(ctx, dir, q, func(e Event) bool {
		if failed = put(e); failed == nil {
			events++
		}
		return failed == nil
	})
	if err != nil {
		return events, err
	}
	if failed == nil {
		failed = buffered.Flush()
	}
	if failed != nil {
		return events, fmt.Errorf("export journal: %w", failed)
	}
	return events, nil
}

func jsonLines(w *bufio.Writer) func(Event) error {
	return func(e Event) error {
		line, err := e.MarshalJSON()
		if err == nil {
			_, err = w.Write(append(line, '\n'))
		}
		return err
	}
}

func csvTable(w *bufio.Writer) (func(Event) error, error) {
	if _, err := w.WriteString(byteOrderMark); err != nil {
		return nil, err
	}
	table := csv.NewWriter(w)
	table.UseCRLF = true
	put := func(row []string) error {
		if err := table.Write(row); err != nil {
			return err
		}
		table.Flush() // into w, which has the larger buffer
		return table.Error()
	}
	return func(e Event) error { return put(e.row()) }, put(CSVColumns())
}

// row returns the cells of an event, under [CSVColumns].
func (e Event) row() []string {
	at := e.Time.UTC()
	step := ""
	if e.Step > 0 {
		step = strconv.Itoa(int(e.Step))
	}
	return []string{
		at.Format("2006-01-02"), at.Format("15:04:05.000000Z"), cell(strings.TrimSuffix(e.Program+"/"+e.Component, "/")), e.Level.String(), step,
		cell(e.Registration), cell(e.Tenant), cell(e.User), cell(e.Remote), cell(e.Message), cell(e.details()),
	}
}

// details returns the fields as a JSON object in their order, or "".
func (e Event) details() string {
	if len(e.Fields) == 0 {
		return ""
	}
	var enc encoder
	for _, f := range e.Fields {
		enc.field(scope{}, f.Key, slog.StringValue(f.Value))
	}
	return "{" + string(bytes.TrimPrefix(enc.body, []byte(","))) + "}"
}

// cell makes text safe for a cell: without secrets, on one line, and such that no spreadsheet takes it for
// a formula. A spreadsheet carries out what begins with one of a few signs, and what others send (an error,
// a name) could begin so; the apostrophe marks text, as it does for a person who types it.
func cell(s string) string {
	if s == "" {
		return ""
	}
	b := appendPlain(nil, Redact(s), maxBody)
	for _, sign := range []string{"=", "+", "-", "@", "＝", "＋", "－", "＠"} { // some take the wide ones too
		if bytes.HasPrefix(b, []byte(sign)) {
			return "'" + string(b)
		}
	}
	return string(b)
}
