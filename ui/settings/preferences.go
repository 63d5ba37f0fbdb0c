package settings

import (
	"fyne.io/fyne/v2"

	"partnerdesk/ui/kit"
)

// The keys of what is chosen for the window of this computer, and no other.
const (
	keyBackground = "window.background"
	keyNotify     = "window.notify"
	keyAppearance = "window.appearance"
)

// Background is what becomes of the poller when the window is closed.
type Background string

// The ways to go on without a window.
const (
	BackgroundAsk  Background = "ask"
	BackgroundKeep Background = "yes"
	BackgroundStop Background = "no"
)

// BackgroundOf is what was chosen: to ask, until a person has.
func BackgroundOf(p fyne.Preferences) Background {
	switch chosen := Background(p.String(keyBackground)); chosen {
	case BackgroundKeep, BackgroundStop:
		return chosen
	}
	return BackgroundAsk
}

// KeepBackground remembers what was chosen, here or when the window asked.
func KeepBackground(p fyne.Preferences, b Background) { p.SetString(keyBackground, string(b)) }

// NotifyOf reports whether the system tells when a tenant needs attention: yes, unless a person has said no.
func NotifyOf(p fyne.Preferences) bool { return p.BoolWithFallback(keyNotify, true) }

// AppearanceOf is the look that was chosen: the system's, until a person has.
func AppearanceOf(p fyne.Preferences) kit.Appearance {
	switch p.String(keyAppearance) {
	case "light":
		return kit.Light
	case "dark":
		return kit.Dark
	}
	return kit.FollowSystem
}

func keepAppearance(p fyne.Preferences, a kit.Appearance) {
	p.SetString(keyAppearance, map[kit.Appearance]string{kit.FollowSystem: "system", kit.Light: "light", kit.Dark: "dark"}[a])
}
