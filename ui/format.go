package ui

import (
	"fmt"
	"time"

	"partnerdesk/core/tenant"
)

// inTime says how far t lies ahead, as coarsely as [tenant.Ago] looks back.
func inTime(t, now time.Time) string {
	d := t.Sub(now)
	switch {
	case d <= 5*time.Second:
		return "at once"
	case d < time.Minute:
		return fmt.Sprintf("in %d s", (int(d.Seconds())+4)/5*5)
	}
	return "in " + tenant.Span(d)
}

// countdown is minutes and seconds to t, never below zero.
func countdown(t, now time.Time) string {
	seconds := max(0, int(t.Sub(now).Round(time.Second).Seconds()))
	return fmt.Sprintf("%d:%02d", seconds/60, seconds%60)
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
		return "Unknown"
	case tenant.Inactive:
		return "Inactive"
	case tenant.Resting:
		return "Resting"
	case tenant.NeedsAttention:
		return "Needs attention"
	}
	return string(v)
}
