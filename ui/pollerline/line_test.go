package pollerline

import (
	"context"
	"errors"
	"image"
	"image/color"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
)

var (
	thisWindow = tenant.Owner{Program: "desktop", Host: "desk", PID: 17}
	theConsole = tenant.Owner{Program: "console", Host: "server", PID: 7}
	another    = tenant.Owner{Program: "desktop", Host: "elsewhere", PID: 9}
)

// held is the lease of an owner, as this window sees it.
func held(by tenant.Owner) workbench.PollerView {
	return workbench.PollerView{Lease: tenant.Lease{Owner: by, Until: kittest.Noon.Add(time.Hour)}, Here: by == thisWindow}
}

func askedBy(p workbench.PollerView, o tenant.Owner) workbench.PollerView {
	p.AskedBy, p.AskedUntil, p.Asking = o, kittest.Noon.Add(22*time.Second), o == thisWindow
	return p
}

func TestPollerSentence(t *testing.T) {
	busy := held(theConsole)
	busy.Lease.Last = tenant.Tick{At: kittest.Noon.Add(-6 * time.Second), Active: 1200, LoggedOn: 1100, Resting: 98, Failed: 2}
	ill := held(thisWindow)
	ill.Lease.Last = tenant.Tick{At: kittest.Noon.Add(-6 * time.Second), Active: 2, LoggedOn: 1, Attention: 1}
	old := held(theConsole)
	old.Lease.Host = ""
	for _, c := range []struct {
		view    workbench.PollerView
		running bool
		want    string
		mood    kit.Tone
		button  takeOverView
	}{
		{workbench.PollerView{}, false, "Nobody polls", kit.ToneWarning, takeOverView{Label: "Take over"}},
		{workbench.PollerView{}, true, "The poller is starting…", kit.ToneMuted, takeOverView{Label: "Take over"}},
		{held(thisWindow), true, "Polling here · first tick under way", kit.ToneMuted, takeOverView{Label: "Take over"}},
		{askedBy(held(thisWindow), theConsole), true, "Polling here · the console on server (process 7) takes over", kit.ToneAccent, takeOverView{Label: "Take over"}},
		{busy, true, "The console on server (process 7) polls; its log is below · 1,100 of 1,200 logged on, 98 resting, 2 failed · 5 s ago", kit.ToneWarning, takeOverView{true, "Take over", ""}},
		{ill, true, "Polling here · 1 of 2 logged on, 1 in need of attention · 5 s ago", kit.ToneWarning, takeOverView{Label: "Take over"}},
		{old, false, "The console (process 7) polls; its log is below · first tick under way", kit.ToneMuted, takeOverView{true, "Take over", ""}},
		{askedBy(busy, another), true, "The console on server (process 7) polls; its log is below · 1,100 of 1,200 logged on, 98 resting, 2 failed · 5 s ago", kit.ToneWarning, takeOverView{true, "Take over", ""}},
		{askedBy(busy, thisWindow), true, "Asked the console on server (process 7) to hand polling over · 25 s left", kit.ToneAccent,
			takeOverView{true, "Asking…", "The console hands over by 12:00:22"}},
	} {
		if got, mood := pollerSentence(c.view, c.running, kittest.Noon); got != c.want || mood != c.mood {
			t.Errorf("%q (%d), want %q (%d)", got, mood, c.want, c.mood)
		}
		if got := takeOverOf(c.view, kittest.Noon); got != c.button {
			t.Errorf("%q: the button is %+v", c.want, got)
		}
	}
}

