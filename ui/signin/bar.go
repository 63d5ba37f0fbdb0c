package signin

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

// Bar is the window's top: with which registration to sign in, the sign-in itself, and the poller's switches.
type Bar struct {
	Root *fyne.Container
	// SignIn begins a sign-in, Poll switches this program's poller, and Chooser has the registrations.
	SignIn  *kit.Button
	Poll    *kit.Check
	Chooser *kit.Choice
	// Every has the pace of the poller, and Demo switches its demonstration.
	Every *kit.Choice
	Demo  *kit.Check

	o          BarOptions
	remove     *kit.Button
	production *fyne.Container

	names []string // of the chooser's options, by position
	used  string   // the current registration
	pace  time.Duration
}

// BarOptions are what the bar asks for. All of them must be set.
type BarOptions struct {
	// OnUse and OnRemove are given the name of a registration; OnSignIn that of the current one.
	OnUse    func(name string)
	OnAdd    func()
	OnRemove func(name string)
	OnSignIn func(registration string)
	OnPoll   func(on bool)
	OnEvery  func(time.Duration)
	OnDemo   func(on bool)
}

// NewBar makes a bar that shows nothing yet.
func NewBar(o BarOptions) *Bar {
	b := &Bar{o: o}
	b.Chooser = kit.NewChoice(nil, func(string) { b.chosen() })
	b.Chooser.PlaceHolder = textRegistration.String()
	b.remove = kit.NewIconButton(theme.DeleteIcon(), textRemoveRegistration.String(), func() { b.o.OnRemove(b.used) })
	b.remove.Hide() // until there is something to remove
	b.production = kit.NewBadge(textProduction.String())
	b.production.Hide()
	b.SignIn = kit.NewButton(textSignIn.String(), theme.LoginIcon(), textSignInTip.String(), func() { b.o.OnSignIn(b.used) })
	b.SignIn.Importance = widget.HighImportance
	b.SignIn.Disable() // nobody can sign in before it is known with which registration
	b.Poll = kit.NewCheck(textPoll.String(), textPollTip.String(), func(on bool) { b.o.OnPoll(on) })
	b.Every = kit.NewChoice(nil, func(string) { b.paced() })
	b.Every.PlaceHolder = " " // nothing to choose yet: an empty one would be Fyne's own words
	b.Demo = kit.NewCheck(textDemonstration.String(), textDemonstrationTip.String(), func(on bool) { b.o.OnDemo(on) })
	room := layout.NewSpacer()
	chooser := kit.NewFixed(210, 0, b.Chooser)
	b.Root = kit.NewBar(6, room, chooser, b.production, b.remove, b.SignIn, room, b.Poll, kit.NewFixed(112, 0, b.Every), b.Demo)
	return b
}

// Current is the name of the registration to sign in with; "" while there is none.
func (b *Bar) Current() string { return b.used }

// RemoveReason is why the current registration cannot be removed; "" where it can.
func (b *Bar) RemoveReason() string {
	if b.remove.Disabled() {
		return b.remove.ToolTip()
	}
	return ""
}

// chosen acts on the chooser: the last option adds a registration, and the chooser falls back.
func (b *Bar) chosen() {
	i := b.Chooser.SelectedIndex()
	switch {
	case i == len(b.names):
		b.showUsed()
		b.o.OnAdd()
	case i >= 0 && b.names[i] != b.used:
		b.o.OnUse(b.names[i])
	}
}

// showUsed puts the current registration back into the chooser, without choosing it anew.
func (b *Bar) showUsed() {
	selected := ""
	for i, name := range b.names {
		if name == b.used {
			selected = b.Chooser.Options[i]
		}
	}
	if b.Chooser.Selected != selected {
		b.Chooser.Selected = selected
	}
	b.Chooser.Refresh()
}

// Show draws the registrations and the poller's settings. Running is whether this program's poller runs.
func (b *Bar) Show(registrations []workbench.RegistrationView, settings tenant.Settings, running bool) {
	current, found := currentOf(registrations)
	b.showRegistrations(registrations, current)
	if production := found && current.Environment == tenant.Production; production != b.production.Visible() {
		if production {
			b.production.Show()
		} else {
			b.production.Hide()
		}
		b.Root.Refresh()
	}
	switch {
	case !found:
		b.remove.Allow(textSignInNone.String())
	case current.Name == tenant.SandboxName:
		b.remove.Allow(textSandboxStays.String())
	default:
		b.remove.Allow("")
	}
	if b.remove.Hidden != b.remove.Disabled() { // at the first start there is nothing to remove, nor to wonder about
		if b.remove.Disabled() {
			b.remove.Hide()
		} else {
			b.remove.Show()
		}
		b.Root.Refresh()
	}
	b.showPoller(settings, running)
}

func (b *Bar) showRegistrations(views []workbench.RegistrationView, current workbench.RegistrationView) {
	names, options := make([]string, 0, len(views)), make([]string, 0, len(views)+1)
	for _, r := range views {
		names, options = append(names, r.Name), append(options, registrationLabel(r))
	}
	options = append(options, textAddRegistration.String())
	b.names, b.used = names, current.Name
	b.Chooser.Options = options
	b.showUsed()
}

// paced acts on the choice of a poll interval.
func (b *Bar) paced() {
	intervals := pollIntervals(b.pace)
	if i := b.Every.SelectedIndex(); i >= 0 && intervals[i] != b.pace {
		b.o.OnEvery(intervals[i])
	}
}

// showInterval puts the stored interval into the chooser, without choosing it anew.
func (b *Bar) showInterval(d time.Duration) {
	if d == b.pace && b.Every.Selected == intervalLabel(d) {
		return // also after a choice that could not be stored
	}
	b.pace = d
	b.Every.Options = b.Every.Options[:0]
	for _, interval := range pollIntervals(d) {
		b.Every.Options = append(b.Every.Options, intervalLabel(interval))
	}
	b.Every.Selected = intervalLabel(d)
	b.Every.Refresh()
}

func (b *Bar) showPoller(settings tenant.Settings, running bool) {
	b.Poll.ShowChecked(running)
	b.showInterval(settings.PollInterval)
	b.Demo.ShowChecked(settings.Demonstration)
}

// ShowSignIn draws the sign-in button: highlighted as long as it is the one thing to do.
func (b *Bar) ShowSignIn(busy, anyTenant, anyRegistration bool) {
	importance := widget.HighImportance
	if anyTenant || busy {
		importance = widget.MediumImportance
	}
	b.SignIn.Rank(importance)
	switch {
	case busy:
		b.SignIn.Label(textSigningIn.String())
		b.SignIn.Allow(TextBusy.String())
	case !anyRegistration:
		b.SignIn.Label(textSignIn.String())
		b.SignIn.Allow(textSignInNone.String())
	default:
		b.SignIn.Label(textSignIn.String())
		b.SignIn.Allow("")
	}
}
