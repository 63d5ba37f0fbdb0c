// Command desktop is Partnerdesk's window.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	fyneapp "fyne.io/fyne/v2/app"

	"partnerdesk/app"
	"partnerdesk/ui/words"
)

func main() { os.Exit(run()) }

func run() int {
	data := flag.String("data", "", "the data `directory`; default "+app.DataVariable+", else the system's place for it")
	flag.Parse()
	collect(growthAtStart)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	if !hasScreen() {
		tellNoScreen("there is no screen (neither DISPLAY nor WAYLAND_DISPLAY is set)")
		return exitNoScreen
	}
	if err := words.Load(); err != nil {
		fmt.Fprintln(os.Stderr, err) // the window speaks English then
	}
	makeCacheFolder()
	fyneapp.SetMetadata(metadata())
	p := &program{ctx: ctx, quit: stop, screen: fyneapp.NewWithID(metadata().ID), options: app.Options{Program: "desktop", Data: *data}}
	p.tray = enterTray(ctx, p.screen)
	shown := p.begin(passphraseOfEnvironment())
	collect(growthAtWork)
	if shown != nil {
		exitWithoutScreen(p.screen, shown)
		p.background.Go(func() { settle(ctx) })
		p.runScreen()
	}
	stop()
	return p.end()
}
