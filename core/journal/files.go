package journal

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	extension = ".jsonl"
	dayLayout = "2006-01-02"
	day       = 24 * time.Hour
)

// file is what the name of a journal file says.
type file struct {
	name    string
	program string
	day     time.Time // its beginning, in UTC
	part    int       // 1 is the one without a number
}

// fileName returns "<program>-2006-01-02.jsonl", and from part 2 on "<program>-2006-01-02.2.jsonl".
func fileName(program string, day time.Time, part int) string {
	name := program + "-" + day.UTC().Format(dayLayout)
	if part > 1 {
		name += "." + strconv.Itoa(part)
	}
	return name + extension
}

// parseName reads a file's name from the right, as a program's name may hold dashes.
func parseName(name string) (file, bool) {
	rest, ok := strings.CutSuffix(name, extension)
	if !ok {
		return file{}, false
	}
	f := file{name: name, part: 1}
	if stem, number, found := strings.Cut(rest, "."); found {
		n, err := strconv.Atoi(number)
		if err != nil || n < 2 || strconv.Itoa(n) != number {
			return file{}, false
		}
		rest, f.part = stem, n
	}
	at := len(rest) - len(dayLayout)
	if at < 2 || rest[at-1] != '-' || !programName.MatchString(rest[:at-1]) {
		return file{}, false
	}
	var err error
	f.day, err = time.Parse(dayLayout, rest[at:])
	f.program = rest[:at-1]
	return f, err == nil
}

// listFiles returns the journal files in dir, oldest first. A folder that is not there has none.
func listFiles(dir string) ([]file, error) {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var files []file
	for _, e := range entries {
		if f, ok := parseName(e.Name()); ok && e.Type().IsRegular() {
			files = append(files, f)
		}
	}
	slices.SortFunc(files, func(a, b file) int {
		return cmp.Or(a.day.Compare(b.day), strings.Compare(a.program, b.program), cmp.Compare(a.part, b.part))
	})
	return files, nil
}

// dayOf returns the beginning of t's day in UTC.
func dayOf(t time.Time) time.Time { return t.UTC().Truncate(day) }
