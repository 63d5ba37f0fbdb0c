package ui

import (
	"context"
	"errors"
	"sync"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"partnerdesk/assets"
	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
	"partnerdesk/ui/kit"
)

// Ask gets the passphrase of the data file. Attempt counts from 1, and is more than 1 where the passphrase
// before was wrong. It is called off the user interface's goroutine and waits for the person.
type Ask func(ctx context.Context, attempt int) (secret.Text, error)

// StartOptions are what the start asks of the program. All but Opened and Quit may wait, and is called off the
// user interface's goroutine, one at a time.
type StartOptions struct {
	// Open opens the data directory.
	Open func(ctx context.Context, ask Ask) error
	// Offer finds a backup for the data directory that could not be opened; nil where there is none, or the data
	// file is not the reason. Known is the passphrase that was given last, empty where none was: nobody is asked.
	Offer func(ctx context.Context, known secret.Text, failure error) *Backup
	// Recover puts the newest good backup in the place of the data file.
	Recover func(ctx context.Context, ask Ask) error
	// Opened is called on the user interface's goroutine when the data directory is open, to show the main window.
	Opened func()
	// Quit ends the app.
	Quit func()
	// Do is that of [Options].
	Do func(func())
	// Passphrase is tried before anybody is asked; it may be empty.
	Passphrase secret.Text
	Appearance kit.Appearance
}

// Start opens the data directory, and shows a small window only where that needs a person: for the passphrase, or
// to say why it failed and what can be done. [Start.Begin] begins it and [Start.Close] ends it.
type Start struct {
	app fyne.App
	o   StartOptions
	run *kit.Runner

	// early takes what hops to the user interface's goroutine before the app runs; begun ends that.
	early chan func()
	begun chan struct{}

	mu sync.Mutex
	// known is the passphrase that was given last, so that nobody types it twice in one start.
	known secret.Text
	typed bool

	// The rest belongs to the user interface's goroutine.
	window fyne.Window // nil while nobody has to be told anything
	// answer takes the passphrase that is being asked for; nil while none is.
	answer chan<- secret.Text

	hint       *kit.Paragraph
	passphrase *kit.Entry
	told       *kit.Notice
	progress   *kit.Line
	root       *fyne.Container

	open, again, restore, quit *kit.Button
}

// NewStart makes a start, of which nothing is to be seen yet.
func NewStart(ctx context.Context, a fyne.App, o StartOptions) *Start {
	s := &Start{app: a, o: o, early: make(chan func()), begun: make(chan struct{}), known: o.Passphrase}
	s.run = kit.NewRunner(ctx, s.hop)
	return s
}

// hop takes f to the user interface's goroutine: to Begin, which runs on it, and after that by the app.
func (s *Start) hop(f func()) {
	select {
	case s.early <- f:
	case <-s.begun:
		s.o.Do(f)
	case <-s.run.Ctx.Done():
	}
}

// Begin opens the data directory. It returns when Opened was called, or as soon as the window is shown, which
// the app must run for; false means that ctx ended before that. It must run on the user interface's goroutine
// before the app does.
func (s *Start) Begin() bool {
	defer close(s.begun)
	s.begin()
	kit.LoadFonts() // which takes longer than to open the data directory, mostly
	select {
	case f := <-s.early:
		f()
		return true
	case <-s.run.Ctx.Done():
		return false
	}
}

// Window returns the window, nil while none was needed.
func (s *Start) Window() fyne.Window { return s.window }

// Close ends what is under way, waits for it, and forgets the passphrase. It waits as long as deriving a key
// takes, about a second.
func (s *Start) Close() {
	s.run.Close()
	s.forget()
}

// forget forgets the passphrase.
func (s *Start) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.known = secret.Text{}
}

// begin opens the data directory, and finds out what could be done where that fails.
func (s *Start) begin() {
	s.working(textStartOpening.String())
	kit.Perform(s.run, func(ctx context.Context) (offer *Backup, err error) {
		if err = s.o.Open(ctx, s.ask); err != nil && ctx.Err() == nil {
			offer = s.o.Offer(ctx, s.lastGiven(), err)
		}
		return offer, err
	}, nil, s.opened)
}

func (s *Start) opened(offer *Backup, err error) {
	if err != nil {
		why := tenant.Explain(err)
		if why.Cause == tenant.CauseInput { // what was given does not fit: the next attempt begins with a question
			s.forget()
		}
		s.fail(startFailure(why, offer, time.Local), offer != nil)
		return
	}
	s.o.Opened() // before the small window goes: the app ends with its last window
	if s.window != nil {
		s.window.Close()
	}
}

// putBack puts the backup in the place of the data file, and starts anew with it.
func (s *Start) putBack() {
	s.working(textStartRecovering.String())
	kit.Act(s.run, func(ctx context.Context) error { return s.o.Recover(ctx, s.ask) }, func(err error) {
		switch {
		case errors.Is(err, context.Canceled):
			s.o.Quit()
		case err != nil:
			s.fail(kit.Explain(tenant.Explain(err)), true)
		default:
			s.begin()
		}
	})
}

