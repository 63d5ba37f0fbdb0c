package ui

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
)

// startBench is a start with everything outside of it in the test's hands.
type startBench struct {
	*Start
	t *testing.T
	q *kittest.Queue

	right     string // the passphrase; none is asked for where it is empty
	offered   *Backup
	recovered error // how recovering goes

	mu      sync.Mutex
	failure error // why the data directory does not open
	tried   []string
	seen    []string // the passphrases that Offer and Recover were given

	isOpen, hasQuit bool // belong to the test's goroutine
}

var errStart = &tenant.Problem{Op: "open store", Err: errors.New("broken"),
	Explanation: tenant.CauseFilesBroken.Explain("The data file is damaged.", "It does not hold together.", "Run “partnerdesk-console recover”.")}

func newStartBench(t *testing.T, b *startBench, given string) *startBench {
	b.t, b.q = t, kittest.NewQueue()
	b.Start = NewStart(t.Context(), test.NewTempApp(t), StartOptions{
		Open: b.unlock, Do: b.q.Do, Passphrase: secret.New(given), Appearance: kit.Light,
		Offer: func(_ context.Context, known secret.Text, _ error) *Backup {
			b.note(known, nil)
			return b.offered
		},
		Recover: func(ctx context.Context, ask Ask) error {
			if b.right != "" {
				b.note(ask(ctx, 1))
			}
			if b.recovered == nil {
				b.mend(nil)
			}
			return b.recovered
		},
		Opened: func() { b.isOpen = true },
		Quit:   func() { b.hasQuit = true },
	})
	t.Cleanup(b.Close)
	return b
}

func (b *startBench) note(p secret.Text, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err == nil {
		b.seen = append(b.seen, p.Reveal())
	}
}

func (b *startBench) mend(failure error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.failure = failure
}

// unlock asks as the store does: three times, and then it gives up.
func (b *startBench) unlock(ctx context.Context, ask Ask) error {
	for attempt := 1; b.right != "" && attempt <= 3; attempt++ {
		p, err := ask(ctx, attempt)
		if err != nil {
			return err
		}
		b.mu.Lock()
		b.tried = append(b.tried, p.Reveal())
		b.mu.Unlock()
		if p.Reveal() == b.right {
			break
		}
		if attempt == 3 {
			return &tenant.Problem{Op: "unlock store", Err: errors.New("refused"),
				Explanation: tenant.CauseInput.Explain("The data file cannot be unlocked.", "The passphrase is not the one.", "")}
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.failure
}

// begins begins, and reports whether the window is seen.
func (b *startBench) begins() bool {
	b.t.Helper()
	if !b.Begin() {
		b.t.Fatal("the start was ended")
	}
	return b.window != nil
}

func (b *startBench) until(what string, holds func() bool) {
	b.t.Helper()
	b.q.Await(b.t, what, holds)
}

// types types a passphrase and presses Return.
func (b *startBench) types(passphrase string) {
	b.t.Helper()
	test.Type(b.passphrase, passphrase)
	b.passphrase.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if b.passphrase.Text != "" {
		b.t.Error("the passphrase stays in its field")
	}
}

func (b *startBench) asked() bool { return b.answer != nil }

func TestAStartThatNeedsNobodyShowsNoWindow(t *testing.T) {
	for name, given := range map[string]string{"without a passphrase": "", "with the one it was given": "four words are enough"} {
		t.Run(name, func(t *testing.T) {
			b := newStartBench(t, &startBench{right: given}, given)
			if b.begins() || !b.isOpen {
				t.Errorf("a window is seen, or nothing is open: %t", b.isOpen)
			}
		})
	}
}

func TestAStartAsksForThePassphraseUntilItFits(t *testing.T) {
	b := newStartBench(t, &startBench{right: "four words are enough"}, "")
	if !b.begins() {
		t.Fatal("nobody is asked")
	}
	if b.told.Visible() || !b.passphrase.Password || b.window.Canvas().Focused() != fyne.Focusable(b.passphrase) {
		t.Errorf("the first question begins with %q", b.told.Shown.Title)
	}
	b.types("") // nothing is no attempt
	for n := range 2 {
		b.types("wrong")
		if b.open.Visible() || !b.passphrase.Disabled() || b.progress.Text != textStartOpening.String() {
			t.Error("nothing says that the key is being derived")
		}
		b.until("the next question", b.asked)
		if b.told.Shown.Title != textPassphraseWrong.String() {
			t.Errorf("attempt %d says %q", n+2, b.told.Shown.Title)
		}
	}
	b.types("four words are enough")
	b.until("the end of the start", func() bool { return b.isOpen })
	if want := []string{"wrong", "wrong", "four words are enough"}; !slices.Equal(b.tried, want) {
		t.Errorf("tried %q", b.tried)
	}
}

func TestThreeWrongPassphrasesCanBeTriedAgain(t *testing.T) {
	b := newStartBench(t, &startBench{right: "four words are enough"}, "from the environment")
	if !b.begins() || b.told.Shown.Title != textGivenPassphraseWrong.String() {
		t.Fatalf("the question begins with %q", b.told.Shown.Title)
	}
	b.types("wrong")
	b.until("the last question", b.asked)
	b.types("wrong")
	b.until("the failure", func() bool { return b.again.Visible() })
	if b.told.Shown.Title != "The data file cannot be unlocked." || b.restore.Visible() || b.passphrase.Visible() {
		t.Errorf("it says %q", b.told.Shown.Title)
	}
	test.Tap(b.again)
	b.until("the question", b.asked)
	if b.told.Visible() || len(b.tried) != 3 {
		t.Errorf("a wrong passphrase was tried once more: %q", b.tried)
	}
	b.types("four words are enough")
	b.until("the end of the start", func() bool { return b.isOpen })
}

func TestEscapeAndQuitEndAStartThatAsks(t *testing.T) {
	for name, press := range map[string]func(*startBench){
		"Escape": func(b *startBench) { b.passphrase.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape}) },
		"Quit":   func(b *startBench) { test.Tap(b.quit) },
	} {
		t.Run(name, func(t *testing.T) {
			b := newStartBench(t, &startBench{right: "four words are enough"}, "")
			b.begins()
			press(b)
			if !b.hasQuit {
				t.Fatal("it does not quit")
			}
			b.Close() // ends the question
			if len(b.tried) != 0 || !b.known.Empty() {
				t.Errorf("tried %q", b.tried)
			}
		})
	}
}

