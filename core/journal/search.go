package journal

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"partnerdesk/core/tenant"
)

// Query selects events. The zero value of a field selects all, except for Level, where it is
// [slog.LevelInfo].
type Query struct {
	// Since is the first moment, Until the first one after.
	Since, Until time.Time
	// Level is the lowest level.
	Level                slog.Level
	Registration, Tenant string
	// Step is one of the tutorial's ten.
	Step tenant.Step
	// Text must occur in the message, a name or a field, in any case.
	Text    string
	Program string
	// Also is asked last about an event that all else selects; nil selects it.
	Also func(Event) bool
	// Limit is the greatest number of events.
	Limit int
}

// Matches reports whether q selects e, leaving aside Limit: the live log filters with it too.
func (q Query) Matches(e Event) bool {
	switch {
	case e.Level < q.Level,
		!q.Since.IsZero() && e.Time.Before(q.Since),
		!q.Until.IsZero() && !e.Time.Before(q.Until),
		q.Program != "" && e.Program != q.Program,
		q.Registration != "" && e.Registration != q.Registration,
		q.Tenant != "" && e.Tenant != q.Tenant,
		q.Step != 0 && e.Step != q.Step:
		return false
	}
	return (q.Text == "" || e.contains(lower(q.Text))) && (q.Also == nil || q.Also(e))
}

// contains looks for a text in small letters.
func (e Event) contains(text string) bool {
	for _, s := range [...]string{e.Message, e.Component, e.Registration, e.Tenant, e.User, e.Remote, e.Program} {
		if strings.Contains(lower(s), text) {
			return true
		}
	}
	for _, f := range e.Fields {
		if strings.Contains(lower(f.Value), text) || strings.Contains(lower(f.Key), text) {
			return true
		}
	}
	return false
}

// Search yields the events of all programs' files in dir that q selects, oldest first, until yield returns
// false or ctx ends. It holds only a few events at a time, opens only files of days that q can match, and
// of those reads only the range of time that q asks for. Broken lines count as events of level Warn, as in
// [Follow].
func Search(ctx context.Context, dir string, q Query, yield func(Event) bool) error {
	files, err := listFiles(dir)
	if err != nil {
		return unusable("search journal", dir, err)
	}
	streams, err := chain(dir, q, files)
	if err != nil {
		return unusable("search journal", dir, err)
	}
	defer func() {
		for _, s := range streams {
			s.close()
		}
	}()
	if err := merge(ctx, streams, q.Limit, yield); err != nil {
		return fmt.Errorf("search journal: %w", err)
	}
	return nil
}

// mayHold judges a file by its name.
func (q Query) mayHold(f file) bool {
	return (q.Program == "" || f.program == q.Program) &&
		(q.Since.IsZero() || f.day.Add(day).After(q.Since)) &&
		(q.Until.IsZero() || f.day.Before(q.Until))
}
