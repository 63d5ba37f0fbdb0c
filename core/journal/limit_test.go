package journal_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"partnerdesk/core/journal"
	"partnerdesk/core/tenant"
)

const (
	outgrown = "The journal has outgrown its limit."
	full     = "The disk with the journal is nearly full."
	again    = "The journal is within its limit again: routine events are written again."
)

func manyBytes(string) (int64, error) { return 1 << 40, nil }

func TestAJournalThatOutgrowsItsLimitSaysSoAndKeepsEverything(t *testing.T) {
	dir := t.TempDir()
	c := newClock()
	old := filepath.Join(dir, "desktop-2025-08-03.jsonl") // the oldest day of the 92
	write(t, old, eventLine(time.Date(2025, 8, 3, 0, 0, 0, 0, time.UTC), "old "+strings.Repeat("x", 3000)))
	write(t, filepath.Join(dir, "desktop-2025-11-01.jsonl"), "")
	j, log := open(t, journal.Options{Dir: dir, Now: c.now, MaxTotal: 4000, FreeSpace: manyBytes})
	log.Debug("routine 1")
	if err := j.Warning(); err != nil {
		t.Fatal(err)
	}
	log.Info("large " + strings.Repeat("x", 1000))
	c.move(time.Minute)
	log.Info("measured")
	if e := tenant.Explain(j.Warning()); e.What != outgrown || e.Cause != tenant.CauseFiles || !strings.Contains(e.Why, "5 KB in 3 files since 2025-08-03; the limit is 4 KB") {
		t.Error(e.What, e.Why)
	}
	log.Debug("routine 2")
	for range 3 { // no more warnings today, from no process
		c.move(time.Hour)
		log.Info("hourly")
		_, script := open(t, journal.Options{Dir: dir, Now: c.now, MaxTotal: 4000, FreeSpace: manyBytes})
		script.Debug("routine 3")
	}
	c.move(10 * time.Hour)
	log.Info("the next day")
	if err := os.Remove(old); err != nil { // somebody has made room
		t.Fatal(err)
	}
	c.move(time.Minute)
	log.Info("measured")
	log.Debug("routine 4")
	got := messages(search(t, dir, journal.Query{Level: slog.LevelDebug, Since: noon}))
	got = slices.DeleteFunc(got, func(m string) bool { return strings.HasPrefix(m, "large") })
	want := []string{"routine 1", outgrown, "measured", "hourly", "hourly", "hourly", outgrown, "the next day", again, "measured", "routine 4"}
	if !slices.Equal(got, want) || j.Warning() != nil {
		t.Errorf("%q, %v", got, j.Warning())
	}
}

func TestMuchThatIsWrittenAtOnceIsMeasured(t *testing.T) {
	dir := t.TempDir()
	j, log := open(t, journal.Options{Dir: dir, Now: newClock().now, MaxTotal: 20_000, FreeSpace: manyBytes})
	for range 100 { // within one moment of the clock
		log.Debug("m", "filler", strings.Repeat("x", 1000))
	}
	size, err := journal.Measure(dir, 20_000)
	if err != nil || j.Warning() == nil || !size.Over() || size.Bytes > 24_000 || size.Files != 1 || size.Free <= 0 {
		t.Error(size.Bytes, size.Free, err, j.Warning())
	}
}

func TestADiskThatIsNearlyFullIsTold(t *testing.T) {
	dir := t.TempDir()
	c := newClock()
	free := int64(100<<20 - 1)
	j, log := open(t, journal.Options{Dir: dir, Now: c.now, FreeSpace: func(d string) (int64, error) {
		if d != dir {
			t.Error(d)
		}
		return free, nil
	}})
	log.Debug("routine")
	if e := tenant.Explain(j.Warning()); e.What != full || !strings.HasPrefix(e.Why, "100.0 MB are left") {
		t.Error(e.What, e.Why)
	}
	free++
	c.move(time.Minute)
	log.Info("later")
	if got := messages(search(t, dir, everything())); !slices.Equal(got, []string{full, "routine", "later"}) || j.Warning() != nil {
		t.Errorf("%q %v", got, j.Warning())
	}
}

func TestMeasureOfAFolderThatIsNotThere(t *testing.T) {
	size, err := journal.Measure(filepath.Join(t.TempDir(), "none"), 0)
	if err != nil || size.Bytes != 0 || size.Limit != journal.DefaultMaxTotal || !size.Oldest.IsZero() || size.Over() {
		t.Error(size.Bytes, size.Limit, err)
	}
}
