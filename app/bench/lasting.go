package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"partnerdesk/core/tenant"
)

// troubles are what goes wrong in turns while the process lives: hang-ups, refusals, rubbish and slowness, at the
// provider and at the tenants.
func troubles() []string {
	return []string{
		"services-dropped", "provider-500", "services-html", "services-401", "provider-dropped", "services-421", "exchange-500",
		"services-slow", "status-html", "services-503", "provider-slow", "services-500-empty",
	}
}

const (
	// Every so many ticks a trouble begins, and ends troubleFor ticks later.
	troubleEvery = 40
	troubleFor   = 10
	// troubleDelay is how long the slow ones keep a request.
	troubleDelay = 30 * time.Millisecond
	// lastingFleet is enough for all visits that may be under way at once.
	lastingFleet = 200
)

// pollThroughFaults polls while things go wrong, and looks at the process after the first tick and the last.
func pollThroughFaults(ctx context.Context, t task) (result, error) {
	ready, err := readReady(t.Ready)
	if err != nil {
		return result{}, err
	}
	sandbox := control{ready.ControlURL}
	r := result{Looks: map[int]look{}}
	on, failed := "", 0
	err = pollOnBy(ctx, t, func(n int, tick tenant.Tick) error {
		failed += tick.Failed
		if n == 1 || n == t.Ticks {
			l, err := lookAtMyself()
			r.Looks[n] = l
			return err
		}
		// The last stretch is one of peace, as the first tick was.
		switch phase := n % troubleEvery; {
		case on == "" && phase == 1 && n+troubleEvery <= t.Ticks:
			on = troubles()[n/troubleEvery%len(troubles())]
			return sandbox.fault(ctx, on, "", true, delayOf(on))
		case on != "" && phase == 1+troubleFor:
			name := on
			on = ""
			return sandbox.fault(ctx, name, "", false, 0)
		}
		return nil
	})
	if err == nil && t.Ticks > 2*troubleEvery && failed == 0 {
		err = errors.New("nothing has failed, so nothing was tried")
	}
	return r, err
}

func delayOf(fault string) time.Duration {
	if fault == "services-slow" || fault == "provider-slow" {
		return troubleDelay
	}
	return 0
}

// measureLasting compares what the process holds after many ticks of trouble with what it held after the first.
func measureLasting(ctx context.Context, b *bench) ([]row, error) {
	looks, err := b.longPart(ctx, "lasting", min(lastingFleet, b.tenants), b.ticks, nil)
	if err != nil {
		return nil, err
	}
	first, last := looks[1], looks[b.ticks]
	after := fmt.Sprintf(" after %s ticks with faults", count(b.ticks))
	const floor = "after the first tick"
	return []row{
		same("goroutines beside those of connections"+after, last.beside(last.Goroutines, goroutinesOfConnection), floor, first.beside(first.Goroutines, goroutinesOfConnection)),
		same("open files beside connections"+after, last.beside(last.Files, 1), floor, first.beside(first.Files, 1)),
		{"connections" + after, count(last.Connections), floor, count(first.Connections), "", "no more", last.Connections <= first.Connections},
	}, nil
}

// goroutinesOfConnection is what net/http keeps for each connection: one reads, and one writes.
const goroutinesOfConnection = 2

// beside is what is left of n without what belongs to connections.
func (l look) beside(n, each int) int { return n - each*l.Connections }

func same(what string, ours int, floorIs string, floor int) row {
	return row{what, count(ours), floorIs, count(floor), "", "equal", ours == floor}
}
