package tenant_test

import (
	"slices"
	"testing"
	"time"

	"partnerdesk/core/tenant"
)

func TestAHistoryKeepsADayAndHowItBegan(t *testing.T) {
	noon := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	var h tenant.History
	say := func(ago time.Duration, v tenant.Verdict) {
		h = h.Then(tenant.Change{At: noon.Add(-ago), Verdict: v})
	}
	verdicts := func() (all []tenant.Verdict) {
		for _, c := range h.Changes {
			all = append(all, c.Verdict)
		}
		return all
	}
	say(72*time.Hour, tenant.Well)
	say(48*time.Hour, tenant.Resting)
	say(30*time.Hour, tenant.Well)
	say(29*time.Hour, tenant.Well) // no change
	say(5*time.Hour, tenant.NeedsAttention)
	if got := verdicts(); !slices.Equal(got, []tenant.Verdict{tenant.Well, tenant.NeedsAttention}) || !h.Changes[0].At.Equal(noon.Add(-30*time.Hour)) {
		t.Errorf("after days: %v since %s", got, h.Changes[0].At)
	}
	say(6*time.Hour, tenant.Resting) // the clock has been set back
	if got := verdicts(); !slices.Equal(got, []tenant.Verdict{tenant.Well, tenant.Resting}) {
		t.Errorf("after a clock that jumped: %v", got)
	}
	for i := range 400 {
		say(4*time.Hour-time.Duration(i)*time.Second, []tenant.Verdict{tenant.Well, tenant.Resting}[i%2])
	}
	if len(h.Changes) > 100 || h.Changes[len(h.Changes)-1].Verdict != tenant.Resting {
		t.Errorf("a tenant that never comes to rest keeps %d changes", len(h.Changes))
	}
}

func TestHowATenantFaresByItsVisits(t *testing.T) {
	noon := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	resting, revoked := tenant.CauseMaintenance.Explain("It stands still.", "", ""), tenant.CauseRevoked.Explain("Refused.", "", "")
	barred := tenant.CauseRightMissing.Explain("No right.", "", "")
	for name, c := range map[string]struct {
		visit tenant.Visit
		want  tenant.Change
		at    time.Time
	}{
		"never visited": {tenant.Visit{}, tenant.Change{Verdict: tenant.Unknown}, time.Time{}},
		"logged on":     {tenant.Visit{LogOnAt: noon}, tenant.Change{Verdict: tenant.Well}, noon},
		"not running": {tenant.Visit{LogOnAt: noon, FailedAt: noon.Add(time.Hour), Trouble: &resting},
			tenant.Change{Verdict: tenant.Resting, Cause: tenant.CauseMaintenance, What: "It stands still.", Why: resting.Why}, noon.Add(time.Hour)},
		"revoked": {tenant.Visit{FailedAt: noon, Trouble: &revoked},
			tenant.Change{Verdict: tenant.NeedsAttention, Cause: tenant.CauseRevoked, What: "Refused.", Why: revoked.Why}, noon},
		"answered by a person": {tenant.Visit{LogOnAt: noon, FailedAt: noon.Add(time.Hour)}, tenant.Change{Verdict: tenant.Unknown}, noon.Add(time.Hour)},
		"without the right": {tenant.Visit{LogOnAt: noon, Company: tenant.CompanyProof{FailedAt: noon, FailedAs: tenant.SystemUser, Trouble: &barred}},
			tenant.Change{Verdict: tenant.NeedsAttention, Cause: tenant.CauseRightMissing, What: "No right.", Why: barred.Why}, noon},
	} {
		if got := c.visit.Fares(); got != c.want || !c.visit.LookedAt().Equal(c.at) {
			t.Errorf("%s: %+v at %s", name, got, c.visit.LookedAt())
		}
	}
}

func TestAPauseOfThePollerIsTold(t *testing.T) {
	noon := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	var ticks []time.Time
	for _, minute := range []int{0, 1, 2, 30, 31, 90} {
		ticks = append(ticks, noon.Add(time.Duration(minute)*time.Minute))
	}
	got := tenant.PolledStretches(ticks, 3*time.Minute)
	want := []tenant.Stretch{{From: ticks[0], To: ticks[2]}, {From: ticks[3], To: ticks[4]}, {From: ticks[5], To: ticks[5]}}
	if !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
	if tenant.PolledStretches(nil, time.Minute) != nil {
		t.Error("nobody polled")
	}
}
