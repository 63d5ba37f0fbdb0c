package journal_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"partnerdesk/core/journal"
	"partnerdesk/core/tenant"
)

// history writes two programs' events on three days and returns their folder.
func history(t testing.TB) string {
	dir := t.TempDir()
	c := newClock()
	_, desktop := open(t, journal.Options{Dir: dir, Program: "desktop", Now: c.now})
	_, console := open(t, journal.Options{Dir: dir, Program: "console", Now: c.now, MaxFileSize: 400})
	for d := range 3 {
		for n := range 3 {
			key := tenant.Key{Registration: "sandbox", ContextID: fmt.Sprint("Cust", n)}
			desktop.Debug(fmt.Sprintf("desktop %d.%d", d, n), journal.Tenant(key), "host", "Åse.example.com")
			c.move(time.Minute)
			console.Warn(fmt.Sprintf("console %d.%d", d, n), journal.Tenant(key), journal.User("Anne Ås"))
			c.move(time.Minute)
		}
		c.move(24 * time.Hour)
	}
	return dir
}

func TestSearchFilters(t *testing.T) {
	dir := history(t)
	debug := slog.LevelDebug
	day2 := noon.Add(24*time.Hour + 6*time.Minute)
	for name, c := range map[string]struct {
		q    journal.Query
		n    int
		want []string // the first
	}{
		"all":          {journal.Query{Level: debug}, 18, []string{"desktop 0.0", "console 0.0", "desktop 0.1"}},
		"level":        {journal.Query{}, 9, []string{"console 0.0", "console 0.1"}},
		"level, high":  {journal.Query{Level: slog.LevelError}, 0, nil},
		"program":      {journal.Query{Level: debug, Program: "desktop"}, 9, []string{"desktop 0.0", "desktop 0.1"}},
		"tenant":       {journal.Query{Level: debug, Tenant: "Cust1"}, 6, []string{"desktop 0.1", "console 0.1", "desktop 1.1"}},
		"tenant, part": {journal.Query{Level: debug, Tenant: "Cust"}, 0, nil},
		"registration": {journal.Query{Level: debug, Registration: "other"}, 0, nil},
		"text":         {journal.Query{Level: debug, Text: "CONSOLE 2"}, 3, []string{"console 2.0"}},
		"text, user":   {journal.Query{Level: debug, Text: "anne å"}, 9, []string{"console 0.0"}},
		"text, field":  {journal.Query{Level: debug, Text: "åSE.EX"}, 9, []string{"desktop 0.0"}},
		"since":        {journal.Query{Level: debug, Since: day2}, 12, []string{"desktop 1.0"}},
		"until":        {journal.Query{Level: debug, Until: day2}, 6, []string{"desktop 0.0"}},
		"between":      {journal.Query{Level: debug, Since: day2, Until: day2.Add(2 * time.Minute)}, 2, []string{"desktop 1.0", "console 1.0"}},
		"limit":        {journal.Query{Level: debug, Limit: 4}, 4, []string{"desktop 0.0", "console 0.0", "desktop 0.1", "console 0.1"}},
	} {
		got := messages(search(t, dir, c.q))
		if len(got) != c.n || !slices.Equal(got[:min(len(c.want), len(got))], c.want) {
			t.Errorf("%s: %d events %q", name, len(got), got)
		}
	}
}

