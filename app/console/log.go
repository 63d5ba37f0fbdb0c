package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"partnerdesk/app"
	"partnerdesk/core/journal"
	"partnerdesk/core/tenant"
)

type logCommand struct {
	Show   logShowCommand   `cmd:"" default:"withargs" help:"Print what both programs did, or follow it. It is what “log” does by itself."`
	Export logExportCommand `cmd:"" help:"Write the log to a file, for a spreadsheet or for SuperOffice, who may ask for three months of it."`
}

type logShowCommand struct {
	Follow bool   `help:"Go on with what happens, until interrupted. Without --since it begins with the last lines."`
	Level  string `enum:"debug, info, warn, error" default:"info" placeholder:"L" help:"The lowest level: ${enum} (default ${default})."`
	eventFilter
}

// eventFilter are the flags that choose events.
type eventFilter struct {
	Tenant contextID `placeholder:"CTX" help:"Only what is about this tenant."`
	Step   int       `placeholder:"N" help:"Only what carried out this step of the tutorial, 1 to 10."`
	Text   string    `placeholder:"TEXT" help:"Only what has this in its message, a name or a detail, in any case."`
	Since  moment    `placeholder:"T" help:"How long ago (1h), or a time (2026-01-31T08:00:00Z), to begin with."`
	Until  moment    `placeholder:"T" help:"When to end, in the same forms."`
}

const (
	// followBefore is how many lines come before those to come.
	followBefore = 20
	// followReach bounds how far back a followed log goes: what is searched through must fit in memory.
	followReach = 10_000
)

// Run prints the journal of both programs, oldest first. It opens nothing but the journal's files, so it
// works while the data file is busy or damaged, and leaves no trace of its own.
func (c *logShowCommand) Run(ctx context.Context, s *session) error {
	data, err := app.DataDir(s.data)
	if err != nil {
		return err
	}
	query, err := c.query(s, c.Level)
	if err != nil {
		return err
	}
	s.out.journalSize(app.JournalDir(data))
	if c.Follow {
		return c.follow(ctx, s, app.JournalDir(data), query)
	}
	var printed error
	err = journal.Search(ctx, app.JournalDir(data), query, func(e journal.Event) bool {
		printed = s.printEvent(e)
		return printed == nil
	})
	if err == nil {
		err = printed
	}
	return err
}

// journalSize measures the journal and warns where it takes too much room. That it cannot be measured is no
// news: reading it fails then, too.
func (p printer) journalSize(dir string) journal.Size {
	size, err := journal.Measure(dir, 0)
	if err != nil {
		return journal.Size{}
	}
	if warning := size.Warning(); warning != nil {
		p.warn(warning)
	}
	return size
}

func (c *eventFilter) query(s *session, level string) (journal.Query, error) {
	query := journal.Query{
		Since: c.Since.Time, Until: c.Until.Time, Registration: s.registration,
		Tenant: string(c.Tenant), Step: tenant.Step(c.Step), Text: c.Text,
	}
	if c.Step < 0 || c.Step > len(tenant.Steps()) {
		return query, wrongUse(fmt.Errorf("read --step: there is no step %d", c.Step))
	}
	if err := query.Level.UnmarshalText([]byte(level)); err != nil {
		return query, wrongUse(fmt.Errorf("read --level: %w", err))
	}
	return query, nil
}

// follow prints until ctx ends or nobody reads any more.
func (c *logShowCommand) follow(ctx context.Context, s *session, dir string, query journal.Query) error {
	if !query.Until.IsZero() {
		return wrongUse(errors.New("read --until: what is followed has no end"))
	}
	following, stop := context.WithCancel(ctx)
	defer stop()
	began := time.Now()
	var printed error
	err := journal.Follow(following, dir, journal.FollowOptions{Last: followReach}, func(events []journal.Event) {
		for _, e := range c.wanted(events, query, began) {
			if printed = s.printEvent(e); printed != nil {
				stop()
				return
			}
		}
	})
	if err == nil {
		err = printed
	}
	return err
}

// wanted selects what the query asks for, and of what is older than the command only the last lines where
// no time was given to begin with.
func (c *logShowCommand) wanted(events []journal.Event, query journal.Query, began time.Time) []journal.Event {
	var wanted []journal.Event
	older := 0
	for _, e := range events {
		if !query.Matches(e) {
			continue
		}
		wanted = append(wanted, e)
		if e.Time.Before(began) {
			older++
		}
	}
	if c.Since.IsZero() {
		// Events come in the order of time, so the older ones stand first.
		wanted = wanted[max(0, older-followBefore):]
	}
	return wanted
}

// printEvent prints one event: as JSON with the keys of its file, or as a line that begins with the day.
func (s *session) printEvent(e journal.Event) error {
	if s.out.json {
		return s.out.line(s.out.stdout, e)
	}
	if _, err := fmt.Fprintln(s.out.stdout, e.Time.Local().Format(time.DateOnly), e.Line()); err != nil {
		return fmt.Errorf("print the log: %w", err)
	}
	return nil
}
