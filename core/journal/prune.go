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
func Prune(dir string, now time.Time, keep time.Duration) (removed []string, err error) {
	files, err := listFiles(dir)
	if err != nil {
		return nil, fmt.Errorf("prune journal: %w", err)
	}
	limit := now.Add(-orDefault(keep, DefaultKeep))
	var problems []error
	for _, f := range files {
		if f.day.Add(day).After(limit) {
			continue
		}
		switch err := os.Remove(filepath.Join(dir, f.name)); {
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
