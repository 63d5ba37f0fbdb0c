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
		return kit.NewInset(8, 8, kit.NewColumn(10, line(held(thisWindow), nil, true), line(here, kittest.ADay(), true), line(there, kittest.ADay(), true),
			line(askedBy(there, thisWindow), kittest.ADay(), true), line(workbench.PollerView{}, kittest.ADay(), false)))
	})
}
