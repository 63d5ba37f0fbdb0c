package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"time"

	"partnerdesk/app/bench/measure"
)

const (
	// memoryAim is how much more memory than an empty window the desktop may take with all that it shows.
	memoryAim = 60 << 20
	// idleAim is how much more of one core it may take while nothing happens.
	idleAim = 0.01
)

// held is a program at rest.
type held struct {
	measure.Memory
	idle float64 // of one core
}

// measureRest compares the desktop with the empty window while nobody touches them. The desktop polls, though there
// is nobody to visit, and shows all tenants and all lines that came to the journal since it was started.
func measureRest(ctx context.Context, b *bench) ([]measure.Row, error) {
	full := func(ctx context.Context) (*exec.Cmd, error) { return b.desktop(ctx, b.full()) }
	more := func() error { return write(ctx, b.full(), b.tenants, b.lines) }
	var empty, desktop series
	for range b.rests {
		if err := empty.add(b.atRest(ctx, b.empty, nil)); err != nil {
			return nil, err
		}
		if err := desktop.add(b.atRest(ctx, full, more)); err != nil {
			return nil, err
		}
	}
	fmt.Fprintf(b.stderr, "  empty: %v\n  desktop: %v\n", empty, desktop)
	with := fmt.Sprintf(", %s tenants, %s lines", measure.Count(b.tenants), measure.Count(b.lines))
	resident := int64(median(desktop.resident)) - int64(median(empty.resident))
	proportional := int64(median(desktop.proportional)) - int64(median(empty.proportional))
	idle := median(desktop.idle) - median(empty.idle)
	const floor = "empty window"
	return []measure.Row{
		measure.Judged("resident memory"+with, measure.Megabytes(median(desktop.resident)), floor, measure.Megabytes(median(empty.resident)),
			megabytesMore(resident), "≤ "+megabytesMore(memoryAim), resident <= memoryAim),
		measure.Judged("its part of it, where pages are shared", measure.Megabytes(median(desktop.proportional)), floor,
			measure.Megabytes(median(empty.proportional)), megabytesMore(proportional), "", true),
		measure.Judged("of a core while it polls and nothing happens", percent(median(desktop.idle)), floor, percent(median(empty.idle)),
			fmt.Sprintf("%+.2f %%", 100*idle), "≤ 1 % more", idle <= idleAim),
	}, nil
}

func megabytesMore(n int64) string { return fmt.Sprintf("%+.1f MB", float64(n)/(1<<20)) }

func percent(part float64) string { return fmt.Sprintf("%.2f %%", 100*part) }

// series are the same measured several times.
type series struct {
	resident, proportional []uint64
	idle                   []float64
}

func (s *series) add(h held, err error) error {
	s.resident = append(s.resident, h.Resident)
	s.proportional = append(s.proportional, h.Proportional)
	s.idle = append(s.idle, h.idle)
	return err
}

// atRest starts a program, lets it take in what after brings, and measures it when it has come to rest.
func (b *bench) atRest(ctx context.Context, start launch, after func() error) (h held, err error) {
	cmd, err := start(ctx)
	if err != nil {
		return held{}, err
	}
	defer func() { err = errors.Join(err, b.stop(ctx, cmd)) }()
	if err := b.screen.await(ctx, true); err != nil {
		return held{}, err
	}
	if err := quiet(ctx, cmd.Process.Pid); err != nil {
		return held{}, err
	}
	if after != nil {
		if err := after(); err != nil {
			return held{}, err
		}
		if err := quiet(ctx, cmd.Process.Pid); err != nil {
			return held{}, err
		}
	}
	before, err := measure.ProcessorTime(cmd.Process.Pid)
	if err != nil {
		return held{}, err
	}
	began := time.Now()
	if err := rest(ctx, b.rest); err != nil {
		return held{}, err
	}
	spent, err := measure.ProcessorTime(cmd.Process.Pid)
	if err != nil {
		return held{}, err
	}
	h.idle = float64(spent-before) / float64(time.Since(began))
	h.Memory, err = measure.MemoryOf(cmd.Process.Pid)
	return h, err
}

// quiet waits until a process takes next to nothing of the processor for some seconds on end.
func quiet(ctx context.Context, pid int) error {
	const (
		nothing  = 100 * time.Millisecond // of a second
		onEnd    = 3
		patience = 60
	)
	last, err := measure.ProcessorTime(pid)
	if err != nil {
		return err
	}
	for calm, waited := 0, 0; calm < onEnd; waited++ {
		if waited == patience {
			return errors.New("the program does not come to rest")
		}
		if err := rest(ctx, time.Second); err != nil {
			return err
		}
		now, err := measure.ProcessorTime(pid)
		if err != nil {
			return err
		}
		calm++
		if now-last > nothing {
			calm = 0
		}
		last = now
	}
	return nil
}