func TestTheEndOfATakeOverIsTold(t *testing.T) {
	waiting := askedBy(held(theConsole), thisWindow)
	for name, c := range map[string]struct {
		views []workbench.PollerView
		why   string // "" where nothing is to be told
	}{
		"never asked":           {[]workbench.PollerView{held(theConsole), held(thisWindow)}, ""},
		"handed over":           {[]workbench.PollerView{waiting, held(thisWindow)}, ""},
		"handed over and free":  {[]workbench.PollerView{waiting, {}, held(thisWindow)}, ""},
		"no answer":             {[]workbench.PollerView{waiting, held(theConsole)}, "It may be stuck"},
		"somebody asked later":  {[]workbench.PollerView{waiting, askedBy(held(theConsole), another)}, "The desktop on elsewhere (process 9) has asked for it too"},
		"somebody was quicker":  {[]workbench.PollerView{waiting, {}, held(another)}, "The desktop on elsewhere (process 9) was there first"},
		"asked again, and over": {[]workbench.PollerView{waiting, waiting, held(thisWindow)}, ""},
	} {
		var w Watch
		var told []kit.NoticeView
		for _, v := range append(c.views, c.views[len(c.views)-1]) {
			if notice := w.See(v, kittest.Noon); !notice.Empty() {
				told = append(told, notice)
			}
		}
		if c.why == "" && len(told) == 0 {
			continue
		}
		if len(told) != 1 || c.why == "" || !strings.Contains(strings.Join(told[0].Lines, " "), c.why) {
			t.Errorf("%s: told %+v", name, told)
		}
	}
}

func TestTicksFallIntoQuartersOfAnHour(t *testing.T) {
	now := kittest.Noon.Add(7 * time.Minute)
	tick := func(ago time.Duration, n int) tenant.Tick {
		return tenant.Tick{At: now.Add(-ago), LoggedOn: n, Failed: n * 10, Exchanges: n * 100}
	}
	c := ChartOf([]tenant.Tick{
		tick(-time.Hour, 1), tick(0, 1), tick(7*time.Minute, 1), // kittest.Noon itself
		tick(7*time.Minute+1, 2), tick(22*time.Minute, 2),
		tick(chartSpan-8*time.Minute, 3), // 12:15 of yesterday
		tick(chartSpan-7*time.Minute, 4), tick(chartSpan-8*time.Minute+1, 5), tick(chartSpan+time.Hour, 6),
	}, now)
	for at, want := range map[int]Bucket{
		chartBuckets - 1: {2, 20, 200}, chartBuckets - 2: {4, 40, 400}, 0: {3, 30, 300}, 1: {0, 0, 0},
	} {
		if c.Buckets[at] != want {
			t.Errorf("quarter %d has %+v, want %+v", at, c.Buckets[at], want)
		}
	}
	if c.Ticks != 5 || c.Sum != (Bucket{9, 90, 900}) || c.highest() != 44 {
		t.Errorf("%d ticks, %+v, at most %d", c.Ticks, c.Sum, c.highest())
	}
	if got := c.words(); got != "Last 24 hours: 5 ticks, 9 log-ons, 900 exchanges, 90 failures" {
		t.Errorf("in words: %q", got)
	}
	if got := (Chart{}).words(); got != "No ticks in the last 24 hours" {
		t.Errorf("nothing in words: %q", got)
	}
}

func TestTheChartShowsWhatIsRareAmongWhatIsNot(t *testing.T) {
	var c Chart
	for i := range c.Buckets {
		c.Buckets[i].LogOns = 10_000
	}
	c.Buckets[0] = Bucket{}
	c.Buckets[10].Failures, c.Buckets[20].Exchanges = 1, 1
	colours := chartColours{logOns: color.NRGBA{R: 1, A: 255}, failures: color.NRGBA{G: 1, A: 255}, exchanges: color.NRGBA{B: 1, A: 255}, line: color.NRGBA{A: 255}}
	for _, size := range []image.Point{{192, 22}, {384, 44}, {96, 22}, {50, 8}, {1, 1}} {
		m := c.image(size.X, size.Y, colours)
		seen := map[color.Color]map[int]bool{}
		for x := range size.X {
			for y := range size.Y {
				in := seen[m.At(x, y)]
				if in == nil {
					in = map[int]bool{}
					seen[m.At(x, y)] = in
				}
				in[x*chartBuckets/size.X] = true
			}
		}
		if size.X < chartBuckets {
			continue // too small to show each: it must only not panic
		}
		if failed, exchanged := seen[colours.failures], seen[colours.exchanges]; len(failed) != 1 || !failed[10] || len(exchanged) != 1 || !exchanged[20] {
			t.Errorf("%v: failures in %v, exchanges in %v", size, failed, exchanged)
		}
		if bars := seen[colours.logOns]; bars[0] || len(bars) != chartBuckets-1 {
			t.Errorf("%v: bars in %d quarters", size, len(bars))
		}
	}
}

