package company

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
	"partnerdesk/ui/kit"
)

// Desk is what the region asks of the workbench. Every method may wait and is called off the user interface's
// goroutine.
type Desk interface {
	CreateCompany(ctx context.Context, request workbench.CompanyRequest) (workbench.CompanyResult, error)
}

// Options are what the region needs from outside; all must be set.
type Options struct {
	Desk Desk
	// Now is the clock. Times are shown in its location.
	Now func() time.Time
	// OpenURL opens the system browser.
	OpenURL func(url string) error
	// SandboxURL returns the address under which the sandbox shows each tenant's companies.
	SandboxURL func() string
	// Copy puts a text on the clipboard.
	Copy func(text string)
	// OnResize is called when the section may have changed its height.
	OnResize func()
	// OnFocus moves the keyboard to an object, when a question appears.
	OnFocus func(fyne.Focusable)
	// OnFail takes what failed beside the creation itself.
	OnFail func(error)
}

// Section is the proof that a tenant works: two buttons, and their results side by side. It keeps the last
// result of each tenant and actor.
type Section struct {
	Options
	root    *fyne.Container
	name    *widget.Entry
	sandbox *kit.Button
	cards   [2]*companyCard

	run   *kit.Runner
	slots map[slotKey]*slot
	shown workbench.TenantView
}

// doubleClick is how soon after a creation's end, or after another press, a press of its button is taken for
// the second half of a double click, or for a key that is held down: two companies where one was meant
// cannot be taken back.
const doubleClick = 600 * time.Millisecond

// New makes the section, which shows nothing before the first [Section.Show].
func New(run *kit.Runner, o Options) *Section {
	s := &Section{Options: o, run: run, slots: map[slotKey]*slot{}}
	s.name = widget.NewEntry()
	s.name.SetPlaceHolder(textCompanyPlaceholder.String())
	s.sandbox = kit.NewButton(textSeeSandbox.String(), theme.VisibilityIcon(), "Opens the sandbox's own page, as a person would look into the CRM", s.openSandbox)
	s.sandbox.Importance = widget.LowImportance
	s.sandbox.Hide()
	for i, as := range []tenant.Actor{tenant.LoginUser, tenant.SystemUser} {
		s.cards[i] = newCompanyCard(as)
		s.cards[i].create.OnTapped = func() { s.ask(as) }
		s.cards[i].yes.OnTapped = func() { s.begin(as) }
		s.cards[i].no.OnTapped = func() { s.forget(as) }
		s.cards[i].cancel.OnTapped = func() { s.cancel(as) }
		s.cards[i].copy.OnTapped = func() { s.Copy(s.cards[i].view.Copy) }
	}
	spacer := layout.NewSpacer()
	heading := kit.NewBar(10, spacer, kit.NewWord(textCreateHeading.String(), kit.LookBold()), kit.NewFixed(240, 0, s.name), spacer, s.sandbox)
	s.root = kit.NewColumn(8, heading, kit.NewHalves(10, s.cards[0].root, s.cards[1].root))
	return s
}

// Root is what the window shows.
func (s *Section) Root() fyne.CanvasObject { return s.root }

// openSandbox shows in the browser what the sandbox holds of the tenant.
func (s *Section) openSandbox() {
	address := s.SandboxURL() + "/" + s.shown.ContextID
	kit.Act(s.run, func(context.Context) error { return s.OpenURL(address) }, func(err error) {
		if err != nil {
			s.OnFail(err)
		}
	})
}

// Show draws the section for a tenant. A name that was typed for one tenant is not proposed for another.
func (s *Section) Show(t workbench.TenantView, now time.Time) {
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
		s.OnResize()
	}
}

// dropQuestions forgets the questions that were not answered.
func (s *Section) dropQuestions() {
	for key, slot := range s.slots {
		if slot.phase == slotAsking {
			delete(s.slots, key)
		}
	}
}

func (s *Section) redraw() { s.Show(s.shown, s.Now()) }

// ask begins at once, except in production, where it first asks on the card.
func (s *Section) ask(as tenant.Actor) {
	now := s.Now()
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
	s.OnFocus(s.card(as).no)
}

func (s *Section) typed() string { return strings.TrimSpace(s.name.Text) }

func (s *Section) card(as tenant.Actor) *companyCard {
	if as == tenant.SystemUser {
		return s.cards[1]
	}
	return s.cards[0]
}

func (s *Section) forget(as tenant.Actor) {
	delete(s.slots, slotKey{s.shown.Key, as})
	s.redraw()
}

