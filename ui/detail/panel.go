package detail

import (
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
)

// View is what the panel shows: a tenant, and what decides what can be done with it.
type View struct {
	Tenant workbench.TenantView
	Poller workbench.PollerView
	// Polling is whether this program's poller runs.
	Polling bool
}

// Panel is the chosen tenant, or a short welcome while there is none. It belongs to the user interface's goroutine.
type Panel struct {
	o       Options
	root    *fyne.Container
	scroll  *container.Scroll
	welcome *welcome

	// What is done from elsewhere too, by a menu.
	Active       *kit.Check
	LogOn, Again *kit.Button

	name       *kit.Line
	production *fyne.Container
	copy       *kit.Button
	more       *kit.Button
	menu       *widget.PopUpMenu // the last one that more has opened
	dot        *kit.Dot
	verdict    *kit.Line
	subtitle   *kit.Line
	answer     *kit.Notice // what the last action came to, or a question
	dismiss    *kit.Button
	trouble    *kit.Notice
	proofs     *proofGrid
	facts      *kit.FactGrid

	signOut  *signOutFlow
	offboard *offboardFlow
	receipt  *receiptDialog // the last one, nil before

	shown workbench.TenantView
	at    time.Time
}

// New makes the panel.
func New(run *kit.Runner, o Options) *Panel {
	p := &Panel{o: o, welcome: newWelcome(), answer: kit.NewNotice(), trouble: kit.NewNotice()}
	p.name = kit.NewLine("", kit.Look{Size: theme.SizeNameHeadingText, Style: fyne.TextStyle{Bold: true}})
	p.production = kit.NewBadge(textProductionBadge.String())
	p.dot, p.verdict, p.subtitle = kit.NewDot(), kit.NewWord("", kit.LookBold()), kit.NewLine("", kit.Look{Tone: kit.ColorMuted})
	p.proofs, p.facts = newProofGrid(), kit.NewFactGrid(3, 108)
	p.makeActions()
	p.makeFlows(run)
	title := kit.NewBar(8, p.name, p.name, p.production, p.Active, p.LogOn, p.Again, p.copy, p.more)
	subtitle := kit.NewBar(7, p.subtitle, p.dot, p.verdict, p.subtitle)
	p.scroll = kit.NewScrolledColumn(8, 10,
		kit.NewColumn(1, title, subtitle),
		p.answer.Container, p.trouble.Container,
		kit.NewPanel(10, kit.NewColumn(7, p.proofs.Container, kit.NewRule(), p.facts.Container)),
		o.Companies)
	p.root = container.NewStack(p.welcome.root, p.scroll)
	p.scroll.Hide()
	p.welcome.root.Hide() // nobody is greeted as new before it is known that there is no tenant
	return p
}

func (p *Panel) makeActions() {
	o := p.o
	p.Active = kit.NewCheck(textActive.String(), textActiveTip.String(), func(on bool) { o.OnActive(p.shown.Key, on) })
	p.LogOn = kit.NewButton(textLogOnNow.String(), nil, textLogOnNowTip.String(), func() { o.OnLogOn(p.shown.Key) })
	p.Again = kit.NewButton(textSignInAgain.String(), nil, textSignInAgainTip.String(), func() { o.OnSignIn(p.shown) })
	p.copy = kit.NewIconButton(theme.ContentCopyIcon(), textCopyTenant.String(), func() { o.Copy(tenantText(p.shown, p.at)) })
	p.more = kit.NewIconButton(theme.MoreVerticalIcon(), textMore.String(), p.OpenMenu)
	p.dismiss = kit.NewButton(kit.TextDismiss.String(), nil, "", func() { p.say(kit.NoticeView{}) })
}

func (p *Panel) makeFlows(run *kit.Runner) {
	p.signOut = newSignOutFlow(run, p.o, p)
	p.offboard = newOffboardFlow(run, p.o.Desk, p)
	p.signOut.onDone, p.offboard.onDone = p.o.OnChanged, p.o.OnChanged
	p.offboard.onReceipt = p.ShowReceipt
}

// Root is the panel as the window lays it out.
func (p *Panel) Root() fyne.CanvasObject { return p.root }

// Shown is the tenant that is shown; its zero value while there is none.
func (p *Panel) Shown() workbench.TenantView { return p.shown }

// OpenMenu offers what is seldom needed, below its button. What cannot be done says why.
func (p *Panel) OpenMenu() {
	signOut := fyne.NewMenuItem(textSignOut.String(), func() { p.signOut.ask(p.shown) })
	if reason := signOutReason(p.shown, p.signOut.busy(), p.offboard.busy()); reason != "" {
		signOut.Label, signOut.Disabled, signOut.Action = textSignOut.String()+" ("+reason+")", true, nil
	}
	remove := fyne.NewMenuItem(textRemove.String(), func() { p.offboard.ask(p.shown) })
	if reason := removeReason(p.signOut.busy(), p.offboard.busy()); reason != "" {
		remove.Label, remove.Disabled, remove.Action = textRemove.String()+" ("+reason+")", true, nil
	}
	p.menu = widget.NewPopUpMenu(fyne.NewMenu("", signOut, remove), p.o.Window.Canvas())
	p.menu.OnDismiss = func() {
		p.menu.Hide()
		p.focus(p.more)
	}
	size := p.more.Size()
	p.menu.ShowAtRelativePosition(fyne.NewPos(size.Width-p.menu.MinSize().Width, size.Height), p.more)
}

