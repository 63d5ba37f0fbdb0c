package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"partnerdesk/core/journal"
	"partnerdesk/core/tenant"
)

// printer writes results to stdout, and what is said about them to stderr.
type printer struct {
	stdout, stderr io.Writer
	json           bool
	verbose        bool
}

// value prints a result: as one JSON value on one line, or as the text that text writes. Columns are
// separated by tabs.
func (p printer) value(v any, text func(io.Writer)) error {
	if p.json {
		return p.line(p.stdout, v)
	}
	return aligned(p.stdout, text)
}

// aligned lines up the columns of a text.
func aligned(w io.Writer, text func(io.Writer)) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	text(table)
	if err := table.Flush(); err != nil {
		return fmt.Errorf("print the result: %w", err)
	}
	return nil
}

// line prints one JSON value on a line of its own. Text stays readable: nothing here goes into HTML.
func (p printer) line(w io.Writer, v any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return fmt.Errorf("print the result: %w", err)
	}
	return nil
}

// note says something to a person that is no part of the result. With --json there is none.
func (p printer) note(format string, args ...any) {
	if !p.json {
		// Nothing can be done about a stderr that is gone.
		_, _ = fmt.Fprintf(p.stderr, format, args...)
	}
}

// warn tells of a failure that does not end the command.
func (p printer) warn(err error) {
	if p.json {
		_ = p.line(p.stderr, struct {
			Warning failure `json:"warning"`
		}{p.failure(err)})
		return
	}
	p.explain(p.failure(err))
}

// finish prints what went wrong, if anything did, and returns the exit status.
func (p printer) finish(err error) int {
	switch usage, wrong := errors.AsType[usageError](err); {
	case err == nil:
		return exitDone
	case wrong:
		p.fail(failure{Explanation: tenant.CauseInput.Explain("The command line is wrong.", tenant.Sentence(usage),
			"“partnerdesk-console --help” lists the commands, and “partnerdesk-console COMMAND --help” the flags of one.")})
		return exitUsage
	}
	p.fail(p.failure(err))
	return exitFailed
}

// failure is an error as it is printed.
type failure struct {
	tenant.Explanation
	// Chain is the text for the log, with --verbose.
	Chain string `json:"chain,omitempty"`
}

func (p printer) failure(err error) failure {
	f := failure{Explanation: tenant.Explain(err)}
	f.Why, f.Server = journal.Redact(f.Why), journal.Redact(f.Server)
	if p.verbose {
		f.Chain = journal.Redact(err.Error())
	}
	return f
}

func (p printer) fail(f failure) {
	if p.json {
		_ = p.line(p.stderr, struct {
			Error failure `json:"error"`
		}{f})
		return
	}
	p.explain(f)
}

func (p printer) explain(f failure) {
	_ = aligned(p.stderr, func(w io.Writer) {
		fmt.Fprintln(w, plain(f.What))
		writeReasons(w, "  ", f.Explanation)
		if f.Chain != "" {
			fmt.Fprintf(w, "  Chain:\t%s\n", plain(f.Chain))
		}
	})
}

// writeReasons prints why something failed, the server's words and what to do next, each on a line.
func writeReasons(w io.Writer, indent string, e tenant.Explanation) {
	for _, part := range [][2]string{{"Why", e.Why}, {"Server", quoted(e.Server)}, {"Next", e.Next}} {
		if part[1] != "" {
			fmt.Fprintf(w, "%s%s:\t%s\n", indent, part[0], plain(part[1]))
		}
	}
}

func quoted(s string) string {
	if s == "" {
		return ""
	}
	return "“" + s + "”"
}

// plain is [tenant.Plain], which nearly every line that is printed needs.
func plain(s string) string { return tenant.Plain(s) }

// yesNo is a flag in words.
func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// at is a time for people, in their own zone.
func at(t time.Time) string { return tenant.Moment(t, time.Local) }
