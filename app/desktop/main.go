// Command desktop is Partnerdesk's window.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"syscall"

	fyneapp "fyne.io/fyne/v2/app"

	"partnerdesk/app"
	"partnerdesk/ui"
)

func main() { os.Exit(run()) }

func run() int {
	data := flag.String("data", "", "the data `directory`; default "+app.DataVariable+", else the system's place for it")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	if !hasScreen() {
		tellNoScreen("there is no screen (neither DISPLAY nor WAYLAND_DISPLAY is set)")
		return exitNoScreen
	}
	fyneapp.SetMetadata(metadata())
	screen := fyneapp.NewWithID(metadata().ID)
	desk, err := app.New(ctx, app.Options{Program: "desktop", Data: *data})
	if err != nil {
		return showStartFailure(ctx, screen, err)
	}
	window := ui.New(ctx, screen, options(desk))
	exitWithoutScreen(screen, window.Window)
	var background sync.WaitGroup
	background.Go(window.Run)
	background.Go(func() { serve(ctx, desk) })
	background.Go(func() { quitAfter(ctx, screen) })

	window.ShowAndRun()

	stop()
	background.Wait()
	window.Close()
	if err := desk.Close(); err != nil {
		fmt.Fprintln(os.Stderr, "close:", err)
		return 1
	}
	return 0
}
