package ui

import (
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
)

func TestTheWindowRemembersItsPlace(t *testing.T) {
	a := test.NewTempApp(t)
	b := openOn(t, a, kit.Light, kittest.EmptyStore(), func(*Options) {})
	if got := b.Canvas().Size(); got != fyne.NewSize(windowWidth, windowHeight) || b.across.Offset != float64(float32(splitAcross)) {
		t.Errorf("the first start is %v, split at %v", got, b.across.Offset)
	}
	b.Resize(fyne.NewSize(1000, 700))
	b.across.SetOffset(0.5)
	b.down.SetOffset(0.6)
	b.update(func(*workbench.Overview) {})
	want := place{fyne.NewSize(1000, 700), 0.5, 0.6}
	if got := placeFrom(a.Preferences()); got != want {
		t.Errorf("remembered %+v", got)
	}
	again := openOn(t, a, kit.Light, kittest.EmptyStore(), func(*Options) {})
	if again.Canvas().Size() != want.size || float32(again.across.Offset) != want.across || float32(again.down.Offset) != want.down {
		t.Errorf("it comes back as %v, split at %v and %v", again.Canvas().Size(), again.across.Offset, again.down.Offset)
	}
}

func TestAPlaceThatNobodyCouldReachIsForgotten(t *testing.T) {
	p := test.NewTempApp(t).Preferences()
	for _, bad := range []float64{-1, 0, 1e9, math.NaN(), math.Inf(1)} {
		for _, key := range []string{keyWidth, keyHeight, keyAcross, keyDown} {
			p.SetFloat(key, bad)
		}
		if got, want := placeFrom(p), (place{fyne.NewSize(windowWidth, windowHeight), splitAcross, splitDown}); got != want {
			t.Errorf("%v becomes %+v", bad, got)
		}
	}
}

func TestTheLogBorrowsRoomForItsSearchAndItsDetails(t *testing.T) {
	a := test.NewTempApp(t)
	b := openOn(t, a, kit.Light, kittest.StoreOf(kittest.Nordlys()), func(*Options) {})
	b.Resize(fyne.NewSize(windowWidth, windowHeight))
	b.events <- kittest.SomeEvents()
	b.awaitEvents()
	before, low := b.down.Offset, b.log.Root.Size().Height
	b.item("Find in the log").Action()
	if now := b.log.Root.Size().Height; now < 280 || now <= low {
		t.Fatalf("the log was %v high, and is %v while there is a search", low, now)
	}
	b.update(func(*workbench.Overview) {})
	if got := placeFrom(a.Preferences()).down; got != splitDown {
		t.Errorf("the borrowed split is remembered: %v", got)
	}
	b.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if b.down.Offset != before || b.log.Root.Size().Height != low {
		t.Errorf("the split was at %v, and comes back to %v", before, b.down.Offset)
	}
	b.item("Find in the log").Action()
	b.down.SetOffset(0.3)
	b.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if b.down.Offset != 0.3 {
		t.Errorf("the person's own split is lost: %v", b.down.Offset)
	}
	b.item("Find in the log").Action()
	if b.down.Offset != 0.3 {
		t.Errorf("a log that is high enough took more: %v", b.down.Offset)
	}
}

func TestALowWindowKeepsPartOfItsTenants(t *testing.T) {
	b := open(t, kit.Light, kittest.StoreOf(kittest.Nordlys()))
	b.Resize(fyne.NewSize(leastWidth, leastHeight))
	b.item("Find in the log").Action()
	if left := b.across.Size().Height; left < 100 {
		t.Errorf("%v is left for the tenants", left)
	}
}
