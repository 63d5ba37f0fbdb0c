package tenant

import (
	"errors"
	"testing"
	"time"
)

func TestWords(t *testing.T) {
	noon := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct{ got, want string }{
		{Plural(0, "tenant"), "0 tenants"},
		{Plural(1, "active tenant"), "1 active tenant"},
		{Plural(1234567, "line"), "1,234,567 lines"},
		{Thousands(999), "999"}, {Thousands(1000), "1,000"}, {Thousands(-1234567), "-1,234,567"}, {Thousands(-999), "-999"},

		{Sentence(errors.New("")), ""},
		{Sentence(errors.New(".")), ""},
		{Sentence(errors.New("it is no address")), "It is no address."},
		{Sentence(errors.New("it has ended.")), "It has ended."},
		{Sentence(errors.New("żaden")), "Żaden."},

		{OrDash(""), "–"}, {OrDash("x"), "x"},
		{Moment(time.Time{}, time.UTC), "–"},
		{Moment(noon, time.FixedZone("", 3600)), "2026-03-14 13:00:00"},

		{Ago(time.Time{}, noon), "never"},
		{Ago(noon.Add(time.Second), noon), "just now"}, // the other program's clock may be ahead
		{Ago(noon.Add(-14*time.Second), noon), "10 s ago"},
		{Ago(noon.Add(-61*time.Second), noon), "1 min ago"},
		{Ago(noon.Add(-119*time.Minute), noon), "1 h ago"},
		{Ago(noon.Add(-47*time.Hour), noon), "47 h ago"},
		{Ago(noon.Add(-49*time.Hour), noon), "2 days ago"},

		{Span(14 * time.Minute), "14 min"}, {Span(50 * time.Hour), "2 days"},
		{Remaining(time.Time{}, noon), "none"},
		{Remaining(noon, noon), "expired"},
		{Remaining(noon.Add(30*time.Second), noon), "under a minute left"},
		{Remaining(noon.Add(5*time.Hour+59*time.Minute), noon), "5 h 59 min left"},

		{Took(0), "under 1 ms"}, {Took(184 * time.Millisecond), "184 ms"},
		{ClockOff(0), ""}, {ClockOff(999 * time.Millisecond), ""}, {ClockOff(-999 * time.Millisecond), ""},
		{ClockOff(2 * time.Minute), "2 min behind"}, {ClockOff(-time.Second), "1 s ahead of"},
		{Took(1500 * time.Millisecond), "1.5 s"}, {Took(90 * time.Second), "1m30s"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}