func TestSearchOpensOnlyDaysThatMatch(t *testing.T) {
	dir := history(t)
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries { // a file of another day would be told as broken
		if !strings.Contains(e.Name(), "2025-11-03") {
			if err := os.WriteFile(filepath.Join(dir, e.Name()), []byte("broken\n"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	from := time.Date(2025, 11, 3, 0, 0, 0, 0, time.UTC)
	got := search(t, dir, journal.Query{Level: slog.LevelDebug, Since: from, Until: from.Add(24 * time.Hour)})
	if len(got) != 6 {
		t.Errorf("%q", messages(got))
	}
}

func TestSearchStops(t *testing.T) {
	dir := history(t)
	n := 0
	err := journal.Search(t.Context(), dir, everything(), func(journal.Event) bool {
		n++
		return n < 3
	})
	if n != 3 || err != nil {
		t.Error(n, err)
	}
	if err := journal.Search(t.Context(), filepath.Join(dir, "none"), everything(), nil); err != nil {
		t.Error(err)
	}
	write(t, filepath.Join(dir, "console-2025-11-02.jsonl"), strings.Repeat("\n", 10_000))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := journal.Search(ctx, dir, everything(), func(journal.Event) bool { return true }); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func eventLine(at time.Time, message string) string {
	return fmt.Sprintf(`{"time":%q,"level":"INFO","program":"x","message":%q}`+"\n", at.Format(time.RFC3339Nano), message)
}

func TestSearchPutsNearLinesInOrder(t *testing.T) {
	dir := t.TempDir()
	var b strings.Builder
	for i := range 1000 {
		b.WriteString(eventLine(noon.Add(time.Duration(i^0xff)*time.Millisecond), fmt.Sprint(i^0xff)))
	}
	write(t, filepath.Join(dir, "x-2025-11-02.jsonl"), b.String())
	got := search(t, dir, everything())
	if len(got) != 1000 || !slices.IsSortedFunc(got, func(a, b journal.Event) int { return a.Time.Compare(b.Time) }) {
		t.Error(len(got))
	}
}

// brokenLines are lines that are no events, and what is said of them.
var brokenLines = map[string]string{
	"no JSON":                            "it is no event in JSON",
	`{}`:                                 "it has no time",
	`[]`:                                 "it is no event in JSON",
	`{"time":"2025-11-02T12:00:00Z"`:     "it is no event in JSON",
	`{"time":"2025-11-02T12:00:00Z"}x`:   "it is no event in JSON",
	`{"time":"2025-11-02T12:00:00Z",}`:   "it is no event in JSON",
	`{"time":"yesterday"}`:               "its time cannot be read",
	`{"level":"LOUD"}`:                   "its level cannot be read",
	`{"step":"1"}`:                       "its step cannot be read",
	`{"step":1e3}`:                       "its step cannot be read",
	`{"a":01}`:                           "it is no event in JSON",
	`{"a":[}`:                            "it is no event in JSON",
	`{"a":"\x"}`:                         "it is no event in JSON",
	"{\"a\":\"\x01\"}":                   "it is no event in JSON",
	"\x00\xff\x1b[2J" + canaryTicket:     "it is no event in JSON",
	strings.Repeat("x", 1<<20):           "it is no event in JSON",
	strings.Repeat("x", 1<<20+1):         "it is longer than 1024 KB",
	strings.Repeat("[", 3<<20) + `{"a"`:  "it is longer than 1024 KB",
	`{"a":` + strings.Repeat("[", 1<<19): "it is no event in JSON",
}

func TestBrokenLinesAreTold(t *testing.T) {
	for broken, reason := range brokenLines {
		dir := t.TempDir()
		write(t, filepath.Join(dir, "x-2025-11-02.jsonl"), eventLine(noon, "one")+broken+"\n\n"+eventLine(noon, "two"))
		got := search(t, dir, everything())
		want := []string{"one", "A line of the journal cannot be read: " + reason + ".", "two"}
		if !slices.Equal(messages(got), want) {
			t.Errorf("%.40q: %q", broken, messages(got))
			continue
		}
		if e := got[1]; e.Level != slog.LevelWarn || e.Program != "x" || !e.Time.Equal(noon) || len(fmt.Sprint(e)) > 1000 || strings.Contains(fmt.Sprint(e), canaryTicket) {
			t.Errorf("%.40q: %.2000v", broken, e)
		}
	}
}

func TestManyBrokenLinesAreBounded(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "x-2025-11-02.jsonl"), strings.Repeat("x\n", 100_000)+eventLine(noon, "one"))
	if got := search(t, dir, everything()); len(got) != 21 || got[20].Message != "one" {
		t.Errorf("%d: %q", len(got), messages(got))
	}
}

func TestForeignJSONIsRead(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "x-2025-11-02.jsonl"),
		` { "time" : "2025-11-02T12:00:00Z" , "message" : "a\u00e9\ud83d\ude42" , "n" : -1.5e3, "deep":{"a":["}",{}]}, "no":null, "bad":"`+"a\xff"+`" } `+"\r\n")
	got := search(t, dir, everything())
	want := []journal.Field{{Key: "n", Value: "-1.5e3"}, {Key: "deep", Value: `{"a":["}",{}]}`}, {Key: "no", Value: "null"}, {Key: "bad", Value: "a\uFFFD"}}
	if len(got) != 1 || got[0].Message != "aé🙂" || !slices.Equal(got[0].Fields, want) {
		t.Errorf("%v", got)
	}
}

func TestEventLine(t *testing.T) {
	at := time.Date(2025, 11, 2, 12, 0, 0, 5_000_000, time.Local)
	for want, e := range map[string]journal.Event{
		`12:00:00.005 WARN   8 sandbox/Cust1  It failed. user=anne remote=h:1 took=1s text="a 'b' c" error="x: y"`: {
			Time: at, Level: slog.LevelWarn, Step: 8, Registration: "sandbox", Tenant: "Cust1", Message: "It failed.", User: "anne", Remote: "h:1",
			Fields: []journal.Field{{Key: "took", Value: "1s"}, {Key: "empty", Value: ""}, {Key: "text", Value: `a "b" c`}, {Key: "error", Value: "x: y"}, {Key: "error.why", Value: "z"}},
		},
		`12:00:00.005 INFO     a\nb\x1b\u202e\xff\u2028 ø🙂 k\r=v\t`: {
			Time: at, Message: "a\nb\x1b\u202e\xff\u2028 ø🙂", Fields: []journal.Field{{Key: "k\r", Value: "v\t"}},
		},
		`12:00:00.005 DEBUG    Cust1  m`: {Time: at, Level: slog.LevelDebug, Tenant: "Cust1", Message: "m"},
	} {
		if got := e.Line(); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
	huge := journal.Event{Message: strings.Repeat("x", 1<<20), Fields: slices.Repeat([]journal.Field{{Key: "k", Value: strings.Repeat("\n", 1000)}}, 100)}
	if got := huge.Line(); len(got) > 8<<10 {
		t.Errorf("%d bytes", len(got))
	}
}

func TestEventJSONHasTheKeysOfTheFile(t *testing.T) {
	e := journal.Event{Time: noon, Program: "p", Component: "c", Step: 3, Tenant: "Cust1", Message: "m", Fields: []journal.Field{{Key: "n", Value: "1"}}}
	got, err := e.MarshalJSON()
	want := `{"time":"2025-11-02T12:00:00.123456789Z","level":"INFO","program":"p","component":"c","step":3,"tenant":"Cust1","message":"m","n":"1"}`
	if string(got) != want || err != nil {
		t.Errorf("%s %v", got, err)
	}
}
