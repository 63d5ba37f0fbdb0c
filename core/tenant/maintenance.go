package tenant

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Maintenance is when SuperOffice plans to work on its service, as text that people can read and change: windows
// with a semicolon between them, each with its days and its times. A window that ends no later than it begins
// ends on the next day.
//
//	daily 01:00-03:00; Thu 22:00-06:00; Sat 20:00-06:00; 2026-12-01 20:00-05:00
//
// The times are those of [MaintenanceZone]. Empty text means that nothing is planned.
type Maintenance string

// MaintenanceZone is the one that SuperOffice states its windows in, UTC+1 all year
// (docs.superoffice.com, planned maintenance).
func MaintenanceZone() *time.Location { return time.FixedZone("UTC+1", 60*60) }

// DefaultMaintenance are the windows that SuperOffice publishes. The upgrades, every third week on a Tuesday or a
// Friday from 20 to 05, are not among them, as their dates are announced one by one: add them as dates.
func DefaultMaintenance() Maintenance {
	return "daily 01:00-03:00; Thu 22:00-06:00; Sat 20:00-06:00"
}

// window is one of the pieces of a Maintenance.
type window struct {
	days [7]bool   // by time.Weekday
	date time.Time // midnight of the one day, where it is not zero
	from time.Duration
	long time.Duration
}

// Check says what is wrong with the text.
func (m Maintenance) Check() error {
	_, err := m.windows()
	return err
}

// Until reports whether t lies in a planned window, and when it ends. Windows that overlap or touch count as one.
func (m Maintenance) Until(t time.Time) (time.Time, bool) {
	windows, err := m.windows()
	if err != nil {
		return time.Time{}, false
	}
	var end time.Time
	for at := t; ; at = end {
		next := latestEnd(windows, at)
		if next.IsZero() || end.Sub(t) > 7*24*time.Hour { // a week planned through has no end worth naming
			return end, !end.IsZero()
		}
		end = next
	}
}

// latestEnd returns when the last of the windows around t ends; zero where there is none.
func latestEnd(windows []window, t time.Time) time.Time {
	local := t.In(MaintenanceZone())
	midnight := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, local.Location())
	var latest time.Time
	for _, w := range windows {
		for _, day := range []time.Time{midnight.AddDate(0, 0, -1), midnight} { // it may have begun yesterday
			if !w.on(day) {
				continue
			}
			begin := day.Add(w.from)
			if end := begin.Add(w.long); !t.Before(begin) && t.Before(end) && end.After(latest) {
				latest = end
			}
		}
	}
	return latest
}

// Next returns when the first window that begins after t does, and when the planned time that it is a part of
// ends; two zero times where none is to come.
func (m Maintenance) Next(t time.Time) (begin, end time.Time) {
	windows, err := m.windows()
	if err != nil {
		return time.Time{}, time.Time{}
	}
	for _, w := range windows {
		if next := w.next(t); !next.IsZero() && (begin.IsZero() || next.Before(begin)) {
			begin = next
		}
	}
	if !begin.IsZero() {
		end, _ = m.Until(begin)
	}
	return begin, end
}

// next returns when the window begins for the first time after t; zero where it never does again.
func (w window) next(t time.Time) time.Time {
	local := t.In(MaintenanceZone())
	day := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, local.Location())
	if !w.date.IsZero() {
		day = w.date
	}
	for range 8 { // today's may have begun, and then that of today in a week is the next
		if begin := day.Add(w.from); w.on(day) && begin.After(t) {
			return begin
		}
		day = day.AddDate(0, 0, 1)
	}
	return time.Time{}
}

// on reports whether the window begins on a day.
func (w window) on(day time.Time) bool {
	if !w.date.IsZero() {
		return w.date.Equal(day)
	}
	return w.days[day.Weekday()]
}

func (m Maintenance) windows() ([]window, error) {
	var all []window
	for _, text := range strings.Split(string(m), ";") {
		text = strings.TrimSpace(text)
		if text == "" {
			continue
		}
		w, err := parseWindow(text)
		if err != nil {
			return nil, fmt.Errorf("read the maintenance window %q: %w", text, err)
		}
		all = append(all, w)
	}
	return all, nil
}

func parseWindow(text string) (window, error) {
	fields := strings.Fields(text)
	if len(fields) != 2 {
		return window{}, errors.New(`it must have days and times, as in "Thu 22:00-06:00"`)
	}
	var w window
	if err := w.readDays(fields[0]); err != nil {
		return window{}, err
	}
	from, to, found := strings.Cut(fields[1], "-")
	begin, err1 := time.Parse("15:04", from)
	end, err2 := time.Parse("15:04", to)
	if !found || cmp.Or(err1, err2) != nil {
		return window{}, errors.New(`its times must be as in "22:00-06:00"`)
	}
	w.from = time.Duration(begin.Hour())*time.Hour + time.Duration(begin.Minute())*time.Minute
	w.long = end.Sub(begin)
	if w.long <= 0 {
		w.long += 24 * time.Hour
	}
	return w, nil
}

// readDays reads "daily", "Thu", "Mon,Tue", "Mon-Fri" or a date.
func (w *window) readDays(text string) error {
	if strings.EqualFold(text, "daily") {
		w.days = [7]bool{true, true, true, true, true, true, true}
		return nil
	}
	if date, err := time.ParseInLocation(time.DateOnly, text, MaintenanceZone()); err == nil {
		w.date = date
		return nil
	}
	for _, part := range strings.Split(text, ",") {
		first, last, isRange := strings.Cut(part, "-")
		from, to := weekday(first), weekday(last)
		if !isRange {
			to = from
		}
		if from < 0 || to < 0 {
			return errors.New(`its days must be "daily", days as in "Thu", "Mon,Wed" or "Mon-Fri", or a date as in "2026-12-01"`)
		}
		for d := from; ; d = (d + 1) % 7 {
			w.days[d] = true
			if d == to {
				break
			}
		}
	}
	return nil
}

// weekday returns the day of which the text has at least the first three letters, or -1.
func weekday(text string) int {
	return slices.IndexFunc([]time.Weekday{0, 1, 2, 3, 4, 5, 6}, func(d time.Weekday) bool {
		return len(text) >= 3 && len(text) <= len(d.String()) && strings.EqualFold(text, d.String()[:len(text)])
	})
}
