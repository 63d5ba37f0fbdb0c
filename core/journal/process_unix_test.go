//go:build linux || darwin

package journal_test

import (
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"partnerdesk/core/journal"
)

// smallFiles says that the test is in the process whose files may not grow.
const smallFiles = "JOURNAL_TEST_SMALL_FILES"

// TestADiskThatFillsUpTearsOneLineOnly lets the system cut a line off in the middle, as a full disk does:
// its process may write files of 4 KB for a while. The limit holds for everything that a process writes, the
// files that the test command keeps of it included, so it runs in one of its own, which keeps none.
func TestADiskThatFillsUpTearsOneLineOnly(t *testing.T) {
	if os.Getenv(smallFiles) == "" {
		own := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
		own.Env = append(os.Environ(), smallFiles+"=1")
		if out, err := own.CombinedOutput(); err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()) {
			t.Fatalf("%v\n%s", err, out)
		}
		return
	}
	signal.Ignore(syscall.SIGXFSZ)
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
