package logview

import (
	"testing"
	"testing/synctest"
	"time"

	"fyne.io/fyne/v2"
)

// search looks for something and waits until it is found.
func (d *desk) search(t *testing.T, s Search) {
	t.Helper()
	if err := d.Find(s); err != nil {
		t.Fatal(err)
	}
	d.settled(t)
}

// settled waits until no search runs.
func (d *desk) settled(t *testing.T) {
	t.Helper()
	for d.finding.running || d.filtering.running {
		d.background.Wait()
		d.queue.drain()
	}
}

func TestNextAndPreviousGoRound(t *testing.T) {
	d := newDesk(t, filled(0, 1000))
	d.search(t, Search{Text: `line 0000(100|500|900)`, Regexp: true})
	at, n := d.Matches()
	equal(t, "current at first: the last one, as nothing comes after what is in sight", at, 3)
	equal(t, "matches", n, 3)
	for i, want := range []struct {
		jump     func()
		line, at int
	}{
		{d.Next, 100, 1}, {d.Next, 500, 2}, {d.Next, 900, 3}, {d.Next, 100, 1}, {d.Previous, 900, 3}, {d.Previous, 500, 2},
	} {
		want.jump()
		line, ok := d.Current()
		at, _ := d.Matches()
		if !ok || line != want.line || at != want.at {
			t.Errorf("jump %d: line %d, match %d, want line %d, match %d", i, line, at, want.line, want.at)
		}
		if first, last, _ := d.inSight(); line < first || line > last {
			t.Errorf("jump %d: line %d is not among %d to %d", i, line, first, last)
		}
	}
	equal(t, "following", d.Following(), false)
}

func TestAJumpBeforeTheSearchIsDoneIsMadeThen(t *testing.T) {
	for _, c := range []struct {
		what string
		jump func(*desk)
		want int
	}{{"next", func(d *desk) { d.Next() }, 502}, {"previous", func(d *desk) { d.Previous() }, 402}} {
		d := newDesk(t, filled(0, 1000))
		d.SetCurrent(500)
		if err := d.Find(Search{Text: `line 0000[0-9]02`, Regexp: true}); err != nil {
			t.Fatal(err)
		}
		c.jump(d)
		line, _ := d.Current()
		equal(t, c.what+", before anything was found", line, 500)
		d.settled(t)
		line, _ = d.Current()
		equal(t, c.what, line, c.want)
	}
}

func TestASearchGoesToTheNearestMatchAsItIsTyped(t *testing.T) {
	d := newDesk(t, filled(0, 1000))
	d.scrollTo(300)
	for _, c := range []struct {
		text string
		want int
	}{{"line 00004", 400}, {"line 000042", 420}, {"line 000042", 420}, {"line 0000421", 421}, {"line 000042", 421}, {"line 0000999", 999}, {"line 0000001", 1}} {
		d.search(t, Search{Text: c.text})
		line, _ := d.Current()
		equal(t, c.text, line, c.want)
		if first, last, _ := d.inSight(); line < first || line > last {
			t.Errorf("%s: line %d is not among %d to %d", c.text, line, first, last)
		}
		equal(t, c.text+": following", d.Following(), false)
	}
	d.arrive(numbered(1000, 1100)...)
	line, _ := d.Current()
	equal(t, "current after new lines", line, 1)
}

func TestASearchForWhatIsNotThereMovesNothing(t *testing.T) {
	d := newDesk(t, filled(0, 1000))
	d.search(t, Search{Text: "nowhere"})
	if _, ok := d.Current(); ok || !d.Following() {
		t.Errorf("a current line: %t, following: %t", ok, d.Following())
	}
}

func TestMatchesFollowTheFilterAndNewLines(t *testing.T) {
	d := newDesk(t, filled(0, 1000))
	told := 0
	d.OnMatches = func() { told++ }
	d.search(t, Search{Text: "7 of"})
	_, n := d.Matches()
	equal(t, "matches", n, 100)
	filter(t, d.View, Filter{MinLevel: Error})
	d.settled(t)
	_, n = d.Matches()
	equal(t, "matches among errors", n, 50)
	told = 0
	d.arrive(numbered(1000, 1100)...)
	_, n = d.Matches()
	equal(t, "matches with new lines", n, 55)
	equal(t, "told", told, 1)
	d.search(t, Search{})
	d.ClearCurrent()
	_, n = d.Matches()
	equal(t, "matches of nothing", n, 0)
	d.Next()
	if _, ok := d.Current(); ok {
		t.Error("a jump to nothing")
	}
}

