package ui

import (
	"net/url"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
)

// tenantPanel is the middle of the window: the chosen tenant, or a short welcome while there is none.
type tenantPanel struct {
	root    *fyne.Container
	scroll  *container.Scroll
	welcome *welcome

	name       *kit.Line
	production *fyne.Container
	active     *kit.Check
	logOn      *kit.Button
	again      *kit.Button
	copy       *kit.Button
	more       *kit.Button
	menu       *widget.PopUpMenu // the last one that more has opened
	dot        *kit.Dot
	verdict    *kit.Line
	subtitle   *kit.Line
	answer     *kit.Notice // what the last action came to, or a question
	trouble    *kit.Notice
	proofs     *proofGrid
	facts      *kit.FactGrid

	shown workbench.TenantView
	at    time.Time

	dismiss *kit.Button

	onActive  func(tenant.Key, bool)
	onSignOut func(workbench.TenantView)
	// signingOut and removing report whether a sign-out, or a removal, is under way.
	signingOut func() bool
	removing   func() bool
	onLogOn    func(tenant.Key)
	onAgain    func(workbench.TenantView)
	onCopy     func(string)
	onRemove   func(workbench.TenantView)
	// onElsewhere takes what is to be said about a tenant that is not shown any more.
	onElsewhere func(kit.NoticeView)
	// onFocus moves the keyboard to an object, when a question appears.
	onFocus func(fyne.Focusable)
}

// newTenantPanel makes the panel with another region below what it says of the tenant.
func newTenantPanel(below fyne.CanvasObject) *tenantPanel {
	p := &tenantPanel{welcome: newWelcome(), answer: kit.NewNotice(), trouble: kit.NewNotice()}
	p.name = kit.NewLine("", kit.Look{Size: theme.SizeNameHeadingText, Style: fyne.TextStyle{Bold: true}})
	p.production = kit.NewBadge("PRODUCTION")
	p.dot, p.verdict, p.subtitle = kit.NewDot(), kit.NewWord("", kit.LookBold()), kit.NewLine("", kit.Look{Tone: kit.ColorMuted})
	p.proofs, p.facts = newProofGrid(), kit.NewFactGrid(3, 108)
	p.makeActions()
	title := kit.NewBar(8, p.name, p.name, p.production, p.active, p.logOn, p.again, p.copy, p.more)
	subtitle := kit.NewBar(7, p.subtitle, p.dot, p.verdict, p.subtitle)
	p.scroll = kit.NewScrolledColumn(8, 10,
		kit.NewColumn(1, title, subtitle),
		p.answer.Container, p.trouble.Container,
		kit.NewPanel(10, kit.NewColumn(7, p.proofs.Container, kit.NewRule(), p.facts.Container)),
		below)
	p.root = container.NewStack(p.welcome.root, p.scroll)
	p.scroll.Hide()
	return p
}

func (p *tenantPanel) makeActions() {
	p.active = kit.NewCheck(textActive.String(), textActiveTip.String(), func(on bool) { p.onActive(p.shown.Key, on) })
	p.logOn = kit.NewButton(textLogOnNow.String(), nil, textLogOnNowTip.String(), func() { p.onLogOn(p.shown.Key) })
	p.again = kit.NewButton(textSignInAgain.String(), nil, textSignInAgainTip.String(), func() { p.onAgain(p.shown) })
	p.copy = kit.NewIconButton(theme.ContentCopyIcon(), textCopyTenant.String(), func() { p.onCopy(tenantText(p.shown, p.at)) })
	p.more = kit.NewIconButton(theme.MoreVerticalIcon(), textMore.String(), p.openMenu)
	p.dismiss = kit.NewButton(textDismiss.String(), nil, "", func() { p.say(kit.NoticeView{}) })
}

// openMenu offers what is seldom needed, below its button. What cannot be done says why.
func (p *tenantPanel) openMenu() {
	signOut := fyne.NewMenuItem(textSignOut.String(), func() { p.onSignOut(p.shown) })
	if reason := signOutReason(p.shown, p.signingOut(), p.removing()); reason != "" {
		signOut.Label, signOut.Disabled, signOut.Action = textSignOut.String()+" ("+reason+")", true, nil
	}
	remove := fyne.NewMenuItem(textRemove.String(), func() { p.onRemove(p.shown) })
	if reason := removeReason(p.signingOut(), p.removing()); reason != "" {
		remove.Label, remove.Disabled, remove.Action = textRemove.String()+" ("+reason+")", true, nil
	}
	p.menu = widget.NewPopUpMenu(fyne.NewMenu("", signOut, remove),
		fyne.CurrentApp().Driver().CanvasForObject(p.more))
	p.menu.OnDismiss = func() {
		p.menu.Hide()
		p.onFocus(p.more)
	}
	size := p.more.Size()
	p.menu.ShowAtRelativePosition(fyne.NewPos(size.Width-p.menu.MinSize().Width, size.Height), p.more)
}

// fail shows inline why an action on the tenant failed.
func (p *tenantPanel) fail(err error) { p.say(kit.Explain(tenant.Explain(err)), p.dismiss) }

// tell says what became of something that was begun for a tenant: here, or elsewhere where another tenant is
// shown by now.
func (p *tenantPanel) tell(key tenant.Key, v kit.NoticeView, buttons ...fyne.CanvasObject) {
	switch {
	case p.shown.Key == key:
		p.say(v, buttons...)
	case !v.Empty():
		p.onElsewhere(v)
	}
}

