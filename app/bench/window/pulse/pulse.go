// Package pulse measures how long the user interface's goroutine keeps others waiting.
package pulse

import (
	"context"
	"math"
	"slices"
	"sync"
	"time"
)

// Every is how often the heart beats: so seldom that it is no load, and often enough to meet each stall that a person
// would notice.
const Every = 50 * time.Millisecond

// Result is what a run was like.
type Result struct {
	// Beats is how many were answered.
	Beats int
	// The delays of the heartbeat, in milliseconds.
	P50, P95, P99, Max float64
	// Processor is how much of one core the process took.
	Processor float64
	// Resident is what the system counts of memory, in bytes.
	Resident uint64
}

// Listen posts a heartbeat by do until ctx ends, and returns how long each waited to be run. A beat does not wait for
// the one before: the user interface is late for every one that it keeps.
func Listen(ctx context.Context, do func(func())) []time.Duration {
	var mu sync.Mutex
	var delays []time.Duration
	var under sync.WaitGroup
	ticker := time.NewTicker(Every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			under.Wait()
			return delays
		case <-ticker.C:
		}
		posted := time.Now()
		under.Add(1)
		do(func() {
			defer under.Done()
			mu.Lock()
			defer mu.Unlock()
			delays = append(delays, time.Since(posted))
		})
	}
}

// Of sums up delays.
func Of(delays []time.Duration) Result {
	sorted := slices.Sorted(slices.Values(delays))
	return Result{Beats: len(sorted), P50: at(sorted, 0.5), P95: at(sorted, 0.95), P99: at(sorted, 0.99), Max: at(sorted, 1)}
}

// at is the smallest delay that so large a part of all does not exceed.
func at(sorted []time.Duration, part float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	i := max(0, int(math.Ceil(part*float64(len(sorted))))-1)
	return float64(sorted[i]) / float64(time.Millisecond)
}
