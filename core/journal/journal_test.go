package journal_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
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
