//go:build linux || darwin

package journal_test

import (
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"partnerdesk/core/journal"
)

// TestADiskThatFillsUpTearsOneLineOnly lets the system cut a line off in the middle, as a full disk does:
// this process may write files of 4 KB for a while. It runs in the test process, so it is not parallel.
func TestADiskThatFillsUpTearsOneLineOnly(t *testing.T) {
	signal.Ignore(syscall.SIGXFSZ)
	t.Cleanup(func() { signal.Reset(syscall.SIGXFSZ) })
	dir := t.TempDir()
	j, log := open(t, journal.Options{Dir: dir, Now: newClock().now})
	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		t.Fatal(err)
	}
	small := before
	small.Cur = 4 << 10
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &small); err != nil {
		t.Fatal(err)
	}
	log.Info("whole", "filler", strings.Repeat("x", 3000))
	log.Info("torn", "filler", strings.Repeat("x", 3000))
	log.Info("lost")
	failed := j.Err()
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		t.Fatal(err)
	}
	if failed == nil {
		t.Error("a line that was not written is no success")
	}
	if info, err := os.Stat(filepath.Join(dir, "console-2025-11-02.jsonl")); err != nil || info.Size() != 4<<10 {
		t.Fatal(info, err)
	}
	q := everything()
	if got := messages(search(t, dir, q)); !slices.Equal(got, []string{"whole"}) {
		t.Errorf("a reader takes half a line for one: %q", got)
	}
	log.Info("after")
	q.Level = slog.LevelInfo
	got := search(t, dir, q)
	want := []string{"whole", "A line of the journal cannot be read: it is no event in JSON.", "Events could not be written and are lost.", "after"}
	if !sameSet(messages(got), want) {
		t.Errorf("%q", messages(got))
	}
	if i := slices.IndexFunc(got, func(e journal.Event) bool { return e.Message == want[2] }); i < 0 || got[i].Fields[0].Value != "2" {
		t.Errorf("%v", got)
	}
}
