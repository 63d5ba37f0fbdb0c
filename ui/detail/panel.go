package detail

import (
	"cmp"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/words"
)

// View is what the panel shows: a tenant, and what decides what can be done with it.
type View struct {
	Tenant workbench.TenantView
	Poller workbench.PollerView
	// Polling is whether this program's poller runs.
	Polling bool
}

// pollsElsewhere reports whether another process polls.
func (v View) pollsElsewhere(now time.Time) bool { return v.Poller.Lease.Held(now) && !v.Poller.Here }

// Panel is the chosen tenant, or a short welcome while there is none. It belongs to the user interface's goroutine.
type Panel struct {
	o       Options
	root    *fyne.Container
	scroll  *container.Scroll
	welcome *welcome

	// What is done from elsewhere too, by a menu.
	Active       *kit.Check
	LogOn, Check *kit.Button

	name       *kit.Line
	production *fyne.Container
	more       *kit.Button
	menu       *widget.PopUpMenu // the last one that more has opened
	dot        *kit.Dot
	verdict    *kit.Line
	subtitle   *kit.Line
	answer     *kit.Notice // what the last action came to, or a question
	dismiss    *kit.Button
	trouble    *kit.Notice
	cure       *actButton // what can be done about the trouble
	doctor     *doctor
	next       *actButton // what can be done about the doctor's answer
	proofs     *proofGrid
	facts      *kit.FactGrid
	history    *historySection
	claims     *claimsSection

	signOut  *signOutFlow
	offboard *offboardFlow
	receipt  *receiptDialog // the last one, nil before
	run      *kit.Runner

	view View
	// shown is the view's tenant, and at the time for which it was drawn.
	shown workbench.TenantView
	at    time.Time
	// signingIn says why nobody can sign in now; empty where somebody can.
	signingIn string
}

// New makes the panel.
func New(run *kit.Runner, o Options) *Panel {
	p := &Panel{o: o, run: run, welcome: newWelcome(), answer: kit.NewNotice(), trouble: kit.NewNotice()}
	p.name = kit.NewLine("", kit.Look{Size: theme.SizeNameHeadingText, Style: fyne.TextStyle{Bold: true}})
	p.production = kit.NewBadge(textProductionBadge.String())
	p.dot, p.verdict, p.subtitle = kit.NewDot(), kit.NewWord("", kit.LookBold()), kit.NewLine("", kit.Look{Tone: kit.ColorMuted})
	p.proofs, p.facts = newProofGrid(), kit.NewFactGrid(3, 108)
	p.doctor = newDoctor(run, p)
	p.history, p.claims = newHistorySection(run, o, p), newClaimsSection(run, o, p)
	p.makeActions()
	p.makeFlows(run)
	title := kit.NewBar(8, p.name, p.name, p.production, p.Active, p.LogOn, p.Check, p.more)
	subtitle := kit.NewBar(7, p.subtitle, p.dot, p.verdict, p.subtitle)
	p.scroll = kit.NewScrolledColumn(8, 10,
		kit.NewColumn(1, title, subtitle),
		p.answer.Container, p.trouble.Container, p.doctor.root,
		kit.NewPanel(10, kit.NewColumn(7, p.proofs.Container, kit.NewRule(), p.facts.Container)),
		o.Companies, p.history.root, p.claims.root)
	p.root = container.NewStack(p.welcome.root, p.scroll)
	p.scroll.Hide()
	p.welcome.root.Hide() // nobody is greeted as new before it is known that there is no tenant
	return p
}

