package logview

import (
	"strings"
	"testing"
	"testing/synctest"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
)

func (d *desk) key(name fyne.KeyName) { d.TypedKey(&fyne.KeyEvent{Name: name}) }

func (d *desk) wheel(dx, dy float32) {
	test.Scroll(d.window.Canvas(), fyne.NewPos(50, 50), dx, dy)
}

func TestFollowShowsTheNewestLine(t *testing.T) {
	d := newDesk(t, NewStore(1600, "desktop"))
	if _, _, ok := d.inSight(); ok {
		t.Error("an empty view shows a line")
	}
	for i := 0; i < 5000; i += 50 {
		d.arrive(numbered(i, i+50)...)
		first, last, _ := d.inSight()
		equal(t, "last in sight", last, i+49)
		equal(t, "first in sight", first, max(0, i+50-d.fullRows()))
	}
	equal(t, "new lines while following", d.NewLines(), 0)
}

func TestFollowEndsAndBegins(t *testing.T) {
	type step struct {
		name      string
		act       func(d *desk)
		following bool
	}
	steps := []step{
		{"wheel down at the bottom", func(d *desk) { d.wheel(0, -50) }, true},
		{"wheel up", func(d *desk) { d.wheel(0, 50) }, false},
		{"wheel down to the bottom", func(d *desk) { d.wheel(0, -500) }, true},
		{"page up", func(d *desk) { d.key(fyne.KeyPageUp) }, false},
		{"page down to the bottom", func(d *desk) { d.key(fyne.KeyPageDown) }, true},
		{"home", func(d *desk) { d.key(fyne.KeyHome) }, false},
		{"end", func(d *desk) { d.key(fyne.KeyEnd) }, true},
		{"up", func(d *desk) { d.key(fyne.KeyUp) }, false},
		{"down to the newest line", func(d *desk) { d.key(fyne.KeyDown) }, false},
		{"end after that", func(d *desk) { d.key(fyne.KeyEnd) }, true},
		{"mouse down", func(d *desk) { d.press(d.at(2, 3)) }, false},
		{"control end", func(d *desk) {
			d.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyEnd, Modifier: fyne.KeyModifierControl})
		}, true},
		{"pause", func(d *desk) { d.SetFollow(false) }, false},
		{"follow", func(d *desk) { d.SetFollow(true) }, true},
		{"left and right", func(d *desk) { d.key(fyne.KeyLeft); d.key(fyne.KeyRight) }, true},
		{"any other key", func(d *desk) { d.key(fyne.KeyF5); d.TypedRune('x') }, true},
	}
	d := newDesk(t, filled(0, 1000))
	var told []bool
	d.OnFollowChanged = func(on bool) { told = append(told, on) }
	was := true
	for _, s := range steps {
		told = nil
		s.act(d)
		equal(t, s.name, d.Following(), s.following)
		if s.following == was && len(told) > 0 || s.following != was && (len(told) != 1 || told[0] != s.following) {
			t.Errorf("%s: told %v", s.name, told)
		}
		was = s.following
	}
}

func TestPositionIsHeldWhileLinesComeAndGo(t *testing.T) {
	d := newDesk(t, filled(1600, 1600))
	var told []int
	d.OnNewLines = func(n int) { told = append(told, n) }
	d.key(fyne.KeyPageUp)
	first, last, _ := d.inSight()
	for i := 1600; i < 2800; i += 100 {
		d.arrive(numbered(i, i+100)...)
		if f, l, _ := d.inSight(); f != first || l != last {
			t.Fatalf("slipped from %d-%d to %d-%d", first, last, f, l)
		}
		equal(t, "new lines", d.NewLines(), i+100-1600)
	}
	equal(t, "told", len(told), 12)
	d.arrive(numbered(2800, 4800)...)
	first, _, _ = d.inSight()
	oldest, _ := d.store.Bounds()
	equal(t, "first in sight after it was dropped", first, oldest)
	d.SetFollow(true)
	equal(t, "told at last", told[len(told)-1], 0)
	_, last, _ = d.inSight()
	equal(t, "last in sight", last, 4799)
}

func TestDrawnOnlyIfSomethingVisibleChanged(t *testing.T) {
	d := newDesk(t, filled(0, 1_000_000))
	d.key(fyne.KeyHome)
	d.window.Canvas().Capture()
	shown := d.shown
	d.arrive(numbered(0, 100)...)
	if d.look() != shown {
		t.Error("a hundred lines far below change what is seen")
	}
	d.SetFollow(true)
	if d.look() == shown {
		t.Error("following changes nothing")
	}
}

func TestWheelMovesByHalfRows(t *testing.T) {
	d := newDesk(t, filled(0, 1000))
	d.key(fyne.KeyHome)
	quarter := float32(d.atlas.cellH) / wheelFactor / 4
	for i := range 16 {
		d.wheel(0, -quarter)
		first, _, _ := d.inSight()
		equal(t, "first in sight", first, (i+1)/4)
	}
}

