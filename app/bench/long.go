package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"partnerdesk/app"
	"partnerdesk/app/bench/measure"
	"partnerdesk/core/poller"
	"partnerdesk/core/tenant"
)

// speed is how much faster than the world's the clock of the long rows runs.
const speed = 120

// fastClock is the world's clock until it is told to hurry, and then one of its own speed, which the sandbox's
// follows.
type fastClock struct {
	sandbox control

	set time.Duration // how far the sandbox's is off, as it was told last

	mu      sync.Mutex
	hurried time.Time // since when; zero before
}

// Now returns the time by the fast clock.
func (c *fastClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.hurried.IsZero() {
		return time.Now()
	}
	return c.hurried.Add(time.Since(c.hurried) * speed)
}

func (c *fastClock) hurry() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.hurried = time.Now()
}

// apart is how far the sandbox's clock may be from ours: less than what stamps and tokens suffer.
const apart = 20 * time.Second

// follow sets the sandbox's clock by ours, where they have come too far apart.
func (c *fastClock) follow(ctx context.Context) error {
	off := time.Until(c.Now())
	if off-c.set < apart {
		return nil
	}
	if err := c.sandbox.send(ctx, order{Action: "clock", Offset: off.String()}); err != nil {
		return err
	}
	c.set = off
	return nil
}

// Wait waits by the fast clock.
func (c *fastClock) Wait(ctx context.Context, d time.Duration) error { return rest(ctx, d/speed) }

// pollOnBy visits all tenants once without a budget, so that what is cached of each is there from the beginning.
// Then it polls by the fast clock for so many ticks, and calls after at the end of each with its number.
func pollOnBy(ctx context.Context, t task, after func(n int, tick tenant.Tick) error) error {
	ready, err := readReady(t.Ready)
	if err != nil {
		return err
	}
	clock := &fastClock{sandbox: control{ready.ControlURL}}
	return with(ctx, t.Data, clock.Now, func(a *app.App) error {
		if _, err := poller.New(unbounded(a)).Once(ctx); err != nil {
			return err
		}
		clock.hurry()
		o := a.PollerOptions()
		o.Wait = clock.Wait
		return pollUntil(ctx, o, func(_ *poller.Poller, n int, tick tenant.Tick) (bool, error) {
			err := after(n, tick)
			return n >= t.Ticks, errors.Join(err, clock.follow(ctx))
		})
	})
}

// pollOn polls in peace, and looks at the process now and then.
func pollOn(ctx context.Context, t task) (result, error) {
	r := result{Looks: map[int]look{}}
	err := pollOnBy(ctx, t, func(n int, _ tenant.Tick) error {
		if !slices.Contains(t.Watched, n) {
			return nil
		}
		l, err := lookAtMyself()
		r.Looks[n] = l
		return err
	})
	return r, err
}

// hourOfTicks is how many ticks an hour has.
const hourOfTicks = int(time.Hour / tenant.DefaultPollInterval)

const (
	// memoryAim is how much more memory the large fleet may take than the small one.
	memoryAim = 64 << 20
	// flatAim is by how much the memory may change where it is called flat: what the runtime keeps is never the
	// same twice.
	flatAim = 1.15
)

// measureMemory compares the memory of the large fleet with that of the small one after an hour of ticks, and with
// itself at the end.
func measureMemory(ctx context.Context, b *bench) ([]measure.Row, error) {
	early, hour := min(10, b.ticks), min(hourOfTicks, b.ticks)
	many, err := b.longPart(ctx, task{Part: "memory", Tenants: b.tenants, Ticks: b.ticks, Watched: []int{early, hour, b.ticks}})
	if err != nil {
		return nil, err
	}
	few, err := b.longPart(ctx, task{Part: "memory", Tenants: b.few, Ticks: hour, Watched: []int{hour}})
	if err != nil {
		return nil, err
	}
	large, small := many.Looks, few.Looks
	more := int64(large[hour].Resident) - int64(small[hour].Resident)
	flat := float64(large[b.ticks].Resident) / float64(large[early].Resident)
	return []measure.Row{
		measure.Judged(fmt.Sprintf("memory, %s tenants, tick %s", measure.Count(b.tenants), measure.Count(hour)), measure.Megabytes(large[hour].Resident),
			fmt.Sprintf("the same with %s tenants", measure.Count(b.few)), measure.Megabytes(small[hour].Resident),
			fmt.Sprintf("%+.1f MB", float64(more)/(1<<20)), "≤ +64 MB", more <= memoryAim),
		measure.Judged(fmt.Sprintf("memory, %s tenants, tick %s", measure.Count(b.tenants), measure.Count(b.ticks)), measure.Megabytes(large[b.ticks].Resident),
			"the same at tick "+measure.Count(early), measure.Megabytes(large[early].Resident), measure.Times(flat), fmt.Sprintf("≤ %.3g", flatAim), flat <= flatAim),
		measure.Judged("its heap at tick "+measure.Count(b.ticks), measure.Megabytes(large[b.ticks].Heap), "the same at tick "+measure.Count(hour), measure.Megabytes(large[hour].Heap),
			measure.Times(float64(large[b.ticks].Heap)/float64(large[hour].Heap)), "", true),
		measure.Judged("its highest, with what was free again", measure.Megabytes(large[b.ticks].Peak), "with the small fleet", measure.Megabytes(small[hour].Peak), "", "", true),
	}, nil
}

// longPart lets a process poll for many ticks on a fleet of its own.
func (b *bench) longPart(ctx context.Context, t task) (result, error) {
	data, err := b.fleet(ctx, fmt.Sprintf("%s-%d", t.Part, t.Tenants), t.Tenants)
	if err != nil {
		return result{}, err
	}
	t.Data = data
	r, err := b.part(ctx, t)
	// The next part finds a sandbox without faults, and with the right clock.
	return r, errors.Join(err, b.control.send(context.WithoutCancel(ctx), order{Action: "clear"}))
}
