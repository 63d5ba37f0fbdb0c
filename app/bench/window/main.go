// Command window measures the desktop beside an empty window of the same build, on a screen of its own that nobody
// sees: how soon the first frame is there, how much memory it takes, and what it takes of the processor while nothing
// happens. And it measures how long a live log of a million lines keeps the user interface waiting. It prints one
// table; it is for whoever changes the code between two runs, and is not shipped.
//
// It needs Linux with Xvfb and openbox, and draws by Mesa's software OpenGL there: what it takes of the processor is
// what people on remote desktops pay, a graphics card makes it less. What the log costs for itself, its search and
// its memory for each line, are the benchmarks of ui/logview.
//
// A reader finds: the screen and its first pixels in display.go, the programs in program.go, what lies in the data
// directory in data.go, and the rows in start.go, rest.go and heartbeat.go.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"partnerdesk/app/bench/measure"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "window:", err)
		stop()
		os.Exit(1)
	}
}

// sizes are how much is measured. The defaults are those for which the aims hold.
type sizes struct {
	tenants, lines int
	// starts is how often each program is started, after one start that does not count; the median counts.
	starts int
	// rests is how often each is measured at rest, for so long; the median counts.
	rests  int
	rest   time.Duration
	log    int // lines in the long log
	rate   int // lines that come in a second
	during time.Duration
}

// bench is one run: its folder, the screen, and the built programs.
type bench struct {
	sizes
	dir    string
	screen *display
	stderr io.Writer
}

type measurement struct {
	name    string
	measure func(context.Context, *bench) ([]measure.Row, error)
}

func chosen(only string) ([]measurement, error) {
	all := []measurement{{"start", measureStart}, {"rest", measureRest}, {"log", measureLog}}
	if only == "" {
		return all, nil
	}
	for _, m := range all {
		if m.name == only {
			return []measurement{m}, nil
		}
	}
	return nil, fmt.Errorf("there is no row %q", only)
}

// run is the program without its surroundings.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	b := bench{stderr: stderr}
	flags := flag.NewFlagSet("window", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.IntVar(&b.tenants, "tenants", 5000, "how many tenants the data directory has")
	flags.IntVar(&b.lines, "lines", 100_000, "how many lines the journal has, and get into the live log")
	flags.IntVar(&b.starts, "starts", 9, "how often each program is started, in turns")
	flags.IntVar(&b.rests, "rests", 3, "how often each program is measured at rest, in turns")
	flags.DurationVar(&b.rest, "rest", 30*time.Second, "how long it is measured at rest")
	flags.IntVar(&b.log, "log", 1_000_000, "how many lines the long log has")
	flags.IntVar(&b.rate, "rate", 2000, "how many lines come to it in a second")
	flags.DurationVar(&b.during, "for", time.Minute, "how long the long log is measured")
	only := flags.String("only", "", "measure only this `row`: start, rest or log")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 || b.tenants < 1 || b.lines < 1 || b.starts < 1 || b.rests < 1 || b.log < 1 || b.rate < 1 {
		return errors.New("the sizes must be 1 at least, and nothing follows the flags")
	}
	measurements, err := chosen(*only)
	if err != nil {
		return err
	}
	if err := b.begin(ctx); err != nil {
		return errors.Join(err, b.end())
	}
	rows, err := b.measureAll(ctx, measurements)
	if err := errors.Join(err, b.end()); err != nil {
		return err
	}
	return measure.Print(stdout, rows)
}

func (b *bench) measureAll(ctx context.Context, measurements []measurement) ([]measure.Row, error) {
	var all []measure.Row
	for _, m := range measurements {
		fmt.Fprintf(b.stderr, "%s measuring: %s\n", time.Now().Format(time.TimeOnly), m.name)
		rows, err := m.measure(ctx, b)
		if err != nil {
			return nil, fmt.Errorf("measure %s: %w", m.name, err)
		}
		all = append(all, rows...)
	}
	return all, nil
}

// begin makes the folder with the programs and the data directories, and the screen.
func (b *bench) begin(ctx context.Context) (err error) {
	if b.dir, err = os.MkdirTemp("", "partnerdesk-window-*"); err != nil {
		return fmt.Errorf("make the bench's folder: %w", err)
	}
	if err := b.build(ctx); err != nil {
		return err
	}
	if err := fill(ctx, b.full(), b.tenants, b.lines); err != nil {
		return err
	}
	b.screen, err = newDisplay(ctx, b.dir)
	return err
}

// full is the data directory with all tenants and lines, and fresh the one of somebody who has just begun.
func (b *bench) full() string  { return filepath.Join(b.dir, "full") }
func (b *bench) fresh() string { return filepath.Join(b.dir, "fresh") }

// end takes the screen away, and removes the folder.
func (b *bench) end() error {
	if b.screen != nil {
		b.screen.close()
	}
	if b.dir == "" {
		return nil
	}
	return os.RemoveAll(b.dir)
}
