package pollerline

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
)

// aDay are ticks with a quiet night, an hour of failures, and two exchanges.
func aDay() []tenant.Tick {
	var list []tenant.Tick
	for minute := 24 * 60; minute > 0; minute-- {
		tick := tenant.Tick{At: kittest.Noon.Add(-time.Duration(minute) * time.Minute), Active: 20, LoggedOn: 12 + minute/60%5}
		switch {
		case minute == 700 || minute == 180:
			tick.Exchanges = 1
		case minute > 660 && minute < 780:
			continue // nobody polled
		case minute >= 240 && minute < 300:
			tick.LoggedOn, tick.Failed = 9, 3
		}
		list = append(list, tick)
	}
	return list
}

// The line at the first start, when all is well, when another process polls with failures, while it is asked to hand
// over, and when nobody polls.
func TestPictures(t *testing.T) {
	here, there := held(thisWindow), held(theConsole)
	here.Lease.Last = tenant.Tick{At: kittest.Noon.Add(-12 * time.Second), Active: 20, LoggedOn: 16}
	there.Lease.Last = tenant.Tick{At: kittest.Noon.Add(-12 * time.Second), Active: 5000, LoggedOn: 4980, Resting: 15, Failed: 5}
	line := func(p workbench.PollerView, ticks []tenant.Tick, running bool) fyne.CanvasObject {
		l := New(func() {})
		l.Show(p, ChartOf(ticks, kittest.Noon), running, kittest.Noon)
		return l.Root
	}
	kittest.Pictures(t, "lines", fyne.NewSize(1264, 220), func(*testing.T) fyne.CanvasObject {
		return kit.NewInset(8, 8, kit.NewColumn(10, line(held(thisWindow), nil, true), line(here, aDay(), true), line(there, aDay(), true),
			line(askedBy(there, thisWindow), aDay(), true), line(workbench.PollerView{}, aDay(), false)))
	})
}
