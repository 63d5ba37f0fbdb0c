package pollerline

import (
	"context"
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

// Bucket is what the ticks of a quarter of an hour came to.
type Bucket struct{ LogOns, Failures, Exchanges int }

// Chart is the last day of ticks, ready to be drawn. Two of them can be compared.
type Chart struct {
	Buckets [chartBuckets]Bucket // the oldest first
	Ticks   int
	Sum     Bucket
}

// ChartOf sorts ticks into the quarters of an hour of the day up to now. The last one has only begun.
func ChartOf(ticks []tenant.Tick, now time.Time) Chart {
	var c Chart
	end := now.Truncate(chartBucket).Add(chartBucket)
	for _, t := range ticks {
		back := end.Sub(t.At)
		if back <= 0 || back > chartSpan {
			continue
		}
		at := chartBuckets - 1 - int((back-1)/chartBucket)
		for _, b := range []*Bucket{&c.Buckets[at], &c.Sum} {
			b.LogOns += t.LoggedOn
			b.Failures += t.Failed
			b.Exchanges += t.Exchanges
		}
		c.Ticks++
	}
	return c
}

// highest is the number of visits that the highest bar stands for.
func (c Chart) highest() int {
	most := 0
	for _, b := range c.Buckets {
		most = max(most, b.LogOns+b.Failures)
	}
	return most
}

// words say the same as the chart.
func (c Chart) words() string {
	if c.Ticks == 0 {
		return textNoTicks.String()
	}
	return textLastDay.With(textTicks.Of(c.Ticks), textLogOns.Of(c.Sum.LogOns), textExchanges.Of(c.Sum.Exchanges), textFailures.Of(c.Sum.Failures))
}

// Desk is what the chart asks of the workbench. It may wait.
type Desk interface {
	// Ticks are the poller's of the last 24 hours, those from since on, the oldest first.
	Ticks(ctx context.Context, since time.Time) ([]tenant.Tick, error)
}

// History keeps the ticks of a day, so that only new ones are read: a day has thousands of them. It belongs to
// one goroutine.
type History struct {
	Ticks []tenant.Tick // the oldest first
	read  time.Time
}

// Update reads what is new, unless that was done a moment ago.
func (h *History) Update(ctx context.Context, desk Desk, now time.Time) error {
	if since := now.Sub(h.read); since >= 0 && since < chartEvery {
		return nil
	}
	oldest := now.Add(-chartSpan)
	h.Ticks = slices.DeleteFunc(h.Ticks, func(t tenant.Tick) bool { return t.At.Before(oldest) })
	from := oldest
	if n := len(h.Ticks); n > 0 {
		if from = h.Ticks[n-1].At.Add(1); from.After(now) { // a clock was ahead: what came since may lie before it
			h.Ticks, from = nil, oldest
		}
	}
	more, err := desk.Ticks(ctx, from)
	if err != nil {
		return err
	}
	h.Ticks, h.read = append(h.Ticks, more...), now
	return nil
}
