package journal

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// Prune removes the files of all programs whose every event is older than keep, and returns their names.
// A file goes only as a whole, so each event stays for keep at least. A keep of 0 or less is 92 days.
//
// No single clock reading is trusted with that. The time is counted back from now, but from no later than
// the end of the newest day before today that has a file: so a clock that is years ahead for a moment
// removes nothing that a right clock would keep, and after a long pause the old files go a day later. And
// a file stays that was written to within keep, whatever day its name says.
func Prune(dir string, now time.Time, keep time.Duration) (removed []string, err error) {
	files, err := listFiles(dir)
	if err != nil {
		return nil, fmt.Errorf("prune journal: %w", err)
	}
	limit := trusted(files, now).Add(-orDefault(keep, DefaultKeep))
	var problems []error
	for _, f := range files {
		if f.day.Add(day).After(limit) {
			continue
		}
		path := filepath.Join(dir, f.name)
		info, err := os.Lstat(path)
		// A file from the future says nothing but that a clock was wrong.
		if err == nil && info.ModTime().After(limit) && !info.ModTime().After(now) {
			continue
		}
		if err == nil {
			err = os.Remove(path)
		}
		switch {
		case err == nil:
			removed = append(removed, f.name)
		case !errors.Is(err, os.ErrNotExist): // else the other program was faster
			problems = append(problems, err)
		}
	}
	if len(problems) > 0 {
		return removed, fmt.Errorf("prune journal: %w", errors.Join(problems...))
	}
	return removed, nil
}

// trusted is now, or the end of the newest day before today that has a file.
func trusted(files []file, now time.Time) time.Time {
	var newest time.Time
	for _, f := range files {
		if f.day.Before(dayOf(now)) {
			newest = later(newest, f.day)
		}
	}
	if end := newest.Add(day); end.Before(now) {
		return end
	}
	return now
}
