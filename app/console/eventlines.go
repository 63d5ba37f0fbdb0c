package main

import (
	"context"
	"io"
	"log/slog"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"partnerdesk/app"
	"partnerdesk/core/journal"
)

// eventsAsJSON reports whether events are for a program to read: a person gets lines.
func (s *session) eventsAsJSON() bool { return s.out.json || !isTerminal(s.out.stdout) }

const (
	startMessage = "The service console has started"
	endMessage   = "The service console has ended"
	// enoughBefore is how far back the first look goes: this process's start is among the newest events.
	enoughBefore = 256
	// finishWait bounds the wait for the last lines. They are in the file already.
	finishWait = 3 * time.Second
)

// eventLines prints this process's events as the journal gets them.
type eventLines struct {
	log     *slog.Logger
	show    func(journal.Event) error
	started bool          // the start has been read
	ended   chan struct{} // closed when the end has been read
	stop    context.CancelFunc
	done    chan error
}

// showEvents begins to print. It notes the start in the journal first, so that following the journal can
// neither miss an event of this process nor print one of an earlier life.
func showEvents(ctx context.Context, s *session, a *app.App, log *slog.Logger) (*eventLines, error) {
	show := (&dayLines{out: s.out.stdout}).print
	if s.eventsAsJSON() {
		show = func(e journal.Event) error { return s.out.line(s.out.stdout, e) }
	}
	following, stop := context.WithCancel(context.WithoutCancel(ctx))
	l := &eventLines{
		log: log.With(journal.Component(program)), show: show,
		ended: make(chan struct{}), stop: stop, done: make(chan error, 1),
	}
	l.log.InfoContext(ctx, startMessage)
	if err := a.Journal.Err(); err != nil {
		stop()
		return nil, err
	}
	if warning := a.Journal.Warning(); warning != nil {
		s.out.warn(warning)
	}
	go func() {
		l.done <- journal.Follow(following, app.JournalDir(a.Data),
			journal.FollowOptions{Last: enoughBefore, Wake: a.Journal.Changed()}, l.deliver)
	}()
	return l, nil
}

func (l *eventLines) deliver(events []journal.Event) {
	for _, e := range events {
		if !ours(e) {
			continue
		}
		own := e.Component == program
		l.started = l.started || own && e.Message == startMessage
		if !l.started {
			continue
		}
		// A reader that is gone stops neither the poller nor the journal.
		_ = l.show(e)
		if own && e.Message == endMessage {
			l.stop()
			close(l.ended)
			return
		}
	}
}

// ours reports whether an event is one of this process's polling.
func ours(e journal.Event) bool {
	if e.Program != program || !slices.Contains([]string{program, "poller", "keeper"}, e.Component) {
		return false
	}
	return field(e, journal.ProcessKey) == strconv.Itoa(os.Getpid())
}

// field returns the value of an event's attribute, "" without one.
func field(e journal.Event, key string) string {
	i := slices.IndexFunc(e.Fields, func(f journal.Field) bool { return f.Key == key })
	if i < 0 {
		return ""
	}
	return e.Fields[i].Value
}

// finish notes the end in the journal, waits until everything up to it is printed, and stops.
func (l *eventLines) finish() error {
	l.log.Info(endMessage)
	wait := time.NewTimer(finishWait)
	defer wait.Stop()
	select {
	case <-l.ended:
	case <-wait.C:
	}
	l.stop()
	return <-l.done
}

// dayLines prints events as the tutorial's console does: when and what happened, and why where it failed. A line with
// the date alone begins each later day, as a service console is left open for weeks.
type dayLines struct {
	out io.Writer
	day string
}

func (l *dayLines) print(e journal.Event) error {
	text := eventLine(e) + "\n"
	day := e.Time.Local().Format(time.DateOnly)
	if l.day != "" && l.day != day {
		text = day + "\n" + text
	}
	l.day = day
	_, err := io.WriteString(l.out, text)
	return err
}

func eventLine(e journal.Event) string {
	line := e.Time.Local().Format(time.TimeOnly) + "  "
	if e.Tenant != "" && !strings.Contains(e.Message, e.Tenant) {
		line += plain(e.Tenant) + ": "
	}
	line += plain(e.Message)
	if e.Level < slog.LevelWarn {
		return line
	}
	if why := field(e, "error.why"); why != "" {
		line += ". " + plain(why)
	}
	if server := field(e, "error.server"); server != "" {
		line += " The server says: " + quoted(strings.TrimSuffix(plain(server), ".")) + "."
	}
	if next := field(e, "error.next"); next != "" {
		line += " " + plain(next)
	}
	return line
}