func TestAStartThatIsEndedBeforeItHasAnythingToSay(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := NewStart(ctx, test.NewTempApp(t), StartOptions{
		Open: func(ctx context.Context, _ Ask) error {
			cancel()
			<-ctx.Done()
			return ctx.Err()
		},
		Do: func(func()) { t.Error("something came to the window") },
	})
	if s.Begin() || s.Window() != nil {
		t.Error("it goes on")
	}
	s.Close()
}

func TestAStartPutsABackupInThePlaceOfADamagedFile(t *testing.T) {
	b := newStartBench(t, &startBench{right: "four words are enough", failure: errStart,
		offered: &Backup{Name: "partnerdesk-1.db", At: kittest.Noon}, recovered: errors.New("the disk is full")}, "")
	b.begins()
	b.types("four words are enough")
	b.until("the failure", func() bool { return b.restore.Visible() })
	said := strings.Join(b.told.Shown.Lines, "\n")
	for _, want := range []string{"It does not hold together.", "partnerdesk-1.db", "What was changed since " + tenant.Moment(kittest.Noon, kittest.Noon.Location()) + " is lost."} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is missing in %q", want, said)
		}
	}
	if strings.Contains(said, "console") {
		t.Errorf("it sends the person elsewhere: %q", said)
	}
	test.Tap(b.restore)
	if b.progress.Text != textStartRecovering.String() || b.restore.Visible() {
		t.Errorf("under way it says %q", b.progress.Text)
	}
	b.until("the second failure", func() bool { return b.restore.Visible() })
	if !strings.Contains(b.told.Shown.Title+strings.Join(b.told.Shown.Lines, ""), "isk is full") {
		t.Errorf("it says %+v", b.told.Shown)
	}
	b.recovered = nil
	test.Tap(b.restore)
	b.until("the end of the start", func() bool { return b.isOpen })
	for _, p := range b.seen {
		if p != b.right {
			t.Errorf("the passphrase that is known was not used: %q", p)
		}
	}
	if len(b.seen) != 3 {
		t.Errorf("offering and recovering were given %d passphrases", len(b.seen))
	}
}

func TestAFailureWithoutABackupOffersNone(t *testing.T) {
	b := newStartBench(t, &startBench{failure: errStart}, "")
	if !b.begins() || b.restore.Visible() || !b.again.Visible() || !strings.Contains(strings.Join(b.told.Shown.Lines, "\n"), "partnerdesk-console recover") {
		t.Fatalf("it says %+v", b.told.Shown)
	}
	b.mend(nil)
	test.Tap(b.again)
	b.until("the end of the start", func() bool { return b.isOpen })
}