// fakeTicks is a store of ticks.
type fakeTicks struct {
	ticks   []tenant.Tick
	asked   []time.Time // since when ticks were asked for
	failure error
}

func (d *fakeTicks) Ticks(_ context.Context, since time.Time) ([]tenant.Tick, error) {
	d.asked = append(d.asked, since)
	return slices.DeleteFunc(slices.Clone(d.ticks), func(t tenant.Tick) bool { return t.At.Before(since) }), d.failure
}

func TestOnlyNewTicksAreRead(t *testing.T) {
	ctx, now := t.Context(), kittest.Noon
	desk := &fakeTicks{}
	var h History
	update := func() {
		t.Helper()
		if err := h.Update(ctx, desk, now); err != nil {
			t.Fatal(err)
		}
	}
	desk.ticks = []tenant.Tick{{At: now.Add(-chartSpan + time.Minute)}, {At: now.Add(-time.Minute)}}
	update()
	desk.ticks = append(desk.ticks, tenant.Tick{At: now.Add(time.Second)})
	now = now.Add(chartEvery - 1)
	update() // too early to ask again
	if len(desk.asked) != 1 || len(h.Ticks) != 2 {
		t.Fatalf("asked %d times for %d ticks", len(desk.asked), len(h.Ticks))
	}
	now = now.Add(time.Hour)
	update()
	if len(h.Ticks) != 2 || !desk.asked[1].Equal(kittest.Noon.Add(-time.Minute+1)) || !h.Ticks[1].At.Equal(kittest.Noon.Add(time.Second)) {
		t.Errorf("then asked for those since %v, and has %d", desk.asked[1], len(h.Ticks))
	}
	now = kittest.Noon.Add(-time.Hour) // the clock was set back
	desk.ticks = []tenant.Tick{{At: now}}
	update()
	if len(h.Ticks) != 1 || !desk.asked[2].Equal(now.Add(-chartSpan)) {
		t.Errorf("after the clock was set: since %v, and has %d", desk.asked[2], len(h.Ticks))
	}
	now = now.Add(time.Minute)
	desk.failure = errors.New("the store is busy")
	if h.Update(ctx, desk, now) == nil {
		t.Error("a failure is hidden")
	}
}

func TestTheLineHasTheChartAndItsWords(t *testing.T) {
	test.NewTempApp(t)
	day := ChartOf([]tenant.Tick{{At: kittest.Noon.Add(-time.Hour), LoggedOn: 3}}, kittest.Noon)
	line := New(func() {})
	w := test.NewTempWindow(t, line.Root)
	w.Resize(fyne.NewSize(1280, 40))
	line.Show(held(thisWindow), day, true, kittest.Noon)
	want := "Last 24 hours: 1 tick, 3 log-ons, 0 exchanges, 0 failures"
	if line.chart.ToolTip() != want || line.words.Text != want || !line.words.Visible() {
		t.Errorf("%q and %q, want %q", line.chart.ToolTip(), line.words.Text, want)
	}
	w.Resize(fyne.NewSize(600, 40))
	if line.words.Visible() {
		t.Error("the words push the sentence aside")
	}
}

// After a restart all tenants were visited a moment ago. That nobody was logged on then is no failure.
func TestATickWithoutWorkSaysSo(t *testing.T) {
	now := kittest.Noon
	got, tone := tickSentence(tenant.Tick{At: now.Add(-5 * time.Second), Active: 7}, now)
	if want := "no tenant was due · 5 s ago"; got != want || tone != kit.ToneMuted {
		t.Errorf("%q in %v, want %q", got, tone, want)
	}
}
