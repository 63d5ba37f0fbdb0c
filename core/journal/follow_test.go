package journal_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"partnerdesk/core/journal"
)

// followed is a Follow whose clock the test holds.
type followed struct {
	t       *testing.T
	got     chan []journal.Event
	waiting chan time.Duration // Follow asks for a tick, having looked at everything
	ticks   chan time.Time
	stop    func()
}

func follow(t *testing.T, dir string, last int, wake <-chan struct{}) *followed {
	f := &followed{t: t, got: make(chan []journal.Event, 1000), waiting: make(chan time.Duration), ticks: make(chan time.Time)}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	o := journal.FollowOptions{Last: last, Wake: wake, After: func(d time.Duration) <-chan time.Time {
		select {
		case f.waiting <- d:
		case <-ctx.Done():
		}
		return f.ticks
	}}
	go func() { done <- journal.Follow(ctx, dir, o, func(e []journal.Event) { f.got <- e }) }()
	f.stop = func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	t.Cleanup(func() { cancel() })
	if d := <-f.waiting; d != journal.DefaultEvery {
		t.Error(d)
	}
	return f
}

// tick lets Follow look once and returns when it has.
func (f *followed) tick() {
	f.ticks <- noon
	<-f.waiting
}

// expect takes what was delivered by now.
func (f *followed) expect(want ...string) {
	f.t.Helper()
	var got []string
	for len(f.got) > 0 {
		got = append(got, messages(<-f.got)...)
	}
	if !slices.Equal(got, want) {
		f.t.Errorf("got %q, not %q", got, want)
	}
}

func TestFollowAcrossDaysPartsAndPrograms(t *testing.T) {
	dir := t.TempDir()
	c := newClock()
	_, console := open(t, journal.Options{Dir: dir, Program: "console", Now: c.now, MaxFileSize: 250})
	for i := range 5 {
		console.Info(fmt.Sprint("old ", i))
		c.move(time.Second)
	}
	f := follow(t, dir, 3, nil)
	f.expect("old 2", "old 3", "old 4")
	f.tick()
	f.expect()
	_, desktop := open(t, journal.Options{Dir: dir, Program: "desktop", Now: c.now})
	desktop.Info("new program")
	c.move(time.Second)
	for i := range 4 {
		console.Info(fmt.Sprint("part ", i))
		c.move(time.Second)
	}
	desktop.Info("between")
	f.tick()
	f.expect("new program", "part 0", "part 1", "part 2", "part 3", "between")
	c.move(24 * time.Hour)
	desktop.Info("next day, first")
	c.move(time.Second)
	console.Info("next day, second")
	f.tick()
	f.expect("next day, first", "next day, second")
	f.tick()
	f.expect()
	f.stop()
}

func TestFollowIsWoken(t *testing.T) {
	dir := t.TempDir()
	c := newClock()
	j, log := open(t, journal.Options{Dir: dir, Now: c.now})
	f := follow(t, dir, 0, j.Changed())
	for i := range 3 { // no tick comes: every event is delivered because it was written
		want := fmt.Sprint("event ", i)
		log.Info(want)
		if got := messages(<-f.got); !slices.Equal(got, []string{want}) {
			t.Errorf("%q", got)
		}
		c.move(24 * time.Hour)
	}
	f.stop()
}

func TestFollowWaitsForTheRestOfALine(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x-2025-11-02.jsonl")
	line := eventLine(noon, "whole")
	write(t, path, eventLine(noon, "before")+line[:20])
	f := follow(t, dir, 10, nil)
	f.expect("before")
	write(t, path, line[20:40])
	f.tick()
	f.expect()
	write(t, path, line[40:]+"half")
	f.tick()
	f.expect("whole")
	write(t, path, "\n"+eventLine(noon, "after"))
	f.tick()
	f.expect("A line of the journal cannot be read: it is no event in JSON.", "after")
	f.stop()
}

func TestFollowSkipsLongLines(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x-2025-11-02.jsonl")
	f := follow(t, dir, 0, nil)
	long := strings.Repeat("x", 1<<19)
	note := "A line of the journal cannot be read: it is longer than 1024 KB."
	write(t, path, eventLine(noon, "before")+long)
	f.tick()
	f.expect("before")
	write(t, path, long+long)
	f.tick()
	f.expect(note)
	write(t, path, strings.Repeat(long, 9))
	f.tick()
	f.expect()
	write(t, path, "\n"+eventLine(noon, "between")+strings.Repeat(long, 20)+"\n"+eventLine(noon, "after"))
	f.tick()
	f.expect("between", note, "after")
	f.stop()
}

