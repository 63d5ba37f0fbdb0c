package journal_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"partnerdesk/core/journal"
	"partnerdesk/core/tenant"
)

const (
	benchLines   = 1_000_000
	benchTenants = 200
)

// longJournal writes a million lines as the poller makes them: both programs, four days, one line in a
// hundred a warning.
func longJournal(b *testing.B) (dir string, began time.Time) {
	b.Helper()
	dir = b.TempDir()
	c := newClock()
	c.move(-12 * time.Hour)
	began = c.now()
	var logs []*slog.Logger
	for _, program := range []string{"console", "desktop"} {
		_, log := open(b, journal.Options{Dir: dir, Program: program, Now: c.now})
		logs = append(logs, log.With(journal.Component("poller")))
	}
	const step = 4 * 24 * time.Hour / benchLines
	for i := range benchLines {
		level, message := slog.LevelInfo, "Logged on to the tenant as the system user."
		switch {
		case i%100 == 0:
			level, message = slog.LevelWarn, "The tenant could not be reached."
		case i%3 == 0:
			level, message = slog.LevelDebug, "The ticket is still good."
		}
		logs[i/1000%2].Log(b.Context(), level, message, journal.Step(tenant.StepWebServices), journal.Remote("sod2.superoffice.com"),
			journal.Tenant(tenant.Key{Registration: "production", ContextID: fmt.Sprint("Cust", 10000+i%benchTenants)}),
			"took", 120*time.Millisecond, "requests", i)
		c.move(step)
	}
	return dir, began
}

// bareScan finds the ends of all lines and does nothing else: what no search can be faster than that reads
// everything.
func bareScan(b *testing.B, dir string) (lines int) {
	b.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		b.Fatal(err)
	}
	for _, e := range entries {
		f, err := os.Open(filepath.Join(dir, e.Name()))
		if err != nil {
			b.Fatal(err)
		}
		r := bufio.NewReaderSize(f, 64<<10)
		for {
			block, err := r.Peek(64 << 10)
			for rest := block; ; lines++ {
				at := bytes.IndexByte(rest, '\n')
				if at < 0 {
					break
				}
				rest = rest[at+1:]
			}
			_, _ = r.Discard(len(block))
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				b.Fatal(err)
			}
		}
		_ = f.Close()
	}
	return lines
}

// BenchmarkSearchAMillionLines compares each kind of search with a bare scan of the same files in the same
// run. The window asks such questions while somebody waits for it.
func BenchmarkSearchAMillionLines(b *testing.B) {
	dir, began := longJournal(b)
	hour := began.Add(30 * time.Hour)
	for _, c := range []struct {
		name  string
		query journal.Query
		found int
	}{
		{"text", journal.Query{Level: slog.LevelDebug, Text: "requests nobody made"}, 0},
		{"text, one tenant's", journal.Query{Level: slog.LevelDebug, Text: "cust10042"}, benchLines / benchTenants},
		{"tenant", journal.Query{Level: slog.LevelDebug, Tenant: "Cust10042"}, benchLines / benchTenants},
		{"level", journal.Query{Level: slog.LevelError}, 0},
		{"warnings of an hour", journal.Query{Level: slog.LevelWarn, Since: hour, Until: hour.Add(time.Hour)}, -1},
		{"the last minute", journal.Query{Level: slog.LevelDebug, Since: began.Add(4*24*time.Hour - time.Minute)}, -1},
		{"first 500 of all", journal.Query{Level: slog.LevelDebug, Limit: 500}, 500},
		{"everything", journal.Query{Level: slog.LevelDebug}, benchLines},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			var ours, bare time.Duration
			for b.Loop() {
				start := time.Now()
				if n := bareScan(b, dir); n != benchLines {
					b.Fatal(n)
				}
				half := time.Now()
				found := 0
				err := journal.Search(b.Context(), dir, c.query, func(journal.Event) bool { found++; return true })
				if err != nil || c.found >= 0 && found != c.found || found == 0 && c.found < 0 {
					b.Fatal(found, err)
				}
				ours += time.Since(half)
				bare += half.Sub(start)
			}
			b.ReportMetric(float64(ours.Milliseconds())/float64(b.N), "ms/search")
			b.ReportMetric(float64(ours)/float64(bare), "ratio")
		})
	}
}
