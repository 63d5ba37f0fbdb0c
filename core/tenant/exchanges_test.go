package tenant

import (
	"testing"
	"time"
)

func TestExchangesAreCountedByDaysOfUTC(t *testing.T) {
	oslo := time.FixedZone("", 2*3600)
	var e Exchanges
	for _, at := range []time.Time{
		time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC),
		time.Date(2026, 3, 2, 1, 59, 0, 0, oslo), // still the first of March in UTC
		time.Date(2026, 3, 2, 2, 0, 0, 0, oslo),
		time.Date(2026, 3, 5, 23, 59, 59, 0, time.UTC),
		time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC), // the other program's clock
	} {
		e = e.Add(at)
	}
	for day, want := range map[int]int{1: 2, 2: 1, 3: 0, 4: 1, 5: 1, 6: 0, 28: 0} {
		if got := e.On(time.Date(2026, 3, day, 17, 0, 0, 0, time.UTC)); got != want {
			t.Errorf("%d exchanges on March %d, want %d", got, day, want)
		}
	}
	if day, n := e.Most(); n != 2 || !day.Equal(time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("most were %d on %s", n, day)
	}
}

func TestExchangesAreForgottenAfterThreeMonths(t *testing.T) {
	first := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	var e Exchanges
	for n := range 100 {
		e = e.Add(first.AddDate(0, 0, n))
	}
	last := first.AddDate(0, 0, 99)
	if len(e.Counts) != ExchangeDays || e.On(last.AddDate(0, 0, 1-ExchangeDays)) != 1 || e.On(last.AddDate(0, 0, -ExchangeDays)) != 0 {
		t.Errorf("%d days are kept", len(e.Counts))
	}
	if later := e.Add(last.AddDate(2, 0, 0)); len(later.Counts) != 1 || later.On(last.AddDate(2, 0, 0)) != 1 {
		t.Errorf("two years later it is %+v", later)
	}
	if day, n := (Exchanges{}).Most(); n != 0 || !day.IsZero() || (Exchanges{}).On(first) != 0 {
		t.Error("nothing counts for something")
	}
}

// One exchange under a clock that is years ahead must not stop the count for years.
func TestTheCountOutlivesAClockThatWasAhead(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	for _, ahead := range []time.Time{now.AddDate(0, 0, ExchangeDays), now.AddDate(50, 0, 0), now.AddDate(7000, 0, 0)} {
		e := Exchanges{}.Add(ahead).Add(now).Add(now)
		if e.On(now) != 2 || e.On(ahead) != 0 || len(e.Counts) != 1 {
			t.Errorf("after an exchange in %d it is %+v", ahead.Year(), e)
		}
	}
}

// What a caller holds stays as it was.
func TestCountingChangesNoOtherCopy(t *testing.T) {
	at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	before := Exchanges{}.Add(at)
	if after := before.Add(at); before.On(at) != 1 || after.On(at) != 2 {
		t.Errorf("%d became %d", before.On(at), after.On(at))
	}
}
