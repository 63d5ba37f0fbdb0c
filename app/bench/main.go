// Command bench measures the poller at the size of a whole fleet, and prints one table: what Partnerdesk takes,
// what the least that could do the same takes in the same run, and how the two stand to each other. It is for
// whoever changes the code between them; it is not shipped.
//
// The sandbox runs as a process of its own, so that it cannot share anything with what is measured but the
// processor. What is measured runs in processes of its own too, each begun by this program as "bench part": a
// measurement must not pay for what the one before it left in memory.
//
// A reader finds: the rows in rows.go, the sandbox and the data directories in fleet.go, the sandbox's switches in
// control.go, the processes in parts.go, and what each of them does in cold.go, floor.go, tutorial.go, warm.go, long.go
// and lasting.go.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"partnerdesk/app/bench/measure"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	err := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "bench:", err)
		stop()
		os.Exit(1)
	}
}

// sizes are how much is measured. The defaults are those for which the aims hold.
type sizes struct {
	tenants int
	// few is the fleet with which the memory of the large one is compared.
	few int
	// sample is how many tenants are visited in the tutorial's way, which takes too long for all of them.
	sample int
	// repeat is how often what is short is measured; the best counts.
	repeat int
	ticks  int
	delay  time.Duration
	// settle is how long a process is left in peace before its connections are counted.
	settle time.Duration
	// profile, where it is set, is the file for a CPU profile of our cold tick.
	profile string
}

// run is the program without its surroundings. stderr is a file because the processes that it begins write there too.
func run(ctx context.Context, args []string, stdin io.Reader, stdout io.Writer, stderr *os.File) error {
	if len(args) > 0 && args[0] == partArgument {
		return runPart(ctx, stdin, stdout)
	}
	var s sizes
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.IntVar(&s.tenants, "tenants", 10_000, "how many tenants the fleet has")
	flags.IntVar(&s.few, "few", 10, "how many tenants the small fleet has, for memory")
	flags.IntVar(&s.sample, "sample", 200, "how many tenants are visited one after another, for all")
	flags.IntVar(&s.repeat, "repeat", 3, "how often a cold tick and its floor are measured, in turns; the best counts")
	flags.IntVar(&s.ticks, "ticks", 1000, "how many ticks the long rows take")
	flags.DurationVar(&s.delay, "delay", 20*time.Millisecond, "the simulated delay of the network")
	flags.DurationVar(&s.settle, "settle", 95*time.Second, "how long a process rests before its connections are counted; they are kept for 90 s")
	flags.StringVar(&s.profile, "profile", "", "write a CPU profile of a cold tick to this `file`")
	only := flags.String("only", "", "measure only this `row`: cold, tutorial, warm, memory or lasting")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 || s.tenants < 1 || s.few < 1 || s.sample < 1 || s.repeat < 1 || s.ticks < 1 {
		return errors.New("the sizes must be 1 at least, and nothing follows the flags")
	}
	measurements, err := chosen(*only)
	if err != nil {
		return err
	}
	b, err := begin(ctx, s, stderr)
	if err != nil {
		return err
	}
	defer b.end()
	var all []measure.Row
	for _, m := range measurements {
		fmt.Fprintf(stderr, "%s measuring: %s\n", time.Now().Format(time.TimeOnly), m.name)
		rows, err := m.measure(ctx, b)
		if err != nil {
			return fmt.Errorf("measure %s: %w", m.name, err)
		}
		all = append(all, rows...)
	}
	return measure.Print(stdout, all)
}
