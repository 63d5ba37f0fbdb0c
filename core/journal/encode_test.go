package journal_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"partnerdesk/core/journal"
	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

func TestLineHasFixedOrder(t *testing.T) {
	dir := t.TempDir()
	_, log := open(t, journal.Options{Dir: dir, Now: newClock().now})
	log = log.With(journal.Remote("sod.superoffice.com"), slog.Int("before", 1), journal.Component("early"))
	log.Warn("It failed.", "took", 1500*time.Millisecond, journal.Step(tenant.StepExchange), journal.User("anne@example.com"),
		"ok", true, "n", uint(7), "f", 1.5, "list", []string{"a", "b"}, journal.Tenant(tenant.Key{Registration: "sandbox", ContextID: "Cust12345"}),
		journal.Component("keeper"))
	want := `{"time":"2025-11-02T12:00:00.123456789Z","level":"WARN","program":"console","component":"keeper","step":8,` +
		`"registration":"sandbox","tenant":"Cust12345","user":"anne@example.com","remote":"sod.superoffice.com","message":"It failed.",` +
		`"before":1,"took":"1.5s","ok":true,"n":7,"f":1.5,"list":["a","b"]}` + "\n"
	if got := readFile(t, filepath.Join(dir, "console-2025-11-02.jsonl")); got != want {
		t.Errorf("got\n%s\nnot\n%s", got, want)
	}
}

func TestRoundTrip(t *testing.T) {
	dir := t.TempDir()
	_, log := open(t, journal.Options{Dir: dir, Now: newClock().now})
	nasty := "line\nbreak\t\"quote\" \\ \x1b[31mred\x00 ø 🙂 \u202e \u2028"
	log.Info(nasty, journal.Component("poller"), journal.Step(7), journal.Tenant(tenant.Key{Registration: "r", ContextID: "Cust1"}),
		journal.User("u"), journal.Remote("h:1"), slog.Group("http", "method", "GET", slog.Group("answer", "bytes", 3, "text", nasty)), "bad", "a\xffb")
	got := search(t, dir, everything())
	if len(got) != 1 {
		t.Fatal(got)
	}
	want := journal.Event{
		Time: noon, Level: slog.LevelInfo, Program: "console", Component: "poller", Step: 7, Registration: "r", Tenant: "Cust1",
		User: "u", Remote: "h:1", Message: nasty, Fields: []journal.Field{
			{Key: "http.method", Value: "GET"}, {Key: "http.answer.bytes", Value: "3"}, {Key: "http.answer.text", Value: nasty},
			{Key: "bad", Value: `a\xffb`},
		},
	}
	if fmt.Sprint(got[0]) != fmt.Sprint(want) {
		t.Errorf("got\n%#v\nnot\n%#v", got[0], want)
	}
	if raw := all(t, dir); strings.ContainsAny(strings.TrimSuffix(raw, "\n"), "\x1b\x00\n\u202e\u2028") {
		t.Errorf("the file holds control characters: %q", raw)
	}
}

