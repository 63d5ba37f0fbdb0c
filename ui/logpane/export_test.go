package logpane

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"partnerdesk/core/journal"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
)

// asked opens the sheet of an export.
func (b *bench) asked() *exportSheet {
	b.t.Helper()
	before := b.exporting
	b.export.Press()
	b.q.Await(b.t, "the sheet", func() bool { return b.exporting != before && b.exporting.Open() })
	return b.exporting
}

func (b *bench) ended(s *exportSheet) {
	b.t.Helper()
	b.q.Await(b.t, "the end", func() bool { return s.Job != nil && s.Job.Finished })
}

func TestExportWritesWhatIsShown(t *testing.T) {
	b := open(t, kit.Light)
	b.some()
	b.level.SetSelectedIndex(3)
	b.shows("1 of 5 lines")
	for i, c := range []struct {
		name  string
		lines int
		want  string
	}{
		{"partnerdesk-log-2026-03-14.txt", 1, "ERROR 10 sandbox/Cust10234 console Could not log on: 503 took=34ms\n"},
		{"partnerdesk-log-2026-03-14-2.jsonl", 1, `"step":10`},
		{"partnerdesk-log-2026-03-14-3.csv", 2, "console,ERROR,10,sandbox,Cust10234,,,Could not log on: 503,"},
	} {
		s := b.asked()
		s.format.SetSelectedIndex(i)
		s.Act.Press()
		b.ended(s)
		if got, want := s.Told.Shown.Title, "Saved 1 line of the log to "+filepath.Join("~", c.name)+"."; got != want || s.Act.Visible() {
			t.Errorf("said %q, want %q", got, want)
		}
		path := filepath.Join(b.home, c.name)
		content, err := os.ReadFile(path)
		if text := string(content); err != nil || strings.Count(text, "\n") != c.lines || !strings.Contains(text, c.want) {
			t.Errorf("%s: wrote %q, %v", c.name, text, err)
		}
		if info, err := os.Stat(path); runtime.GOOS != "windows" && (err != nil || info.Mode().Perm() != 0o600) {
			t.Errorf("%s: others may read it: %v, %v", c.name, info, err)
		}
		s.Told.Buttons.Objects[0].(*kit.Button).Press()
		if got := <-b.opened; got != b.home {
			t.Errorf("opened %s", got)
		}
		s.GiveUp()
	}
}

func TestAnExportReplacesAFileOnlyWhenToldTo(t *testing.T) {
	b := open(t, kit.Light)
	b.some()
	path := filepath.Join(b.home, "mine.txt")
	if err := os.WriteFile(path, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := b.asked()
	s.target.Name.SetText("mine")
	s.Act.Press()
	b.ended(s)
	if content, err := os.ReadFile(path); string(content) != "precious" || err != nil || !s.Told.Holds(s.replace) || s.Act.Disabled() {
		t.Fatalf("unasked: %q, %v; it says %+v", content, err, s.Told.Shown)
	}
	s.replace.Press()
	b.ended(s)
	if content, err := os.ReadFile(path); strings.Count(string(content), "\n") != 5 || err != nil || s.Act.Visible() {
		t.Errorf("asked: %q, %v; it says %+v", content, err, s.Told.Shown)
	}
}

// journalOf is a journal of which the test decides what an export does.
type journalOf func(ctx context.Context, w io.Writer) error

func (journalOf) Search(context.Context, journal.Query, func(journal.Event) bool) error { return nil }

func (j journalOf) Export(ctx context.Context, w io.Writer, _ journal.Query, _ journal.Format) (int, error) {
	return 0, j(ctx, w)
}

func TestAnExportSaysHowFarItIsAndEscapeEndsIt(t *testing.T) {
	b := open(t, kit.Light)
	b.some()
	further := make(chan struct{})
	b.o.Journal = journalOf(func(ctx context.Context, w io.Writer) error {
		<-further
		if _, err := io.WriteString(w, "one\ntwo\n"); err != nil {
			return err
		}
		<-ctx.Done()
		_, err := io.WriteString(w, "too late\n")
		return err
	})
	s := b.asked()
	s.format.SetSelectedIndex(1)
	s.Act.Press()
	b.q.Await(t, "a word that it is under way", func() bool { return s.Told.Shown.Title == textExporting.String() })
	close(further)
	b.q.Await(t, "how far it is", func() bool { return s.Told.Shown.Title == "Exporting the log… 40 %" })
	s.Close.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	b.ended(s)
	if left, err := os.ReadDir(b.home); err != nil || len(left) != 0 || s.Open() || len(b.failed) != 0 {
		t.Errorf("left: %v, %v; told: %v", left, err, b.failed)
	}
}

func TestAnExportThatFailsSaysWhy(t *testing.T) {
	b := open(t, kit.Light)
	b.some()
	b.o.Journal = journalOf(func(context.Context, io.Writer) error {
		return &fs.PathError{Op: "write", Path: "log", Err: errors.New("disk full")}
	})
	s := b.asked()
	s.format.SetSelectedIndex(2)
	s.Act.Press()
	b.ended(s)
	if v := s.Told.Shown; !strings.HasPrefix(v.Title, "The log could not be written to ") || !strings.Contains(strings.Join(v.Lines, " "), "isk full") || s.Act.Disabled() {
		t.Errorf("it says %+v", v)
	}
	s.target.Name.SetText("a/b")
	s.Act.Press()
	if s.Told.Shown.Tone != kit.ToneBad || !strings.Contains(s.Told.Shown.Title, "without a folder") {
		t.Errorf("of a wrong name it says %+v", s.Told.Shown)
	}
}

func TestPicturesOfAnExport(t *testing.T) {
	for name, appearance := range map[string]kit.Appearance{"export_light": kit.Light, "export_dark": kit.Dark} {
		t.Run(name, func(t *testing.T) {
			b := open(t, appearance)
			b.window.Resize(fyne.NewSize(900, 420))
			s := b.asked()
			s.target.Take("/home/ada/Documents")
			if appearance == kit.Dark {
				s.format.SetSelectedIndex(2)
				s.Tell(kit.NoticeView{Tone: kit.ToneAccent, Title: textExportingDone.With(40)})
			}
			kittest.AssertPicture(t, name+".png", b.window.Canvas())
		})
	}
}
