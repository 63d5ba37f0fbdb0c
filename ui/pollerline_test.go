package ui

import (
	"context"
	"image"
	"image/color"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

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

// TakeOver has the fake's other process asked; the test lets it answer.
func (d *fakeDesk) TakeOver(context.Context) error {
	d.change(func(o *workbench.Overview) {
		o.Poller.AskedBy, o.Poller.AskedUntil, o.Poller.Asking = tenant.Owner{Program: "desktop", PID: 17}, kittest.Noon.Add(workbench.TakeOverPatience), true
	})
	return nil
}

func (d *fakeDesk) Ticks(_ context.Context, since time.Time) ([]tenant.Tick, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.asked = append(d.asked, since)
	return slices.DeleteFunc(slices.Clone(d.ticks), func(t tenant.Tick) bool { return t.At.Before(since) }), d.failure
}

// someTicks are a day with a quiet night, an hour of failures, and two exchanges.
func someTicks() []tenant.Tick {
	var list []tenant.Tick
	for minute := 24 * 60; minute > 0; minute-- {
		t := tenant.Tick{At: kittest.Noon.Add(-time.Duration(minute) * time.Minute), Active: 20, LoggedOn: 12 + minute/60%5}
		switch {
		case minute == 700 || minute == 180:
			t.Exchanges = 1
		case minute > 660 && minute < 780:
			continue // nobody polled
		case minute >= 240 && minute < 300:
			t.LoggedOn, t.Failed = 9, 3
		}
		list = append(list, t)
	}
	return list
}

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
		{old, false, "The console (process 7) polls; its log is below · first tick under way", kit.ToneMuted, takeOverView{true, "Take over", ""}},
		{askedBy(busy, another), true, "The console on server (process 7) polls; its log is below · 1,100 of 1,200 logged on, 98 resting, 2 failed · 5 s ago", kit.ToneWarning, takeOverView{true, "Take over", ""}},
		{askedBy(busy, thisWindow), true, "Asked the console on server (process 7) to hand polling over · 25 s left", kit.ToneAccent,
			takeOverView{true, "Asking…", "The console has until 12:00:22 to finish what is under way there and hand over"}},
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
		var w takeOverWatch
		var told []kit.NoticeView
		for _, v := range append(c.views, c.views[len(c.views)-1]) {
			if notice := w.see(v, kittest.Noon); !notice.Empty() {
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

func TestThisWindowTakesPollingOver(t *testing.T) {
	store := kittest.StoreOf(kittest.Nordlys())
	store.Poller.Here, store.Poller.Lease.Owner = false, theConsole
	b := open(t, kit.Light, store)
	b.polling.Stop()
	b.update(func(*workbench.Overview) {})
	if b.bar.poll.Checked || !b.poller.takeOver.Visible() || b.poller.takeOver.Disabled() {
		t.Fatal("the window does not offer to take over")
	}
	b.tap(b.poller.takeOver)
	b.until("the question", func() bool { return b.poller.takeOver.Disabled() })
	if got := b.poller.sentence.Text; got != "Asked the console on server (process 7) to hand polling over · 30 s left" || !b.polling.Running() || !b.bar.poll.Checked {
		t.Errorf("while it waits: %q, running: %t", got, b.polling.Running())
	}
	if got := b.poller.takeOver.ToolTip(); !strings.Contains(got, "until 12:00:30") {
		t.Errorf("the reason is %q", got)
	}
	b.update(func(o *workbench.Overview) { // no answer
		o.Poller.AskedBy, o.Poller.AskedUntil, o.Poller.Asking = tenant.Owner{}, time.Time{}, false
	})
	if got := b.general.Shown.Title; got != "The console on server (process 7) did not hand polling over within 30 s." || b.poller.takeOver.Disabled() {
		t.Errorf("after a wait in vain: %q", got)
	}
	b.tap(b.poller.takeOver)
	b.until("the second question", func() bool { return b.poller.takeOver.Disabled() && b.general.Shown.Empty() })
	b.update(func(o *workbench.Overview) {
		o.Poller.AskedBy, o.Poller.AskedUntil, o.Poller.Asking = tenant.Owner{}, time.Time{}, false
		o.Poller.Lease.Owner, o.Poller.Here = thisWindow, true
	})
	if got := b.poller.sentence.Text; !strings.HasPrefix(got, "Polling here") || b.poller.takeOver.Visible() || !b.bar.poll.Checked {
		t.Errorf("after the take-over: %q", got)
	}
}

func TestTicksFallIntoQuartersOfAnHour(t *testing.T) {
	now := kittest.Noon.Add(7 * time.Minute)
	tick := func(ago time.Duration, n int) tenant.Tick {
		return tenant.Tick{At: now.Add(-ago), LoggedOn: n, Failed: n * 10, Exchanges: n * 100}
	}
	c := chartOf([]tenant.Tick{
		tick(-time.Hour, 1), tick(0, 1), tick(7*time.Minute, 1), // kittest.Noon itself
		tick(7*time.Minute+1, 2), tick(22*time.Minute, 2),
		tick(chartSpan-8*time.Minute, 3), // 12:15 of yesterday
		tick(chartSpan-7*time.Minute, 4), tick(chartSpan-8*time.Minute+1, 5), tick(chartSpan+time.Hour, 6),
	}, now)
	for at, want := range map[int]tickBucket{
		chartBuckets - 1: {2, 20, 200}, chartBuckets - 2: {4, 40, 400}, 0: {3, 30, 300}, 1: {0, 0, 0},
	} {
		if c.Buckets[at] != want {
			t.Errorf("quarter %d has %+v, want %+v", at, c.Buckets[at], want)
		}
	}
	if c.Ticks != 5 || c.Sum != (tickBucket{9, 90, 900}) || c.highest() != 44 {
		t.Errorf("%d ticks, %+v, at most %d", c.Ticks, c.Sum, c.highest())
	}
	if got := c.words(); got != "Last 24 hours: 5 ticks, 9 log-ons, 900 exchanges, 90 failures" {
		t.Errorf("in words: %q", got)
	}
	if got := (tickChart{}).words(); got != "No ticks in the last 24 hours" {
		t.Errorf("nothing in words: %q", got)
	}
}

func TestTheChartShowsWhatIsRareAmongWhatIsNot(t *testing.T) {
	var c tickChart
	for i := range c.Buckets {
		c.Buckets[i].LogOns = 10_000
	}
	c.Buckets[0] = tickBucket{}
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

func TestOnlyNewTicksAreRead(t *testing.T) {
	ctx, now := t.Context(), kittest.Noon
	desk := newFakeDesk(kittest.EmptyStore())
	var h tickHistory
	update := func() {
		t.Helper()
		if err := h.update(ctx, desk, now); err != nil {
			t.Fatal(err)
		}
	}
	desk.ticks = []tenant.Tick{{At: now.Add(-chartSpan + time.Minute)}, {At: now.Add(-time.Minute)}}
	update()
	desk.ticks = append(desk.ticks, tenant.Tick{At: now.Add(time.Second)})
	now = now.Add(chartEvery - 1)
	update() // too early to ask again
	if len(desk.asked) != 1 || len(h.ticks) != 2 {
		t.Fatalf("asked %d times for %d ticks", len(desk.asked), len(h.ticks))
	}
	now = now.Add(time.Hour)
	update()
	if len(h.ticks) != 2 || !desk.asked[1].Equal(kittest.Noon.Add(-time.Minute+1)) || !h.ticks[1].At.Equal(kittest.Noon.Add(time.Second)) {
		t.Errorf("then asked for those since %v, and has %d", desk.asked[1], len(h.ticks))
	}
	now = kittest.Noon.Add(-time.Hour) // the clock was set back
	desk.ticks = []tenant.Tick{{At: now}}
	update()
	if len(h.ticks) != 1 || !desk.asked[2].Equal(now.Add(-chartSpan)) {
		t.Errorf("after the clock was set: since %v, and has %d", desk.asked[2], len(h.ticks))
	}
	now = now.Add(time.Minute)
	desk.fail(&tenant.Problem{Op: "read"})
	if h.update(ctx, desk, now) == nil {
		t.Error("a failure is hidden")
	}
}

func TestTheChartIsShownInWordsToo(t *testing.T) {
	b := open(t, kit.Light, kittest.StoreOf(kittest.Nordlys()))
	want := chartOf(someTicks(), kittest.Noon).words()
	if b.poller.chart.ToolTip() != want || b.poller.words.Text != want || !strings.HasPrefix(want, "Last 24 hours: 1,3") {
		t.Errorf("%q and %q, want %q", b.poller.chart.ToolTip(), b.poller.words.Text, want)
	}
	if !b.poller.words.Visible() {
		t.Error("a wide window has no room for the words")
	}
	b.Resize(fyne.NewSize(600, windowHeight))
	b.q.Drain()
	if b.poller.words.Visible() {
		t.Error("the words push the sentence aside")
	}
}

func TestProofsAsLines(t *testing.T) {
	temporary, lasting := tenant.CauseMaintenance.Explain("It stands still.", "", ""), tenant.CauseRevoked.Explain("Refused.", "", "")
	views := proofViews([]tenant.Proof{
		{Kind: tenant.ProofStatus, At: kittest.Noon.Add(-2 * time.Hour), FailedAt: kittest.Noon.Add(-time.Minute), Trouble: &temporary, Detail: "Suspended"},
		{Kind: tenant.ProofExchange, At: kittest.Noon.Add(-3 * time.Hour), FailedAt: kittest.Noon.Add(-time.Minute), Trouble: &lasting},
		{Kind: tenant.ProofPrincipal, At: kittest.Noon, Detail: "as SYS"},
		{Kind: tenant.ProofCompany},
		{Kind: tenant.ProofCompany, At: kittest.Noon, FailedAt: kittest.Noon}, // answered by a person, and not looked at since
	}, kittest.Noon)
	for i, want := range []proofView{
		{"Status", "failed 1 min ago", "last well 2 h ago: It stands still.", kit.ToneWarning},
		{"Exchange", "failed 1 min ago", "last well 3 h ago: Refused.", kit.ToneBad},
		{"Log-on", "just now", "as SYS", kit.ToneGood},
		{"Last company", "never", "", kit.ToneMuted},
		{"Last company", "just now", "", kit.ToneMuted},
	} {
		if views[i] != want {
			t.Errorf("%+v, want %+v", views[i], want)
		}
	}
	text := tenantText(kittest.Nordlys(), kittest.Noon)
	for _, line := range []string{"Status: 10 s ago, Running\n", "Exchange: 41 min ago\n", "Last company: 3 days ago, “Fjord & Fell” (id 1017) as system user\n"} {
		if !strings.Contains(text, line) {
			t.Errorf("the clipboard lacks %q:\n%s", line, text)
		}
	}
}
