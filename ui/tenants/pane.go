package tenants

import (
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/words"
)

// Pane is the left of the window: all tenants of all registrations in a table, with a filter. Make it with [New].
type Pane struct {
	run *kit.Runner
	o   Options

	// Root is the whole region, Filter and Table are where the keyboard can be.
	Root   *fyne.Container
	Filter *Filter
	Table  *Table

	count  *kit.Line
	answer *kit.Notice // what the last change came to
	none   *kit.Paragraph
	clear  *kit.Button
	empty  *fyne.Container
	shell  *fyne.Container

	view View
	// changing is the change of many tenants that is under way, nil while there is none.
	changing *changing
}

// View is what the table shows.
type View struct {
	Roster *Roster
	// At is the time for which the texts are that grow old.
	At time.Time
	// Chosen is the tenant that the window is about; the zero key is none.
	Chosen tenant.Key
	// Poller and Polling say who polls, and whether this program's poller runs.
	Poller  workbench.PollerView
	Polling bool
}

// New makes a table without tenants.
func New(run *kit.Runner, o Options) *Pane {
	p := &Pane{run: run, o: o, view: View{Roster: &Roster{}}}
	p.count, p.answer = kit.NewLine("", kit.LookCaption()), kit.NewNotice()
	p.Filter, p.Table = newFilter(), newTable()
	p.Filter.OnChanged = func(string) { p.arrange() }
	p.Filter.onLeave = p.toTable
	p.none = kit.NewParagraph("", kit.LookCaption())
	p.none.Look.Align = fyne.TextAlignCenter
	p.clear = kit.NewButton(textClearFilter.String(), nil, "", func() { p.Filter.SetText("") })
	p.empty = kit.NewInset(12, 34, kit.NewColumn(8, p.none, container.NewCenter(p.clear)))
	p.empty.Hide() // before the store was read, nobody knows whether there are none
	p.wireTable()
	p.recall()
	heading := kit.NewBar(6, p.count, kit.NewWord(textTenants.String(), kit.LookBold()), p.count)
	body := kit.NewOver(p.Table.root, kit.NewColumn(0, p.empty))
	p.shell = kit.NewShell(6, body, kit.NewInset(4, 2, heading), p.Filter, p.answer.Container, body)
	p.Root = kit.NewPanel(8, p.shell)
	return p
}

func (p *Pane) wireTable() {
	t := p.Table
	t.onChosen, t.onSelection = p.o.OnSelect, p.tellCount
	t.onKey, t.onMenu = p.key, p.openMenu
	t.onCopy = func() { p.o.Copy(tableText(t.selected(), p.view.At.Location())) }
	t.header.onSort, t.header.onWidth = p.sort, p.remember
}

// Show draws a view. A tenant that is chosen anew is brought into sight.
func (p *Pane) Show(v View) {
	same := v.Roster == p.view.Roster && !slices.ContainsFunc(termsOf(p.Filter.Text), func(t term) bool { return t.of != columns && t.of.ages() })
	p.view = v
	if same {
		p.Table.age(v.At)
	} else {
		p.arrange()
	}
	p.Table.choose(v.Chosen)
}

// Reveal takes the filter away, so that every tenant is shown.
func (p *Pane) Reveal() { p.Filter.SetText("") }

// arrange filters and sorts.
func (p *Pane) arrange() {
	all := p.view.Roster.rows
	shown := arrange(all, termsOf(p.Filter.Text), p.Table.header.order, p.view.At)
	p.Table.set(p.view.Roster, shown, p.view.At)
	p.tellCount()
	text := ""
	switch {
	case len(all) == 0:
		text = textNoTenants.String()
	case len(shown) == 0:
		text = textNoMatch.String()
	}
	if p.none.Text != text || p.clear.Hidden != (len(all) == 0) {
		p.none.Text, p.clear.Hidden = text, len(all) == 0
		p.empty.Refresh()
	}
	if p.empty.Hidden != (text == "") {
		p.empty.Hidden = text == ""
		p.Root.Refresh()
	}
}

// tellCount says how many tenants there are, how many the filter leaves, and how many are selected.
func (p *Pane) tellCount() {
	shown, all := len(p.Table.shown), len(p.view.Roster.rows)
	text := words.Thousands(all)
	if shown != all {
		text = textShownOf.With(words.Thousands(shown), words.Thousands(all))
	}
	if n := len(p.Table.selected()); n > 1 {
		text = textCounts.With(text, textSelected.With(words.Thousands(n)))
	}
	p.count.SetText(text)
}

func (p *Pane) sort(c column) {
	p.Table.header.order = p.Table.header.order.clicked(c)
	p.Table.header.Refresh()
	p.arrange()
	p.remember()
}

// toTable moves the keyboard from the filter to the table.
func (p *Pane) toTable() {
	if c := fyne.CurrentApp().Driver().CanvasForObject(p.Table); c != nil && len(p.Table.keys) > 0 {
		c.Focus(p.Table)
	}
}

const (
	keyOrder = "tenants.sort"
	keyWidth = "tenants.column."
)

// remember keeps the sorting and the widths for the next start.
func (p *Pane) remember() {
	if p.o.Preferences == nil {
		return
	}
	p.o.Preferences.SetString(keyOrder, p.Table.header.order.String())
	for c := range columns {
		if w := p.Table.widths[c]; w > 0 {
			p.o.Preferences.SetFloat(keyWidth+c.id(), float64(w))
		}
	}
}

func (p *Pane) recall() {
	if p.o.Preferences == nil {
		return
	}
	p.Table.header.order = orderOf(p.o.Preferences.String(keyOrder))
	for c := range columns {
		if w := float32(p.o.Preferences.Float(keyWidth + c.id())); w >= leastWidth && c != colName {
			p.Table.widths[c] = w
		}
	}
}

// Filter is the field above the table. Escape clears it, and Down or Return goes on to the table.
type Filter struct {
	kit.Entry
	onLeave func()
}

func newFilter() *Filter {
	f := &Filter{}
	f.PlaceHolder = textFilter.String()
	f.ExtendBaseWidget(f)
	return f
}

// TypedKey is part of Fyne's Focusable.
func (f *Filter) TypedKey(key *fyne.KeyEvent) {
	switch {
	case key.Name == fyne.KeyEscape && f.Text != "":
		f.SetText("")
	case key.Name == fyne.KeyDown, key.Name == fyne.KeyReturn, key.Name == fyne.KeyEnter:
		f.onLeave()
	default:
		f.Entry.TypedKey(key)
	}
}
