package journal_test

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"partnerdesk/core/journal"
)

// reference is what q selects when every line of every file is read.
func reference(t testing.TB, dir string, q journal.Query) []journal.Event {
	t.Helper()
	return slices.DeleteFunc(search(t, dir, everything()), func(e journal.Event) bool { return !q.Matches(e) })
}

func sameEvents(a, b []journal.Event) bool {
	return slices.EqualFunc(a, b, func(a, b journal.Event) bool { return fmt.Sprint(a) == fmt.Sprint(b) })
}

// TestARangeOfTimeIsFoundWhole looks for ranges in a file that is large enough to be searched by halves,
// with lines that overtook each other, long lines, and lines that are none.
func TestARangeOfTimeIsFoundWhole(t *testing.T) {
	dir := t.TempDir()
	var b strings.Builder
	const lines = 40_000
	at := func(i int) time.Time { return noon.Add(time.Duration(i) * 500 * time.Millisecond) }
	for i := range lines {
		when := at(i ^ 0x3f) // up to half a minute out of order
		switch {
		case i%5000 == 77:
			b.WriteString(strings.Repeat("not an event ", 30_000) + "\n")
		case i%9000 == 8:
			b.WriteString(eventLine(when, strings.Repeat("long", 20_000)))
		default:
			b.WriteString(eventLine(when, fmt.Sprint(i)))
		}
	}
	write(t, filepath.Join(dir, "x-2025-11-02.jsonl"), b.String())
	for _, c := range [][2]int{{0, 10}, {0, lines}, {39_990, lines}, {20_000, 20_001}, {77, 5077}, {12_345, 12_999}, {-50, -1}, {lines + 64, lines + 70}} {
		q := everything()
		q.Since, q.Until, q.Program = at(c[0]), at(c[1]), "x"
		got := slices.DeleteFunc(search(t, dir, q), func(e journal.Event) bool { return e.Component == "journal" })
		want := slices.DeleteFunc(reference(t, dir, q), func(e journal.Event) bool { return e.Component == "journal" })
		if !sameEvents(got, want) || len(want) < min(c[1], lines)-max(c[0], 0)-10 {
			t.Errorf("%v: %d events, not %d", c, len(got), len(want))
		}
	}
}

func TestAClockSetBackMixesNoTimes(t *testing.T) {
	dir := t.TempDir()
	c := newClock()
	_, log := open(t, journal.Options{Dir: dir, Now: c.now})
	for _, back := range []time.Duration{time.Hour, 2 * time.Hour, 30 * time.Minute, 0} {
		for range 2000 {
			log.Info(c.now().Format(time.RFC3339Nano))
			c.move(3 * time.Second)
		}
		c.move(-back)
	}
	if entries, err := os.ReadDir(dir); len(entries) != 4 || err != nil {
		t.Fatal(entries, err)
	}
	all := search(t, dir, everything())
	if len(all) != 8000 || !slices.IsSortedFunc(all, func(a, b journal.Event) int { return a.Time.Compare(b.Time) }) {
		t.Errorf("%d events, or out of order", len(all))
	}
	for m := -30; m < 400; m += 13 {
		q := everything()
		q.Since = noon.Add(time.Duration(m) * time.Minute)
		q.Until = q.Since.Add(20 * time.Minute)
		if got := search(t, dir, q); !sameEvents(got, reference(t, dir, q)) {
			t.Errorf("at %d minutes: %d events", m, len(got))
		}
	}
}

func TestAFileThatIsPrunedDuringASearchIsNoFailure(t *testing.T) {
	dir := t.TempDir()
	c := newClock()
	_, log := open(t, journal.Options{Dir: dir, Now: c.now})
	for i := range 1501 { // more than a search holds at a time
		if i%500 == 0 && i > 0 {
			c.move(24 * time.Hour)
		}
		log.Info("m")
	}
	n := 0
	err := journal.Search(t.Context(), dir, everything(), func(journal.Event) bool {
		if n++; n == 1 {
			if err := os.Remove(filepath.Join(dir, "console-2025-11-04.jsonl")); err != nil {
				t.Error(err)
			}
		}
		return true
	})
	if n != 1001 || err != nil {
		t.Error(n, err)
	}
}

func FuzzSearchFindsWhatMatches(f *testing.F) {
	f.Add("The tenant runs.", "Åse \"x\" \\ \n\x00", "Cust1", int8(8), "ÅSE", int8(0))
	f.Add("K \u212a İ i ß", "v", "k", int8(0), "k", int8(4))
	f.Add("m", "a\xff", "t\"q", int8(3), "\"q", int8(-4))
	f.Add("m", "token=abc ticket 7T:1234567890", "x", int8(1), "=", int8(1))
	f.Fuzz(func(t *testing.T, message, value, name string, step int8, text string, level int8) {
		dir := t.TempDir()
		c := newClock()
		_, log := open(t, journal.Options{Dir: dir, Now: c.now})
		for i, m := range []string{message, value, name, text} {
			log.Log(t.Context(), slog.Level(level)+slog.Level(i)-1, m, "tenant", name, "registration", value, "step", int(step), value, message)
			c.move(400 * time.Millisecond)
		}
		all := search(t, dir, everything())
		queries := []journal.Query{
			{Level: slog.Level(level)}, {Level: -100, Text: text}, {Level: -100, Tenant: all[0].Tenant}, {Level: -100, Registration: value},
			{Level: -100, Step: all[0].Step, Text: name}, {Level: -100, Since: noon.Add(time.Duration(step) * 100 * time.Millisecond)},
			{Level: -100, Until: noon.Add(time.Duration(step) * 100 * time.Millisecond), Text: message},
		}
		for _, q := range queries {
			if got, want := search(t, dir, q), reference(t, dir, q); !sameEvents(got, want) {
				t.Errorf("%+q: %q, not %q", fmt.Sprint(q), messages(got), messages(want))
			}
		}
	})
}
