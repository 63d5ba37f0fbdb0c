package journal_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"partnerdesk/core/journal"
)

func TestPruneKeepsExactly(t *testing.T) {
	dir := t.TempDir()
	old := time.Date(2025, 8, 1, 0, 0, 0, 0, time.UTC)
	for _, name := range []string{
		"console-2025-08-01.jsonl", "console-2025-08-01.2.jsonl", "my-desktop-2025-08-01.jsonl", "console-2025-08-02.jsonl",
		"console-2025-08-01.jsonl.bak", "console-2025-08-01.1.jsonl", "console-2025-08-01.02.jsonl", "notes-2025.jsonl", "-2025-08-01.jsonl", "console-2025-13-01.jsonl",
	} {
		write(t, filepath.Join(dir, name), "")
	}
	write(t, filepath.Join(dir, "console-2025-11-01.jsonl"), "") // the program ran until now
	if err := os.Mkdir(filepath.Join(dir, "console-2020-01-01.jsonl"), 0o700); err != nil {
		t.Fatal(err)
	}
	// The last event of 1 August may be of its last nanosecond: its 92 days end with 1 November.
	end := old.Add(93 * 24 * time.Hour)
	if removed, err := journal.Prune(dir, end.Add(-time.Nanosecond), 0); len(removed) != 0 || err != nil {
		t.Error(removed, err)
	}
	removed, err := journal.Prune(dir, end, 0)
	if err != nil || !slices.Equal(removed, []string{"console-2025-08-01.jsonl", "console-2025-08-01.2.jsonl", "my-desktop-2025-08-01.jsonl"}) {
		t.Error(removed, err)
	}
	if removed, err := journal.Prune(dir, end, 91*24*time.Hour); err != nil || !slices.Equal(removed, []string{"console-2025-08-02.jsonl"}) {
		t.Error(removed, err)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 8 {
		t.Error(entries)
	}
	if removed, err := journal.Prune(filepath.Join(dir, "none"), end, 0); removed != nil || err != nil {
		t.Error(removed, err)
	}
}

func TestOpenAndDayChangePrune(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "desktop-2025-08-01.jsonl"), "")
	write(t, filepath.Join(dir, "desktop-2025-08-02.jsonl"), "")
	write(t, filepath.Join(dir, "desktop-2025-11-01.jsonl"), "")
	c := newClock() // 2 November: 1 August is over, 2 August is not
	_, log := open(t, journal.Options{Dir: dir, Now: c.now})
	log.Info("one")
	c.move(12 * time.Hour)
	log.Info("two")
	got := search(t, dir, everything())
	want := []string{"Old journal files were removed.", "one", "Old journal files were removed.", "two"}
	if !slices.Equal(messages(got), want) || got[2].Fields[0].Value != `["desktop-2025-08-02.jsonl"]` {
		t.Errorf("%v", got)
	}
}

// days writes an empty file for each of n days that end with the day of noon.
func days(t *testing.T, dir string, n int) {
	t.Helper()
	for i := range n {
		name := "console-" + noon.AddDate(0, 0, -i).Format(time.DateOnly) + ".jsonl"
		write(t, filepath.Join(dir, name), "")
		at := noon.AddDate(0, 0, -i)
		if err := os.Chtimes(filepath.Join(dir, name), at, at); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAClockThatIsYearsAheadRemovesNothing(t *testing.T) {
	dir := t.TempDir()
	days(t, dir, 92)
	for range 2 { // twice, as it may be wrong at each start
		if removed, err := journal.Prune(dir, noon.AddDate(2, 0, 0), 0); len(removed) != 0 || err != nil {
			t.Fatal(removed, err)
		}
		write(t, filepath.Join(dir, "console-"+noon.AddDate(2, 0, 0).Format(time.DateOnly)+".jsonl"), "")
	}
	// Right again, and with a day between, it keeps the window and no more.
	write(t, filepath.Join(dir, "console-2025-11-04.jsonl"), "")
	removed, err := journal.Prune(dir, noon.AddDate(0, 0, 3), 0)
	if want := []string{"console-2025-08-03.jsonl", "console-2025-08-04.jsonl"}; err != nil || !slices.Equal(removed, want) {
		t.Error(removed, err)
	}
}

func TestAfterALongPauseOldFilesGoADayLater(t *testing.T) {
	dir := t.TempDir()
	days(t, dir, 10)
	c := newClock()
	c.move(365 * 24 * time.Hour)
	_, log := open(t, journal.Options{Dir: dir, Now: c.now})
	log.Info("back")
	if got := messages(search(t, dir, everything())); !slices.Equal(got, []string{"back"}) {
		t.Fatalf("%q", got)
	}
	c.move(24 * time.Hour)
	log.Info("the next day")
	if entries, err := os.ReadDir(dir); len(entries) != 2 || err != nil {
		t.Error(entries, err)
	}
}

// A machine without a battery starts in the past. What is written then is as new as anything.
func TestEventsOfAClockSetForwardAreKept(t *testing.T) {
	dir := t.TempDir()
	days(t, dir, 2)
	c := newClock()
	c.move(-300 * 24 * time.Hour)
	_, log := open(t, journal.Options{Dir: dir, Now: c.now})
	log.Info("written in the wrong year")
	c.move(300*24*time.Hour + time.Hour)
	log.Info("written in the right year")
	c.move(90 * 24 * time.Hour)
	for range 2 {
		log.Info("later")
		c.move(24 * time.Hour)
	}
	if got := messages(search(t, dir, everything())); got[0] != "written in the wrong year" {
		t.Errorf("%q", got)
	}
	for range 4 { // and no longer than its days
		log.Info("later")
		c.move(24 * time.Hour)
	}
	if got := messages(search(t, dir, everything())); slices.Contains(got, "written in the wrong year") {
		t.Errorf("%q", got)
	}
}

func TestDaysAreThoseOfUTC(t *testing.T) {
	dir := t.TempDir()
	auckland := time.FixedZone("NZDT", 13*60*60)
	at := time.Date(2025, 11, 3, 0, 30, 0, 0, auckland) // 2 November, 11:30 UTC
	_, log := open(t, journal.Options{Dir: dir, Now: func() time.Time { return at }})
	log.Info("m")
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 || entries[0].Name() != "console-2025-11-02.jsonl" {
		t.Fatal(entries, err)
	}
	honolulu := time.FixedZone("HST", -10*60*60)
	q := everything()
	q.Since, q.Until = at.In(honolulu), at.Add(time.Second).In(honolulu)
	if got := search(t, dir, q); len(got) != 1 || !got[0].Time.Equal(at) {
		t.Error(got)
	}
}

func TestADayIsClosedAt64MB(t *testing.T) {
	dir := t.TempDir()
	c := newClock()
	_, log := open(t, journal.Options{Dir: dir, Now: c.now})
	log.Info("first")
	path := filepath.Join(dir, "console-2025-11-02.jsonl")
	for part, size := range []int64{63 << 20, 64<<20 - 1} { // the file has holes, and takes no room
		if err := os.Truncate(path, size); err != nil {
			t.Fatal(err)
		}
		log.Info(fmt.Sprint("part ", part+1))
		if _, err := os.Stat(filepath.Join(dir, "console-2025-11-02.2.jsonl")); (err == nil) != (part == 1) {
			t.Errorf("after %d bytes: %v", size, err)
		}
	}
}
