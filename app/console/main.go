// Command console is Partnerdesk without a window: the service console for a server, and a command line
// for scripts. It works on the same data directory as the desktop, at the same time.
//
// Each command has a file of its own; cli.go lists them, session.go opens what they share, and output.go
// is the only place that prints. The exit status is 0 when the command did what it was told, 1 when it
// failed, and 2 when the command line was wrong.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

// The exit statuses.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// run carries one command line out and returns the exit status.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	ctx, release := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer release()
	// The first signal asks the command to leave; with the handler released, a second one ends the
	// program at once.
	defer context.AfterFunc(ctx, release)()

	command, s, err := parse(args, interruptible{ctx, stdin}, stdout, stderr)
	if err == nil && command != nil {
		err = command.Run(ctx, s)
	}
	return s.out.finish(err)
}
