// Command desktop is Partnerdesk's window.
package main

import (
	"context"
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
	collect(growthAtStart)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	if err := words.Load(); err != nil {
		fmt.Fprintln(os.Stderr, err) // the window speaks English then
	}
	data, status, read := arguments(os.Args[1:])
	if !read {
		return status
	}
	if !hasScreen() {
		tell(textNoScreen.String())
		return exitNoScreen
	}
	makeCacheFolder()
	fyneapp.SetMetadata(metadata())
	p := &program{ctx: ctx, quit: stop, screen: fyneapp.NewWithID(metadata().ID), options: app.Options{Program: "desktop", Data: data}}
	p.tray = enterTray(ctx, p.screen)
	shown := p.begin(passphraseOfEnvironment())
	collect(growthAtWork)
	if shown != nil {
		p.watchForWindow(shown)
		p.background.Go(func() { settle(ctx) })
		p.runScreen()
	}
	stop()
	return p.leave()
}
