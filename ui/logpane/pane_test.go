package logpane

import (
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"partnerdesk/core/journal"
	"partnerdesk/core/tenant"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
	"partnerdesk/ui/words"
)

func TestMain(m *testing.M) { kittest.Main(m) }

// bench is a pane in a window, over a journal in a folder of its own.
type bench struct {
	*Pane
	t      *testing.T
	q      *kittest.Queue
	window fyne.Window
	dir    string
	at     time.Time
	failed []error
	copied string
	home   string
	opened chan string
}

func open(t *testing.T, appearance kit.Appearance) *bench {
	t.Helper()
	app := test.NewTempApp(t)
	app.Settings().SetTheme(kit.NewTheme(appearance))
	b := &bench{t: t, q: kittest.NewQueue(), dir: t.TempDir(), at: kittest.Noon, home: t.TempDir(), opened: make(chan string, 1)}
	t.Setenv("HOME", b.home)
	t.Setenv("USERPROFILE", b.home)
	b.window = test.NewTempWindow(t, nil)
	run := kit.NewRunner(t.Context(), b.q.Do)
	b.Pane = New(Options{Run: run, Journal: journal.Folder(b.dir), MaxLines: 10_000,
		Copy: func(text string) { b.copied = text }, Window: b.window, Now: func() time.Time { return kittest.Noon },
		OpenFolder: func(path string) error { b.opened <- path; return nil },
		OnFail:     func(err error) { b.failed = append(b.failed, err) },
	})
	b.window.SetContent(b.Root)
	b.window.Resize(fyne.NewSize(1280, 320))
	t.Cleanup(func() { run.Close(); b.Close() })
	return b
}

// write has a program write to the journal, and gives the pane what the journal then says.
func (b *bench) write(program string, write func(log *slog.Logger)) {
	b.t.Helper()
	j, err := journal.Open(journal.Options{Dir: b.dir, Program: program, Now: func() time.Time {
		b.at = b.at.Add(331 * time.Millisecond)
		return b.at
	}})
	if err != nil {
		b.t.Fatal(err)
	}
	since := b.at.Add(time.Nanosecond)
	write(slog.New(j.Handler()))
	if err := j.Close(); err != nil {
		b.t.Fatal(err)
	}
	var events []journal.Event
	if err := journal.Search(b.t.Context(), b.dir, journal.Query{Since: since, Level: slog.LevelDebug}, func(e journal.Event) bool {
		events = append(events, e)
		return true
	}); err != nil {
		b.t.Fatal(err)
	}
	b.Append(events)
}

// some has both programs write.
func (b *bench) some() {
	key := tenant.Key{Registration: "sandbox", ContextID: "Cust10234"}
	b.write(ownProgram, func(log *slog.Logger) {
		log.Debug("GET /status 200", journal.Tenant(key), journal.Step(7))
		log.Info("Exchanged the token for a ticket", journal.Tenant(key), journal.Step(8), journal.Component("keeper"))
		log.Warn("Not running: Suspended", journal.Tenant(tenant.Key{Registration: "sandbox", ContextID: "Cust20871"}), journal.Step(7))
	})
	b.write(otherProgram, func(log *slog.Logger) {
		log.Info("Listed the tenants", "count", 2)
		log.Error("Could not log on: 503", journal.Tenant(key), journal.Step(10), "took", 34*time.Millisecond)
	})
	b.shows(textLines().Of(5))
}

func (b *bench) shows(counts string) {
	b.t.Helper()
	b.q.Await(b.t, "the log to show "+counts, func() bool { return b.counts.Text == counts })
}

func TestLinesAreFiltered(t *testing.T) {
	b := open(t, kit.Light)
	b.some()
	if !b.clear.Disabled() || b.clear.ToolTip() != textNoFilter.String() {
		t.Error("there is a filter to clear before one is set")
	}
	b.level.SetSelectedIndex(2)
	b.shows("2 of 5 lines")
	b.level.SetSelectedIndex(0)
	b.program.SetSelectedIndex(2)
	b.shows("2 of 5 lines")
	b.program.SetSelectedIndex(0)
	b.step.SetSelectedIndex(7)
	b.shows("2 of 5 lines")
	b.scope.SetSelectedIndex(1)
	b.Choose(tenant.Key{Registration: "sandbox", ContextID: "Cust20871"})
	b.shows("1 of 5 lines")
	b.Choose(tenant.Key{Registration: "sandbox", ContextID: "Cust10234"})
	b.step.SetSelectedIndex(0)
	b.shows("3 of 5 lines")
	b.Filter.SetText("503")
	b.shows("1 of 5 lines")
	test.Tap(b.clear)
	b.shows("5 lines")
}