func TestAMatchFarToTheRightIsBroughtInSight(t *testing.T) {
	d := newDesk(t, filled(0, 10))
	long := make([]byte, 500)
	for i := range long {
		long[i] = '.'
	}
	d.arrive(Line{Message: string(long) + "needle"})
	d.search(t, Search{Text: "needle"})
	if end := d.message() + 506; d.left == 0 || end > d.left+d.columns() {
		t.Errorf("scrolled to %d, %d columns in sight", d.left, d.columns())
	}
}

func TestASlowSearchTellsHowFarItIsAndCanBeCancelled(t *testing.T) {
	d := newDesk(t, filled(0, 10_000))
	synctest.Test(t, func(t *testing.T) {
		v := NewView(t.Context(), d.store, d.queue.do)
		told := 0
		v.OnProgress = func() { told++ }
		tell := paced(func(done, all int) { v.filtering.done = float64(done) / float64(all); v.tellProgress() })
		v.filtering.running = true
		tell(1, 10)
		_, slow := v.Progress()
		equal(t, "slow at once", slow, false)
		time.Sleep(tellEvery)
		tell(5, 10)
		tell(6, 10)
		done, slow := v.Progress()
		equal(t, "done", done, 0.5)
		equal(t, "slow", slow, true)
		equal(t, "told", told, 1)
		v.filtering.stop()

		filter(t, v, Filter{MinLevel: Error})
		wait(time.Millisecond)
		d.queue.drain()
		filter(t, v, plain("of the"))
		if err := v.Find(Search{Text: "9"}); err != nil {
			t.Fatal(err)
		}
		v.CancelSearch()
		wait(time.Second)
		d.queue.drain()
		equal(t, "filter after cancel", v.wanted, Filter{MinLevel: Error})
		shown, _ := v.Counts()
		equal(t, "shown after cancel", shown, 2500)
		if _, slow := v.Progress(); slow {
			t.Error("still searching")
		}
		v.Close()
	})
}

func TestTheCurrentLineIsChosenByMouseAndKeyboard(t *testing.T) {
	d := newDesk(t, filled(0, 100))
	opened, changed := noLine, 0
	d.OnOpen = func(line int) { opened = line }
	d.OnCurrent = func() { changed++ }
	current := func(what string, want int) {
		t.Helper()
		line, _ := d.Current()
		equal(t, what, line, want)
	}
	d.key(fyne.KeyReturn)
	equal(t, "opened without a current line", opened, noLine)
	d.key(fyne.KeyUp)
	current("up at first: the last in sight", 99)
	equal(t, "following", d.Following(), false)
	d.key(fyne.KeyUp)
	current("up", 98)
	d.key(fyne.KeyReturn)
	equal(t, "opened by Return", opened, 98)
	d.arrive(numbered(100, 200)...)
	d.key(fyne.KeyDown)
	current("down", 99)
	for range 30 {
		d.key(fyne.KeyUp)
	}
	current("up beyond the upper edge", 69)
	equal(t, "top", d.top, 69)
	d.press(d.at(2, 3))
	d.MouseUp(d.mouseEvent(d.at(2, 3), 0))
	current("clicked", 71)
	equal(t, "opened by a click", opened, 71)
	d.choose(d.at(4, 1), d.at(4, 5))
	current("after a selection", 71)
	d.key(fyne.KeyEscape)
	current("after Escape, which cleared the selection", 71)
	d.key(fyne.KeyEscape)
	if _, ok := d.Current(); ok {
		t.Error("a current line after a second Escape")
	}
	equal(t, "told", changed, 35)
}

func TestABurstIsFilteredBitByBit(t *testing.T) {
	d := newDesk(t, filled(0, 10))
	d.swapTo(t, matching(t, plain("line")))
	d.store.Append(numbered(10, 2000))
	for d.rows.next = 10; d.rows.sync(); { // as often as it takes
	}
	shown, _ := d.Counts()
	equal(t, "shown", shown, 2000)
}
