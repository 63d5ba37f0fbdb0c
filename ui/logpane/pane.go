package logpane

import (
	"cmp"
	"context"
	"io"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"partnerdesk/core/journal"
	"partnerdesk/core/tenant"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/logview"
)

// Journal is the past of the events that the pane is given. Both methods may wait and are called off the user
// interface's goroutine.
type Journal interface {
	Search(ctx context.Context, q journal.Query, yield func(journal.Event) bool) error
	// Export returns how many events it wrote.
	Export(ctx context.Context, w io.Writer, q journal.Query, f journal.Format) (int, error)
}

// Options is what the pane needs from outside. All but MaxLines and FallbackFonts must be set.
type Options struct {
	Run     *kit.Runner
	Journal Journal
	// MaxLines caps the log.
	MaxLines int
	// FallbackFonts have the letters that Fyne's own fonts lack.
	FallbackFonts []fyne.Resource

	// Copy puts text on the clipboard.
	Copy func(text string)
	// Window is where an export is asked for, and Now the clock that its file is named by.
	Window fyne.Window
	Now    func() time.Time
	// OpenFolder shows a folder in the system's file manager. It may wait.
	OpenFolder func(path string) error
	// OnFail takes the failure of an export that nobody waits for any more.
	OnFail func(error)
	// Crowd, where it is set, is told when the search or the details take room from the lines, and when both have
	// given it back.
	Crowd func(crowded bool)
}

// Pane is the live log.
type Pane struct {
	Root *fyne.Container
	// Filter is the field for the text that lines must have.
	Filter *kit.Entry

	o     Options
	store *logview.Store
	view  *logview.View
	body  *fyne.Container // the lines, and beside it the details while they are open

	bar                         *fyne.Container
	rows                        *rows // lays out the bar
	level, scope, step, program *kit.Choice
	regexp, follow              *kit.Check
	clear, newest, copy         *kit.Button
	export, search, cancel      *kit.Button
	counts, problem             *kit.Line
	find                        *findBar
	details                     *details
	opening                     *kit.Job     // looks for a place for an export, nil before
	exporting                   *exportSheet // the last one, nil before

	chosen                 tenant.Key
	choices                choices
	crowded                bool
	wrongFilter, wrongFind error // of the expressions as they stand now
}

// New makes the pane. It is empty until Append is called.
func New(o Options) *Pane {
	p := &Pane{o: o, store: logview.NewStore(o.MaxLines, ownProgram), counts: kit.NewLine("", kit.LookCaption())}
	p.problem = kit.NewLine("", kit.LookCaption().In(theme.ColorNameError))
	p.problem.Hide()
	p.view = logview.NewView(o.Run.Ctx, p.store, o.Run.Hop)
	p.view.SetFallbackFonts(o.FallbackFonts...)
	p.makeFilters()
	p.makeButtons()
	p.find = newFindBar(p.view, p.regexp, func(err error) { p.wrongFind = err; p.showProblem() })
	p.details = newDetails(o, p.store, p.view)
	p.view.OnFollowChanged = func(bool) { p.showFollow() }
	p.view.OnNewLines = func(int) { p.showFollow() }
	p.view.OnCounts = p.showCounts
	p.view.OnProgress = p.showCounts
	p.view.OnMatches = p.find.show
	p.view.OnOpen = func(int) { p.details.open() }
	p.view.OnCurrent = p.details.follow
	p.view.OnKey = func(key *fyne.KeyEvent) { kit.HandOn(p.view, key) }
	p.bar = p.newBar()
	framed := container.NewStack(kit.NewSurface(kit.ColorSurface, kit.ColorLine, 4), kit.NewInset(1, 1, p.view),
		&fyne.Container{Layout: chipLayout{}, Objects: []fyne.CanvasObject{p.newest}})
	p.body = &fyne.Container{Layout: beside{}, Objects: []fyne.CanvasObject{framed, p.details.root}}
	p.details.changed = func() { p.body.Refresh(); p.crowd() }
	p.Root = kit.NewShell(6, p.body, p.bar, p.problem, p.find.root, p.body)
	p.find.resized = func() { p.Root.Refresh(); p.crowd() }
	p.showFollow()
	p.showCounts()
	p.clear.Allow(textNoFilter.String())
	return p
}

