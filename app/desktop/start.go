package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"

	"partnerdesk/app"
	"partnerdesk/core/journal"
	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
	"partnerdesk/ui"
)

// passphraseVariable holds the passphrase of the data file, as it does for the console.
const passphraseVariable = "PARTNERDESK_PASSPHRASE"

// passphraseOfEnvironment takes the passphrase out of the environment: the browser that a sign-in starts would
// inherit it.
func passphraseOfEnvironment() secret.Text {
	passphrase := secret.New(os.Getenv(passphraseVariable))
	if err := os.Unsetenv(passphraseVariable); err != nil {
		fmt.Fprintln(os.Stderr, "forget", passphraseVariable+":", err)
	}
	return passphrase
}

// makeCacheFolder makes the folder for caches of the operating system's user. Fyne makes its own two levels below it, and
// complains where the first is missing, as in the home of a new user. Where it cannot be made, that complaint is right.
func makeCacheFolder() {
	if folder, err := os.UserCacheDir(); err == nil {
		_ = os.MkdirAll(folder, 0o700)
	}
}

// program is the desktop from its start to its end.
type program struct {
	ctx     context.Context
	quit    context.CancelFunc // ends ctx, and by that the program
	screen  fyne.App
	options app.Options
	tray    *fyne.Menu // nil where there is no tray
	start   *ui.Start
	// background is what runs beside the user interface's goroutine.
	background sync.WaitGroup

	// The start sets these off the user interface's goroutine, one step after the other: they are read after a
	// step, and after the start is closed.
	desk      *app.App
	failure   error
	recovered time.Time // when the backup was made that was put in the place of the data file, if one was
	aside     string    // where the damaged file is kept

	window  *ui.Window // nil until the data directory is open
	crashes *crashes   // nil until then, and where they cannot be kept
	// unseen is set where the system could make no window, so that nobody sees the program.
	unseen atomic.Bool
}

// begin opens the data directory. It returns the window that is to be seen first: the main one, or the one that has
// something to ask or to tell before that. Nil means that the program was ended meanwhile.
func (p *program) begin(passphrase secret.Text) fyne.Window {
	p.start = ui.NewStart(p.ctx, p.screen, ui.StartOptions{
		Open: p.open, Offer: p.offer, Recover: p.recover, Opened: p.opened,
		Quit: p.quit, Do: fyne.Do, Passphrase: passphrase,
	})
	switch {
	case !p.start.Begin():
		return nil
	case p.window != nil:
		return p.window.Window
	}
	return p.start.Window()
}

// asking returns the options with a way to ask for the passphrase.
func (p *program) asking(ask ui.Ask) app.Options {
	o := p.options
	o.Passphrase = ask
	return o
}

// open opens the data directory, and says on standard error too why it does not open: whoever starts the program
// from a terminal looks there.
func (p *program) open(ctx context.Context, ask ui.Ask) error {
	p.desk, p.failure = app.New(ctx, p.asking(ask))
	if p.failure != nil && ctx.Err() == nil {
		fmt.Fprintln(os.Stderr, tenant.Explain(p.failure).Sentence())
	}
	return p.failure
}

func (p *program) offer(ctx context.Context, known secret.Text, failure error) *ui.Backup {
	o := p.options
	if !known.Empty() {
		o.Passphrase = func(_ context.Context, attempt int) (secret.Text, error) {
			if attempt > 1 {
				return secret.Text{}, errors.New("there is no other passphrase to try")
			}
			return known, nil
		}
	}
	b, found := app.Offer(ctx, o, failure)
	if !found {
		return nil
	}
	return &ui.Backup{Name: b.Name, At: b.At}
}

// recover puts the newest good backup in the place of the data file, and keeps what the main window is to say of it.
func (p *program) recover(ctx context.Context, ask ui.Ask) error {
	done, err := app.Recover(ctx, p.asking(ask), "")
	if done.Backup.Name != "" {
		p.recovered = done.Backup.At
		p.aside = done.Aside
	}
	return err
}

// opened shows the main window, and then sets to work what fills it.
func (p *program) opened() {
	var err error
	if p.crashes, err = keepCrashes(p.desk.Options.Data, p.desk.Log); err != nil {
		p.desk.Log.Warn("A crash of this run would leave no report", journal.Component("app"), journal.Failure(err))
	}
	p.window = ui.New(p.ctx, p.screen, options(p.desk, p.tray, p.quit))
	if !p.recovered.IsZero() {
		p.window.TellRecovered(p.recovered, p.aside)
	}
	p.window.Show()
	// After the first frame, with which they would share the processor.
	p.background.Go(p.window.Run)
	p.background.Go(func() { serve(p.ctx, p.desk) })
}

// leave takes everything down, and returns the program's exit status. The app has ended. Where nobody has seen it, it
// says why; by then the data is free for another program.
func (p *program) leave() int {
	if status := p.end(); status != 0 || !p.unseen.Load() {
		return status
	}
	return withoutOpenGL(os.Args[1:])
}

// end takes everything down, and returns the program's exit status. The app has ended.
func (p *program) end() int {
	p.start.Close()
	p.background.Wait()
	if p.window != nil {
		p.window.Close()
	}
	p.crashes.end()
	if p.desk == nil {
		if p.failure == nil || errors.Is(p.failure, context.Canceled) {
			return 0 // the person quit, or the system ended the program
		}
		return 1
	}
	if err := p.desk.Close(); err != nil {
		tell(textNotClosed.With(err))
		return 1
	}
	return 0
}