// say shows an answer or a question. If a button of the last one was pressed by key, the focus goes on to the
// new one, and to its last button, which is the harmless one.
func (p *tenantPanel) say(v kit.NoticeView, buttons ...fyne.CanvasObject) {
	before := p.answer.Buttons.Objects
	if !p.answer.Set(v, buttons...) {
		return
	}
	p.relayout()
	canvas := fyne.CurrentApp().Driver().CanvasForObject(p.more)
	if canvas == nil {
		return
	}
	focused, isObject := canvas.Focused().(fyne.CanvasObject)
	if isObject && (!slices.Contains(before, focused) || p.answer.Holds(focused)) {
		return // it is somewhere else, or on a button that stays
	}
	next := p.more
	if last, ok := lastOf(buttons).(*kit.Button); ok && !v.Empty() {
		next = last
	}
	p.onFocus(next)
}

// lastOf is the last object of a list, nil if there is none.
func lastOf(objects []fyne.CanvasObject) fyne.CanvasObject {
	if len(objects) == 0 {
		return nil
	}
	return objects[len(objects)-1]
}

// relayout lays the panel out after something in it has changed its height.
func (p *tenantPanel) relayout() {
	p.scroll.Content.Refresh()
	p.scroll.Refresh()
}

// showWelcome shows the first minute's three lines.
func (p *tenantPanel) showWelcome(v welcomeView) {
	p.shown = workbench.TenantView{}
	p.welcome.set(v)
	p.scroll.Hide()
	p.welcome.root.Show()
}

// show draws a tenant.
func (p *tenantPanel) show(t workbench.TenantView, poller workbench.PollerView, running bool, now time.Time) {
	another := p.shown.Key != t.Key
	p.shown, p.at = t, now
	p.welcome.root.Hide()
	p.scroll.Show()
	resized := another && p.answer.Set(kit.NoticeView{})
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
	p.active.ShowChecked(t.Active)
	p.logOn.Allow(logOnNowReason(t, poller, running, now))
	resized = p.trouble.Set(troubleNotice(t.Trouble, t.RetryAt, now)) || resized
	resized = p.proofs.set(proofViews(t.Proofs, now)) || resized
	resized = p.facts.Set(tenantFacts(t, now)) || resized
	if resized || another {
		p.relayout()
	}
	if another {
		p.scroll.ScrollToTop()
	}
}

// allowSignIn says in the panel's sign-in button what the one at the top says.
func (p *tenantPanel) allowSignIn(reason string) { p.again.Allow(reason) }

// welcomeView is what the window says while there is no tenant.
type welcomeView struct{ Last string }

func welcomeOf(r workbench.RegistrationView, found bool) welcomeView {
	switch {
	case !found:
		return welcomeView{"There is no registration yet. Add one at the top left."}
	case r.Environment == tenant.Sandbox:
		return welcomeView{textWelcomeSandbox.String()}
	}
	host := r.Base
	if u, err := url.Parse(r.Base); err == nil && u.Host != "" {
		host = u.Host
	}
	return welcomeView{"You sign in at " + host + " with your own SuperID account."}
}

// welcome is the first start: three lines, and a word about the account.
type welcome struct {
	root *fyne.Container
	last *kit.Paragraph
}

func newWelcome() *welcome {
	w := &welcome{last: kit.NewParagraph("", kit.Look{Tone: kit.ColorMuted})}
	lines := kit.NewColumn(10, kit.NewParagraph(textWelcome.String(), kit.Look{Size: theme.SizeNameHeadingText, Style: fyne.TextStyle{Bold: true}}))
	for i, text := range []string{textWelcomeOne.String(), textWelcomeTwo.String(), textWelcomeThree.String()} {
		number := kit.NewWord(string(rune('1'+i)), kit.LookBold().In(theme.ColorNameHyperlink))
		lines.Add(&fyne.Container{Layout: &numbered{}, Objects: []fyne.CanvasObject{number, kit.NewParagraph(text, kit.Look{})}})
	}
	lines.Add(kit.NewInset(0, 4, w.last))
	panel := kit.NewPanel(22, lines)
	w.root = container.NewVBox(layout.NewSpacer(), container.NewHBox(layout.NewSpacer(), newWide(520, panel), layout.NewSpacer()), layout.NewSpacer())
	return w
}

func (w *welcome) set(v welcomeView) {
	if w.last.Text != v.Last {
		w.last.Text = v.Last
		w.root.Refresh() // it may wrap anew
	}
}

// numbered puts a number before a paragraph.
type numbered struct{}

const numberWidth = 22

// HeightFor returns the height of the paragraph.
func (l *numbered) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	return kit.HeightFor(objects[1], width-numberWidth)
}

// MinSize is part of Fyne's Layout.
func (l *numbered) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return objects[1].MinSize().AddWidthHeight(numberWidth, 0)
}

// Layout is part of Fyne's Layout.
func (l *numbered) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Move(fyne.NewPos(0, 0))
	objects[0].Resize(objects[0].MinSize())
	objects[1].Move(fyne.NewPos(numberWidth, 0))
	objects[1].Resize(fyne.NewSize(size.Width-numberWidth, size.Height))
}

// wide gives its object a width, and the height that goes with it.
type wide struct{ width float32 }

func newWide(width float32, o fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &wide{width}, Objects: []fyne.CanvasObject{o}}
}

// MinSize is part of Fyne's Layout.
func (l *wide) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(l.width, kit.HeightFor(objects[0], l.width))
}

// Layout is part of Fyne's Layout.
func (l *wide) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Move(fyne.NewPos(0, 0))
	objects[0].Resize(size)
}