func TestGroupsAndAttributes(t *testing.T) {
	dir := t.TempDir()
	_, base := open(t, journal.Options{Dir: dir, Now: newClock().now})
	a := base.With("a", 1).WithGroup("g").With("b", 2)
	b := a.With("c", 3)
	a.WithGroup("").WithGroup("h").Info("one", "d", 4, journal.Component("inside"))
	b.WithGroup("unused").Info("two")
	a.With("e", 5).Info("three", slog.Group("", "inline", 6), slog.Group("empty"), slog.Attr{})
	base.Info("four", "time", "x", "message", "y", "step", "z", "", "no key")
	var got []string
	for line := range strings.Lines(all(t, dir)) {
		_, rest, _ := strings.Cut(line, `"program":"console",`)
		got = append(got, strings.TrimSpace(rest))
	}
	want := []string{
		`"message":"one","a":1,"g.b":2,"g.h.d":4,"g.h.component":"inside"}`,
		`"message":"two","a":1,"g.b":2,"g.c":3}`,
		`"message":"three","a":1,"g.b":2,"g.e":5,"g.inline":6}`,
		`"message":"four","attr.time":"x","attr.message":"y","attr.step":"z","attr":"no key"}`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nnot\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

type hidden struct{ Password, inner string }

type wantsText struct{ hidden }

func (wantsText) MarshalText() ([]byte, error) { return []byte("its text"), nil }

type panics struct{ hidden }

func (*panics) Error() string { panic("no") }

type endless struct{}

func (e endless) LogValue() slog.Value { return slog.GroupValue(slog.Any("more", e)) }

func TestValuesOfAnyType(t *testing.T) {
	h := hidden{"canary", "canary"}
	var none *panics
	for _, c := range []struct {
		value any
		want  string
	}{
		{h, `"(journal_test.hidden)"`}, {&h, `"(*journal_test.hidden)"`}, {[]any{h, &h, "x", 1, nil}, `["(journal_test.hidden)","(*journal_test.hidden)","x",1,null]`},
		{map[string]string{"a": "canary"}, `"(map[string]string of 1)"`}, {[]byte("canary"), `"([]uint8 of 6)"`}, {json.RawMessage(`"canary"`), `"(json.RawMessage of 8)"`},
		{wantsText{h}, `"its text"`}, {none, `"(*journal_test.panics cannot be printed)"`}, {errors.New("e"), `"e"`}, {nil, "null"},
		{net.IPv4(127, 0, 0, 1), `"127.0.0.1"`}, {tenant.StateRunning, `"Running"`}, {tenant.SystemUser, `"system-user"`}, {tenant.StepPoll, "7"},
		{tenant.Key{Registration: "r", ContextID: "c"}, `"r/c"`}, {secret.New("canary"), `"[secret]"`}, {[]secret.Text{secret.New("canary")}, `["[secret]"]`},
		{noon, `"2025-11-02T12:00:00.123456789Z"`}, {[]int{}, "[]"}, {[]error{errors.New("x")}, `["x"]`}, {func() {}, `"(func())"`},
	} {
		dir := t.TempDir()
		_, log := open(t, journal.Options{Dir: dir})
		log.Info("m", "v", c.value)
		got := all(t, dir)
		if !strings.HasSuffix(got, `,"v":`+c.want+"}\n") || strings.Contains(got, "canary") {
			t.Errorf("%T: %s", c.value, got)
		}
	}
}

func TestLinesAreBounded(t *testing.T) {
	dir := t.TempDir()
	_, log := open(t, journal.Options{Dir: dir})
	long := strings.Repeat("é\x01", 20_000)
	for _, attrs := range [][]any{
		{}, {"a", long}, {"a", long, "b", long, "c", long, "d", long, "e", "short"}, {long, long}, {"list", slices.Repeat([]string{long}, 100)},
		{journal.User(long), journal.Remote(long), journal.Component(long), journal.Tenant(tenant.Key{Registration: long, ContextID: long}), "a", long, "b", long, "c", long},
		{"endless", endless{}}, {"huge", strings.Repeat("x", 3<<20)},
	} {
		log.Info(long, attrs...)
		log.With(attrs...).WithGroup(long).Info(long, attrs...)
	}
	n := 0
	for line := range strings.Lines(all(t, dir)) {
		n++
		if len(line) > 64<<10 || !json.Valid([]byte(line)) || !strings.Contains(line, "[cut, 60000 bytes in all]") {
			t.Errorf("line %d of %d bytes: %.300s", n, len(line), line)
		}
	}
	if got := search(t, dir, everything()); len(got) != 16 || n != 16 {
		t.Errorf("%d lines, %d events", n, len(got))
	}
}

func TestFailureTellsItsParts(t *testing.T) {
	dir := t.TempDir()
	_, log := open(t, journal.Options{Dir: dir, Now: newClock().now})
	p := &tenant.Problem{Op: "exchange", Explanation: tenant.Explanation{What: "It failed.", Why: "Revoked.", Server: "no", Fault: tenant.FaultConsent}, Err: errors.New("cause")}
	log.Error("m", journal.Failure(fmt.Errorf("poll: %w", p)))
	log.Error("m", journal.Failure(nil), journal.Step(0))
	log.Error("m", journal.Failure(errors.New("plain")))
	got := search(t, dir, everything())
	want := []journal.Field{
		{Key: "error", Value: `poll: exchange: cause (server: "no")`}, {Key: "error.what", Value: "It failed."}, {Key: "error.why", Value: "Revoked."},
		{Key: "error.server", Value: "no"}, {Key: "error.fault", Value: "consent"}, {Key: "error.temporary", Value: "false"},
	}
	if !slices.Equal(got[0].Fields, want) || got[1].Fields != nil || !slices.Equal(got[2].Fields, []journal.Field{{Key: "error", Value: "plain"}}) {
		t.Errorf("%v", got)
	}
}

func BenchmarkHandler(b *testing.B) {
	_, ours := open(b, journal.Options{Dir: b.TempDir(), Program: "bench"})
	f, err := os.OpenFile(filepath.Join(b.TempDir(), "plain.jsonl"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = f.Close() })
	plain := slog.New(slog.NewJSONHandler(f, &slog.HandlerOptions{Level: slog.LevelDebug}))
	key := tenant.Key{Registration: "sandbox", ContextID: "Cust12345"}
	event := func(l *slog.Logger) {
		l.Info("Logged on to the tenant as the system user.", journal.Component("poller"), journal.Step(tenant.StepWebServices),
			journal.Tenant(key), journal.Remote("sod2.superoffice.com"), "took", 120*time.Millisecond, "requests", 2)
	}
	var mine, theirs time.Duration
	const block = 500 // in turns, so that a busy machine slows both alike
	b.ReportAllocs()
	for n := 0; n < b.N; n += block {
		start := time.Now()
		for range min(block, b.N-n) {
			event(ours)
		}
		half := time.Now()
		for range min(block, b.N-n) {
			event(plain)
		}
		mine += half.Sub(start)
		theirs += time.Since(half)
	}
	b.ReportMetric(float64(mine.Nanoseconds())/float64(b.N), "ns/event")
	b.ReportMetric(float64(mine)/float64(theirs), "ratio")
}
