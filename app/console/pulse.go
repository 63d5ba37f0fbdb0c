package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"partnerdesk/core/journal"
	"partnerdesk/core/poller"
	"partnerdesk/core/tenant"
)

const (
	// aliveWithin is how long the poller's loop, which is heard of each second, may be silent. A machine that is
	// short of everything must not look dead.
	aliveWithin = 30 * time.Second
	// turnsWithin is how many intervals may go by without a turn that went well, and leastWithin the least time
	// for it: one visit may take longer than three short intervals.
	turnsWithin = 3
	leastWithin = time.Minute
)

// pulse is what was last heard of the poller's loop. It makes the verdict of /healthz.
type pulse struct {
	now func() time.Time
	// interval returns the time between two turns, as it is set now.
	interval func(context.Context) time.Duration

	mu      sync.Mutex
	beat    time.Time
	turn    time.Time // the last one that went well: this process has polled, or has stood by
	standby bool
	trouble error // of the last turn
}

func newPulse(now func() time.Time, interval func(context.Context) time.Duration) *pulse {
	start := now()
	return &pulse{now: now, interval: interval, beat: start, turn: start}
}

// alive notes that the loop lives.
func (p *pulse) alive() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.beat = p.now()
}

// ticked notes how a turn went.
func (p *pulse) ticked(_ tenant.Tick, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.beat = p.now()
	p.standby = errors.Is(err, poller.ErrHeld)
	p.trouble = nil
	if err != nil && !p.standby {
		p.trouble = err
		return
	}
	p.turn = p.beat
}

// StandingBy reports whether another process polled at the last turn.
func (p *pulse) StandingBy() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.standby
}

// Health says what is wrong with the loop: it is not heard of, or no turn has gone well for a while. A turn now and
// then that does not is no illness, as the next one makes up for it.
func (p *pulse) Health(ctx context.Context) error {
	within := max(turnsWithin*p.interval(ctx), leastWithin)
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	if silent := now.Sub(p.beat); silent > aliveWithin {
		return fmt.Errorf("the poller has not been heard of for %s", tenant.Wait(silent))
	}
	since := now.Sub(p.turn)
	switch {
	case since <= within:
		return nil
	case p.trouble != nil:
		return fmt.Errorf("the poller has had no turn that went well for %s: %s", tenant.Wait(since), troubleLine(p.trouble))
	}
	return fmt.Errorf("the poller has had no turn for %s", tenant.Wait(since))
}

// turnLine tells in one line how a turn went.
func turnLine(t tenant.Tick, err error) string {
	switch {
	case errors.Is(err, poller.ErrHeld):
		return "Standing by. " + plain(tenant.Explain(err).What)
	case err != nil:
		return "In trouble, and trying again: " + troubleLine(err)
	}
	return t.Summary()
}

func troubleLine(err error) string {
	e := tenant.Explain(err)
	return plain(journal.Redact(e.What + " " + e.Why))
}
