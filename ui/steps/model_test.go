package steps

import (
	"log/slog"
	"slices"
	"testing"
	"time"

	"partnerdesk/core/journal"
	"partnerdesk/core/tenant"
	"partnerdesk/ui/kit/kittest"
)

func states(views []View) []State {
	var list []State
	for _, v := range views {
		list = append(list, v.State)
	}
	return list
}

func TestStepsLightUp(t *testing.T) {
	s := NewTracker(kittest.Noon)
	event := func(step tenant.Step, level slog.Level, ctx string) journal.Event {
		return journal.Event{Time: kittest.Noon.Add(time.Second), Step: step, Level: level, Registration: "sandbox", Tenant: ctx}
	}
	old := event(9, slog.LevelInfo, "Cust1")
	old.Time = kittest.Noon.Add(-time.Hour)
	if s.Apply(old) || s.Apply(event(0, slog.LevelInfo, "")) || s.Apply(event(11, slog.LevelInfo, "")) {
		t.Error("an event of an earlier run, or of no step, was taken in")
	}
	s.Apply(event(1, slog.LevelInfo, ""))
	s.Follow(true)
	want := []State{Done, 0, Running, 0, 0, 0, 0, 0, 0, 0}
	if got := states(s.Views(tenant.Key{}, kittest.Noon)); !slices.Equal(got, want) {
		t.Errorf("at the start of a sign-in %v", got)
	}
	s.Apply(event(3, slog.LevelInfo, ""))
	s.Apply(event(4, slog.LevelError, ""))
	want = []State{Done, 0, Done, Failed, 0, 0, 0, 0, 0, 0}
	if got := states(s.Views(tenant.Key{}, kittest.Noon)); !slices.Equal(got, want) {
		t.Errorf("after a refusal %v", got)
	}
	s.Follow(false)
	s.Apply(event(8, slog.LevelError, "Cust1"))
	s.Apply(event(8, slog.LevelInfo, "Cust2"))
	one, two := tenant.Key{Registration: "sandbox", ContextID: "Cust1"}, tenant.Key{Registration: "sandbox", ContextID: "Cust2"}
	if s.Views(one, kittest.Noon)[7].State != Failed || s.Views(two, kittest.Noon)[7].State != Done {
		t.Error("one tenant's failure is shown as another's")
	}
	s.Follow(true)
	if got := states(s.Views(two, kittest.Noon)); got[3] != Pending || got[2] != Running {
		t.Errorf("a new sign-in begins with %v", got)
	}
}
