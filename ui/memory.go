package ui

import (
	"fyne.io/fyne/v2"

	"partnerdesk/ui/kit"
	"partnerdesk/ui/settings"
)

// What the window remembers on this computer.
const (
	keyWidth  = "window.width"
	keyHeight = "window.height"
	keyAcross = "window.across"
	keyDown   = "window.down"
	keySteps  = "window.steps"
)

// place is the window's size, and where it is split.
type place struct {
	size         fyne.Size
	across, down float32
}

// The window at its first start.
const (
	windowWidth  = 1280
	windowHeight = 800
	splitAcross  = 0.38
	splitDown    = 0.74
)

// The least and the most that a remembered window may have: a screen that is not there any more, or a damaged file,
// must not make a window that nobody can reach. No part of a split may be lost behind its edge.
const (
	leastWidth, leastHeight = 720, 480
	mostWidth, mostHeight   = 7680, 4320
	leastSplit, mostSplit   = 0.15, 0.9
)

// placeFrom reads what was remembered.
func placeFrom(p fyne.Preferences) place {
	return place{
		size: fyne.NewSize(
			within(p.FloatWithFallback(keyWidth, windowWidth), leastWidth, mostWidth, windowWidth),
			within(p.FloatWithFallback(keyHeight, windowHeight), leastHeight, mostHeight, windowHeight)),
		across: within(p.FloatWithFallback(keyAcross, splitAcross), leastSplit, mostSplit, splitAcross),
		down:   within(p.FloatWithFallback(keyDown, splitDown), leastSplit, mostSplit, splitDown),
	}
}

// within is a value between two others, or the usual one where it is neither.
func within(value, least, most, usual float64) float32 {
	if value >= least && value <= most {
		return float32(value)
	}
	return float32(usual)
}

// keepIn remembers a place.
func (p place) keepIn(prefs fyne.Preferences) {
	prefs.SetFloat(keyWidth, float64(p.size.Width))
	prefs.SetFloat(keyHeight, float64(p.size.Height))
	prefs.SetFloat(keyAcross, float64(p.across))
	prefs.SetFloat(keyDown, float64(p.down))
}

// remember keeps the window's place, if it is another than before.
func (w *Window) remember() {
	now := place{size: w.Canvas().Size(), across: float32(w.across.Offset), down: float32(w.down.Offset)}
	if w.lent != nil && w.down.Offset == w.lent.to {
		now.down = float32(w.lent.from)
	}
	if now != w.kept && !w.hidden {
		w.kept = now
		now.keepIn(w.app.Preferences())
	}
}

// The height of the log's region that leaves lines to see beside its details and below its search, and the most of
// the split that it may take for that.
const (
	crowdedLog      = 300
	mostCrowdedPart = 0.6
)

// loan is a split that was moved for the log's sake.
type loan struct{ from, to float64 }

// lendRoom gives a log that is low more of the window while its search or its details are open, and takes it back
// after that, unless the person has moved the split meanwhile.
func (w *Window) lendRoom(crowded bool) {
	if !crowded {
		if l := w.lent; l != nil && w.down.Offset == l.to {
			w.down.SetOffset(l.from)
		}
		w.lent = nil
		return
	}
	low := w.down.Trailing.Size().Height
	all := low + w.down.Leading.Size().Height
	if wanted := min(crowdedLog, mostCrowdedPart*all); low < wanted {
		w.lent = &loan{from: w.down.Offset, to: 1 - float64(wanted/all)}
		w.down.SetOffset(w.lent.to)
	}
}

// toggleSteps shows or hides the ten steps, and remembers it.
func (w *Window) toggleSteps() {
	show := !w.strip.Root.Visible()
	w.app.Preferences().SetBool(keySteps, show)
	w.strip.Root.Hidden = !show
	w.shell.Refresh()
}

// askBackground asks once, inline, what becomes of the poller. Closing the window again ends the program.
func (w *Window) askBackground() {
	answer := func(b settings.Background, act func()) func() {
		return func() {
			settings.KeepBackground(w.app.Preferences(), b)
			w.report(kit.NoticeView{})
			act()
		}
	}
	keep := kit.NewButton(textKeepYes.String(), nil, "", answer(settings.BackgroundKeep, w.hide))
	stop := kit.NewButton(textKeepNo.String(), nil, "", answer(settings.BackgroundStop, w.quit))
	stay := kit.NewButton(kit.TextCancel.String(), nil, "", func() { w.report(kit.NoticeView{}) })
	w.asking = stay
	w.ask(kit.NoticeView{Tone: kit.ToneAccent, Title: textKeepPolling.String(), Lines: []string{textKeepPollingWhy.String()}}, keep, stop, stay)
	w.Canvas().Focus(keep)
}
