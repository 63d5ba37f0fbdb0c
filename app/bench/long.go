package main

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"partnerdesk/app"
	"partnerdesk/core/poller"
	"partnerdesk/core/tenant"
)

// speed is how much faster than the world's the clock of the long rows runs.
const speed = 120

// fastClock is a clock of its own speed, which the sandbox's follows.
type fastClock struct {
	began   time.Time
	sandbox control

	mu  sync.Mutex
	set time.Duration // how far the sandbox's is off, as it was told last
}

// Now returns the time by the fast clock.
func (c *fastClock) Now() time.Time { return c.began.Add(time.Since(c.began) * speed) }

// apart is how far the sandbox's clock may be from ours: less than what stamps and tokens suffer.
const apart = 20 * time.Second

// follow sets the sandbox's clock by ours, where they have come too far apart.
func (c *fastClock) follow(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
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

// pollOnBy polls by the fast clock for so many ticks, and calls after at the end of each with its number. Before
// that it visits all tenants once without a budget, so that what is cached of each is there from the beginning.
func pollOnBy(ctx context.Context, t task, after func(n int, tick tenant.Tick) error) error {
	ready, err := readReady(t.Ready)
	if err != nil {
		return err
	}
	clock := &fastClock{began: time.Now(), sandbox: control{ready.ControlURL}}
	return with(ctx, t.Data, clock.Now, func(a *app.App) error {
		o := a.PollerOptions()
		o.Budget = tenant.DefaultRequestBudget * speed
		o.Interval = tenant.DefaultPollInterval / speed
		p := poller.New(o)
		for n := 1; n <= t.Ticks; n++ {
			if err := clock.follow(ctx); err != nil {
				return err
			}
			began := time.Now()
			tick, err := p.Once(ctx)
			if err != nil {
				return err
			}
			if err := after(n, tick); err != nil {
				return err
			}
			select {
			case <-ctx.Done():
				return context.Cause(ctx)
			case <-time.After(o.Interval - time.Since(began)):
			}
		}
		return nil
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
func measureMemory(ctx context.Context, b *bench) ([]row, error) {
	early, hour := min(10, b.ticks), min(hourOfTicks, b.ticks)
	large, err := b.longPart(ctx, "memory", b.tenants, b.ticks, []int{early, hour, b.ticks})
	if err != nil {
		return nil, err
	}
	small, err := b.longPart(ctx, "memory", b.few, hour, []int{hour})
	if err != nil {
		return nil, err
	}
	more := int64(large[hour].Resident) - int64(small[hour].Resident)
	flat := float64(large[b.ticks].Resident) / float64(large[early].Resident)
	return []row{
		{fmt.Sprintf("memory, %s tenants, tick %s", count(b.tenants), count(hour)), megabytes(large[hour].Resident),
			fmt.Sprintf("the same with %s tenants", count(b.few)), megabytes(small[hour].Resident),
			fmt.Sprintf("%+.1f MB", float64(more)/(1<<20)), "≤ +64 MB", more <= memoryAim},
		{fmt.Sprintf("memory, %s tenants, tick %s", count(b.tenants), count(b.ticks)), megabytes(large[b.ticks].Resident),
			"the same at tick " + count(early), megabytes(large[early].Resident), times(flat), fmt.Sprintf("≤ %.3g", flatAim), flat <= flatAim},
		{"its highest, with what was free again", megabytes(large[b.ticks].Peak), "with the small fleet", megabytes(small[hour].Peak), "", "", true},
	}, nil
}

func megabytes(n uint64) string { return fmt.Sprintf("%.1f MB", float64(n)/(1<<20)) }

// longPart lets a process poll for many ticks on a fleet of n tenants.
func (b *bench) longPart(ctx context.Context, name string, n, ticks int, watched []int) (map[int]look, error) {
	data, err := b.fleet(ctx, fmt.Sprintf("%s-%d", name, n), n)
	if err != nil {
		return nil, err
	}
	r, err := b.part(ctx, task{Part: name, Data: data, Tenants: n, Ticks: ticks, Watched: watched})
	if err != nil {
		return nil, err
	}
	return r.Looks, b.control.send(ctx, order{Action: "clear"})
}
