package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"partnerdesk/core/journal"
	"partnerdesk/core/poller"
	"partnerdesk/core/tenant"
)

// clock is a time that a test moves.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

// listener is a systemd that hears what it is told.
type listener struct {
	heard []string
	err   error
}

func (l *listener) send(state string) error {
	l.heard = append(l.heard, state)
	return l.err
}

func (l *listener) take() []string {
	heard := l.heard
	l.heard = nil
	return heard
}

var held = &tenant.Problem{Op: "take the poller lease", Err: poller.ErrHeld,
	Explanation: tenant.CauseElsewhere.Explain("The desktop on desk1 (process 7) polls already.", "", "")}

func TestSystemdHearsHowTheServiceFares(t *testing.T) {
	l := &listener{}
	n := &notifier{send: l.send, log: slog.New(slog.DiscardHandler), now: time.Now}
	for _, c := range []struct {
		tick tenant.Tick
		err  error
		want []string
	}{
		// Trouble at the first turn: it is not ready yet.
		{tenant.Tick{}, errors.New("the disk\nis full"), []string{"STATUS=In trouble, and trying again: Something unexpected failed. The disk is full."}},
		{tenant.Tick{}, held, []string{"STATUS=Standing by. The desktop on desk1 (process 7) polls already.", "READY=1"}},
		{tenant.Tick{}, held, nil}, // no news
		{tenant.Tick{Active: 1200, LoggedOn: 12, Exchanges: 3, Resting: 1187, Failed: 1}, nil, []string{"STATUS=Polled 1,200 active tenants: 12 logged on, 3 exchanged, 1187 resting, 1 failed"}},
		{tenant.Tick{Active: 2, LoggedOn: 1, Attention: 1}, nil, []string{"STATUS=Polled 2 active tenants: 1 logged on, 0 exchanged, 0 resting, 0 failed, 1 in need of attention"}},
		{tenant.Tick{Active: 2, Resting: 2, Paused: 2}, nil, []string{"STATUS=Polled 2 active tenants: 0 logged on, 0 exchanged, 2 resting, 0 failed; 2 of the resting ones for planned maintenance"}},
		{tenant.Tick{}, fmt.Errorf("leave: %w", context.Canceled), nil},
	} {
		n.ticked(c.tick, c.err)
		if got := l.take(); !slices.Equal(got, c.want) {
			t.Errorf("after %+v, %v it heard %q", c.tick, c.err, got)
		}
	}
	n.stopping()
	if got := l.take(); !slices.Equal(got, []string{"STOPPING=1"}) {
		t.Errorf("at the end it heard %q", got)
	}
}

// The loop beats each second; systemd must be fed no later than at half of its time.
func TestTheWatchdogIsFedAtHalfOfItsTime(t *testing.T) {
	for watchdog, want := range map[time.Duration]int{
		0:                0,  // nobody watches
		time.Second:      61, // each beat
		10 * time.Second: 16, // every 4 s
		time.Minute:      3,  // every 29 s
	} {
		l, c := &listener{}, &clock{time.Unix(1_700_000_000, 0)}
		n := &notifier{send: l.send, log: slog.New(slog.DiscardHandler), now: c.now, watchdog: watchdog}
		for range 61 {
			n.alive()
			c.at = c.at.Add(time.Second)
		}
		if got := l.take(); len(got) != want || len(got) > 0 && got[0] != "WATCHDOG=1" {
			t.Errorf("in a minute, a watchdog of %s was fed %d times: %.60q", watchdog, len(got), got)
		}
	}
}

func TestASystemdThatCannotBeToldIsNotedOnce(t *testing.T) {
	var log bytes.Buffer
	l := &listener{err: errors.New("no such socket")}
	n := &notifier{send: l.send, log: slog.New(slog.NewTextHandler(&log, nil)), now: time.Now}
	n.ticked(tenant.Tick{}, nil)
	n.stopping()
	if got := strings.Count(log.String(), "systemd cannot be told"); got != 1 {
		t.Errorf("%d lines: %s", got, log.String())
	}
}

