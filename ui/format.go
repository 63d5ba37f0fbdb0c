package ui

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"partnerdesk/core/tenant"
)

// ago says how long t lies back, coarsely enough that the words stay true for some seconds: a window that
// counts seconds draws itself all day.
func ago(t, now time.Time) string {
	if t.IsZero() {
		return "never"
	}
	d := now.Sub(t)
	switch {
	case d < 5*time.Second:
		return "just now"
	case d < time.Minute:
		return fmt.Sprintf("%d s ago", int(d.Seconds())/5*5)
	case d < time.Hour:
		return fmt.Sprintf("%d min ago", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h ago", int(d.Hours()))
	}
	return fmt.Sprintf("%d days ago", int(d.Hours()/24))
}

// inTime says how far t lies ahead, as coarsely.
func inTime(t, now time.Time) string {
	d := t.Sub(now)
	switch {
	case d <= 5*time.Second:
		return "at once"
	case d < time.Minute:
		return fmt.Sprintf("in %d s", (int(d.Seconds())+4)/5*5)
	}
	return "in " + span(d)
}

// remaining says how long something still lasts.
func remaining(until, now time.Time) string {
	switch d := until.Sub(now); {
	case until.IsZero():
		return "none"
	case d <= 0:
		return "expired"
	case d < time.Minute:
		return "under a minute left"
	default:
		return span(d) + " left"
	}
}

func span(d time.Duration) string {
	switch hours, minutes := int(d.Hours()), int(d.Minutes())%60; {
	case hours >= 48:
		return fmt.Sprintf("%d days", hours/24)
	case hours > 0:
		return fmt.Sprintf("%d h %d min", hours, minutes)
	default:
		return fmt.Sprintf("%d min", minutes)
	}
}

// countdown is minutes and seconds to t, never below zero.
func countdown(t, now time.Time) string {
	seconds := max(0, int(t.Sub(now).Round(time.Second).Seconds()))
	return fmt.Sprintf("%d:%02d", seconds/60, seconds%60)
}

// moment is a time in full, in the location of the window's clock.
func moment(t, now time.Time) string {
	if t.IsZero() {
		return "unknown"
	}
	return t.In(now.Location()).Format("2006-01-02 15:04:05")
}

// took is a duration as a person reads it.
func took(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return "under 1 ms"
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < time.Minute:
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	return d.Round(time.Second).String()
}

// count is a number and its noun: 1 tenant, 2 tenants.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return thousands(n) + " " + noun + "s"
}

// thousands groups the digits: 1,234,567.
func thousands(n int) string {
	s := strconv.Itoa(n)
	if n < 0 {
		return s
	}
	var parts []string
	for len(s) > 3 {
		parts = append([]string{s[len(s)-3:]}, parts...)
		s = s[:len(s)-3]
	}
	return strings.Join(append([]string{s}, parts...), ",")
}

// environmentShort is an environment's word for a narrow place.
func environmentShort(e tenant.Environment) string {
	switch e {
	case tenant.Development:
		return "Development"
	case tenant.Stage:
		return "Stage"
	case tenant.Production:
		return "Production"
	}
	return e.Label()
}

// environmentTone marks production, and nothing else.
func environmentTone(e tenant.Environment) tone {
	if e == tenant.Production {
		return toneProduction
	}
	return toneMuted
}

// verdictTone is the colour of a verdict's dot and word.
func verdictTone(v tenant.Verdict) tone {
	switch v {
	case tenant.Well:
		return toneGood
	case tenant.Resting:
		return toneWarning
	case tenant.NeedsAttention:
		return toneBad
	}
	return toneMuted
}

// verdictWord is a verdict as a list shows it.
func verdictWord(v tenant.Verdict) string {
	switch v {
	case tenant.Well:
		return "Well"
	case tenant.Unknown:
		return "Not visited yet"
	case tenant.Inactive:
		return "Inactive"
	case tenant.Resting:
		return "Resting"
	case tenant.NeedsAttention:
		return "Needs attention"
	}
	return string(v)
}

// orDash stands in for a text that is not there.
func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}
