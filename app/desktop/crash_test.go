package main

import (
	"bytes"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// crashIn makes this test's own program crash as the desktop would, in the folder that the variable names.
const crashIn = "PARTNERDESK_TEST_CRASH"

func TestACrashLeavesAReportThatTheNextStartTellsOf(t *testing.T) {
	if folder := os.Getenv(crashIn); folder != "" {
		if _, err := keepCrashes(folder, slog.New(slog.DiscardHandler)); err != nil {
			t.Fatal(err)
		}
		done := make(chan struct{})
		go func() {
			defer close(done)
			panic("the teapot is empty")
		}()
		<-done
	}
	folder := t.TempDir()
	crashing := exec.Command(os.Args[0], "-test.run", "^"+t.Name()+"$")
	crashing.Env = append(os.Environ(), crashIn+"="+folder)
	if err := crashing.Run(); err == nil {
		t.Fatal("the program has not crashed")
	}

	var log bytes.Buffer
	c, err := keepCrashes(folder, slog.New(slog.NewJSONHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	report, err := os.ReadFile(filepath.Join(folder, lastCrashFile))
	if err != nil || !strings.Contains(string(report), "the teapot is empty") || !strings.Contains(string(report), "goroutine") {
		t.Errorf("the report is %q, %v", report, err)
	}
	if !strings.Contains(log.String(), lastCrashFile) {
		t.Errorf("the log hears %q", &log)
	}
	c.end()

	log.Reset()
	if c, err = keepCrashes(folder, slog.New(slog.NewJSONHandler(&log, nil))); err != nil {
		t.Fatal(err)
	}
	c.end()
	if log.Len() != 0 {
		t.Errorf("a second start tells once more: %s", &log)
	}
	left, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil || len(left) != 1 || filepath.Base(left[0]) != lastCrashFile {
		t.Errorf("in the folder lie %v, %v", left, err)
	}
}