// focus moves the keyboard to an object.
func (p *Panel) focus(o fyne.Focusable) { p.o.Window.Canvas().Focus(o) }

// Fail shows inline why an action on a tenant failed.
func (p *Panel) Fail(key tenant.Key, err error) {
	if p.shown.Key != key && cancelled(err) {
		return
	}
	p.tell(key, kit.Explain(tenant.Explain(err)), p.dismiss)
}

// Forget takes back what the last action on a tenant came to, as it is no longer so.
func (p *Panel) Forget(key tenant.Key) { p.tell(key, kit.NoticeView{}) }

// tell says what became of something that was begun for a tenant: here, or elsewhere where another tenant is
// shown by now.
func (p *Panel) tell(key tenant.Key, v kit.NoticeView, buttons ...fyne.CanvasObject) {
	switch {
	case p.shown.Key == key:
		p.say(v, buttons...)
	case !v.Empty():
		p.o.OnElsewhere(v)
	}
}

// Said is what the last action came to, or the question that is asked; the zero view where there is nothing to say.
func (p *Panel) Said() kit.NoticeView { return p.answer.Shown }

// say shows an answer or a question. If a button of the last one was pressed by key, the focus goes on to the
// new one, and to its last button, which is the harmless one.
func (p *Panel) say(v kit.NoticeView, buttons ...fyne.CanvasObject) {
	before := p.answer.Buttons.Objects
	if !p.answer.Set(v, buttons...) {
		return
	}
	p.Relayout()
	focused, isObject := p.o.Window.Canvas().Focused().(fyne.CanvasObject)
	if isObject && (!slices.Contains(before, focused) || p.answer.Holds(focused)) {
		return // it is somewhere else, or on a button that stays
	}
	next := p.more
	if last, ok := lastOf(buttons).(*kit.Button); ok && !v.Empty() {
		next = last
	}
	p.focus(next)
}

// lastOf is the last object of a list, nil if there is none.
func lastOf(objects []fyne.CanvasObject) fyne.CanvasObject {
	if len(objects) == 0 {
		return nil
	}
	return objects[len(objects)-1]
}

// Relayout lays the panel out after something in it has changed its height.
func (p *Panel) Relayout() {
	p.scroll.Content.Refresh()
	p.scroll.Refresh()
}

// ShowWelcome shows the first minute's three lines. r is the registration to sign in with, if one was found.
func (p *Panel) ShowWelcome(r workbench.RegistrationView, found bool) {
	p.shown = workbench.TenantView{}
	p.welcome.set(welcomeOf(r, found))
	p.scroll.Hide()
	p.welcome.root.Show()
}

// Show draws a tenant.
func (p *Panel) Show(v View) {
	t, now := v.Tenant, p.o.Now()
	another := p.shown.Key != t.Key
	p.shown, p.at = t, now
	p.welcome.root.Hide()
	p.scroll.Show()
	resized := another && p.answer.Set(kit.NoticeView{})
	resized = p.showHead(t) || resized
	p.Active.ShowChecked(t.Active)
	p.LogOn.Allow(logOnNowReason(t, v.Poller, v.Polling, now))
	resized = p.trouble.Set(troubleNotice(t.Trouble, t.RetryAt, now)) || resized
	resized = p.proofs.set(proofViews(t.Proofs, now)) || resized
	resized = p.facts.Set(tenantFacts(t, now)) || resized
	if resized || another {
		p.Relayout()
	}
	if another {
		p.scroll.ScrollToTop()
	}
}

// showHead draws who it is, and how it fares; it reports whether that takes another room.
func (p *Panel) showHead(t workbench.TenantView) (resized bool) {
	p.name.SetText(tenant.OrDash(t.CompanyName))
	if production := t.Environment == tenant.Production; production != p.production.Visible() {
		p.production.Hidden = !production
		resized = true
	}
	mood := kit.VerdictTone(t.Verdict).Text()
	p.dot.Set(mood)
	if word := kit.VerdictWord(t.Verdict); word != p.verdict.Text {
		p.verdict.Set(word, kit.LookBold().In(mood))
		resized = true
	}
	p.subtitle.SetText(placeOf(t))
	return resized
}

// AllowSignIn says in the panel's sign-in button why nobody can sign in now; empty where somebody can.
func (p *Panel) AllowSignIn(reason string) { p.Again.Allow(reason) }
