package journal_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"partnerdesk/core/journal"
)

// FuzzAnyFileIsGoneOnWith lets a process find any bytes where it goes on to write: its line must be read.
func FuzzAnyFileIsGoneOnWith(f *testing.F) {
	whole := eventLine(noon, "before")
	f.Add([]byte(""))
	f.Add([]byte(whole))
	f.Add([]byte(whole + whole[:30]))                                // killed in the middle of a line
	f.Add([]byte(whole + "\x00\x00\x00\x00"))                        // a power loss
	f.Add([]byte(eventLine(noon.Add(time.Hour), "from the future"))) // the clock was set back
	f.Add([]byte(`{"time":"9999-99-99T99:99:99Z","level":"INFO"}` + "\n"))
	f.Add(bytes.Repeat([]byte("x"), 200_000))
	f.Fuzz(func(t *testing.T, there []byte) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "console-2025-11-02.jsonl"), there, 0o600); err != nil {
			t.Fatal(err)
		}
		_, log := open(t, journal.Options{Dir: dir, Now: newClock().now})
		log.Info("the new line")
		q := everything()
		for range 2 {
			if !slices.Contains(messages(search(t, dir, q)), "the new line") {
				t.Errorf("after %q the new line is not found", there)
			}
			q.Text, q.Since, q.Until = "NEW LINE", noon, noon.Add(time.Nanosecond)
		}
	})
}

func FuzzExportIsATable(f *testing.F) {
	f.Add("It failed.", "anne@example.com", "took", "1s")
	f.Add("=1+1", "-x", "@", "＝")
	f.Add("a\r\nb,\"c\"\x00\x1b\xff", "\n=1", " ", "\u2028")
	f.Fuzz(func(t *testing.T, message, user, key, value string) {
		dir := t.TempDir()
		_, log := open(t, journal.Options{Dir: dir})
		log.Info(message, journal.User(user), key, value)
		rows := table(t, export(t, dir, everything(), journal.CSV))
		if len(rows) != 2 || len(rows[1]) != len(journal.CSVColumns()) {
			t.Fatalf("%q", rows)
		}
		for _, c := range rows[1] {
			if c != "" && strings.ContainsRune("=+-@＝＋－＠\t\r\n", []rune(c)[0]) {
				t.Errorf("%q would be a formula", c)
			}
		}
	})
}
