// Command log shows a long live log that grows in a window of its own, and tells how long the user interface's
// goroutine kept a heartbeat waiting. Without the log view it is the floor of the same: the window and the lines,
// of which nothing is shown. It prints the times in milliseconds as JSON.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"fyne.io/fyne/v2"
	fyneapp "fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/widget"

	"partnerdesk/app/bench/measure"
	"partnerdesk/app/bench/window/pulse"
	"partnerdesk/ui/logview"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "log:", err)
		os.Exit(1)
	}
}

// bench is one run of the program.
type bench struct {
	lines, rate  int
	during       time.Duration
	show, filter bool

	store *logview.Store
	view  *logview.View // nil in the floor
	next  int           // number of the line to come; belongs to one goroutine at a time
}

func run() error {
	var b bench
	flag.IntVar(&b.lines, "lines", 1_000_000, "how many lines are there at the start, and are kept")
	flag.IntVar(&b.rate, "rate", 2000, "how many come in a second")
	flag.DurationVar(&b.during, "for", time.Minute, "how long to measure")
	flag.BoolVar(&b.show, "show", true, "show the log; without it only the window is there")
	flag.BoolVar(&b.filter, "filter", false, "change the text to filter by each second")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	b.store = logview.NewStore(b.lines, "desktop")
	b.append(b.lines)
	fyneapp.SetMetadata(fyne.AppMetadata{ID: "dev.partnerdesk.log", Name: "Log", Migrations: map[string]bool{"fyneDo": true}})
	screen := fyneapp.New()
	window := screen.NewWindow("Log")
	window.SetContent(widget.NewLabel("Nothing of the log is shown."))
	if b.show {
		b.view = logview.NewView(ctx, b.store, fyne.Do)
		window.SetContent(b.view)
		defer b.view.Close()
	}
	window.Resize(fyne.NewSize(1280, 800))

	var told pulse.Result
	var failure error
	var background sync.WaitGroup
	screen.Lifecycle().SetOnStarted(func() {
		background.Go(func() {
			told, failure = b.measure(ctx)
			fyne.Do(screen.Quit)
		})
	})
	window.ShowAndRun()
	stop()
	background.Wait()
	if failure != nil {
		return failure
	}
	return json.NewEncoder(os.Stdout).Encode(told)
}

// measure lets the log grow, and listens to the heartbeat meanwhile.
func (b *bench) measure(ctx context.Context) (pulse.Result, error) {
	const settle = 2 * time.Second // the first frames of a window are not what is measured
	select {
	case <-ctx.Done():
		return pulse.Result{}, context.Cause(ctx)
	case <-time.After(settle):
	}
	ctx, cancel := context.WithTimeout(ctx, b.during)
	defer cancel()
	before, err := measure.ProcessorTime(os.Getpid())
	if err != nil {
		return pulse.Result{}, err
	}
	var busy sync.WaitGroup
	busy.Go(func() { b.grow(ctx) })
	if b.filter && b.show {
		busy.Go(func() { b.refilter(ctx) })
	}
	delays := pulse.Listen(ctx, fyne.Do)
	busy.Wait()
	told := pulse.Of(delays)
	after, err := measure.ProcessorTime(os.Getpid())
	if err != nil {
		return pulse.Result{}, err
	}
	told.Processor = float64(after-before) / float64(b.during)
	memory, err := measure.MemoryOf(os.Getpid())
	told.Resident = memory.Resident
	return told, err
}

// grow appends lines at the rate until ctx ends, many times a second.
func (b *bench) grow(ctx context.Context) {
	const often = 100
	ticker := time.NewTicker(time.Second / often)
	defer ticker.Stop()
	began, from := time.Now(), b.next
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		due := from + int(time.Since(began).Seconds()*float64(b.rate))
		b.append(due - b.next)
		if b.view != nil {
			b.view.Appended()
		}
	}
}

// refilter asks for another text each second, as a person does who looks for something.
func (b *bench) refilter(ctx context.Context) {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for n := 0; ; n++ {
		text := fmt.Sprintf("cust1%d", n%10)
		fyne.Do(func() { _ = b.view.SetFilter(logview.Filter{Search: logview.Search{Text: text}}) }) // plain text is never wrong
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// append adds n lines such as the poller writes.
func (b *bench) append(n int) {
	const batch = 1000
	lines := make([]logview.Line, 0, min(n, batch))
	for ; n > 0; n-- {
		lines = append(lines, line(b.next))
		b.next++
		if len(lines) == batch || n == 1 {
			b.store.Append(lines)
			lines = lines[:0]
		}
	}
}

func line(i int) logview.Line {
	l := logview.Line{Level: logview.Info, Key: fmt.Sprintf("online/Cust1%04d", i%5000), Step: 9, Program: "desktop",
		Time: time.Unix(1_790_000_000, 0).UTC().Add(time.Duration(i) * time.Millisecond)}
	switch {
	case i%97 == 0:
		l.Level = logview.Error
		l.Message = fmt.Sprintf("The log-on failed and is tried again: connection refused retry=%ds", i%300)
	case i%31 == 0:
		l.Level = logview.Warn
		l.Message = fmt.Sprintf("The status service was slow took=%dms host=status.superoffice.com", i%9000)
	default:
		l.Message = fmt.Sprintf("Logged on to context Cust1%04d as Fjellheim Regnskap took=%dms", i%5000, i%700)
	}
	return l
}
