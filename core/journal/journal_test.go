package journal_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"partnerdesk/core/journal"
	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

// noon is where the tests' clocks begin.
var noon = time.Date(2025, 11, 2, 12, 0, 0, 123456789, time.UTC)

// clock is a clock that stands still until it is moved.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: noon} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func open(t testing.TB, o journal.Options) (*journal.Journal, *slog.Logger) {
	t.Helper()
	if o.Program == "" {
		o.Program = "console"
	}
	j, err := journal.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := j.Close(); err != nil {
			t.Error(err)
		}
	})
	return j, slog.New(j.Handler())
}

func readFile(t testing.TB, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// all reads every file of a folder.
func all(t testing.TB, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, e := range entries {
		b.WriteString(readFile(t, filepath.Join(dir, e.Name())))
	}
	return b.String()
}

func search(t testing.TB, dir string, q journal.Query) []journal.Event {
	t.Helper()
	var found []journal.Event
	err := journal.Search(t.Context(), dir, q, func(e journal.Event) bool {
		found = append(found, e)
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func everything() journal.Query { return journal.Query{Level: slog.LevelDebug - 100} }

func messages(events []journal.Event) []string {
	var m []string
	for _, e := range events {
		m = append(m, e.Message)
	}
	return m
}

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

func TestCanariesReachNoFile(t *testing.T) {
	dir := t.TempDir()
	_, log := open(t, journal.Options{Dir: dir})
	type canary struct{ name, text, part string }
	var canaries []canary
	for name, c := range secretTexts(t) {
		canaries = append(canaries, canary{name, c[0], c[1]})
	}
	for _, c := range canaries {
		log.Info("message " + c.text)
		log.Info("m", "attr", c.text, slog.Group("g", "inner", c.text), c.text, "v")
		log.With("attr", c.text).WithGroup("g").Info("m", "err", errors.New(c.text), "list", []string{c.text})
		log.Info("m", journal.Failure(fmt.Errorf("do it: %w", errors.New(c.text))), journal.User(c.text), journal.Remote(c.text))
		log.Info("m", journal.Failure(&tenant.Problem{Op: "do", Explanation: tenant.Explanation{Why: c.text, Server: c.text}}))
		log.Info("m", "long", strings.Repeat("x ", 8100)+c.text)
	}
	raw := all(t, dir)
	for _, c := range canaries {
		if strings.Contains(raw, c.part) {
			t.Errorf("%s: %q is in the file", c.name, c.part)
		}
	}
}

func TestKeysThatNameSecrets(t *testing.T) {
	dir := t.TempDir()
	_, log := open(t, journal.Options{Dir: dir})
	masked := []string{"token", "ticket", "accessToken", "client_secret", "Password", "Authorization", "private_key", "PrivateKey", "code", "state",
		"nonce", "code_verifier", "SO-AppToken", "x.code", "set-cookie", "api key", "token_type"}
	for _, key := range masked {
		log.Info("m", key, "canary")
		log.With(slog.Group(key, "inner", "canary", "n", 12345)).Info("m")
		log.WithGroup(key).Info("m", "inner", slog.GroupValue(slog.String("x", "canary")))
	}
	if raw := all(t, dir); strings.Contains(raw, "canary") || strings.Contains(raw, "12345") {
		t.Error(raw)
	}
	for _, key := range []string{"ticket_fingerprint", "tokenFingerprint", "ticket_until", "status_code", "tenant_state", "exit_code", "announcement", "company", "encoding", "estate"} {
		log.Info("m", key, "shown "+key)
		if !strings.Contains(all(t, dir), `"shown `+key+`"`) {
			t.Errorf("%s is masked", key)
		}
	}
	log.Info("m", "ticket", secret.Text{}, "token", "")
	if !strings.Contains(all(t, dir), `"ticket":"","token":""`) {
		t.Error("that there is no secret should show")
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

func TestLevels(t *testing.T) {
	dir := t.TempDir()
	j, log := open(t, journal.Options{Dir: dir})
	log.Debug("yes")
	log.Log(t.Context(), slog.LevelDebug-1, "no")
	j.SetLevel(slog.LevelWarn)
	log.Info("no")
	log.Log(t.Context(), slog.LevelWarn+1, "too")
	if got := search(t, dir, everything()); !slices.Equal(messages(got), []string{"yes", "too"}) || got[1].Level != slog.LevelWarn+1 {
		t.Error(got)
	}
}

func TestModesAndNames(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "journal")
	_, log := open(t, journal.Options{Dir: dir, Now: newClock().now})
	log.Info("m")
	for path, want := range map[string]os.FileMode{dir: 0o700, filepath.Join(dir, "console-2025-11-02.jsonl"): 0o600} {
		info, err := os.Stat(path)
		if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != want {
			t.Error(path, info.Mode(), err)
		}
	}
	for _, name := range []string{"", "a/b", "../x", "a b", ".x"} {
		if _, err := journal.Open(journal.Options{Dir: dir, Program: name}); err == nil {
			t.Errorf("%q was taken for a program's name", name)
		}
	}
}

func TestDayChangeAndParts(t *testing.T) {
	dir := t.TempDir()
	c := newClock()
	_, log := open(t, journal.Options{Dir: dir, Now: c.now, MaxFileSize: 250})
	for range 5 {
		log.Info("0123456789") // 100 bytes: two a part
	}
	c.move(12 * time.Hour)
	log.Info("next day")
	c.move(-12 * time.Hour)
	log.Info("late") // an event of yesterday belongs to yesterday's file
	for name, lines := range map[string]int{
		"console-2025-11-02.jsonl": 2, "console-2025-11-02.2.jsonl": 2, "console-2025-11-02.3.jsonl": 2, "console-2025-11-03.jsonl": 1,
	} {
		if got := readFile(t, filepath.Join(dir, name)); strings.Count(got, "\n") != lines || len(got) > 250 {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestOpenGoesOnWithTheNewestPart(t *testing.T) {
	dir := t.TempDir()
	for range 3 {
		_, log := open(t, journal.Options{Dir: dir, Now: newClock().now, MaxFileSize: 250})
		log.Info("0123456789")
	}
	if got := readFile(t, filepath.Join(dir, "console-2025-11-02.2.jsonl")); strings.Count(got, "\n") != 1 {
		t.Error(got)
	}
}

func TestHalfLineIsMended(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "console-2025-11-02.jsonl")
	half := `{"time":"2025-11-02T12:00:00Z","lev`
	write(t, path, half)
	_, log := open(t, journal.Options{Dir: dir, Now: newClock().now})
	log.Info("one")
	write(t, path, half) // another process dies while ours runs
	log.Info("two")
	log.Info("three")
	got := messages(search(t, dir, everything()))
	want := []string{"A line of the journal cannot be read: it is no event in JSON.", "one", "A line of the journal cannot be read: it is no event in JSON.", "two", "three"}
	if !sameSet(got, want) || strings.Contains(readFile(t, path), "\n\n") {
		t.Errorf("%q", got)
	}
}

func sameSet(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// write appends to a file, as another process would.
func write(t testing.TB, path, text string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err == nil {
		_, err = f.WriteString(text)
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestFailingFileNeverStopsTheProgram(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "journal")
	c := newClock()
	j, log := open(t, journal.Options{Dir: dir, Now: c.now})
	log.Info("before")
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	write(t, dir, "a file where the folder was")
	c.move(2 * time.Second)
	log.Info("lost")
	log.Info("lost")
	if err := j.Err(); err == nil || !strings.HasPrefix(err.Error(), "write journal: ") {
		t.Fatal(err)
	}
	if err := os.Remove(dir); err != nil {
		t.Fatal(err)
	}
	log.Info("after")
	if err := j.Err(); err != nil {
		t.Error(err)
	}
	got := search(t, dir, everything())
	if !slices.Equal(messages(got), []string{"Events could not be written and are lost.", "after"}) || got[0].Fields[0] != (journal.Field{Key: "events", Value: "2"}) {
		t.Errorf("%v", got)
	}
}

func TestDeletedFileIsMadeAgain(t *testing.T) {
	dir := t.TempDir()
	c := newClock()
	j, log := open(t, journal.Options{Dir: dir, Now: c.now})
	log.Info("gone")
	if err := os.Remove(filepath.Join(dir, "console-2025-11-02.jsonl")); err != nil && runtime.GOOS != "windows" {
		t.Fatal(err)
	}
	c.move(time.Second)
	log.Info("there")
	if got := messages(search(t, dir, everything())); got[len(got)-1] != "there" || j.Err() != nil {
		t.Error(got, j.Err())
	}
}

func TestOpenSaysWhyNot(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "x")
	write(t, dir, "")
	if _, err := journal.Open(journal.Options{Dir: dir, Program: "console"}); err == nil || !strings.HasPrefix(err.Error(), "open journal: ") {
		t.Error(err)
	}
}

func TestClose(t *testing.T) {
	dir := t.TempDir()
	j, log := open(t, journal.Options{Dir: dir})
	log.Info("before")
	if err := errors.Join(j.Close(), j.Close()); err != nil {
		t.Error(err)
	}
	log.Info("after")
	r := slog.NewRecord(noon, slog.LevelInfo, "after", 0)
	if err := j.Handler().Handle(context.Background(), r); !errors.Is(err, journal.ErrClosed) {
		t.Error(err)
	}
	if got := search(t, dir, everything()); !slices.Equal(messages(got), []string{"before"}) {
		t.Error(got)
	}
}

func TestChangedNeverBlocks(t *testing.T) {
	j, log := open(t, journal.Options{Dir: t.TempDir()})
	for range 3 {
		log.Info("m")
	}
	<-j.Changed()
	select {
	case <-j.Changed():
		t.Error("more than one signal waits")
	default:
	}
}

func TestGoroutinesShareALogger(t *testing.T) {
	dir := t.TempDir()
	_, log := open(t, journal.Options{Dir: dir, MaxFileSize: 20_000})
	log = log.With("given", "x")
	var group sync.WaitGroup
	for g := range 8 {
		group.Go(func() {
			mine := log.With(journal.Component(fmt.Sprint("g", g)))
			for i := range 100 {
				mine.Info("m", journal.User("u"), "g", g, "i", i)
			}
		})
	}
	group.Wait()
	seen := map[string]int{}
	for _, e := range search(t, dir, everything()) {
		if e.Component != "g"+e.Fields[1].Value || fmt.Sprint(seen[e.Component]) != e.Fields[2].Value {
			t.Fatal(e)
		}
		seen[e.Component]++
	}
	if len(seen) != 8 || seen["g0"] != 100 {
		t.Error(seen)
	}
}

const (
	writerDir   = "JOURNAL_TEST_WRITER_DIR"
	writerName  = "JOURNAL_TEST_WRITER_NAME"
	writerLines = 2000
)

// TestMain lets the test binary be the other process.
func TestMain(m *testing.M) {
	if dir := os.Getenv(writerDir); dir != "" {
		if err := beWriter(dir, os.Getenv(writerName)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func beWriter(dir, name string) error {
	j, err := journal.Open(journal.Options{Dir: dir, Program: "console", MaxFileSize: 1 << 20})
	if err != nil {
		return err
	}
	fmt.Println("ready")
	if _, err := io.ReadAll(os.Stdin); err != nil { // until the test lets all go at once
		return err
	}
	log := slog.New(j.Handler()).With(journal.Component(name))
	for i := range writerLines {
		log.Info("m", "i", i, "filler", strings.Repeat(name, i%3000))
		if err := j.Err(); err != nil {
			return err
		}
	}
	return j.Close()
}

func TestTwoProcessesMixNoLines(t *testing.T) {
	dir := t.TempDir()
	names := []string{"a", "b"}
	var processes []*exec.Cmd
	var gates []io.Closer
	for _, name := range names {
		cmd := exec.CommandContext(t.Context(), os.Args[0])
		cmd.Env = append(os.Environ(), writerDir+"="+dir, writerName+"="+name)
		cmd.Stderr = os.Stderr
		gate, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		out, err := cmd.StdoutPipe()
		if err == nil {
			err = cmd.Start()
		}
		if err == nil {
			_, err = bufio.NewReader(out).ReadString('\n')
		}
		if err != nil {
			t.Fatal(err)
		}
		processes, gates = append(processes, cmd), append(gates, gate)
	}
	for _, g := range gates {
		_ = g.Close()
	}
	for _, p := range processes {
		if err := p.Wait(); err != nil {
			t.Fatal(err)
		}
	}
	seen := map[string]int{}
	for _, e := range search(t, dir, everything()) {
		i := seen[e.Component]
		if e.Message != "m" || e.Fields[0].Value != fmt.Sprint(i) || e.Fields[1].Value != strings.Repeat(e.Component, i%3000) {
			t.Fatalf("%s's line %d: %.200s", e.Component, i, e.Line())
		}
		seen[e.Component]++
	}
	if seen["a"] != writerLines || seen["b"] != writerLines || len(seen) != 2 {
		t.Errorf("%v", seen)
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
