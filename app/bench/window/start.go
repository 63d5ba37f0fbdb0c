package main

import (
	"context"
	"fmt"
	"os/exec"
	"slices"
	"time"

	"partnerdesk/app/bench/measure"
)

// startAim is how many times as long as an empty window the desktop may take to its first frame.
const startAim = 1.25

// launch starts a program.
type launch func(context.Context) (*exec.Cmd, error)

// firstFrame is how long a program takes from its start to the first frame that can be seen.
func (b *bench) firstFrame(ctx context.Context, start launch) (time.Duration, error) {
	began := time.Now()
	cmd, err := start(ctx)
	if err != nil {
		return 0, err
	}
	failure := b.screen.await(ctx, true)
	took := time.Since(began)
	// A program whose beginning is still under way would end later, and be in the way of the next.
	if err := rest(ctx, 500*time.Millisecond); failure == nil {
		failure = err
	}
	if err := b.stop(ctx, cmd); failure == nil {
		failure = err
	}
	return took, failure
}

// measureStart starts the desktop on an ordinary and on a full data directory and the empty window, in turns, so that
// what else the machine does meets all alike.
func measureStart(ctx context.Context, b *bench) ([]measure.Row, error) {
	programs := []launch{
		b.empty,
		func(ctx context.Context) (*exec.Cmd, error) { return b.desktop(ctx, b.fresh()) },
		func(ctx context.Context) (*exec.Cmd, error) { return b.desktop(ctx, b.full()) },
	}
	took := make([][]time.Duration, len(programs))
	for turn := range b.starts + 1 {
		for i, start := range programs {
			d, err := b.firstFrame(ctx, start)
			if err != nil {
				return nil, err
			}
			if turn > 0 { // the first fills the caches, and makes the fresh data directory
				took[i] = append(took[i], d)
			}
		}
	}
	fmt.Fprintln(b.stderr, "  empty, fresh, full:", took)
	floor := median(took[0])
	const empty = "empty window"
	return []measure.Row{
		measure.AtMost("start to first frame", median(took[1]), empty, floor, startAim),
		measure.AtMost(fmt.Sprintf("the same, %s tenants, %s lines in the journal", measure.Count(b.tenants), measure.Count(b.lines)),
			median(took[2]), empty, floor, startAim),
	}, nil
}

// median of an even number is the lower of the two in the middle.
func median[T int64 | float64 | uint64 | time.Duration](all []T) T {
	return slices.Sorted(slices.Values(all))[(len(all)-1)/2]
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
