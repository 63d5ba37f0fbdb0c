package tenants

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"partnerdesk/core/tenant"
	"partnerdesk/ui/kit"
)

// Pane is the left of the window: all tenants of all registrations, with a filter.
type Pane struct {
	Root   *fyne.Container
	Count  *kit.Line
	Filter *widget.Entry
	List   *tenantList
	None   *kit.Line

	all      []Row
	Shown    []Row
	selected tenant.Key
	// settling is true while the list's own selection is brought in line with ours.
	settling bool

	OnSelect func(tenant.Key)
}

// New makes a list without tenants.
func New() *Pane {
	p := &Pane{Count: kit.NewLine("", kit.LookCaption()), None: kit.NewLine("", kit.LookCaption())}
	p.Filter = widget.NewEntry()
	p.Filter.SetPlaceHolder(textFilterTenants.String())
	p.Filter.OnChanged = func(string) { p.refilter() }
	p.List = newTenantList(p)
	p.None.Look.Align = fyne.TextAlignCenter
	heading := kit.NewBar(6, p.Count, kit.NewWord(textTenants.String(), kit.LookBold()), p.Count)
	body := kit.NewOver(p.List, kit.NewColumn(0, kit.NewInset(8, 24, p.None)))
	content := kit.NewShell(6, body, kit.NewInset(4, 2, heading), p.Filter, body)
	p.Root = kit.NewPanel(8, content)
	return p
}

// Show takes over the rows of a scene, and selects a tenant (the zero key for none).
func (p *Pane) Show(rows []Row, selected tenant.Key) {
	p.all, p.selected = rows, selected
	p.refilter()
}

func (p *Pane) refilter() {
	p.Shown = matching(p.all, p.Filter.Text)
	p.Count.SetText(tenantCount(len(p.Shown), len(p.all)))
	switch {
	case len(p.all) == 0:
		p.None.SetText(textNoTenants.String())
	case len(p.Shown) == 0:
		p.None.SetText(textNoMatch.String())
	default:
		p.None.SetText("")
	}
	p.List.Refresh()
	p.settle()
}

// settle selects our tenant in the list, wherever the filter has put it.
func (p *Pane) settle() {
	p.settling = true
	defer func() { p.settling = false }()
	for i, r := range p.Shown {
		if r.Key == p.selected {
			p.List.Select(i)
			return
		}
	}
	p.List.UnselectAll()
}

// pick is called by the list when a person selects a row.
func (p *Pane) pick(i int) {
	if p.settling || i < 0 || i >= len(p.Shown) || p.Shown[i].Key == p.selected {
		return
	}
	p.selected = p.Shown[i].Key
	p.OnSelect(p.selected)
}

// tenantList is Fyne's list in which the arrow keys select, rather than only point.
type tenantList struct {
	widget.List
	pointed int
}

func newTenantList(p *Pane) *tenantList {
	l := &tenantList{pointed: -1}
	l.Length = func() int { return len(p.Shown) }
	l.CreateItem = func() fyne.CanvasObject { return newTenantItem() }
	l.UpdateItem = func(i int, o fyne.CanvasObject) {
		if i < len(p.Shown) {
			o.(*tenantItem).set(p.Shown[i])
		}
	}
	l.OnSelected = p.pick
	l.OnHighlighted = func(i int) { l.pointed = i }
	l.HideSeparators = true
	l.ExtendBaseWidget(l)
	return l
}

// TypedKey selects what the arrow keys and Return point at.
func (l *tenantList) TypedKey(key *fyne.KeyEvent) {
	l.List.TypedKey(key)
	switch key.Name {
	case fyne.KeyUp, fyne.KeyDown, fyne.KeyReturn, fyne.KeyEnter:
		if l.pointed >= 0 {
			l.Select(l.pointed)
		}
	}
}

// tenantItem is one row: dot, name and last log-on above; ctx, environment and verdict below.
type tenantItem struct {
	widget.BaseWidget
	dot                    *kit.Dot
	name, logOn            *kit.Line
	ctx, environment, word *kit.Line
}

func newTenantItem() *tenantItem {
	i := &tenantItem{
		dot: kit.NewDot(), name: kit.NewLine("", kit.LookBold()), logOn: kit.NewWord("", kit.LookCaption()),
		ctx: kit.NewWord("", kit.LookCaption()), environment: kit.NewLine("", kit.LookCaption()), word: kit.NewWord("", kit.LookCaption()),
	}
	i.ExtendBaseWidget(i)
	return i
}

func (i *tenantItem) set(r Row) {
	i.dot.Set(r.VerdictTone.Text())
	i.name.Set(r.Name, kit.LookBold())
	i.logOn.Set(r.LogOn, kit.LookCaption())
	i.ctx.Set(r.Ctx, kit.LookCaption())
	environment := kit.LookCaption().In(r.EnvTone.Text())
	environment.Style.Bold = r.EnvTone == kit.ToneProduction
	i.environment.Set(r.Environment, environment)
	i.word.Set(r.Verdict, kit.LookCaption().In(r.VerdictTone.Text()))
	i.Refresh()
}

// CreateRenderer is part of Fyne's Widget.
func (i *tenantItem) CreateRenderer() fyne.WidgetRenderer {
	return &tenantItemRenderer{i}
}

type tenantItemRenderer struct{ item *tenantItem }

const itemIndent = 20

func (r *tenantItemRenderer) Layout(size fyne.Size) {
	i := r.item
	top, bottom := i.name.MinSize().Height, i.ctx.MinSize().Height
	y := (size.Height - top - bottom - 2) / 2
	dot := i.dot.MinSize()
	i.dot.Move(fyne.NewPos(5, y+(top-dot.Height)/2))
	i.dot.Resize(dot)
	right := size.Width - 4
	logOn := i.logOn.MinSize()
	i.logOn.Move(fyne.NewPos(right-logOn.Width, y+(top-logOn.Height)/2))
	i.logOn.Resize(logOn)
	i.name.Move(fyne.NewPos(itemIndent, y))
	i.name.Resize(fyne.NewSize(max(20, right-logOn.Width-8-itemIndent), top))
	y += top + 2
	word, ctx := i.word.MinSize(), i.ctx.MinSize()
	i.word.Move(fyne.NewPos(right-word.Width, y))
	i.word.Resize(word)
	i.ctx.Move(fyne.NewPos(itemIndent, y))
	i.ctx.Resize(ctx)
	x := itemIndent + ctx.Width + 8
	i.environment.Move(fyne.NewPos(x, y))
	i.environment.Resize(fyne.NewSize(max(20, right-word.Width-8-x), bottom))
}

func (r *tenantItemRenderer) MinSize() fyne.Size {
	height := r.item.name.MinSize().Height + r.item.ctx.MinSize().Height
	return fyne.NewSize(200, height+2+2*theme.SizeForWidget(theme.SizeNameInnerPadding, r.item))
}

func (r *tenantItemRenderer) Refresh() { r.Layout(r.item.Size()) }

func (r *tenantItemRenderer) Objects() []fyne.CanvasObject {
	i := r.item
	return []fyne.CanvasObject{i.dot, i.name, i.logOn, i.ctx, i.environment, i.word}
}

func (r *tenantItemRenderer) Destroy() {}
