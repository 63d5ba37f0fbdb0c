package journal

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"partnerdesk/core/tenant"
)

const (
	// DefaultMaxTotal is how large the folder may grow before the journal warns: 30 full files.
	DefaultMaxTotal = 2 << 30
	// lowSpace is how little room on the disk is worth a warning: a busy day's events.
	lowSpace = 100 << 20
	// measureEvery is how often the folder is measured, unless much is written meanwhile.
	measureEvery = time.Minute
)

// Size is how much room the journal takes and has.
type Size struct {
	// Bytes are those of all programs' files, Files their number.
	Bytes int64
	Files int
	// Oldest is the first day that there is a file of; zero when there is none.
	Oldest time.Time
	// Limit is what Bytes should stay below.
	Limit int64
	// Free are the bytes that the disk has left; -1 when the system does not tell.
	Free int64
}

// Measure returns the size of the journal in dir. A limit of 0 is [DefaultMaxTotal].
func Measure(dir string, limit int64) (Size, error) {
	return measure(dir, limit, freeSpace)
}

func measure(dir string, limit int64, free func(string) (int64, error)) (Size, error) {
	size := Size{Limit: orDefault(limit, DefaultMaxTotal), Free: -1}
	files, err := listFiles(dir)
	if err != nil {
		return size, unusable("measure journal", dir, err)
	}
	for _, f := range files {
		info, err := os.Lstat(filepath.Join(dir, f.name))
		if errors.Is(err, fs.ErrNotExist) {
			continue // pruned since it was listed
		}
		if err != nil {
			return size, unusable("measure journal", dir, err)
		}
		size.Bytes += info.Size()
		size.Files++
	}
	if len(files) > 0 {
		size.Oldest = files[0].day
	}
	if left, err := free(dir); err == nil {
		size.Free = left
	}
	return size, nil
}

// String is the size in words: "12.3 MB in 8 files since 2026-01-31".
func (s Size) String() string {
	if s.Files == 0 {
		return "empty"
	}
	return fmt.Sprintf("%s in %d files since %s", inWords(s.Bytes), s.Files, s.Oldest.Format(dayLayout))
}

// Over reports whether the folder is larger than its limit. Then routine events (those below level Info)
// are not written; nothing is deleted that is younger than the journal keeps its events.
func (s Size) Over() bool { return s.Bytes > s.Limit }

// Scarce reports whether the disk is nearly full.
func (s Size) Scarce() bool { return s.Free >= 0 && s.Free < lowSpace }

// Warning says for people what is wrong with the size, or is nil.
func (s Size) Warning() error {
	const op = "check the journal's size"
	switch {
	case s.Scarce():
		return &tenant.Problem{Op: op, Explanation: tenant.CauseFiles.Explain("The disk with the journal is nearly full.",
			fmt.Sprintf("%s are left, and the journal takes %s.", inWords(s.Free), inWords(s.Bytes)),
			"Make room on the disk. When it is full, events are lost.")}
	case s.Over():
		return &tenant.Problem{Op: op, Explanation: tenant.CauseFiles.Explain("The journal has outgrown its limit.",
			fmt.Sprintf("It takes %s; the limit is %s. Events are kept for 92 days whatever room they take; only routine events are no longer written.", s, inWords(s.Limit)),
			"See in the log what fills it. To make room sooner, export the oldest days and move their files to another place.")}
	}
	return nil
}

// inWords is a number of bytes for people.
func inWords(n int64) string {
	switch {
	case n >= 1<<30:
		return fmt.Sprintf("%.1f GB", float64(n)/(1<<30))
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
	}
	return fmt.Sprintf("%d KB", (n+1023)>>10)
}

// gauge knows the size of the folder as it was at the last measuring.
type gauge struct {
	limit    int64
	free     func(string) (int64, error)
	size     Size
	measured time.Time
	written  int64 // since then, by us
}

// due reports whether it is time to measure.
func (g *gauge) due(at time.Time) bool {
	since := at.Sub(g.measured)
	return since < 0 || since >= measureEvery || g.written >= min(g.limit/16, lowSpace/4)
}

// Warning says for people that the journal has outgrown [Options.MaxTotal], or that the disk is nearly
// full; nil when all is well. It is what was so when an event was last written, or some seconds before.
func (j *Journal) Warning() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.gauge.size.Warning()
}

// watch measures the folder now and then, and writes what has changed: once a day that there is too much,
// and once when that is over.
func (j *Journal) watch(at time.Time) error {
	if !j.gauge.due(at) {
		return nil
	}
	before := j.gauge.size
	size, err := measure(j.files.dir, j.gauge.limit, j.gauge.free)
	if err != nil {
		return err
	}
	j.gauge.size, j.gauge.measured, j.gauge.written = size, at, 0
	j.over.Store(size.Over())
	if warning := size.Warning(); warning != nil && j.firstToday(at, size) {
		return j.files.append(j.note(at, slog.LevelWarn, tenant.Explain(warning).What, Failure(warning), slog.Int64("bytes", size.Bytes), slog.Int64("free", size.Free)))
	}
	if before.Over() && !size.Over() {
		return j.files.append(j.note(at, slog.LevelInfo, "The journal is within its limit again: routine events are written again.", slog.Int64("bytes", size.Bytes)))
	}
	return nil
}

// warnedName is the file that says on which days a warning was written. Without it, a script that runs the
// console every minute would write one every minute.
const warnedName = "warned"

// firstToday reports whether nobody has warned of this today. What cannot be stored is no failure: then a
// warning too many is the smaller evil.
func (j *Journal) firstToday(at time.Time, size Size) bool {
	mark := "limit " + at.UTC().Format(dayLayout)
	if size.Scarce() {
		mark = "disk " + at.UTC().Format(dayLayout)
	}
	path := filepath.Join(j.files.dir, warnedName)
	var kept []string
	if b, err := os.ReadFile(path); err == nil && len(b) < 1<<10 {
		for line := range strings.Lines(string(b)) {
			if line = strings.TrimSpace(line); line == mark {
				return false
			}
			if strings.HasSuffix(line, at.UTC().Format(dayLayout)) {
				kept = append(kept, line)
			}
		}
	}
	_ = os.WriteFile(path, []byte(strings.Join(append(kept, mark), "\n")+"\n"), 0o600)
	return true
}
