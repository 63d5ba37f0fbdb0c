package kit

import (
	"fmt"
	"time"

	"partnerdesk/core/tenant"
	"partnerdesk/ui/words"
)

const (
	textDevelopment    words.Phrase = "Development"
	textStage          words.Phrase = "Stage"
	textProduction     words.Phrase = "Production"
	textWell           words.Phrase = "Well"
	textUnknown        words.Phrase = "Unknown"
	textInactive       words.Phrase = "Inactive"
	textResting        words.Phrase = "Resting"
	textNeedsAttention words.Phrase = "Needs attention"
)

// Countdown is minutes and seconds to t, never below zero.
func Countdown(t, now time.Time) string {
	seconds := max(0, int(t.Sub(now).Round(time.Second).Seconds()))
	return fmt.Sprintf("%d:%02d", seconds/60, seconds%60)
}

// EnvironmentShort is an environment's word for a narrow place.
func EnvironmentShort(e tenant.Environment) string {
	switch e {
	case tenant.Development:
		return textDevelopment.String()
	case tenant.Stage:
		return textStage.String()
	case tenant.Production:
		return textProduction.String()
	}
	return words.Of(e.Label())
}

// EnvironmentTone marks production, and nothing else.
func EnvironmentTone(e tenant.Environment) Tone {
	if e == tenant.Production {
		return ToneProduction
	}
	return ToneMuted
}

// VerdictTone is the colour of a verdict's dot and word.
func VerdictTone(v tenant.Verdict) Tone {
	switch v {
	case tenant.Well:
		return ToneGood
	case tenant.Resting:
		return ToneWarning
	case tenant.NeedsAttention:
		return ToneBad
	}
	return ToneMuted
}

// VerdictWord is a verdict as a list shows it.
func VerdictWord(v tenant.Verdict) string {
	switch v {
	case tenant.Well:
		return textWell.String()
	case tenant.Unknown:
		return textUnknown.String()
	case tenant.Inactive:
		return textInactive.String()
	case tenant.Resting:
		return textResting.String()
	case tenant.NeedsAttention:
		return textNeedsAttention.String()
	}
	return string(v)
}
