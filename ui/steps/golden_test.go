package steps

import (
	"log/slog"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"partnerdesk/core/journal"
	"partnerdesk/core/tenant"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
)

// shownAfter is a strip after events of the given levels, one for each step from the first on.
func shownAfter(signingIn bool, levels ...slog.Level) *fyne.Container {
	tracker := NewTracker(kittest.Noon)
	for i, level := range levels {
		tracker.Apply(journal.Event{Time: kittest.Noon.Add(time.Second), Step: tenant.Step(i + 1), Level: level, Registration: "sandbox", Tenant: "Cust10234"})
	}
	tracker.signingIn = signingIn
	s := NewStrip()
	s.Show(tracker.Views(tenant.Key{}, kittest.Noon))
	return s.Root
}

// The strip at its start, during a sign-in, after one that failed, and when all has happened, once with a warning;
// and all of it again where there is no room for the names.
func TestPictures(t *testing.T) {
	const ok, warned, failed = slog.LevelInfo, slog.LevelWarn, slog.LevelError
	for name, width := range map[string]float32{"wide": 1264, "narrow": 700} {
		kittest.Pictures(t, name, fyne.NewSize(width, 130), func(*testing.T) fyne.CanvasObject {
			return kit.NewInset(8, 8, kit.NewColumn(10, shownAfter(false), shownAfter(true, ok, ok, ok), shownAfter(false, ok, ok, ok, failed),
				shownAfter(false, ok, ok, ok, ok, ok, ok, ok, ok, warned, ok)))
		})
	}
}
