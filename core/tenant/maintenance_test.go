package tenant

import (
	"testing"
	"time"
)

func TestSuperOfficesPlannedMaintenance(t *testing.T) {
	at := func(text string) time.Time {
		parsed, err := time.Parse("Mon 2006-01-02 15:04 -0700", text)
		if err != nil {
			t.Fatal(err)
		}
		return parsed
	}
	for _, c := range []struct {
		windows Maintenance
		at, end string // no end: nothing is planned
	}{
		{DefaultMaintenance(), "Mon 2026-11-23 00:59 +0100", ""},
		{DefaultMaintenance(), "Mon 2026-11-23 01:00 +0100", "Mon 2026-11-23 03:00 +0100"},
		{DefaultMaintenance(), "Mon 2026-11-23 02:59 +0100", "Mon 2026-11-23 03:00 +0100"},
		{DefaultMaintenance(), "Mon 2026-11-23 03:00 +0100", ""},
		{DefaultMaintenance(), "Thu 2026-11-26 21:00 +0000", "Fri 2026-11-27 06:00 +0100"},
		{DefaultMaintenance(), "Fri 2026-11-27 02:00 +0100", "Fri 2026-11-27 06:00 +0100"}, // two windows at once
		{DefaultMaintenance(), "Fri 2026-11-27 22:00 +0100", ""},
		{DefaultMaintenance(), "Sun 2026-11-29 05:59 +0100", "Sun 2026-11-29 06:00 +0100"},
		{DefaultMaintenance(), "Wed 2026-07-01 00:30 +0000", "Wed 2026-07-01 03:00 +0100"}, // no summer time
		{"2026-12-01 20:00-05:00", "Wed 2026-12-02 04:00 +0100", "Wed 2026-12-02 05:00 +0100"},
		{"2026-12-01 20:00-05:00", "Wed 2026-12-09 04:00 +0100", ""},
		{"fri-mon 10:00-11:00", "Sun 2026-11-29 10:30 +0100", "Sun 2026-11-29 11:00 +0100"},
		{"Mon,Wednesday 10:00-11:00;Tue 11:00-12:00", "Tue 2026-11-24 10:30 +0100", ""},
		{"daily 10:00-11:00; daily 11:00-12:00", "Tue 2026-11-24 10:30 +0100", "Tue 2026-11-24 12:00 +0100"},
		{"", "Thu 2026-11-26 23:00 +0100", ""},
	} {
		end, planned := c.windows.Until(at(c.at))
		if planned != (c.end != "") || planned && !end.Equal(at(c.end)) {
			t.Errorf("%q at %s: until %s, %t", c.windows, c.at, end, planned)
		}
	}
	if end, planned := Maintenance("daily 00:00-00:00").Until(at("Mon 2026-11-23 12:00 +0100")); !planned || end.IsZero() {
		t.Errorf("maintenance without an end: %s, %t", end, planned)
	}
}

func TestTheNextPlannedMaintenance(t *testing.T) {
	at := func(text string) time.Time {
		if text == "" {
			return time.Time{}
		}
		parsed, err := time.Parse("Mon 2006-01-02 15:04 -0700", text)
		if err != nil {
			t.Fatal(err)
		}
		return parsed
	}
	for _, c := range []struct {
		windows        Maintenance
		at, begin, end string
	}{
		{DefaultMaintenance(), "Mon 2026-11-23 00:59 +0100", "Mon 2026-11-23 01:00 +0100", "Mon 2026-11-23 03:00 +0100"},
		{DefaultMaintenance(), "Mon 2026-11-23 01:00 +0100", "Tue 2026-11-24 01:00 +0100", "Tue 2026-11-24 03:00 +0100"},
		{DefaultMaintenance(), "Thu 2026-11-26 12:00 +0000", "Thu 2026-11-26 22:00 +0100", "Fri 2026-11-27 06:00 +0100"},
		{"Thu 22:00-06:00", "Thu 2026-11-26 22:00 +0100", "Thu 2026-12-03 22:00 +0100", "Fri 2026-12-04 06:00 +0100"},
		{"Mon 10:00-11:00; Mon 11:00-12:00", "Sun 2026-11-22 23:30 +0000", "Mon 2026-11-23 10:00 +0100", "Mon 2026-11-23 12:00 +0100"},
		{"2026-12-01 20:00-05:00", "Mon 2026-11-02 12:00 +0100", "Tue 2026-12-01 20:00 +0100", "Wed 2026-12-02 05:00 +0100"},
		{"2026-12-01 20:00-05:00", "Tue 2026-12-01 20:00 +0100", "", ""},
		{"", "Thu 2026-11-26 23:00 +0100", "", ""},
		{"nonsense", "Thu 2026-11-26 23:00 +0100", "", ""},
	} {
		begin, end := c.windows.Next(at(c.at))
		if !begin.Equal(at(c.begin)) || !end.Equal(at(c.end)) {
			t.Errorf("%q after %s: from %s until %s", c.windows, c.at, begin, end)
		}
	}
}

func TestAMaintenanceWindowThatCannotBeReadIsRefused(t *testing.T) {
	for _, m := range []Maintenance{"Thu", "Thu 22-06", "Thu 22:00", "Foo 22:00-06:00", "Thu 22:00-06:00 x", "Mon-Xyz 1:00-2:00", "T 01:00-02:00", "daily 25:00-26:00"} {
		if m.Check() == nil {
			t.Errorf("%q was taken", m)
		}
	}
	if err := (DefaultMaintenance() + ";").Check(); err != nil {
		t.Error(err)
	}
}