func TestAWrongExpressionIsToldUnderTheField(t *testing.T) {
	b := open(t, kit.Light)
	b.some()
	b.regexp.SetChecked(true)
	b.Filter.SetText(`(get|on).* [25]0\d`)
	b.shows("2 of 5 lines")
	b.Filter.SetText(`[23`)
	if want := "This is not a regular expression: missing closing ]: [23"; b.problem.Text != want || b.problem.Hidden {
		t.Errorf("says %q, want %q", b.problem.Text, want)
	}
	b.Find()
	b.find.entry.SetText("ok")
	if b.problem.Hidden {
		t.Error("a search that is right hides what is wrong with the filter")
	}
	b.find.entry.SetText("(")
	if b.problem.Hidden || b.find.matches.Text != "" {
		t.Errorf("a search that is wrong says %q, and found %q", b.problem.Text, b.find.matches.Text)
	}
	b.find.entry.SetText("ok")
	b.regexp.SetChecked(false)
	b.shows("0 of 5 lines")
	if !b.problem.Hidden {
		t.Errorf("still says %q", b.problem.Text)
	}
}

func TestMatchesAreGoneThrough(t *testing.T) {
	b := open(t, kit.Light)
	b.some()
	b.Find()
	if b.window.Canvas().Focused() != fyne.Focusable(b.find.entry) {
		t.Error("the keyboard is not in the field")
	}
	says := func(want string) {
		t.Helper()
		b.q.Await(t, want, func() bool { return b.find.matches.Text == want })
	}
	test.Type(b.find.entry, "cust10234")
	says("1 of 3")
	if b.view.Following() || b.follow.Checked {
		t.Error("the lines run on under what was found")
	}
	for _, want := range []string{"2 of 3", "3 of 3", "1 of 3"} {
		b.find.entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		says(want)
	}
	test.Tap(b.find.previous)
	says("3 of 3")
	b.find.entry.SetText("cust1023")
	if b.find.matches.Text != "3 of 3" || b.find.next.Disabled() {
		t.Errorf("before the next search is done it says %q", b.find.matches.Text)
	}
	b.find.entry.SetText("nobody")
	says("No matches")
	b.q.Await(t, "the buttons to have nowhere to go", b.find.next.Disabled)
	b.find.entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if !b.find.root.Hidden || b.window.Canvas().Focused() != fyne.Focusable(b.view) {
		t.Error("Escape does not lead back to the lines")
	}
	if at, n := b.view.Matches(); at != 0 || n != 0 {
		t.Error("a closed search still marks lines")
	}
}

func TestAllFieldsOfALine(t *testing.T) {
	b := open(t, kit.Light)
	b.some()
	b.view.SetCurrent(4)
	b.view.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if b.details.root.Hidden || len(b.details.facts) == 0 {
		t.Error("the details do not open at once")
	}
	b.q.Await(t, "the fields that only the journal has", func() bool { return strings.Contains(plainFacts(b.details.facts), "took: 34ms\n") })
	test.Tap(b.details.copy)
	for _, want := range []string{"Level: ERROR\n", "Step: 10\n", "Program: console\n", "Registration: sandbox\n", "Tenant: Cust10234\n", "Message: Could not log on: 503\n"} {
		if !strings.Contains(b.copied, want) {
			t.Errorf("copied %q, without %q", b.copied, want)
		}
	}
	b.view.TypedKey(&fyne.KeyEvent{Name: fyne.KeyUp})
	b.q.Await(t, "the line above", func() bool { return strings.Contains(plainFacts(b.details.facts), "count: 2\n") })
	test.Tap(b.details.field(kit.Fact{Caption: "count", Value: "2"}).(*fyne.Container).Objects[1].(*fieldValue))
	if b.copied != "2" {
		t.Errorf("a click on a field copied %q", b.copied)
	}
	b.view.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if !b.details.root.Hidden {
		t.Error("Escape does not close the details")
	}
	b.view.SetCurrent(4)
	b.view.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	b.window.Canvas().Focus(b.details.copy)
	b.details.copy.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if !b.details.root.Hidden || b.window.Canvas().Focused() != fyne.Focusable(b.view) {
		t.Error("Escape on a button of the details does not close them, or takes the keyboard elsewhere")
	}
}

