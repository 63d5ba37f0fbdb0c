package words

import (
	"strings"
	"time"

	"partnerdesk/core/tenant"
)

// The times of core/tenant in the person's language; the console and the log use those of core/tenant.
const (
	never         Phrase = "never"
	justNow       Phrase = "just now"
	secondsAgo    Phrase = "%d s ago"
	minutesAgo    Phrase = "%d min ago"
	hoursAgo      Phrase = "%d h ago"
	daysAgo       Phrase = "%d days ago"
	days          Phrase = "%d days"
	hoursMinutes  Phrase = "%d h %d min"
	minutes       Phrase = "%d min"
	none          Phrase = "none"
	expired       Phrase = "expired"
	underAMinute  Phrase = "under a minute left"
	left          Phrase = "%s left"
	atOnce        Phrase = "at once"
	inSeconds     Phrase = "in %d s"
	in            Phrase = "in %s"
	underAMilli   Phrase = "under 1 ms"
	groupsOfThree Phrase = ","
)

// Thousands is a number with its digits in groups, as the person's language groups them.
func Thousands(n int) string {
	return strings.ReplaceAll(tenant.Thousands(n), ",", groupsOfThree.String())
}

// Moment is a time in full in a zone; a dash where there is none.
func Moment(t time.Time, zone *time.Location) string { return tenant.Moment(t, zone) }

// Ago says how long t lies back, as coarsely as [tenant.Ago].
func Ago(t, now time.Time) string {
	d := now.Sub(t)
	switch {
	case t.IsZero():
		return never.String()
	case d < 5*time.Second:
		return justNow.String() // or ahead: another machine's clock
	case d < time.Minute:
		return secondsAgo.With(int(d.Seconds()) / 5 * 5)
	case d < time.Hour:
		return minutesAgo.With(int(d.Minutes()))
	case d < 48*time.Hour:
		return hoursAgo.With(int(d.Hours()))
	}
	return daysAgo.With(int(d.Hours() / 24))
}

// Span is a duration to the minute, as long as minutes matter.
func Span(d time.Duration) string {
	switch h, m := int(d.Hours()), int(d.Minutes())%60; {
	case h >= 48:
		return days.With(h / 24)
	case h > 0:
		return hoursMinutes.With(h, m)
	default:
		return minutes.With(m)
	}
}

// Remaining says how long something still lasts.
func Remaining(until, now time.Time) string {
	switch d := until.Sub(now); {
	case until.IsZero():
		return none.String()
	case d <= 0:
		return expired.String()
	case d < time.Minute:
		return underAMinute.String()
	default:
		return left.With(Span(d))
	}
}

// Until says how far t lies ahead, as coarsely as [Ago] looks back.
func Until(t, now time.Time) string {
	d := t.Sub(now)
	switch {
	case d <= 5*time.Second:
		return atOnce.String()
	case d < time.Minute:
		return inSeconds.With((int(d.Seconds()) + 4) / 5 * 5)
	}
	return in.With(Span(d))
}

// Took is how long something took.
func Took(d time.Duration) string {
	if d < time.Millisecond {
		return underAMilli.String()
	}
	return tenant.Took(d)
}
