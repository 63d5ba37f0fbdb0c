package main

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"
	"time"
)

// row is one line of the table.
type row struct {
	what, ours, floorIs, floor, ratio string
	// aim is empty for a row that only explains another.
	aim string
	met bool
}

// measurement makes one or some rows.
type measurement struct {
	name    string
	measure func(context.Context, *bench) ([]row, error)
}

func chosen(only string) ([]measurement, error) {
	all := []measurement{
		{"cold", measureCold}, {"tutorial", measureTutorial}, {"warm", measureWarm}, {"memory", measureMemory}, {"lasting", measureLasting},
	}
	if only == "" {
		return all, nil
	}
	for _, m := range all {
		if m.name == only {
			return []measurement{m}, nil
		}
	}
	return nil, fmt.Errorf("there is no row %q", only)
}

// atMost is a row whose aim is to take no longer than so many times the floor.
func atMost(what string, ours time.Duration, floorIs string, floor time.Duration, aim float64) row {
	ratio := float64(ours) / float64(floor)
	return row{what, short(ours), floorIs, short(floor), times(ratio), fmt.Sprintf("≤ %.3g", aim), ratio <= aim}
}

// fasterBy is a row whose aim is to be so many times as fast as the other way.
func fasterBy(what string, ours time.Duration, otherIs string, other time.Duration, aim float64) row {
	ratio := float64(other) / float64(ours)
	return row{what, short(ours), otherIs, short(other), times(ratio), fmt.Sprintf("≥ %.3g times faster", aim), ratio >= aim}
}

// explaining is a row without an aim.
func explaining(what string, ours time.Duration, floorIs string, floor time.Duration) row {
	return row{what, short(ours), floorIs, short(floor), times(float64(ours) / float64(floor)), "", true}
}

func times(ratio float64) string { return strconv.FormatFloat(ratio, 'f', 2, 64) }

// short is a time with three digits.
func short(d time.Duration) string {
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

// count writes a number with its thousands apart.
func count(n int) string {
	digits := strconv.Itoa(n)
	if len(digits) > 3 {
		digits = digits[:len(digits)-3] + "," + digits[len(digits)-3:]
	}
	return digits
}

func printTable(w io.Writer, rows []row) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "row\tours\tfloor\tis\tratio\taim\tmet")
	for _, r := range rows {
		met := ""
		switch {
		case r.aim != "" && r.met:
			met = "yes"
		case r.aim != "":
			met = "no"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", r.what, r.ours, r.floor, r.floorIs, r.ratio, r.aim, met)
	}
	return t.Flush()
}