func TestFollowReadsMuchInBatches(t *testing.T) {
	dir := t.TempDir()
	f := follow(t, dir, 0, nil)
	const n = 100_000
	var b strings.Builder
	for i := range n {
		b.WriteString(eventLine(noon, fmt.Sprint(i)))
	}
	write(t, filepath.Join(dir, "x-2025-11-02.jsonl"), b.String())
	f.tick()
	i, batches := 0, 0
	for ; len(f.got) > 0; batches++ {
		for _, e := range <-f.got {
			if e.Message != fmt.Sprint(i) {
				t.Fatalf("%s at %d", e.Message, i)
			}
			i++
		}
	}
	if i != n || batches != b.Len()/(2<<20)+1 {
		t.Errorf("%d events in %d batches", i, batches)
	}
	f.stop()
}

func TestFollowCopesWithFilesThatGoAndCome(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "journal")
	f := follow(t, dir, 5, nil) // the folder is not there yet
	path := filepath.Join(dir, "x-2025-11-02.jsonl")
	f.tick()
	f.expect()
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, path, eventLine(noon, "first"))
	write(t, filepath.Join(dir, "notes.txt"), "not ours\n")
	f.tick()
	f.expect("first")
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	f.tick()
	write(t, path, eventLine(noon, "again"))
	f.tick()
	f.expect("again")
	if err := os.Truncate(path, 0); err != nil {
		t.Fatal(err)
	}
	f.tick()
	write(t, path, eventLine(noon, "anew"))
	f.tick()
	f.expect("anew")
	f.stop()
}

func TestFollowTellsTroubleOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "journal")
	f := follow(t, dir, 0, nil)
	write(t, dir, "") // a file where the folder should be
	f.tick()
	f.tick()
	f.expect("The journal's folder cannot be read.")
	if err := journal.Follow(t.Context(), dir, journal.FollowOptions{}, nil); err == nil {
		t.Error("a folder that is a file was followed")
	}
	if err := os.Remove(dir); err != nil {
		t.Fatal(err)
	}
	f.tick()
	f.expect()
	f.stop()
}

func TestFollowBeginsWithTheNewestOfAll(t *testing.T) {
	dir := history(t)
	for last, want := range map[int][]string{
		0: nil, 1: {"console 2.2"}, 3: {"console 2.1", "desktop 2.2", "console 2.2"},
		8: {"desktop 1.2", "console 1.2", "desktop 2.0", "console 2.0", "desktop 2.1", "console 2.1", "desktop 2.2", "console 2.2"},
	} {
		f := follow(t, dir, last, nil)
		f.expect(want...)
		f.stop()
	}
	f := follow(t, dir, 1000, nil)
	if got := <-f.got; len(got) != 18 || got[0].Message != "desktop 0.0" {
		t.Errorf("%q", messages(got))
	}
	f.stop()
}

func TestFollowFindsFewInLargeFiles(t *testing.T) {
	dir := t.TempDir()
	var b strings.Builder
	for i := range 5000 {
		b.WriteString(eventLine(noon.Add(time.Duration(i)), strings.Repeat("x", 200)+fmt.Sprint(i)))
	}
	write(t, filepath.Join(dir, "x-2025-11-02.jsonl"), b.String())
	f := follow(t, dir, 3000, nil)
	got := <-f.got
	if len(got) != 3000 || !strings.HasSuffix(got[0].Message, "x2000") || !strings.HasSuffix(got[2999].Message, "x4999") {
		t.Error(len(got), got[0].Message)
	}
	f.stop()
}

func TestFollowByItsOwnClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		_, log := open(t, journal.Options{Dir: dir})
		ctx, cancel := context.WithCancel(t.Context())
		got := make(chan []journal.Event, 1)
		done := make(chan error)
		go func() {
			done <- journal.Follow(ctx, dir, journal.FollowOptions{}, func(e []journal.Event) { got <- e })
		}()
		synctest.Wait() // Follow waits for its tick
		start := time.Now()
		log.Info("m")
		if e := <-got; e[0].Message != "m" || time.Since(start) != journal.DefaultEvery {
			t.Error(e, time.Since(start))
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

func TestFollowedFileCanBeRemoved(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x-2025-11-02.jsonl")
	write(t, path, eventLine(noon, "m"))
	f := follow(t, dir, 1, nil)
	f.expect("m")
	if err := os.Remove(path); err != nil { // on Windows too: Follow holds no file open
		t.Error(runtime.GOOS, err)
	}
	f.stop()
}

func FuzzParse(f *testing.F) {
	for line := range brokenLines {
		if len(line) < 1000 {
			f.Add(line)
		}
	}
	f.Add(strings.TrimSpace(eventLine(noon, "m")))
	f.Add(`{"time":"2025-11-02T12:00:00Z","a":[1,{"b":"c\n"}]}`)
	f.Fuzz(func(t *testing.T, line string) {
		line = strings.ReplaceAll(line, "\n", "")
		dir := t.TempDir()
		write(t, filepath.Join(dir, "x-2025-11-02.jsonl"), line+"\n")
		for _, e := range search(t, dir, everything()) {
			if e.Level == slog.LevelWarn || json.Valid([]byte(line)) {
				continue
			}
			t.Errorf("%q was read as %v", line, e)
		}
	})
}
