package detail

import (
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
)

// told are the segments of a history as words.
func told(v historyView) []string {
	var all []string
	for _, s := range v.Segments {
		all = append(all, s.words(time.UTC))
	}
	return all
}

func TestADayIsToldInItsPieces(t *testing.T) {
	h, _ := eventful(kittest.Nordlys().Key)
	got := told(historyOf(h, kittest.Nordlys(), kittest.Noon.Add(20*time.Second)))
	want := []string{
		"Nothing is known here of the time before 13:50",
		"Well from 13:50 to 21:00 (7 h 10 min)",
		"From 21:00 to 00:30 (3 h 30 min) nobody looked",
		"Well from 00:30 to 04:20 (3 h 50 min)",
		"Resting from 04:20 to 04:34 (14 min): The tenant is suspended.",
		"Well from 04:34 to 07:00 (2 h 26 min)",
		"Inactive from 07:00 to 08:00 (1 h 0 min)",
		"Unknown from 08:00 to 08:01 (1 min): not visited yet",
		"Well from 08:01 to 10:00 (1 h 59 min)",
		"Needing attention from 10:00 to 12:00 (2 h 0 min): The system user token was refused.",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestTheDayInASentence(t *testing.T) {
	day := []tenant.Stretch{{From: kittest.Noon.Add(-25 * time.Hour), To: kittest.Noon}}
	ago := func(d time.Duration, v tenant.Verdict, what string) tenant.Change {
		return tenant.Change{At: kittest.Noon.Add(-d), Verdict: v, What: what}
	}
	for name, c := range map[string]struct {
		changes []tenant.Change
		polled  []tenant.Stretch
		want    string
	}{
		"well": {[]tenant.Change{ago(48*time.Hour, tenant.Well, "")}, day, "Well for 24 h 0 min."},
		"suspended for a while": {[]tenant.Change{ago(48*time.Hour, tenant.Well, ""), ago(460*time.Minute, tenant.Resting, "It is suspended."), ago(446*time.Minute, tenant.Well, "")}, day,
			"Well for 23 h 46 min. Resting for 14 min. Last trouble at 04:20, for 14 min: It is suspended."},
		"new":           {[]tenant.Change{ago(10*time.Second, tenant.Well, "")}, day, textHistoryBegins.String()},
		"nothing":       {nil, nil, textHistoryBegins.String()},
		"nobody polls":  {[]tenant.Change{ago(48*time.Hour, tenant.Well, "")}, nil, "Nobody looked for 24 h 0 min."},
		"switched off":  {[]tenant.Change{ago(48*time.Hour, tenant.Inactive, "")}, nil, "Inactive for 24 h 0 min."},
		"a short pause": {[]tenant.Change{ago(48*time.Hour, tenant.Well, "")}, []tenant.Stretch{{From: day[0].From, To: kittest.Noon.Add(-time.Hour)}, {From: kittest.Noon.Add(-time.Hour + 40*time.Second), To: kittest.Noon}}, "Well for 24 h 0 min."},
	} {
		if got := historyOf(tenant.History{Changes: c.changes, Polled: c.polled}, kittest.Nordlys(), kittest.Noon).Sentence; got != c.want {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestAResultThatCameAfterTheSwitchIsNotShown(t *testing.T) {
	off := kittest.Nordlys()
	off.Verdict = tenant.Inactive
	h := tenant.History{Changes: []tenant.Change{{At: kittest.Noon.Add(-2 * time.Hour), Verdict: tenant.Inactive}, {At: kittest.Noon.Add(-119 * time.Minute), Verdict: tenant.Well}}}
	got := told(historyOf(h, off, kittest.Noon))
	if len(got) != 2 || got[1] != "Inactive from 10:00 to 12:00 (2 h 0 min)" {
		t.Errorf("%q", got)
	}
}

func TestWhatIsPinnedOnTheDay(t *testing.T) {
	var got []string
	for _, p := range historyOf(tenant.History{}, kittest.Nordlys(), kittest.Noon).Pins {
		got = append(got, p.Words)
	}
	if want := []string{"11:19: the last exchange", "11:53: signed in as ada@nordlys.example"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestTheHistoryIsReadOnceAMinuteAndWhenSomethingChanges(t *testing.T) {
	var read atomic.Int32
	b := open(t, kit.Light, kittest.Nordlys())
	b.until("the first", func() bool { return b.history.view.Sentence != "" })
	b.desk.history = func(k tenant.Key) (tenant.History, error) {
		read.Add(1)
		return tenant.History{Key: k}, nil
	}
	again := func(what string, want int32, change func(t *workbench.TenantView)) {
		t.Helper()
		shown := kittest.Nordlys()
		change(&shown)
		b.show(shown)
		b.until(what, func() bool { return b.history.job.Finished })
		if read.Load() != want {
			t.Errorf("%s: read %d times, want %d", what, read.Load(), want)
		}
	}
	again("nothing new", 0, func(*workbench.TenantView) {})
	again("another verdict", 1, func(t *workbench.TenantView) { t.Verdict = tenant.Resting })
	b.now = b.now.Add(2 * time.Minute)
	again("two minutes", 2, func(t *workbench.TenantView) { t.Verdict = tenant.Resting })
	b.tap(b.history.head)
	b.now = b.now.Add(2 * time.Minute)
	again("folded", 2, func(t *workbench.TenantView) { t.Verdict = tenant.Well })
	b.desk.history = func(tenant.Key) (tenant.History, error) {
		return tenant.History{}, &tenant.Problem{Op: "read", Explanation: tenant.CauseFilesBusy.Explain("The data cannot be read.", "", ""), Err: errors.New("busy")}
	}
	b.tap(b.history.head)
	b.until("the failure", func() bool { return b.history.words.Text == "The data cannot be read." })
}

func TestWhatIsFoldedStaysFolded(t *testing.T) {
	b := open(t, kit.Light, kittest.Nordlys())
	if !b.history.open() || b.claims.open() {
		t.Error("at first the history is open and the id token folded")
	}
	b.tap(b.history.head)
	b.canvas().Focus(b.claims.head)
	b.key("Return")
	b.until("the claims", func() bool { return b.claims.view.Copy != "" })
	again := New(kit.NewRunner(t.Context(), b.q.Do), b.o)
	if again.history.open() || !again.claims.open() {
		t.Error("the sections forget how they were left")
	}
	if top, end := b.scroll.Offset.Y, b.scroll.Content.Size().Height; top == 0 || end <= b.scroll.Size().Height {
		t.Errorf("what was opened is out of sight: at %.0f of %.0f", top, end)
	}
}
