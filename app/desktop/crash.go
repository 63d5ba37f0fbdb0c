package main

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"

	"partnerdesk/core/journal"
)

// Where a crash is written: crashFile while the program runs, and lastCrashFile once a later start has told of it.
const (
	crashFile     = "crash.txt"
	lastCrashFile = "crash-last.txt"
)

// crashes keeps what Go writes when the program crashes, in the data directory: a program with a window is mostly started
// where nobody sees standard error, and on Windows it has none. Such a report has the names of functions and the words of
// the failure; secrets print as a mask there too (core/secret).
type crashes struct {
	folder string
	file   *os.File
}

// keepCrashes begins to keep them. If the last run has left a report, the log is told where it is now.
func keepCrashes(folder string, log *slog.Logger) (*crashes, error) {
	c := &crashes{folder: folder}
	if left, err := os.Stat(c.path(crashFile)); err == nil && left.Size() > 0 {
		if err := os.Rename(c.path(crashFile), c.path(lastCrashFile)); err != nil {
			return nil, fmt.Errorf("put the last crash's report aside: %w", err)
		}
		log.Warn("Partnerdesk crashed the last time it ran", journal.Component("app"), slog.String("report", c.path(lastCrashFile)))
	}
	var err error
	if c.file, err = os.OpenFile(c.path(crashFile), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600); err != nil {
		return nil, fmt.Errorf("keep what a crash would write: %w", err)
	}
	if err := debug.SetCrashOutput(c.file, debug.CrashOptions{}); err != nil {
		_ = c.file.Close()
		return nil, fmt.Errorf("keep what a crash would write: %w", err)
	}
	return c, nil
}

func (c *crashes) path(name string) string { return filepath.Join(c.folder, name) }

// end removes the file, which is empty: a crash would not have come this far.
func (c *crashes) end() {
	if c == nil {
		return
	}
	_ = debug.SetCrashOutput(nil, debug.CrashOptions{}) // taking it back cannot fail
	_ = c.file.Close()
	_ = os.Remove(c.path(crashFile))
}
