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
	// ResolveCompany looks once more for a company that a result could not tell of.
	ResolveCompany(ctx context.Context, last workbench.CompanyResult) (workbench.CompanyResult, error)
	// CompanyResults are a tenant's last results, the newest first.
	CompanyResults(ctx context.Context, key tenant.Key) ([]workbench.CompanyResult, error)
	// CompanyPage is the address of a company in the tenant's web client.
	CompanyPage(ctx context.Context, key tenant.Key, id int64) (string, error)
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

// Section is the proof that a tenant works: two buttons, and their results side by side, the last ones of each
// tenant as they are stored.
type Section struct {
	Options
	root       *fyne.Container
	name       *widget.Entry
	sandbox    *kit.Button
	cards      [2]*companyCard
	difference *kit.Paragraph
	earlier    *earlierList

	run   *kit.Runner
	slots map[slotKey]*slot
	shown workbench.TenantView
	// kept are the stored results of the tenant that is shown, as of a revision of the store.
	kept     []workbench.CompanyResult
	revision uint64
}

// New makes the section, which shows nothing before the first [Section.Show].
func New(run *kit.Runner, o Options) *Section {
	s := &Section{Options: o, run: run, slots: map[slotKey]*slot{}, difference: kit.NewParagraph("", kit.Look{})}
	s.name = widget.NewEntry() // Return in it does nothing: a company is created by its button only
	s.name.SetPlaceHolder(textCompanyPlaceholder.String())
	s.sandbox = kit.NewButton(textSeeSandbox.String(), theme.VisibilityIcon(), textSeeSandboxTip.String(), s.openSandbox)
	s.sandbox.Importance = widget.LowImportance
	s.sandbox.Hide()
	s.difference.Hide()
	for i, as := range actors() {
		s.cards[i] = newCompanyCard(as)
		s.wire(s.cards[i])
	}
	s.earlier = newEarlierList(o.Copy, s.lookAgainEarlier)
	spacer := layout.NewSpacer()
	heading := kit.NewBar(10, spacer, kit.NewWord(textCreateHeading.String(), kit.LookBold()), kit.NewFixed(200, 0, s.name), spacer, s.sandbox)
	s.root = kit.NewColumn(8, heading,
		kit.NewHalves(10, s.cards[0].create, s.cards[1].create),
		s.difference,
		kit.NewHalves(10, s.cards[0].body, s.cards[1].body),
		s.earlier.root)
	return s
}

func (s *Section) wire(c *companyCard) {
	c.create.OnTapped = func() { s.ask(c.as) }
	c.yes.OnTapped = func() { s.begin(c.as) }
	c.no.OnTapped = func() { s.forget(c.as) }
	c.cancel.OnTapped = func() { s.cancel(c.as) }
	c.again.OnTapped = func() { s.lookAgain(c.as) }
	c.open.OnTapped = func() { s.openCompany(c) }
	c.copy.OnTapped = func() { s.Copy(c.view.Copy) }
}

// Root is what the window shows.
func (s *Section) Root() fyne.CanvasObject { return s.root }

// Show draws the section for a tenant, and reads its stored results anew when the store has another revision. A name
// that was typed for one tenant is not proposed for another.
func (s *Section) Show(t workbench.TenantView, revision uint64, now time.Time) {
	another := s.shown.Key != t.Key
	if another {
		s.dropQuestions()
		s.name.SetText("")
		s.kept = nil
	}
	if another || s.revision != revision {
		s.revision = revision
		s.load(t.Key)
	}
	s.shown = t
	s.draw(now)
}

// load reads the stored results of a tenant.
func (s *Section) load(key tenant.Key) {
	kit.Perform(s.run,
		func(ctx context.Context) ([]workbench.CompanyResult, error) { return s.Desk.CompanyResults(ctx, key) }, nil,
		func(results []workbench.CompanyResult, err error) {
			switch {
			case err != nil:
				s.OnFail(err)
			case s.shown.Key == key:
				s.kept = results
				s.redraw()
			}
		})
}

func (s *Section) redraw() { s.draw(s.Now()) }

func (s *Section) draw(now time.Time) {
	t, slots := s.shown, [2]*slot{}
	for i, as := range actors() {
		slots[i] = s.slots[slotKey{t.Key, as}]
	}
	view := viewOf(t, slots, s.kept, now)
	resized := false
	if wanted := t.Environment == tenant.Sandbox; wanted != s.sandbox.Visible() {
		s.sandbox.Hidden = !wanted
		resized = true
	}
	for i, c := range s.cards {
		c.allow(slots[i], t)
		resized = c.set(view.Cards[i]) || resized
	}
	resized = s.setDifference(view.Difference) || resized
	resized = s.earlier.set(view.Earlier) || resized
	if resized {
		s.OnResize()
	}
}

// setDifference shows what the two results prove together, and reports whether the height may have changed.
func (s *Section) setDifference(v differenceView) bool {
	look := kit.Look{Tone: v.Tone.Text()}
	if s.difference.Text == v.Text && s.difference.Look == look {
		return false
	}
	s.difference.Text, s.difference.Look = v.Text, look
	s.difference.Hidden = v.Text == ""
	s.difference.Refresh()
	return true
}

// dropQuestions forgets the questions that were not answered.
func (s *Section) dropQuestions() {
	for key, slot := range s.slots {
		if slot.phase == slotAsking {
			delete(s.slots, key)
		}
	}
}

func (s *Section) typed() string { return strings.TrimSpace(s.name.Text) }

func (s *Section) card(as tenant.Actor) *companyCard {
	if as == tenant.SystemUser {
		return s.cards[1]
	}
	return s.cards[0]
}

// openSandbox shows in the browser what the sandbox holds of the tenant.
func (s *Section) openSandbox() {
	address := s.SandboxURL() + "/" + s.shown.ContextID
	kit.Act(s.run, func(context.Context) error { return s.OpenURL(address) }, func(err error) {
		if err != nil {
			s.OnFail(err)
		}
	})
}

// openCompany shows a card's company in the tenant's own web client.
func (s *Section) openCompany(c *companyCard) {
	slot := s.slots[slotKey{s.shown.Key, c.as}]
	last := lastResult(slot, s.kept, c.as)
	if last == nil {
		return
	}
	key, id := last.Key, last.Company.ID
	c.open.Allow(textOpening.String())
	kit.Act(s.run, func(ctx context.Context) error {
		address, err := s.Desk.CompanyPage(ctx, key, id)
		if err != nil {
			return err
		}
		return s.OpenURL(address)
	}, func(err error) {
		c.open.Allow("")
		if err != nil {
			s.OnFail(err)
		}
	})
}