func TestSideways(t *testing.T) {
	d := newDesk(t, NewStore(0, "desktop"))
	d.arrive(Line{Message: "short"}, Line{Message: strings.Repeat("x", 300)})
	d.key(fyne.KeyLeft)
	equal(t, "left of the beginning", d.left, 0)
	d.key(fyne.KeyRight)
	equal(t, "one key", d.left, keyCells)
	d.wheel(-1000, 0)
	d.wheel(-1000, 0)
	d.wheel(-1000, 0)
	equal(t, "the end of the longest line", d.left, d.message()+300-d.columns())
	d.modifiers = func() fyne.KeyModifier { return fyne.KeyModifierShift }
	d.wheel(0, float32(d.atlas.cellW)/wheelFactor)
	equal(t, "shift and wheel", d.left, d.message()+300-d.columns()-1)
	d.key(fyne.KeyHome)
	equal(t, "home", d.left, 0)
}

func TestThumbIsExactForAnyNumberOfRows(t *testing.T) {
	for _, n := range []int{20, 1000, 1_000_000} {
		d := newDesk(t, filled(2_000_000, n))
		thumb := d.thumb()
		equal(t, "thumb's end at the newest line", thumb.Max.Y, d.h)
		grab := fyne.NewPos(float32(thumb.Min.X+2), float32(thumb.Min.Y+3))

		d.press(grab)
		d.drag(grab)
		equal(t, "following after the thumb was only taken", d.Following(), true)
		d.drag(grab.AddXY(0, -float32(d.h)))
		first, _, _ := d.inSight()
		equal(t, "first line at the top", first, 0)
		equal(t, "thumb at the top", d.thumb().Min.Y, 0)
		d.drag(grab.AddXY(5, 500))
		equal(t, "following at the bottom", d.Following(), true)
		d.DragEnd()

		// There and back to every pixel: the thumb is where the pointer is.
		d.press(grab)
		for y := range thumb.Min.Y {
			d.drag(grab.SubtractXY(0, float32(thumb.Min.Y-y)))
			got := d.thumb().Min.Y
			if got < y-d.h/n-1 || got > y+d.h/n+1 {
				t.Fatalf("%d rows: thumb at %d, pointer at %d", n, got, y)
			}
		}
		d.release()
	}
}

func TestThumbIsHeldWhileLinesArrive(t *testing.T) {
	d := newDesk(t, filled(0, 1000))
	d.key(fyne.KeyHome)
	d.TypedKey(&fyne.KeyEvent{Name: fyne.KeyPageDown})
	first, _, _ := d.inSight()
	thumb := d.thumb()
	grab := fyne.NewPos(float32(thumb.Min.X+2), float32(thumb.Min.Y+3))
	d.press(grab)
	d.arrive(numbered(1000, 3000)...)
	d.drag(grab)
	now, _, _ := d.inSight()
	equal(t, "first in sight", now, first)
}

func TestPressBesideTheThumbTurnsAPage(t *testing.T) {
	d := newDesk(t, filled(0, 1000))
	top := fyne.NewPos(float32(d.w-3), 1)
	d.press(top)
	first, _, _ := d.inSight()
	equal(t, "a page up", first, 1000-2*d.fullRows())
	d.drag(top.AddXY(0, 40))
	equal(t, "a drag that began beside the thumb", d.sel.empty(), true)
	d.press(fyne.NewPos(float32(d.w-3), float32(d.h-1)))
	equal(t, "a page down", d.Following(), true)

	small := newDesk(t, filled(0, 3))
	small.press(top)
	equal(t, "all in sight", small.thumb().Empty(), true)
	equal(t, "still following", small.Following(), true)
}

func TestPointerOverTheBar(t *testing.T) {
	d := newDesk(t, filled(0, 1000))
	c := d.window.Canvas()
	test.MoveMouse(c, fyne.NewPos(20, 20))
	equal(t, "over text", d.Cursor(), desktop.Cursor(desktop.TextCursor))
	test.MoveMouse(c, fyne.NewPos(395, 20))
	equal(t, "over the bar", d.Cursor(), desktop.Cursor(desktop.DefaultCursor))
	d.MouseOut()
	equal(t, "outside", d.bar.hovered, false)
}

func TestSelectionScrollsOnWhileThePointerRestsOutside(t *testing.T) {
	d := newDesk(t, filled(0, 1000))
	synctest.Test(t, func(t *testing.T) {
		v := NewView(t.Context(), d.store, d.queue.do)
		v.Resize(fyne.NewSize(400, 200))
		top := v.lastTop()
		v.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: d.at(3, 0)}, Button: desktop.MouseButtonPrimary})
		v.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(10, -1)}})
		d.queue.drain()
		for range 10 {
			wait(updateInterval)
			d.queue.drain()
		}
		equal(t, "rows scrolled", top-v.top, 12)
		v.DragEnd()
		wait(updateInterval)
		d.queue.drain()
		wait(updateInterval)
		equal(t, "after the button came up", d.queue.drain(), 0)
		from, to := v.sel.ordered()
		equal(t, "selection", to.line-from.line, 15)
		v.Close()
	})
}

func TestALowerViewKeepsTheCurrentLineInSight(t *testing.T) {
	d := newDesk(t, filled(0, 1000))
	d.scrollTo(500)
	_, last, _ := d.inSight()
	d.SetCurrent(last - 1)
	d.window.Resize(fyne.NewSize(400, 100))
	d.window.Canvas().Capture()
	if first, end, _ := d.inSight(); last-1 < first || last-1 > end {
		t.Errorf("line %d is not among %d to %d", last-1, first, end)
	}
	d.scrollTo(100)
	d.window.Resize(fyne.NewSize(400, 80))
	d.window.Canvas().Capture()
	equal(t, "top, as the current line was not in sight", d.top, 100)
}
