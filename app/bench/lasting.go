package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"partnerdesk/app/bench/measure"
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

// pollThroughFaults polls while things go wrong, and looks at the process after the first tick and the last: at once,
// and when it has been left in peace for so long that no connection is kept for a next request.
func pollThroughFaults(ctx context.Context, t task) (result, error) {
	ready, err := readReady(t.Ready)
	if err != nil {
		return result{}, err
	}
	sandbox := control{ready.ControlURL}
	r := result{Looks: map[int]look{}, Busy: map[int]look{}}
	on, failed := "", 0
	err = pollOnBy(ctx, t, func(n int, tick tenant.Tick) error {
		failed += tick.Failed
		if n == 1 || n == t.Ticks {
			busy, err := lookAtMyself()
			if err == nil {
				err = rest(ctx, t.Settle)
			}
			if err != nil {
				return err
			}
			r.Busy[n] = busy
			r.Looks[n], err = lookAtMyself()
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
func measureLasting(ctx context.Context, b *bench) ([]measure.Row, error) {
	r, err := b.longPart(ctx, task{Part: "lasting", Tenants: min(lastingFleet, b.tenants), Ticks: b.ticks, Settle: b.settle})
	if err != nil {
		return nil, err
	}
	first, last := r.Looks[1], r.Looks[b.ticks]
	after := fmt.Sprintf(" after %s ticks with faults", measure.Count(b.ticks))
	const floor = "after the first tick"
	return []measure.Row{
		same("goroutines"+after, last.Goroutines, floor, first.Goroutines),
		same("open files"+after, last.Files, floor, first.Files),
		same("connections"+after, last.Connections, floor, first.Connections),
		measure.Judged("connections before they were left in peace", measure.Count(r.Busy[b.ticks].Connections), floor,
			measure.Count(r.Busy[1].Connections), "", "", true),
	}, nil
}

func same(what string, ours int, floorIs string, floor int) measure.Row {
	return measure.Judged(what, measure.Count(ours), floorIs, measure.Count(floor), "", "equal", ours == floor)
}

// rest waits.
func rest(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(d):
		return nil
	}
}
