package tenant

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// The window, the command line and the log say the same things: these are the words that they share.

// Plural is a number and its noun: 1 tenant, 2 tenants, 1,200 tenants.
func Plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return Thousands(n) + " " + noun + "s"
}

// Thousands is a number with its digits in groups: 1,234,567.
func Thousands(n int) string {
	digits, sign := strconv.Itoa(n), ""
	if n < 0 {
		digits, sign = digits[1:], "-"
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}

// Sentence makes a sentence of an error's text.
func Sentence(err error) string {
	text := strings.TrimSuffix(err.Error(), ".")
	if text == "" {
		return ""
	}
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:] + "."
}

// Plain makes text from outside safe to show on one line: a server's words, or a company's name, must not
// steer a terminal, turn the reading direction or break a layout.
func Plain(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r):
			return unicode.ReplacementChar
		}
		return r
	}, s)
}

// OrDash stands in for a text that is not there.
func OrDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

// Moment is a time in full, as a clock of the zone shows it; a dash where there is none.
func Moment(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return OrDash("")
	}
	return t.In(zone).Format(time.DateTime)
}

// Ago says how long t lies back: in one unit, as nobody needs the seconds of an hour, and coarsely enough
// that the words stay true for some seconds, as a window that counts seconds draws itself all day.
func Ago(t, now time.Time) string {
	d := now.Sub(t)
	switch {
	case t.IsZero():
		return "never"
	case d < 5*time.Second:
		return "just now" // or ahead: another machine's clock
	case d < time.Minute:
		return fmt.Sprintf("%d s ago", int(d.Seconds())/5*5)
	case d < time.Hour:
		return fmt.Sprintf("%d min ago", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h ago", int(d.Hours()))
	}
	return fmt.Sprintf("%d days ago", int(d.Hours()/24))
}

// Span is a duration to the minute, as long as minutes matter.
func Span(d time.Duration) string {
	switch hours, minutes := int(d.Hours()), int(d.Minutes())%60; {
	case hours >= 48:
		return fmt.Sprintf("%d days", hours/24)
	case hours > 0:
		return fmt.Sprintf("%d h %d min", hours, minutes)
	default:
		return fmt.Sprintf("%d min", minutes)
	}
}

// Remaining says how long something still lasts.
func Remaining(until, now time.Time) string {
	switch d := until.Sub(now); {
	case until.IsZero():
		return "none"
	case d <= 0:
		return "expired"
	case d < time.Minute:
		return "under a minute left"
	default:
		return Span(d) + " left"
	}
}

// Took is how long something took.
func Took(d time.Duration) string {
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

// ClockOff says how this machine's clock stands to another, of which skew is that one's time minus ours: "2 min
// behind", "3 s ahead of". It is empty where less than a second is between them.
func ClockOff(skew time.Duration) string {
	switch {
	case skew >= time.Second:
		return Wait(skew) + " behind"
	case skew <= -time.Second:
		return Wait(-skew) + " ahead of"
	}
	return ""
}
