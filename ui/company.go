package ui

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
)

// companySection is the proof that a tenant works: two buttons, and their results side by side. It keeps
// the last result of each tenant and actor.
type companySection struct {
	root    *fyne.Container
	name    *widget.Entry
	sandbox *button
	cards   [2]*companyCard

	run   *runner
	desk  Desk
	now   func() time.Time
	slots map[slotKey]*slot
	shown workbench.TenantView

	onResize func()
	onFocus  func(fyne.Focusable)
	onFail   func(error)
}

// doubleClick is how soon after a creation's end, or after another press, a press of its button is taken for
// the second half of a double click, or for a key that is held down: two companies where one was meant
// cannot be taken back.
const doubleClick = 600 * time.Millisecond

func newCompanySection(run *runner, o Options, copy func(string)) *companySection {
	s := &companySection{run: run, desk: o.Desk, now: o.Now, slots: map[slotKey]*slot{}}
	s.name = widget.NewEntry()
	s.name.SetPlaceHolder(textCompanyPlaceholder)
	s.sandbox = newButton(textSeeSandbox, theme.VisibilityIcon(), "Opens the sandbox's own page, as a person would look into the CRM", func() {
		s.openSandbox(o)
	})
	s.sandbox.Importance = widget.LowImportance
	s.sandbox.Hide()
	for i, as := range []tenant.Actor{tenant.LoginUser, tenant.SystemUser} {
		s.cards[i] = newCompanyCard(as)
		s.cards[i].create.OnTapped = func() { s.ask(as) }
		s.cards[i].yes.OnTapped = func() { s.begin(as) }
		s.cards[i].no.OnTapped = func() { s.forget(as) }
		s.cards[i].cancel.OnTapped = func() { s.cancel(as) }
		s.cards[i].copy.OnTapped = func() { copy(s.cards[i].view.Copy) }
	}
	spacer := layout.NewSpacer()
	heading := newBar(10, spacer, newWord(textCreateHeading, lookBold()), newFixed(240, 0, s.name), spacer, s.sandbox)
	s.root = newColumn(8, heading, newHalves(10, s.cards[0].root, s.cards[1].root))
	return s
}

// openSandbox shows in the browser what the sandbox holds of the tenant.
func (s *companySection) openSandbox(o Options) {
	address := o.SandboxURL() + "/" + s.shown.ContextID
	act(s.run, func(context.Context) error { return o.OpenURL(address) }, func(err error) {
		if err != nil {
			s.onFail(err)
		}
	})
}

// show draws the section for a tenant. A name that was typed for one tenant is not proposed for another.
func (s *companySection) show(t workbench.TenantView, now time.Time) {
	if s.shown.Key != t.Key {
		s.dropQuestions()
		s.name.SetText("")
	}
	s.shown = t
	resized := false
	if wanted := t.Environment == tenant.Sandbox; wanted != s.sandbox.Visible() {
		s.sandbox.Hidden = !wanted
		resized = true
	}
	for _, c := range s.cards {
		slot := s.slots[slotKey{t.Key, c.as}]
		c.allow(slot, t)
		resized = c.set(cardOf(slot, c.as, t, now)) || resized
	}
	if resized {
		s.onResize()
	}
}

// dropQuestions forgets the questions that were not answered.
func (s *companySection) dropQuestions() {
	for key, slot := range s.slots {
		if slot.phase == slotAsking {
			delete(s.slots, key)
		}
	}
}

func (s *companySection) redraw() { s.show(s.shown, s.now()) }

// ask begins at once, except in production, where it first asks on the card.
func (s *companySection) ask(as tenant.Actor) {
	now := s.now()
	card, last := s.card(as), s.slots[slotKey{s.shown.Key, as}]
	pressed := card.pressed
	card.pressed = now
	if now.Sub(pressed) < doubleClick || last != nil && now.Sub(last.at) < doubleClick {
		return
	}
	if s.shown.Environment != tenant.Production {
		s.begin(as)
		return
	}
	s.slots[slotKey{s.shown.Key, as}] = &slot{phase: slotAsking, name: s.typed()}
	s.redraw()
	s.onFocus(s.card(as).no)
}

func (s *companySection) typed() string { return strings.TrimSpace(s.name.Text) }

func (s *companySection) card(as tenant.Actor) *companyCard {
	if as == tenant.SystemUser {
		return s.cards[1]
	}
	return s.cards[0]
}

func (s *companySection) forget(as tenant.Actor) {
	delete(s.slots, slotKey{s.shown.Key, as})
	s.redraw()
}

// begin creates the company. The slot keeps what comes of it under the tenant's key, whichever tenant is
// shown by then; a slot that was replaced meanwhile takes nothing more.
func (s *companySection) begin(as tenant.Actor) {
	key := slotKey{s.shown.Key, as}
	name := s.typed()
	if old := s.slots[key]; old != nil && old.phase == slotAsking {
		name = old.name
	}
	mine := &slot{phase: slotWorking, name: name, at: s.now()}
	s.slots[key] = mine
	request := workbench.CompanyRequest{Key: key.Key, As: as, Name: name}
	mine.job = perform(s.run,
		func(ctx context.Context) (workbench.CompanyResult, error) { return s.desk.CreateCompany(ctx, request) },
		func() {
			mine.slow = true
			s.redraw()
		},
		func(result workbench.CompanyResult, err error) {
			mine.finish(result, err, key, s.now())
			s.redraw()
		})
	s.redraw()
}

