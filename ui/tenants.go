package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"partnerdesk/core/tenant"
	"partnerdesk/ui/kit"
)

// tenantPane is the left of the window: all tenants of all registrations, with a filter.
type tenantPane struct {
	root   *fyne.Container
	count  *kit.Line
	filter *widget.Entry
	list   *tenantList
	none   *kit.Line

	all      []tenantRow
	shown    []tenantRow
	selected tenant.Key
	// settling is true while the list's own selection is brought in line with ours.
	settling bool

	onSelect func(tenant.Key)
}

func newTenantPane() *tenantPane {
	p := &tenantPane{count: kit.NewLine("", kit.LookCaption()), none: kit.NewLine("", kit.LookCaption())}
	p.filter = widget.NewEntry()
	p.filter.SetPlaceHolder(textFilterTenants.String())
	p.filter.OnChanged = func(string) { p.refilter() }
	p.list = newTenantList(p)
	p.none.Look.Align = fyne.TextAlignCenter
	heading := kit.NewBar(6, p.count, kit.NewWord(textTenants.String(), kit.LookBold()), p.count)
	body := kit.NewOver(p.list, kit.NewColumn(0, kit.NewInset(8, 24, p.none)))
	content := kit.NewShell(6, body, kit.NewInset(4, 2, heading), p.filter, body)
	p.root = kit.NewPanel(8, content)
	return p
}

// show takes over the rows of a scene, and selects a tenant (the zero key for none).
func (p *tenantPane) show(rows []tenantRow, selected tenant.Key) {
	p.all, p.selected = rows, selected
	p.refilter()
}

func (p *tenantPane) refilter() {
	p.shown = matching(p.all, p.filter.Text)
	p.count.SetText(tenantCount(len(p.shown), len(p.all)))
	switch {
	case len(p.all) == 0:
		p.none.SetText(textNoTenants.String())
	case len(p.shown) == 0:
		p.none.SetText(textNoMatch.String())
	default:
		p.none.SetText("")
	}
	p.list.Refresh()
	p.settle()
}

// settle selects our tenant in the list, wherever the filter has put it.
func (p *tenantPane) settle() {
	p.settling = true
	defer func() { p.settling = false }()
	for i, r := range p.shown {
		if r.Key == p.selected {
			p.list.Select(i)
			return
		}
	}
	p.list.UnselectAll()
}

// pick is called by the list when a person selects a row.
func (p *tenantPane) pick(i int) {
	if p.settling || i < 0 || i >= len(p.shown) || p.shown[i].Key == p.selected {
		return
	}
	p.selected = p.shown[i].Key
	p.onSelect(p.selected)
}

// tenantList is Fyne's list in which the arrow keys select, rather than only point.
type tenantList struct {
	widget.List
	pointed int
}

func newTenantList(p *tenantPane) *tenantList {
	l := &tenantList{pointed: -1}
	l.Length = func() int { return len(p.shown) }
	l.CreateItem = func() fyne.CanvasObject { return newTenantItem() }
	l.UpdateItem = func(i int, o fyne.CanvasObject) {
		if i < len(p.shown) {
			o.(*tenantItem).set(p.shown[i])
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

func (i *tenantItem) set(r tenantRow) {
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
