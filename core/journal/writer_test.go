package journal

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// syncs is a writer that tells which of its files it made durable.
func syncs(t *testing.T, maxSize int64) (*writer, *[]string) {
	var names []string
	w := &writer{dir: t.TempDir(), program: "console", max: maxSize}
	w.syncFile = func(f *os.File) error {
		names = append(names, filepath.Base(f.Name()))
		return f.Sync()
	}
	t.Cleanup(func() {
		if err := w.close(); err != nil {
			t.Error(err)
		}
	})
	return w, &names
}

func put(t *testing.T, w *writer, at time.Time, weighty bool) {
	t.Helper()
	if _, err := w.ready(at); err != nil {
		t.Fatal(err)
	}
	if err := w.append(stampLine(at, "0123456789")); err != nil {
		t.Fatal(err)
	}
	if err := w.settle(at, weighty); err != nil {
		t.Fatal(err)
	}
}

func stampLine(at time.Time, message string) []byte {
	return (&encoder{}).finish([]byte(`"console"`), at, 0, message)
}

var midday = time.Date(2025, 11, 2, 12, 0, 0, 0, time.UTC)

func TestWhatIsMadeDurable(t *testing.T) {
	w, names := syncs(t, 1<<20)
	at := midday
	first, second := "console-2025-11-02.jsonl", "console-2025-11-03.jsonl"
	for _, step := range []struct {
		says    string
		after   time.Duration
		weighty bool
		want    []string
	}{
		{"a routine line waits for no disk", 0, false, nil},
		{"a warning does", 0, true, []string{first}},
		{"the next one within a second does not", 999 * time.Millisecond, true, nil},
		{"but the first line after that second does it for it", time.Millisecond, false, []string{first}},
		{"and it is done", time.Hour, false, nil},
		{"a clock that was set back does not put it off", -10 * time.Second, true, []string{first}},
		{"the day's end makes the day durable", 24 * time.Hour, false, []string{first}},
		{"and each day has its own", 0, true, []string{second}},
	} {
		at = at.Add(step.after)
		*names = nil
		put(t, w, at, step.weighty)
		if !slices.Equal(*names, step.want) {
			t.Errorf("%s: %q", step.says, *names)
		}
	}
	*names = nil
	if err := w.finish(); err != nil || !slices.Equal(*names, []string{second}) {
		t.Error(*names, err)
	}
}

func TestAFullPartIsMadeDurable(t *testing.T) {
	w, names := syncs(t, 200)
	for range 3 {
		put(t, w, midday, false)
	}
	if want := []string{"console-2025-11-02.jsonl"}; !slices.Equal(*names, want) {
		t.Error(*names)
	}
}

func TestAClockSetBackBeginsAPart(t *testing.T) {
	w, _ := syncs(t, 1<<20)
	count := func() string {
		files, err := listFiles(w.dir)
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		for _, f := range files {
			b, err := os.ReadFile(filepath.Join(w.dir, f.name))
			if err != nil {
				t.Fatal(err)
			}
			lines = append(lines, strings.Repeat("I", strings.Count(string(b), "\n")))
		}
		return strings.Join(lines, " ")
	}
	at := midday
	for _, step := range []struct {
		after time.Duration
		fresh bool // another process begins
		want  string
	}{
		{0, false, "I"}, {time.Hour, false, "II"},
		{-29 * time.Second, false, "III"}, // one that was overtaken
		{-31 * time.Minute, false, "III I"},
		{10 * time.Minute, true, "III II"}, // still before the end of part 1: it has no say any more
		{-time.Hour, true, "III II I"},
		{3 * time.Hour, false, "III II II"},
	} {
		if at = at.Add(step.after); step.fresh {
			if err := w.close(); err != nil {
				t.Fatal(err)
			}
			w = &writer{dir: w.dir, program: "console", max: 1 << 20}
		}
		put(t, w, at, false)
		if got := count(); got != step.want {
			t.Errorf("%v: %q, not %q", at, got, step.want)
		}
	}
	if err := w.close(); err != nil {
		t.Error(err)
	}
}
