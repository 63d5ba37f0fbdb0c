package ui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
)

// topBar is the window's top: with which registration to sign in, the sign-in itself, and the poller's switches.
type topBar struct {
	root       *fyne.Container
	chooser    *widget.Select
	remove     *kit.Button
	production *fyne.Container
	signIn     *kit.Button
	poll       *kit.Check
	every      *widget.Select
	demo       *kit.Check

	names []string // of the chooser's options, by position
	used  string   // the current registration
	pace  time.Duration

	// What the bar asks for.
	onUse    func(name string)
	onAdd    func()
	onRemove func(name string)
	onSignIn func()
	onPoll   func(on bool)
	onEvery  func(time.Duration)
	onDemo   func(on bool)
}

func newTopBar() *topBar {
	b := &topBar{}
	b.chooser = widget.NewSelect(nil, func(string) { b.chosen() })
	b.chooser.PlaceHolder = "Registration"
	b.remove = kit.NewIconButton(theme.DeleteIcon(), textRemoveRegistration.String(), func() { b.onRemove(b.used) })
	b.production = kit.NewBadge("PRODUCTION")
	b.production.Hide()
	b.signIn = kit.NewButton(textSignIn.String(), theme.LoginIcon(), textSignInTip.String(), func() { b.onSignIn() })
	b.signIn.Importance = widget.HighImportance
	b.poll = kit.NewCheck(textPoll.String(), textPollTip.String(), func(on bool) { b.onPoll(on) })
	b.every = widget.NewSelect(nil, func(string) { b.paced() })
	b.demo = kit.NewCheck(textDemonstration.String(), textDemonstrationTip.String(), func(on bool) { b.onDemo(on) })
	room := layout.NewSpacer()
	chooser := kit.NewFixed(210, 0, b.chooser)
	b.root = kit.NewBar(6, room, chooser, b.production, b.remove, b.signIn, room, b.poll, kit.NewFixed(112, 0, b.every), b.demo)
	return b
}

// chosen acts on the chooser: the last option adds a registration, and the chooser falls back.
func (b *topBar) chosen() {
	i := b.chooser.SelectedIndex()
	switch {
	case i == len(b.names):
		b.showUsed()
		b.onAdd()
	case i >= 0 && b.names[i] != b.used:
		b.onUse(b.names[i])
	}
}

// showUsed puts the current registration back into the chooser, without choosing it anew.
func (b *topBar) showUsed() {
	selected := ""
	for i, name := range b.names {
		if name == b.used {
			selected = b.chooser.Options[i]
		}
	}
	if b.chooser.Selected != selected {
		b.chooser.Selected = selected
	}
	b.chooser.Refresh()
}

// show draws a scene.
func (b *topBar) show(s *scene, running bool) {
	current, found := s.registration()
	b.showRegistrations(s.overview.Registrations, current)
	if production := found && current.Environment == tenant.Production; production != b.production.Visible() {
		if production {
			b.production.Show()
		} else {
			b.production.Hide()
		}
		b.root.Refresh()
	}
	switch {
	case !found:
		b.remove.Allow(textSignInNone.String())
	case current.Name == tenant.SandboxName:
		b.remove.Allow(textSandboxStays.String())
	default:
		b.remove.Allow("")
	}
	b.showPoller(s.overview.Poller, running)
}

func (b *topBar) showRegistrations(views []workbench.RegistrationView, current workbench.RegistrationView) {
	names, options := make([]string, 0, len(views)), make([]string, 0, len(views)+1)
	for _, r := range views {
		names, options = append(names, r.Name), append(options, registrationLabel(r))
	}
	options = append(options, textAddRegistration.String())
	b.names, b.used = names, current.Name
	b.chooser.Options = options
	b.showUsed()
}

// paced acts on the choice of a poll interval.
func (b *topBar) paced() {
	intervals := pollIntervals(b.pace)
	if i := b.every.SelectedIndex(); i >= 0 && intervals[i] != b.pace {
		b.onEvery(intervals[i])
	}
}

// showInterval puts the stored interval into the chooser, without choosing it anew.
func (b *topBar) showInterval(d time.Duration) {
	if d == b.pace && b.every.Selected == intervalLabel(d) {
		return // also after a choice that could not be stored
	}
	b.pace = d
	b.every.Options = b.every.Options[:0]
	for _, interval := range pollIntervals(d) {
		b.every.Options = append(b.every.Options, intervalLabel(interval))
	}
	b.every.Selected = intervalLabel(d)
	b.every.Refresh()
}

func (b *topBar) showPoller(p workbench.PollerView, running bool) {
	b.poll.ShowChecked(running)
	b.showInterval(p.Settings.PollInterval)
	b.demo.ShowChecked(p.Settings.Demonstration)
}

// showSignIn draws the sign-in button: highlighted as long as it is the one thing to do.
func (b *topBar) showSignIn(busy, anyTenant, anyRegistration bool) {
	importance := widget.HighImportance
	if anyTenant || busy {
		importance = widget.MediumImportance
	}
	b.signIn.Rank(importance)
	switch {
	case busy:
		b.signIn.Label(textSigningIn.String())
		b.signIn.Allow(textSignInBusy.String())
	case !anyRegistration:
		b.signIn.Label(textSignIn.String())
		b.signIn.Allow(textSignInNone.String())
	default:
		b.signIn.Label(textSignIn.String())
		b.signIn.Allow("")
	}
}