// finish keeps what the creation came to.
func (s *slot) finish(result workbench.CompanyResult, err error, key slotKey, now time.Time) {
	s.phase, s.result, s.at = slotDone, result, now
	s.result.Key, s.result.As = key.Key, key.As
	if err == nil {
		return
	}
	e := tenant.Explain(err)
	s.trouble = &e
}

// cancel ends the work. The workbench may take a moment to find out whether the save was carried out; what
// it then knows is shown as any other result.
func (s *companySection) cancel(as tenant.Actor) {
	if slot := s.slots[slotKey{s.shown.Key, as}]; slot != nil && slot.job != nil {
		slot.stopping = true
		slot.job.cancel()
		s.redraw()
	}
}

// companyCard is a create button, and below it what came of it.
type companyCard struct {
	as       tenant.Actor
	root     *fyne.Container
	create   *button
	pressed  time.Time // when create was pressed last
	yes, no  *button
	cancel   *button
	copy     *button
	ground   *surface
	title    *line
	lines    *fyne.Container
	facts    *factGrid
	requests *fyne.Container
	answers  *fyne.Container
	view     cardView
	drawn    bool
}

func newCompanyCard(as tenant.Actor) *companyCard {
	text, tip := textCreateAsLogin, textEmptyAsLogin
	if as == tenant.SystemUser {
		text, tip = textCreateAsSystem, textEmptyAsSystem
	}
	c := &companyCard{as: as, create: newButton(text, nil, tip, nil)}
	c.create.Importance = widget.HighImportance
	c.yes, c.no = newButton(textCreateInProduction, nil, "", nil), newButton(textDoNotCreate, nil, "", nil)
	c.yes.Importance = widget.DangerImportance
	c.cancel = newButton(textCancel, nil, "Stops waiting. A request that is on its way may still be carried out.", nil)
	c.copy = newIconButton(theme.ContentCopyIcon(), textCopyResult, nil)
	c.ground = newSurface(colorSurface, colorLine, 6)
	c.title = newLine("", look{})
	c.lines, c.requests = newColumn(3), newColumn(1)
	c.facts = newFactGrid(1, 84)
	c.answers = newBar(6, nil, c.yes, c.no, c.cancel)
	heading := newFixed(0, 26, newBar(4, c.title, c.title, c.copy))
	content := newColumn(5, heading, c.lines, c.facts.Container, c.requests, c.answers)
	body := &fyne.Container{Layout: &inset{}, Objects: []fyne.CanvasObject{c.ground, newInset(10, 6, content)}}
	c.root = newShell(6, body, c.create, body)
	return c
}

// allow says whether the button can be used, and why not.
func (c *companyCard) allow(s *slot, t workbench.TenantView) {
	text := textCreateAsLogin
	if c.as == tenant.SystemUser {
		text = textCreateAsSystem
	}
	switch {
	case s != nil && s.phase == slotWorking:
		c.create.label(textCreating)
		c.create.allow("The company is being created")
	case s != nil && s.phase == slotAsking:
		c.create.label(text)
		c.create.allow("Answer the question below first")
	default:
		c.create.label(text)
		c.create.allow(createReason(c.as, t))
	}
}

// set draws a view, and reports whether it may have changed its height.
func (c *companyCard) set(v cardView) bool {
	if c.drawn && sameCard(v, c.view) {
		return false
	}
	c.view, c.drawn = v, true
	fill, edge := colorSurface, colorLine
	if v.Asks {
		fill, edge = v.Tone.colors()
	}
	c.ground.paint(fill, edge)
	c.title.set(v.Title, lookBold().in(v.Tone.text()))
	c.copy.Hidden = v.Copy == ""
	c.lines.Objects = nil
	for _, text := range v.Lines {
		c.lines.Add(newParagraph(text, look{tone: linesTone(v)}))
	}
	c.lines.Hidden = len(v.Lines) == 0
	c.facts.set(v.Facts)
	c.facts.Hidden = len(v.Facts) == 0
	c.requests.Objects = nil
	if len(v.Requests) > 0 {
		c.requests.Add(newLine(textRequests, lookCaption()))
	}
	for _, text := range v.Requests {
		c.requests.Add(newLine(text, look{size: theme.SizeNameCaptionText, style: fyne.TextStyle{Monospace: true}}))
	}
	c.requests.Hidden = len(v.Requests) == 0
	c.yes.Hidden, c.no.Hidden, c.cancel.Hidden = !v.Asks, !v.Asks, !v.CanCancel
	c.answers.Hidden = !v.Asks && !v.CanCancel
	c.root.Refresh()
	return true
}

func linesTone(v cardView) fyne.ThemeColorName {
	if v.Tone == toneMuted {
		return colorMuted
	}
	return theme.ColorNameForeground
}
