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
	writerDir   = "JOURNAL_TEST_WRITER_DIR"
	writerName  = "JOURNAL_TEST_WRITER_NAME"
	writerLines = 2000
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
