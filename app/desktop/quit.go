package main

import (
	"os"
	"sync"
	"time"

	"fyne.io/fyne/v2"
)

// leaveWithin is how long Fyne may take to return after it was asked to quit. Fyne 2.8 waits at its end for an event of
// its own, and now and then drops that one before: it then never returns.
const leaveWithin = 5 * time.Second

// runScreen shows the windows until a signal or a person ends the program. Both end the context first, so that the
// program leaves in good order even where Fyne does not return.
func (p *program) runScreen() {
	returned := make(chan struct{})
	var quitting sync.WaitGroup
	quitting.Go(func() {
		<-p.ctx.Done()
		fyne.Do(p.screen.Quit)
		select {
		case <-returned:
		case <-time.After(leaveWithin):
			os.Exit(p.leave())
		}
	})
	p.screen.Run()
	close(returned)
	p.quit() // where Fyne ended by itself
	quitting.Wait()
}
