package journal_test

import (
	"bufio"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"partnerdesk/core/journal"
)

const (
	writerDir     = "JOURNAL_TEST_WRITER_DIR"
	writerName    = "JOURNAL_TEST_WRITER_NAME"
	writerProgram = "JOURNAL_TEST_WRITER_PROGRAM"
	writerEndless = "JOURNAL_TEST_WRITER_ENDLESS"
	writerLines   = 4000
)

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

// TestMain lets the test binary be the other process.
func TestMain(m *testing.M) {
	if dir := os.Getenv(writerDir); dir != "" {
		if err := beWriter(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// beWriter writes numbered lines of all lengths, once the test says so. An endless one says after each that
// it is written.
func beWriter(dir string) error {
	name := os.Getenv(writerName)
	j, err := journal.Open(journal.Options{Dir: dir, Program: os.Getenv(writerProgram), MaxFileSize: 1 << 20})
	if err != nil {
		return err
	}
	fmt.Println("ready")
	if _, err := io.ReadAll(os.Stdin); err != nil { // until the test lets all go at once
		return err
	}
	log := slog.New(j.Handler()).With(journal.Component(name))
	endless := os.Getenv(writerEndless) != ""
	for i := 0; i < writerLines || endless; i++ {
		log.Info("m", "i", i, "filler", strings.Repeat(name, i%3000))
		if err := j.Err(); err != nil {
			return err
		}
		if endless {
			fmt.Println(i)
		}
	}
	return j.Close()
}

// process is a writer in a process of its own.
type process struct {
	*exec.Cmd
	gate io.Closer // closed, it lets the process go
	out  *bufio.Reader
}

func startWriter(t *testing.T, dir, program, name string, env ...string) process {
	t.Helper()
	p := process{Cmd: exec.CommandContext(t.Context(), os.Args[0])}
	p.Env = append(os.Environ(), writerDir+"="+dir, writerName+"="+name, writerProgram+"="+program)
	p.Env = append(p.Env, env...)
	p.Stderr = os.Stderr
	gate, err := p.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := p.StdoutPipe()
	if err == nil {
		err = p.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	p.gate, p.out = gate, bufio.NewReader(out)
	if _, err := p.out.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	return p
}

// TestProcessesMixNoLines has two processes of one program and one of the other write at once, over several
// parts.
func TestProcessesMixNoLines(t *testing.T) {
	dir := t.TempDir()
	writers := []process{
		startWriter(t, dir, "console", "a"), startWriter(t, dir, "console", "b"), startWriter(t, dir, "desktop", "c"),
	}
	for _, w := range writers {
		_ = w.gate.Close()
	}
	for _, w := range writers {
		if err := w.Wait(); err != nil {
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
	if len(seen) != 3 || seen["a"] != writerLines || seen["b"] != writerLines || seen["c"] != writerLines {
		t.Errorf("%v", seen)
	}
}

// TestAWrittenLineOutlivesItsProcess kills a process in the middle of its work. What it had written is
// there, and the next one goes on with clean lines.
func TestAWrittenLineOutlivesItsProcess(t *testing.T) {
	dir := t.TempDir()
	w := startWriter(t, dir, "console", "a", writerEndless+"=1")
	_ = w.gate.Close()
	acknowledged := -1
	for acknowledged < 500 {
		line, err := w.out.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		if _, err := fmt.Sscan(line, &acknowledged); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = w.Wait() // it was killed, and says so
	_, log := open(t, journal.Options{Dir: dir, MaxFileSize: 1 << 20})
	log.Info("after")
	got := search(t, dir, everything())
	if len(got) < acknowledged+2 || got[len(got)-1].Message != "after" {
		t.Fatalf("%d events, %d were acknowledged", len(got), acknowledged+1)
	}
	for i, e := range got[:acknowledged+1] {
		if e.Fields[0].Value != fmt.Sprint(i) {
			t.Fatalf("line %d: %.200s", i, e.Line())
		}
	}
}