func (p *Pane) makeFilters() {
	choice := func(options []string) *kit.Choice {
		c := kit.NewChoice(options, nil)
		c.Selected = options[0]
		c.OnChanged = func(string) { p.refilter() }
		return c
	}
	levels, _ := levels()
	programs, _ := programs()
	p.level, p.step, p.program = choice(levels), choice(stepLabels()), choice(programs)
	p.scope = choice([]string{textAllTenants.String(), textChosenTenant.String()})
	p.Filter = kit.NewEntry(textFilterLog.String())
	p.Filter.OnChanged = func(string) { p.refilter() }
	p.regexp = kit.NewCheck(textRegexp.String(), textRegexpTip.String(), func(bool) {
		p.refilter()
		p.find.look()
	})
}

func (p *Pane) makeButtons() {
	p.clear = kit.NewIconButton(theme.ContentClearIcon(), textClearTip.String(), p.clearFilter)
	p.newest = kit.NewButton("", theme.MoveDownIcon(), "", func() { p.view.SetFollow(true) })
	p.follow = kit.NewCheck(textFollow.String(), textFollowTip.String(), func(on bool) { p.view.SetFollow(on) })
	p.copy = kit.NewIconButton(theme.ContentCopyIcon(), textCopyLines.String(), p.view.CopySelection)
	p.search = kit.NewIconButton(theme.SearchIcon(), textFindTip.String(), p.Find)
	p.export = kit.NewButton(textExport.String(), nil, textExportTip.String(), p.openExport)
	p.cancel = kit.NewButton(kit.TextCancel.String(), nil, "", p.view.CancelSearch)
	p.cancel.Hide()
}

// Append takes events in. It may be called off the user interface's goroutine, but from one only.
func (p *Pane) Append(events []journal.Event) {
	p.store.Append(linesOf(events))
	p.view.Appended()
}

// Choose narrows the log to another tenant, where that filter is on.
func (p *Pane) Choose(key tenant.Key) {
	if p.chosen == key {
		return
	}
	p.chosen = key
	if p.choices.chosenOnly {
		p.setFilter()
	}
}

// Find opens the search and takes the keyboard there.
func (p *Pane) Find() { p.find.open() }

// crowd tells whether something takes room from the lines, if that is new.
func (p *Pane) crowd() {
	crowded := p.find.root.Visible() || p.details.root.Visible()
	if crowded != p.crowded && p.o.Crowd != nil {
		p.crowded = crowded
		p.o.Crowd(crowded)
	}
}

// Close ends what the log runs beside the user interface's goroutine.
func (p *Pane) Close() { p.view.Close() }

func (p *Pane) refilter() {
	c := choices{
		level: max(0, p.level.SelectedIndex()), step: max(0, p.step.SelectedIndex()), program: max(0, p.program.SelectedIndex()),
		chosenOnly: p.scope.SelectedIndex() == 1, text: strings.TrimSpace(p.Filter.Text), regexp: p.regexp.Checked,
	}
	if c == p.choices {
		return
	}
	p.choices = c
	p.fitBar() // a choice is as wide as what is chosen
	if c.set() {
		p.clear.Allow("")
	} else {
		p.clear.Allow(textNoFilter.String())
	}
	p.setFilter()
}

func (p *Pane) setFilter() {
	p.wrongFilter = p.view.SetFilter(p.choices.filter(p.chosen))
	p.showProblem()
}

// showProblem says under the fields what is wrong with an expression, and nothing where nothing is.
func (p *Pane) showProblem() {
	text := ""
	if err := cmp.Or(p.wrongFilter, p.wrongFind); err != nil {
		text = wrongPattern(err)
	}
	if text == p.problem.Text {
		return
	}
	p.problem.SetText(text)
	p.problem.Hidden = text == ""
	p.Root.Refresh()
}

// clearFilter shows all lines again.
func (p *Pane) clearFilter() {
	p.level.SetSelectedIndex(0)
	p.scope.SetSelectedIndex(0)
	p.step.SetSelectedIndex(0)
	p.program.SetSelectedIndex(0)
	p.Filter.SetText("")
	p.refilter()
}

func (p *Pane) showFollow() {
	following := p.view.Following()
	p.follow.ShowChecked(following)
	text := chip(p.view.NewLines())
	if p.newest.Hidden == following && p.newest.Text == text {
		return
	}
	p.newest.Hidden = following
	p.newest.Label(text)
	p.body.Refresh()
}

// showCounts says how many lines are shown, or how far a search is that takes its time.
func (p *Pane) showCounts() {
	text := countOf(p.view.Counts())
	done, slow := p.view.Progress()
	if slow {
		text = textSearching.With(int(done * 100))
	}
	if text == p.counts.Text && p.cancel.Hidden != slow {
		return
	}
	p.cancel.Hidden = !slow
	p.counts.SetText(text)
	p.fitBar()
}
