package main

import (
	"context"
	"fmt"
	"time"

	"partnerdesk/app"
	"partnerdesk/app/bench/measure"
	"partnerdesk/core/poller"
)

// coldTick is the first tick of a fleet that nobody has visited: status, exchange and log-on for each tenant.
func coldTick(ctx context.Context, t task) (result, error) {
	var r result
	err := with(ctx, t.Data, nil, func(a *app.App) error {
		p := poller.New(unbounded(a))
		began := time.Now()
		tick, err := p.Once(ctx)
		r.Took = time.Since(began)
		if err == nil && tick.LoggedOn != t.Tenants {
			err = fmt.Errorf("the tick logged on to %d of %d tenants", tick.LoggedOn, t.Tenants)
		}
		return err
	})
	return r, err
}

// measureCold measures our cold tick and its floor in turns, and takes the best of each. Both must have made the
// same requests.
func measureCold(ctx context.Context, b *bench) ([]measure.Row, error) {
	want := counters{Exchanges: b.tenants, StatusCalls: b.tenants, PrincipalCalls: b.tenants}
	best := map[string]result{}
	for n := range b.repeat {
		data, err := b.fleet(ctx, fmt.Sprintf("cold-%d", n), b.tenants)
		if err != nil {
			return nil, err
		}
		for _, name := range []string{"floor", "cold"} {
			t := task{Part: name, Data: data, Tenants: b.tenants}
			if name == "cold" {
				t.Profile = b.profile
			}
			r, asked, err := b.countedPart(ctx, t)
			if err == nil && asked != want {
				err = fmt.Errorf("%s made %v requests, and not %v", name, asked, want)
			}
			if err != nil {
				return nil, err
			}
			if known, ok := best[name]; !ok || r.Took < known.Took {
				best[name] = r
			}
		}
	}
	const bare = "bare client, the same requests"
	ours, floor := best["cold"], best["floor"]
	return []measure.Row{
		measure.AtMost(fmt.Sprintf("cold tick, %s tenants, no budget", measure.Count(b.tenants)), ours.Took, bare, floor.Took, 1.25),
		measure.Explaining("its processor time", ours.Processor, bare, floor.Processor),
		measure.Explaining("its processor time, with the sandbox's", ours.Processor+ours.Sandbox, bare, floor.Processor+floor.Sandbox),
	}, nil
}

// countedPart does a task, and tells what the sandbox was asked for meanwhile and what that took of the processor.
func (b *bench) countedPart(ctx context.Context, t task) (r result, asked counters, err error) {
	before, err := measure.ProcessorTime(b.server.Process.Pid)
	if err != nil {
		return r, asked, err
	}
	asked, err = b.control.counted(ctx, func() (err error) {
		r, err = b.part(ctx, t)
		return err
	})
	if err != nil {
		return r, asked, err
	}
	after, err := measure.ProcessorTime(b.server.Process.Pid)
	r.Sandbox = after - before
	return r, asked, err
}

// measureTutorial measures our cold tick against the tutorial's way, both behind a slow network.
func measureTutorial(ctx context.Context, b *bench) ([]measure.Row, error) {
	fleet, err := b.fleet(ctx, "slow", b.tenants)
	if err != nil {
		return nil, err
	}
	sample := min(b.sample, b.tenants)
	var ours, theirs result
	err = b.control.delayed(ctx, b.delay, func() (err error) {
		if theirs, err = b.part(ctx, task{Part: "tutorial", Tenants: sample}); err == nil {
			ours, err = b.part(ctx, task{Part: "cold", Data: fleet, Tenants: b.tenants})
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	all := theirs.Took * time.Duration(b.tenants) / time.Duration(sample)
	return []measure.Row{measure.FasterBy(fmt.Sprintf("the same behind a delay of %v", b.delay), ours.Took,
		fmt.Sprintf("one after another, no cache (%s of them, scaled)", measure.Count(sample)), all, 5)}, nil
}