// lastGiven is the passphrase that was given last; empty where none was.
func (s *Start) lastGiven() secret.Text {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.known
}

// ask answers with the passphrase that was given last, and asks the person where that is not the one.
func (s *Start) ask(ctx context.Context, attempt int) (secret.Text, error) {
	s.mu.Lock()
	known, typed := s.known, s.typed
	s.mu.Unlock()
	if attempt == 1 && !known.Empty() {
		return known, nil
	}
	answer := make(chan secret.Text, 1)
	s.run.Hop(func() { s.question(passphraseNotice(attempt, typed), answer) })
	select {
	case <-ctx.Done():
		return secret.Text{}, ctx.Err()
	case p := <-answer:
		s.mu.Lock()
		defer s.mu.Unlock()
		s.known, s.typed = p, true
		return p, nil
	}
}

// build makes the window when it is needed first.
func (s *Start) build() {
	if s.window != nil {
		return
	}
	s.app.Settings().SetTheme(kit.NewTheme(s.o.Appearance))
	s.window = s.app.NewWindow(textTitle.String())
	s.window.SetIcon(fyne.NewStaticResource("partnerdesk.png", assets.IconPicture))
	s.hint = kit.NewParagraph(textStartHint.String(), kit.Look{})
	s.passphrase = kit.NewPasswordEntry(textStartPassphrase.String())
	s.told, s.progress = kit.NewNotice(), kit.NewLine("", kit.Look{Tone: kit.ColorMuted})
	s.open = kit.NewButton(textStartOpen.String(), nil, "", s.submit)
	s.open.Importance = widget.HighImportance
	s.passphrase.OnSubmitted = func(string) { s.open.Press() }
	s.again = kit.NewButton(textStartAgain.String(), nil, "", s.begin)
	s.restore = kit.NewButton(textStartRecover.String(), nil, "", s.putBack)
	s.restore.Importance = widget.DangerImportance
	s.quit = kit.NewButton(textStartQuit.String(), nil, "", s.o.Quit)
	foot := kit.NewBar(8, s.progress, s.progress, s.quit, s.again, s.restore, s.open)
	s.root = kit.NewInset(18, 16, kit.NewColumn(12, s.hint, s.passphrase, s.told.Container, foot))
	s.window.SetPadded(false)
	s.window.SetContent(s.root)
	s.window.Canvas().SetOnTypedKey(func(key *fyne.KeyEvent) {
		if key.Name == fyne.KeyEscape {
			s.o.Quit()
		}
	})
	s.window.Resize(fyne.NewSize(startWidth, startHeight))
	s.window.CenterOnScreen()
	s.window.Show()
}

// question asks for the passphrase, and hands it to answer.
func (s *Start) question(v kit.NoticeView, answer chan<- secret.Text) {
	s.build()
	s.answer = answer
	s.told.Set(v)
	s.passphrase.SetText("")
	s.passphrase.Enable()
	s.show(s.hint, s.passphrase, s.open)
	s.window.Canvas().Focus(s.passphrase)
}

// submit hands the passphrase over. An empty one is none.
func (s *Start) submit() {
	if s.answer == nil || s.passphrase.Text == "" {
		return
	}
	s.answer <- secret.New(s.passphrase.Text)
	s.answer = nil
	s.passphrase.SetText("")
	s.passphrase.Disable()
	s.working(textStartOpening.String(), s.hint, s.passphrase)
}

// working says what is under way, below what stays to be seen.
func (s *Start) working(what string, stays ...fyne.CanvasObject) {
	if s.window == nil {
		return
	}
	s.told.Set(kit.NoticeView{})
	s.show(stays...)
	s.progress.SetText(what)
}

// fail says what went wrong, with the ways out that there are.
func (s *Start) fail(v kit.NoticeView, offered bool) {
	s.build()
	s.told.Set(v)
	if offered {
		s.show(s.again, s.restore)
	} else {
		s.show(s.again)
	}
	s.window.Canvas().Focus(s.quit)
}

// show shows those parts of the window, besides the notice and Quit, and fits the window around them.
func (s *Start) show(parts ...fyne.CanvasObject) {
	for _, o := range []fyne.CanvasObject{s.hint, s.passphrase, s.open, s.again, s.restore} {
		o.Hide()
	}
	s.progress.SetText("")
	for _, o := range parts {
		o.Show()
	}
	s.root.Refresh()
	s.window.Resize(fyne.NewSize(startWidth, kit.HeightFor(s.root, startWidth)))
}

// The small window is as wide as a sentence is easy to read, and first shown as high as a question is.
const (
	startWidth  = 560
	startHeight = 150
)
