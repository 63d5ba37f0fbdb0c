package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"runtime/pprof"
	"time"

	"partnerdesk/app"
	"partnerdesk/core/poller"
	"partnerdesk/core/tenant"
)

// partArgument is the first argument of the processes that measure.
const partArgument = "part"

// task is what such a process is to do; it reads it from its standard input.
type task struct {
	Part    string
	Data    string // the data directory
	Ready   string // the sandbox's ready file
	Tenants int
	Ticks   int
	Watched []int // the ticks after which the long parts look at their process
	Settle  time.Duration
	Profile string
}

// result is what it found; it writes it to its standard output.
type result struct {
	Took time.Duration
	// Processor is what the whole process took of the processor, start and end included, and Sandbox what the
	// sandbox took meanwhile. The process that asked for the result fills them in.
	Processor, Sandbox time.Duration `json:"-"`
	// Looks are at the process at rest, Busy at the one that has just polled; by the tick.
	Looks, Busy map[int]look
	// Roster is how long it takes to read all that a poller plans by.
	Roster time.Duration
}

// part does one task.
type part func(ctx context.Context, t task) (result, error)

func parts() map[string]part {
	return map[string]part{
		"cold": coldTick, "floor": bareClient, "tutorial": oneAfterAnother, "warm": warmTicks, "scan": bareScan,
		"memory": pollOn, "lasting": pollThroughFaults,
	}
}

// runPart is the life of a process that measures.
func runPart(ctx context.Context, stdin io.Reader, stdout io.Writer) error {
	var t task
	if err := json.NewDecoder(stdin).Decode(&t); err != nil {
		return fmt.Errorf("read the task: %w", err)
	}
	do, known := parts()[t.Part]
	if !known {
		return fmt.Errorf("there is no part %q", t.Part)
	}
	r, err := profiled(t.Profile, func() (result, error) { return do(ctx, t) })
	if err != nil {
		return fmt.Errorf("%s: %w", t.Part, err)
	}
	return json.NewEncoder(stdout).Encode(r)
}

func profiled(name string, do func() (result, error)) (result, error) {
	if name == "" {
		return do()
	}
	f, err := os.Create(name)
	if err != nil {
		return result{}, err
	}
	defer f.Close()
	if err := pprof.StartCPUProfile(f); err != nil {
		return result{}, err
	}
	defer pprof.StopCPUProfile()
	return do()
}

// part has a new process do a task.
func (b *bench) part(ctx context.Context, t task) (result, error) {
	var r result
	self, err := os.Executable()
	if err != nil {
		return r, err
	}
	t.Ready = b.readyFile()
	body, err := json.Marshal(t)
	if err != nil {
		return r, err
	}
	var out bytes.Buffer
	child := exec.CommandContext(ctx, self, partArgument)
	child.Stdin, child.Stdout, child.Stderr = bytes.NewReader(body), &out, b.stderr
	if err := child.Run(); err != nil {
		return r, fmt.Errorf("part %s: %w", t.Part, err)
	}
	r.Processor = child.ProcessState.UserTime() + child.ProcessState.SystemTime()
	return r, json.Unmarshal(out.Bytes(), &r)
}

// with opens a data directory as the console does, for a process that measures.
func with(ctx context.Context, data string, now func() time.Time, do func(*app.App) error) error {
	a, err := app.New(ctx, app.Options{Program: "console", Data: data, Now: now})
	if err != nil {
		return err
	}
	if err := do(a); err != nil {
		_ = a.Close() // the first error says more
		return err
	}
	return a.Close()
}

// unbounded are a poller's options without a budget and with all the time that it wants.
func unbounded(a *app.App) poller.Options {
	o := a.PollerOptions()
	o.Budget, o.Interval = math.Inf(1), 24*time.Hour
	return o
}

// pollUntil runs a poller until after, which is told of each tick with its number, says that it is enough.
func pollUntil(ctx context.Context, o poller.Options, after func(p *poller.Poller, n int, tick tenant.Tick) (enough bool, err error)) error {
	polling, stop := context.WithCancel(ctx)
	defer stop()
	var p *poller.Poller
	var failure error
	n := 0
	o.Ticked = func(tick tenant.Tick, err error) {
		n++
		enough := false
		if err == nil {
			enough, err = after(p, n, tick)
		}
		if enough || err != nil {
			failure = err
			stop()
		}
	}
	p = poller.New(o)
	p.Run(polling)
	if failure == nil {
		failure = context.Cause(ctx) // somebody wants the bench to end
	}
	return failure
}