func (p *Panel) makeActions() {
	o := p.o
	p.Active = kit.NewCheck(textActive.String(), textActiveTip.String(), func(on bool) { o.OnActive(p.shown.Key, on) })
	p.LogOn = kit.NewButton(textLogOnNow.String(), nil, textLogOnNowTip.String(), func() { o.OnLogOn(p.shown.Key) })
	p.Check = kit.NewButton(textCheck.String(), nil, textCheckTip.String(), p.doctor.begin)
	p.more = kit.NewIconButton(theme.MoreVerticalIcon(), textMore.String(), p.OpenMenu)
	p.dismiss = kit.NewButton(kit.TextDismiss.String(), nil, "", func() { p.say(kit.NoticeView{}) })
	p.cure = newActButton(func(a act) { p.do(a, func() { o.OnLogOn(p.shown.Key) }) })
	p.next = newActButton(func(a act) { p.do(a, p.doctor.begin) })
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

// OpenMenu offers what is seldom needed, below its button.
func (p *Panel) OpenMenu() {
	p.menu = widget.NewPopUpMenu(p.seldom(), p.o.Window.Canvas())
	p.menu.OnDismiss = func() {
		p.menu.Hide()
		p.focus(p.more)
	}
	size := p.more.Size()
	p.menu.ShowAtRelativePosition(fyne.NewPos(size.Width-p.menu.MinSize().Width, size.Height), p.more)
}

// seldom is the menu of what is seldom needed. What cannot be done says why.
func (p *Panel) seldom() *fyne.Menu {
	item := func(label words.Phrase, reason string, do func()) *fyne.MenuItem {
		if reason == "" {
			return fyne.NewMenuItem(label.String(), do)
		}
		i := fyne.NewMenuItem(textNotNow.With(label.String(), reason), nil)
		i.Disabled = true
		return i
	}
	signingOut, removing := p.signOut.busy(), p.offboard.busy()
	return fyne.NewMenu("",
		item(textSignInAgain, p.signingIn, func() { p.o.OnSignIn(p.shown, false) }),
		item(textCopyTenant, "", func() { p.o.Copy(tenantText(p.shown, p.at)) }),
		fyne.NewMenuItemSeparator(),
		item(textSignOut, signOutReason(p.shown, signingOut, removing), func() { p.signOut.ask(p.shown) }),
		item(textRemove, removeReason(signingOut, removing), func() { p.offboard.ask(p.shown) }))
}

// do carries an act out; again is what to try again.
func (p *Panel) do(a act, again func()) {
	switch a {
	case actSignIn:
		p.o.OnSignIn(p.shown, false)
	case actApprove:
		p.o.OnSignIn(p.shown, true)
	case actActivate:
		p.o.OnActive(p.shown.Key, true)
	case actPoll:
		p.o.OnPoll()
	case actRegistration:
		p.o.OnRegistration(p.shown.Registration)
	case actRemove:
		p.offboard.ask(p.shown)
	case actRetry:
		again()
	}
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

// Forget takes back what the last action on a tenant came to, a checkup too, as it is no longer so.
func (p *Panel) Forget(key tenant.Key) {
	p.tell(key, kit.NoticeView{})
	if !p.doctor.busy(key) {
		delete(p.doctor.checkups, key)
		p.redraw(key)
	}
}

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

// reveal scrolls so that an object is seen: all of it, or where it is too high its beginning.
func (p *Panel) reveal(o fyne.CanvasObject) {
	driver := fyne.CurrentApp().Driver()
	top := driver.AbsolutePositionForObject(o).Y - driver.AbsolutePositionForObject(p.scroll).Y
	over := min(top, top+o.Size().Height-p.scroll.Size().Height)
	if over > 0 {
		p.scroll.ScrollToOffset(p.scroll.Offset.AddXY(0, over))
	}
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
	p.view, p.shown, p.at = v, t, now
	p.welcome.root.Hide()
	p.scroll.Show()
	resized := another && p.answer.Set(kit.NoticeView{})
	resized = p.showHead(t) || resized
	p.Active.ShowChecked(t.Active)
	p.LogOn.Allow(logOnNowReason(t, v.Poller, v.Polling, now))
	resized = p.showTrouble(v, now) || resized
	resized = p.showDoctor(v, now) || resized
	resized = p.proofs.set(proofViews(t.Proofs, now)) || resized
	resized = p.facts.Set(tenantFacts(t, now)) || resized
	p.history.show(t, now)
	p.claims.show(t)
	if resized || another {
		p.Relayout()
	}
	if another {
		p.scroll.ScrollToTop()
	}
}

// redraw draws what has become of something that is under way for a tenant, where that one is shown.
func (p *Panel) redraw(key tenant.Key) {
	if p.shown.Key == key && p.scroll.Visible() {
		p.Show(p.view)
	}
}

// showTrouble says why the poller could not visit the tenant, with what can be done about it on a button.
func (p *Panel) showTrouble(v View, now time.Time) (resized bool) {
	t := v.Tenant
	a := actOn(t.Trouble, t)
	reason := p.signInReason(a)
	if a == actRetry {
		a = visitAct(t, v.Polling, v.pollsElsewhere(now))
		reason = ""
		if a == actRetry {
			reason = logOnNowReason(t, v.Poller, v.Polling, now)
		}
	}
	if p.doctor.checkups[t.Key].tells(t.Trouble) {
		return p.trouble.Set(kit.NoticeView{}) // the answer of the checkup stands below
	}
	return p.trouble.Set(troubleNotice(t.Trouble, t.RetryAt, now), p.cure.offer(a, reason)...)
}

// showDoctor shows the tenant's checkup, with what can be done about its answer on a button.
func (p *Panel) showDoctor(v View, now time.Time) (resized bool) {
	reason := ""
	if p.doctor.busy(v.Tenant.Key) {
		reason = textCheckUnderWay.String()
	}
	p.Check.Allow(reason)
	var a act
	if c := p.doctor.checkups[v.Tenant.Key]; c != nil {
		a = c.act(v.Tenant, v.Polling, v.pollsElsewhere(now))
	}
	return p.doctor.show(v, p.next.offer(a, p.signInReason(a)))
}

// signInReason says why an act that needs the browser cannot be had now; empty for all others.
func (p *Panel) signInReason(a act) string {
	if a == actSignIn || a == actApprove {
		return p.signingIn
	}
	return ""
}

// showHead draws who it is, and how it fares; it reports whether that takes another room.
func (p *Panel) showHead(t workbench.TenantView) (resized bool) {
	p.name.SetText(cmp.Or(t.CompanyName, t.ContextID)) // an imported tenant has no name before its first visit
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

// AllowSignIn says why nobody can sign in now; empty where somebody can.
func (p *Panel) AllowSignIn(reason string) {
	if p.signingIn != reason {
		p.signingIn = reason
		p.redraw(p.shown.Key)
	}
}
