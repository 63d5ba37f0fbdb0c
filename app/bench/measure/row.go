// Package measure is what the benches have in common: a row of the table that they print, and what the system
// tells of a process.
package measure

import (
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"
	"time"
)

// Row is one line of the table: what Partnerdesk takes beside the least that could do the same.
type Row struct {
	What, Ours, FloorIs, Floor, Ratio string
	// Aim is empty for a row that only explains another.
	Aim string
	Met bool
}

// Judged is a row of whatever is compared, with the verdict of whoever compared it.
func Judged(what, ours, floorIs, floor, ratio, aim string, met bool) Row {
	return Row{what, ours, floorIs, floor, ratio, aim, met}
}

// AtMost is a row whose aim is to take no longer than so many times the floor.
func AtMost(what string, ours time.Duration, floorIs string, floor time.Duration, aim float64) Row {
	ratio := float64(ours) / float64(floor)
	return Row{what, Short(ours), floorIs, Short(floor), Times(ratio), fmt.Sprintf("≤ %.3g", aim), ratio <= aim}
}

// FasterBy is a row whose aim is to be so many times as fast as the other way.
func FasterBy(what string, ours time.Duration, otherIs string, other time.Duration, aim float64) Row {
	ratio := float64(other) / float64(ours)
	return Row{what, Short(ours), otherIs, Short(other), Times(ratio), fmt.Sprintf("≥ %.3g times faster", aim), ratio >= aim}
}

// Explaining is a row without an aim.
func Explaining(what string, ours time.Duration, floorIs string, floor time.Duration) Row {
	return Row{what, Short(ours), floorIs, Short(floor), Times(float64(ours) / float64(floor)), "", true}
}

// Times writes a ratio.
func Times(ratio float64) string { return strconv.FormatFloat(ratio, 'f', 2, 64) }

// Short is a time with three digits.
func Short(d time.Duration) string {
	switch {
	case d >= 10*time.Second:
		return d.Round(100 * time.Millisecond).String()
	case d >= time.Second:
		return d.Round(10 * time.Millisecond).String()
	case d >= 10*time.Millisecond:
		return d.Round(100 * time.Microsecond).String()
	}
	return d.Round(10 * time.Microsecond).String()
}

// Count writes a number with its thousands apart.
func Count(n int) string {
	digits := strconv.Itoa(n)
	for at := len(digits) - 3; at > 0; at -= 3 {
		digits = digits[:at] + "," + digits[at:]
	}
	return digits
}

// Megabytes writes a number of bytes.
func Megabytes(n uint64) string { return fmt.Sprintf("%.1f MB", float64(n)/(1<<20)) }

// Print writes the table.
func Print(w io.Writer, rows []Row) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "row\tours\tfloor\tis\tratio\taim\tmet")
	for _, r := range rows {
		met := ""
		switch {
		case r.Aim != "" && r.Met:
			met = "yes"
		case r.Aim != "":
			met = "no"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", r.What, r.Ours, r.Floor, r.FloorIs, r.Ratio, r.Aim, met)
	}
	return t.Flush()
}