func TestTheLinesHandOnWhatTheyHaveNoUseFor(t *testing.T) {
	b := open(t, kit.Light)
	b.some()
	var keys []fyne.KeyName
	b.window.Canvas().SetOnTypedKey(func(key *fyne.KeyEvent) { keys = append(keys, key.Name) })
	b.view.SetCurrent(4)
	for _, key := range []fyne.KeyName{fyne.KeyEscape, fyne.KeyEscape, fyne.KeyF6, fyne.KeyUp} {
		b.view.TypedKey(&fyne.KeyEvent{Name: key})
	}
	if !slices.Equal(keys, []fyne.KeyName{fyne.KeyEscape, fyne.KeyF6}) {
		t.Errorf("handed on: %v", keys)
	}
}

func TestALineThatTheJournalLostIsStillShown(t *testing.T) {
	b := open(t, kit.Light)
	b.Append(kittest.SomeEvents())
	b.shows("12 lines")
	b.view.SetCurrent(11)
	b.details.open()
	b.q.Await(t, "the note", func() bool {
		for _, o := range test.LaidOutObjects(b.details.root) {
			if p, ok := o.(*kit.Paragraph); ok && p.Text == textNotFound.String() {
				return true
			}
		}
		return false
	})
	if text := plainFacts(b.details.facts); !strings.Contains(text, "Message: Could not log on: 503 from the tenant\n") {
		t.Errorf("shows %q", text)
	}
}

func TestJumpToNewest(t *testing.T) {
	b := open(t, kit.Light)
	var many []journal.Event
	for range 20 {
		many = append(many, kittest.SomeEvents()...)
	}
	b.Append(many)
	b.shows("240 lines")
	b.follow.SetChecked(false)
	b.Append(kittest.SomeEvents())
	b.q.Await(t, "the chip", func() bool { return b.newest.Visible() && b.newest.Text == "Jump to newest (12 new)" })
	with := b.Root.MinSize()
	test.Tap(b.newest)
	if !b.view.Following() || !b.follow.Checked || b.newest.Visible() {
		t.Error("the chip does not jump to the newest line")
	}
	if without := b.Root.MinSize(); with != without {
		t.Errorf("the pane asks for %v with the chip and for %v without: the window would grow with it", with, without)
	}
}

func TestPictures(t *testing.T) {
	for name, appearance := range map[string]kit.Appearance{"light": kit.Light, "dark": kit.Dark} {
		t.Run(name, func(t *testing.T) {
			b := open(t, appearance)
			b.picture(name + ".png")
			b.window.Canvas().(interface{ SetScale(float32) }).SetScale(2)
			kittest.AssertPicture(t, name+"_2x.png", b.window.Canvas())
		})
	}
}

func TestPictureInNorwegian(t *testing.T) {
	speak := func(locale string) {
		t.Setenv("LANG", locale)
		t.Setenv("LC_ALL", locale)
		if err := words.Load(); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { speak("en_US.UTF-8") })
	speak("nb_NO.UTF-8")
	open(t, kit.Light).picture("light_nb.png")
}

// picture compares a search and the details of a line with a golden image.
func (b *bench) picture(name string) {
	b.t.Helper()
	b.some()
	b.Find()
	b.find.entry.SetText("cust10234")
	b.q.Await(b.t, "the matches", func() bool { at, n := b.view.Matches(); return at == 1 && n == 3 })
	b.view.SetCurrent(4)
	b.details.open()
	b.q.Await(b.t, "the fields", func() bool { return strings.Contains(plainFacts(b.details.facts), "took: 34ms") })
	b.window.Canvas().Focus(b.view)
	kittest.AssertPicture(b.t, name, b.window.Canvas())
}
