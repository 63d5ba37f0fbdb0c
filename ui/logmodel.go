package ui

import (
	"log/slog"

	"partnerdesk/core/journal"
	"partnerdesk/core/tenant"
	"partnerdesk/ui/logview"
)

// logLevel is a journal level as the log view counts them.
func logLevel(level slog.Level) logview.Level {
	switch {
	case level >= slog.LevelError:
		return logview.Error
	case level >= slog.LevelWarn:
		return logview.Warn
	case level >= slog.LevelInfo:
		return logview.Info
	}
	return logview.Debug
}

// logLines turns events into lines. A line's key is its tenant's, so that the log can be narrowed to one.
func logLines(events []journal.Event) []logview.Line {
	lines := make([]logview.Line, len(events))
	for i, e := range events {
		lines[i] = logview.Line{Time: e.Time, Level: logLevel(e.Level), Step: int(e.Step), Key: logKey(e.Registration, e.Tenant), Program: e.Program, Message: e.Summary()}
	}
	return lines
}

func logKey(registration, ctx string) string {
	if ctx == "" {
		return ""
	}
	return tenant.Key{Registration: registration, ContextID: ctx}.String()
}

// logLevels are the choices of the level filter, and what each lets through.
func logLevels() ([]string, []logview.Level) {
	return []string{textAllLevels.String(), textInfoUp.String(), textWarningsUp.String(), textErrorsOnly.String()},
		[]logview.Level{logview.Debug, logview.Info, logview.Warn, logview.Error}
}

// logFilter is what the three filters of the log panel come to.
type logFilter struct {
	level      int // index into logLevels
	chosenOnly bool
	text       string
}

func (f logFilter) set() bool { return f != logFilter{} }

func (f logFilter) view(chosen tenant.Key) logview.Filter {
	_, levels := logLevels()
	v := logview.Filter{MinLevel: levels[f.level], Text: f.text}
	if f.chosenOnly {
		v.Key = chosen.String()
	}
	return v
}

// chip is the text of the button that jumps to the newest line.
func chip(n int) string {
	if n == 0 {
		return "Jump to newest"
	}
	return "Jump to newest (" + tenant.Thousands(n) + " new)"
}

// logCount says how many lines are shown.
func logCount(shown, all int) string {
	if shown == all {
		return tenant.Plural(all, "line")
	}
	return tenant.Thousands(shown) + " of " + tenant.Plural(all, "line")
}