// begin creates the company. The slot keeps what comes of it under the tenant's key, whichever tenant is
// shown by then; a slot that was replaced meanwhile takes nothing more.
func (s *Section) begin(as tenant.Actor) {
	key := slotKey{s.shown.Key, as}
	name := s.typed()
	if old := s.slots[key]; old != nil && old.phase == slotAsking {
		name = old.name
	}
	mine := &slot{phase: slotWorking, name: name, at: s.Now()}
	s.slots[key] = mine
	request := workbench.CompanyRequest{Key: key.Key, As: as, Name: name}
	mine.job = kit.Perform(s.run,
		func(ctx context.Context) (workbench.CompanyResult, error) { return s.Desk.CreateCompany(ctx, request) },
		func() {
			mine.slow = true
			s.redraw()
		},
		func(result workbench.CompanyResult, err error) {
			mine.finish(result, err, key, s.Now())
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
func (s *Section) cancel(as tenant.Actor) {
	if slot := s.slots[slotKey{s.shown.Key, as}]; slot != nil && slot.job != nil {
		slot.stopping = true
		slot.job.Cancel()
		s.redraw()
	}
}

// companyCard is a create button, and below it what came of it.
type companyCard struct {
	as       tenant.Actor
	root     *fyne.Container
	create   *kit.Button
	pressed  time.Time // when create was pressed last
	yes, no  *kit.Button
	cancel   *kit.Button
	copy     *kit.Button
	ground   *kit.Surface
	title    *kit.Line
	lines    *fyne.Container
	facts    *kit.FactGrid
	requests *fyne.Container
	answers  *fyne.Container
	view     cardView
	drawn    bool
}

func newCompanyCard(as tenant.Actor) *companyCard {
	text, tip := textCreateAsLogin.String(), textEmptyAsLogin.String()
	if as == tenant.SystemUser {
		text, tip = textCreateAsSystem.String(), textEmptyAsSystem.String()
	}
	c := &companyCard{as: as, create: kit.NewButton(text, nil, tip, nil)}
	c.create.Importance = widget.HighImportance
	c.yes, c.no = kit.NewButton(textCreateInProduction.String(), nil, "", nil), kit.NewButton(textDoNotCreate.String(), nil, "", nil)
	c.yes.Importance = widget.DangerImportance
	c.cancel = kit.NewButton(kit.TextCancel.String(), nil, "Stops waiting. A request that is on its way may still be carried out.", nil)
	c.copy = kit.NewIconButton(theme.ContentCopyIcon(), textCopyResult.String(), nil)
	c.ground = kit.NewSurface(kit.ColorSurface, kit.ColorLine, 6)
	c.title = kit.NewLine("", kit.Look{})
	c.lines, c.requests = kit.NewColumn(3), kit.NewColumn(1)
	c.facts = kit.NewFactGrid(1, 84)
	c.answers = kit.NewBar(6, nil, c.yes, c.no, c.cancel)
	heading := kit.NewFixed(0, 26, kit.NewBar(4, c.title, c.title, c.copy))
	content := kit.NewColumn(5, heading, c.lines, c.facts.Container, c.requests, c.answers)
	body := kit.NewOver(c.ground, kit.NewInset(10, 6, content))
	c.root = kit.NewShell(6, body, c.create, body)
	return c
}

// allow says whether the button can be used, and why not.
func (c *companyCard) allow(s *slot, t workbench.TenantView) {
	text := textCreateAsLogin.String()
	if c.as == tenant.SystemUser {
		text = textCreateAsSystem.String()
	}
	switch {
	case s != nil && s.phase == slotWorking:
		c.create.Label(textCreating.String())
		c.create.Allow("The company is being created")
	case s != nil && s.phase == slotAsking:
		c.create.Label(text)
		c.create.Allow("Answer the question below first")
	default:
		c.create.Label(text)
		c.create.Allow(createReason(c.as, t))
	}
}

// set draws a view, and reports whether it may have changed its height.
func (c *companyCard) set(v cardView) bool {
	if c.drawn && sameCard(v, c.view) {
		return false
	}
	c.view, c.drawn = v, true
	fill, edge := kit.ColorSurface, kit.ColorLine
	if v.Asks {
		fill, edge = v.Tone.Colors()
	}
	c.ground.Paint(fill, edge)
	c.title.Set(v.Title, kit.LookBold().In(v.Tone.Text()))
	c.copy.Hidden = v.Copy == ""
	c.lines.Objects = nil
	for _, text := range v.Lines {
		c.lines.Add(kit.NewParagraph(text, kit.Look{Tone: linesTone(v)}))
	}
	c.lines.Hidden = len(v.Lines) == 0
	c.facts.Set(v.Facts)
	c.facts.Hidden = len(v.Facts) == 0
	c.requests.Objects = nil
	if len(v.Requests) > 0 {
		c.requests.Add(kit.NewLine(textRequests.String(), kit.LookCaption()))
	}
	for _, text := range v.Requests {
		c.requests.Add(kit.NewLine(text, kit.Look{Size: theme.SizeNameCaptionText, Style: fyne.TextStyle{Monospace: true}}))
	}
	c.requests.Hidden = len(v.Requests) == 0
	c.yes.Hidden, c.no.Hidden, c.cancel.Hidden = !v.Asks, !v.Asks, !v.CanCancel
	c.answers.Hidden = !v.Asks && !v.CanCancel
	c.root.Refresh()
	return true
}

func linesTone(v cardView) fyne.ThemeColorName {
	if v.Tone == kit.ToneMuted {
		return kit.ColorMuted
	}
	return theme.ColorNameForeground
}