func TestHealthIsAboutTheLoopAndItsTurns(t *testing.T) {
	disk := errors.New("the disk is full")
	for name, c := range map[string]struct {
		interval time.Duration
		happens  func(*pulse, *clock)
		want     string // "": it is well
	}{
		"it has just begun":      {15 * time.Second, func(*pulse, *clock) {}, ""},
		"it never beat":          {15 * time.Second, func(_ *pulse, c *clock) { c.at = c.at.Add(31 * time.Second) }, "the poller has not been heard of for 31 s"},
		"it beats without turns": {15 * time.Second, func(p *pulse, c *clock) { beat(p, c, 61) }, "the poller has had no turn for 61 s"},
		"it waits for its turn":  {time.Hour, func(p *pulse, c *clock) { beat(p, c, 3*3600) }, ""},
		"it waits too long":      {time.Hour, func(p *pulse, c *clock) { beat(p, c, 3*3600+1) }, "the poller has had no turn for 3 h 0 min"},
		"it polls":               {5 * time.Second, func(p *pulse, c *clock) { beat(p, c, 55); p.ticked(tenant.Tick{}, nil); beat(p, c, 55) }, ""},
		"it stands by":           {5 * time.Second, func(p *pulse, c *clock) { beat(p, c, 55); p.ticked(tenant.Tick{}, held); beat(p, c, 55) }, ""},
		"a turn went wrong":      {5 * time.Second, func(p *pulse, c *clock) { beat(p, c, 55); p.ticked(tenant.Tick{}, disk) }, ""},
		"every turn goes wrong": {5 * time.Second, func(p *pulse, c *clock) { beat(p, c, 61); p.ticked(tenant.Tick{}, disk) },
			"the poller has had no turn that went well for 61 s: Something unexpected failed. The disk is full."},
		"it went wrong and is well again": {5 * time.Second, func(p *pulse, c *clock) {
			beat(p, c, 61)
			p.ticked(tenant.Tick{}, disk)
			p.ticked(tenant.Tick{}, nil)
		}, ""},
	} {
		clock := &clock{time.Unix(1_700_000_000, 0)}
		p := newPulse(clock.now, func(context.Context) time.Duration { return c.interval })
		c.happens(p, clock)
		got := ""
		if err := p.Health(t.Context()); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// beat lets the loop live for some seconds.
func beat(p *pulse, c *clock, seconds int) {
	for range seconds {
		c.at = c.at.Add(time.Second)
		p.alive()
	}
}

func TestOnlyAPollerThatStandsBySaysSo(t *testing.T) {
	p := newPulse(time.Now, nil)
	for _, c := range []struct {
		err  error
		want bool
	}{{held, true}, {errors.New("the disk is full"), false}, {held, true}, {nil, false}} {
		if p.ticked(tenant.Tick{}, c.err); p.StandingBy() != c.want {
			t.Errorf("after %v: %t", c.err, p.StandingBy())
		}
	}
}

// A service console stays open for weeks: each new day is named once.
func TestANewDayIsNamed(t *testing.T) {
	var out bytes.Buffer
	lines := dayLines{out: &out}
	for _, at := range []time.Time{
		time.Date(2026, 3, 1, 23, 59, 59, 0, time.Local), time.Date(2026, 3, 2, 0, 0, 1, 0, time.Local), time.Date(2026, 3, 2, 0, 0, 2, 0, time.Local),
	} {
		if err := lines.print(journal.Event{Time: at, Message: "Tick"}); err != nil {
			t.Fatal(err)
		}
	}
	if want := "23:59:59  Tick\n2026-03-02\n00:00:01  Tick\n00:00:02  Tick\n"; out.String() != want {
		t.Errorf("printed %q", out.String())
	}
}
