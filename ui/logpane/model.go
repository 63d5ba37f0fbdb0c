package logpane

import (
	"errors"
	"log/slog"
	"regexp/syntax"
	"strconv"
	"strings"
	"time"

	"partnerdesk/core/journal"
	"partnerdesk/core/tenant"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/logview"
	"partnerdesk/ui/words"
)

// The programs that write the journal.
const (
	ownProgram   = "desktop"
	otherProgram = "console"
)

// steps is how many steps the scenario has.
const steps = 10

// levelOf is a journal level as the log view counts them.
func levelOf(level slog.Level) logview.Level {
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

// lineOf turns an event into a line. Its key is its tenant's, so that the log can be narrowed to one.
func lineOf(e journal.Event) logview.Line {
	return logview.Line{Time: e.Time, Level: levelOf(e.Level), Step: int(e.Step), Key: e.Whom(), Program: e.Program, Message: e.Summary()}
}

func linesOf(events []journal.Event) []logview.Line {
	lines := make([]logview.Line, len(events))
	for i, e := range events {
		lines[i] = lineOf(e)
	}
	return lines
}

// sameLine reports whether an event is the one that a line was made of. The store of lines keeps the moment of a
// time, not its zone.
func sameLine(e journal.Event, l logview.Line) bool {
	other := lineOf(e)
	same := other.Time.Equal(l.Time)
	other.Time = l.Time
	return same && other == l
}

// levels are the choices of the level filter, and what each lets through.
func levels() ([]string, []logview.Level) {
	return []string{textAllLevels.String(), textInfoUp.String(), textWarningsUp.String(), textErrorsOnly.String()},
		[]logview.Level{logview.Debug, logview.Info, logview.Warn, logview.Error}
}

// programs are the choices of the program filter, and the names that they stand for.
func programs() (labels, names []string) {
	return []string{textBoth.String(), textDesktop.String(), textConsole.String()}, []string{"", ownProgram, otherProgram}
}

// stepLabels are the choices of the step filter; their indexes are the steps.
func stepLabels() []string {
	labels := []string{textAllSteps.String()}
	for step := 1; step <= steps; step++ {
		labels = append(labels, textStep.With(step))
	}
	return labels
}

// choices is what the filters of the panel are set to: indexes of what they offer, and the text.
type choices struct {
	level, step, program int
	chosenOnly           bool
	text                 string
	regexp               bool
}

// set reports whether any line may be hidden.
func (c choices) set() bool {
	c.regexp = false
	return c != choices{}
}

// filter is what the choices come to with a tenant chosen.
func (c choices) filter(chosen tenant.Key) logview.Filter {
	_, levels := levels()
	_, names := programs()
	f := logview.Filter{MinLevel: levels[c.level], Step: c.step, Program: names[c.program]}
	if c.chosenOnly {
		f.Key = chosen.String()
	}
	if c.text != "" {
		f.Search = logview.Search{Text: c.text, Regexp: c.regexp}
	}
	return f
}

// wrongPattern says in a sentence what is wrong with an expression.
func wrongPattern(err error) string {
	var wrong *syntax.Error
	if errors.As(err, &wrong) {
		return textBadPattern.With(wrong.Code.String() + ": " + wrong.Expr)
	}
	return textBadPattern.With(err.Error())
}

// chip is the text of the button that jumps to the newest line.
func chip(n int) string {
	if n == 0 {
		return textNewest.String()
	}
	return textNewLines().Of(n)
}

// countOf says how many lines are shown.
func countOf(shown, all int) string {
	if shown == all {
		return textLines().Of(all)
	}
	return textShownOf.With(words.Thousands(shown), textLines().Of(all))
}

// matchOf says which match is the current line, and how many there are.
func matchOf(at, n int) string {
	switch {
	case n == 0:
		return textNoMatches.String()
	case at == 0:
		return textMatches().Of(n)
	}
	return textMatchOf.With(words.Thousands(at), words.Thousands(n))
}

// factsOf are all fields of an event, without the empty ones.
func factsOf(e journal.Event) []kit.Fact {
	step := ""
	if e.Step > 0 {
		step = strconv.Itoa(int(e.Step))
	}
	facts := []kit.Fact{
		{Caption: captionTime.String(), Value: e.Time.Local().Format(time.RFC3339Nano)},
		{Caption: captionLevel.String(), Value: e.Level.String()},
		{Caption: captionStep.String(), Value: step},
		{Caption: captionProgram.String(), Value: e.Program},
		{Caption: captionComponent.String(), Value: e.Component},
		{Caption: captionRegistration.String(), Value: e.Registration},
		{Caption: captionTenant.String(), Value: e.Tenant},
		{Caption: captionUser.String(), Value: e.User},
		{Caption: captionRemote.String(), Value: e.Remote},
		{Caption: captionMessage.String(), Value: e.Message},
	}
	for _, f := range e.Fields {
		facts = append(facts, kit.Fact{Caption: f.Key, Value: f.Value})
	}
	known := facts[:0]
	for _, f := range facts {
		if f.Value != "" {
			known = append(known, f)
		}
	}
	return known
}

// factsOfLine are the fields that the log itself knows.
func factsOfLine(l logview.Line) []kit.Fact {
	level := map[logview.Level]slog.Level{logview.Debug: slog.LevelDebug, logview.Info: slog.LevelInfo, logview.Warn: slog.LevelWarn, logview.Error: slog.LevelError}
	return factsOf(journal.Event{Time: l.Time, Level: level[l.Level], Step: tenant.Step(l.Step), Program: l.Program, Tenant: l.Key, Message: l.Message})
}

// plainFacts is what the clipboard takes of facts.
func plainFacts(facts []kit.Fact) string {
	var b strings.Builder
	for _, f := range facts {
		b.WriteString(f.Caption + ": " + f.Value + "\n")
	}
	return b.String()
}
