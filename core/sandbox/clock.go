package sandbox

import (
	"sync/atomic"
	"time"
)

// maxOffset keeps the clock in a time that every form of a date can write.
const maxOffset = 10 * 365 * 24 * time.Hour

// clock is the sandbox's time: that of the options, set off by what the control page says. Everything reads
// it: codes, tokens, tickets, the Date header and the minute of a signed token.
type clock struct {
	base   func() time.Time
	offset atomic.Int64 // nanoseconds
}

func (c *clock) now() time.Time { return c.base().Add(c.away()) }

// away is how far the clock is from its base; negative when it is behind.
func (c *clock) away() time.Duration { return time.Duration(c.offset.Load()) }

// set puts the clock off its base by d.
func (c *clock) set(d time.Duration) string {
	if d < -maxOffset || d > maxOffset {
		return "The clock can be at most ten years off."
	}
	c.offset.Store(int64(d))
	return ""
}

// forward moves the clock on by d, from where it is.
func (c *clock) forward(d time.Duration) string {
	if d <= 0 || d > maxOffset {
		return "The clock can be moved forward only, and by ten years at most."
	}
	for {
		from := c.offset.Load()
		to := time.Duration(from) + d
		if to > maxOffset {
			return "The clock can be at most ten years off."
		}
		if c.offset.CompareAndSwap(from, int64(to)) {
			return ""
		}
	}
}
