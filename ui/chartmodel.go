package ui

import (
	"context"
	"fmt"
	"slices"
	"time"

	"partnerdesk/core/tenant"
)

// The chart shows a day in quarters of an hour.
const (
	chartBuckets = 96
	chartBucket  = 15 * time.Minute
	chartSpan    = chartBuckets * chartBucket
	// chartEvery is how long a chart may stand before it is read anew.
	chartEvery = 10 * time.Second
)

// tickBucket is what the ticks of a quarter of an hour came to.
type tickBucket struct{ LogOns, Failures, Exchanges int }

// tickChart is the last day of ticks, ready to be drawn. Two of them can be compared.
type tickChart struct {
	Buckets [chartBuckets]tickBucket // the oldest first
	Ticks   int
	Sum     tickBucket
}

// chartOf sorts ticks into the quarters of an hour of the day up to now. The last one has only begun.
func chartOf(ticks []tenant.Tick, now time.Time) tickChart {
	var c tickChart
	end := now.Truncate(chartBucket).Add(chartBucket)
	for _, t := range ticks {
		back := end.Sub(t.At)
		if back <= 0 || back > chartSpan {
			continue
		}
		at := chartBuckets - 1 - int((back-1)/chartBucket)
		for _, b := range []*tickBucket{&c.Buckets[at], &c.Sum} {
			b.LogOns += t.LoggedOn
			b.Failures += t.Failed
			b.Exchanges += t.Exchanges
		}
		c.Ticks++
	}
	return c
}

// highest is the number of visits that the highest bar stands for.
func (c tickChart) highest() int {
	most := 0
	for _, b := range c.Buckets {
		most = max(most, b.LogOns+b.Failures)
	}
	return most
}

// words say the same as the chart.
func (c tickChart) words() string {
	if c.Ticks == 0 {
		return "No ticks in the last 24 hours"
	}
	return fmt.Sprintf("Last 24 hours: %s, %s, %s, %s", tenant.Plural(c.Ticks, "tick"), tenant.Plural(c.Sum.LogOns, "log-on"),
		tenant.Plural(c.Sum.Exchanges, "exchange"), tenant.Plural(c.Sum.Failures, "failure"))
}

// tickHistory keeps the ticks of a day, so that only new ones are read: a day has thousands of them. It belongs to
// one goroutine.
type tickHistory struct {
	ticks []tenant.Tick
	read  time.Time
}

// update reads what is new, unless that was done a moment ago.
func (h *tickHistory) update(ctx context.Context, desk Desk, now time.Time) error {
	if since := now.Sub(h.read); since >= 0 && since < chartEvery {
		return nil
	}
	oldest := now.Add(-chartSpan)
	h.ticks = slices.DeleteFunc(h.ticks, func(t tenant.Tick) bool { return t.At.Before(oldest) })
	from := oldest
	if n := len(h.ticks); n > 0 {
		if from = h.ticks[n-1].At.Add(1); from.After(now) { // a clock was ahead: what came since may lie before it
			h.ticks, from = nil, oldest
		}
	}
	more, err := desk.Ticks(ctx, from)
	if err != nil {
		return err
	}
	h.ticks, h.read = append(h.ticks, more...), now
	return nil
}
