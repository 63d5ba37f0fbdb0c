package tenants

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"partnerdesk/ui/words"
)

func (a Act) label() string {
	return map[Act]words.Phrase{SignIn: textSignIn, Doctor: textDoctor, SignOut: textSignOut, Remove: textRemove}[a].String()
}

// openMenu offers what can be done with the selected tenants, at a place on the table. What cannot be done says why.
func (p *Pane) openMenu(at fyne.Position) {
	rows := p.Table.selected()
	c := fyne.CurrentApp().Driver().CanvasForObject(p.Table)
	if c == nil || len(rows) == 0 {
		return
	}
	menu := widget.NewPopUpMenu(fyne.NewMenu("", p.menuItems(rows)...), c)
	menu.OnDismiss = func() {
		menu.Hide()
		c.Focus(p.Table)
	}
	menu.ShowAtRelativePosition(at, p.Table)
}

func (p *Pane) menuItems(rows []*row) []*fyne.MenuItem {
	items := []*fyne.MenuItem{item(p.logOnLabel(rows), p.logOnBarred(rows), func() { p.visit(rows) })}
	items = append(items, p.switchItems(rows)...)
	for _, a := range []Act{SignIn, Doctor} {
		items = append(items, p.actItem(a, rows))
	}
	items = append(items, fyne.NewMenuItemSeparator())
	items = append(items, p.copyItems(rows)...)
	items = append(items, fyne.NewMenuItemSeparator())
	for _, a := range []Act{SignOut, Remove} {
		items = append(items, p.actItem(a, rows))
	}
	sorting := fyne.NewMenuItem(textSortBy.String(), nil)
	sorting.ChildMenu = fyne.NewMenu("", p.sortItems()...)
	all := fyne.NewMenuItem(textSelectAll.String(), p.Table.selectAll)
	all.Shortcut = &fyne.ShortcutSelectAll{}
	return append(items, fyne.NewMenuItemSeparator(), sorting, all)
}

// item is a menu item, or one that cannot be used and says why.
func item(label, reason string, action func()) *fyne.MenuItem {
	if reason == "" {
		return fyne.NewMenuItem(label, action)
	}
	i := fyne.NewMenuItem(textBarred.With(label, reason), nil)
	i.Disabled = true
	return i
}

// withKey shows the key that does the same.
func withKey(i *fyne.MenuItem, key fyne.KeyName) *fyne.MenuItem {
	i.Shortcut = &desktop.CustomShortcut{KeyName: key}
	return i
}

func (p *Pane) actItem(a Act, rows []*row) *fyne.MenuItem {
	i := item(a.label(), p.barred(a, rows), func() { p.act(a, rows) })
	if a == Remove {
		withKey(i, fyne.KeyDelete)
	}
	return i
}

// logOnLabel names who logs on, where it is not this program.
func (p *Pane) logOnLabel(rows []*row) string {
	switch {
	case p.polledElsewhere():
		return textLogOnBy.With(p.view.Poller.Lease.Program, p.view.Poller.Lease.PID)
	case len(rows) > 1:
		return textLogOnMany.With(words.Thousands(len(rows)))
	}
	return textLogOnNow.String()
}

// polledElsewhere reports whether another program polls.
func (p *Pane) polledElsewhere() bool {
	return p.view.Poller.Lease.Held(p.view.At) && !p.view.Poller.Here
}

// logOnBarred says why none of the rows can be logged on to. Another program that polls hears within a second what a
// person asks for here.
func (p *Pane) logOnBarred(rows []*row) string {
	active := slices.ContainsFunc(rows, func(r *row) bool { return r.view.Active })
	switch {
	case p.changing != nil:
		return textStillBusy.String()
	case !active && len(rows) > 1:
		return textNoneActive.String()
	case !active:
		return textNotActive.String()
	case !p.view.Polling && !p.polledElsewhere():
		return textPollerOff.String()
	}
	return ""
}

// switchItems activate or deactivate: one tenant has only the one that it is not yet.
func (p *Pane) switchItems(rows []*row) []*fyne.MenuItem {
	busy := ""
	if p.changing != nil {
		busy = textStillBusy.String()
	}
	if len(rows) == 1 {
		label, on := textActivate, !rows[0].view.Active
		if !on {
			label = textDeactivate
		}
		return []*fyne.MenuItem{withKey(item(label.String(), busy, func() { p.activate(rows, on) }), fyne.KeySpace)}
	}
	var items []*fyne.MenuItem
	for _, on := range []bool{true, false} {
		n, label, reason := 0, words.Plural{One: textDeactivateOne, Other: textDeactivateMany}, textNoneActive
		if on {
			label, reason = words.Plural{One: textActivateOne, Other: textActivateMany}, textAllActive
		}
		for _, r := range rows {
			if r.view.Active != on {
				n++
			}
		}
		barred := busy
		if n == 0 {
			barred = reason.String()
			n = len(rows)
		}
		items = append(items, item(label.Of(n), barred, func() { p.activate(rows, on) }))
	}
	return items
}

func (p *Pane) copyItems(rows []*row) []*fyne.MenuItem {
	table := fyne.NewMenuItem(textCopyTable.String(), p.Table.onCopy)
	table.Shortcut = &fyne.ShortcutCopy{}
	if len(rows) > 1 {
		return []*fyne.MenuItem{table}
	}
	v := *rows[0].view
	return []*fyne.MenuItem{
		fyne.NewMenuItem(textCopyFacts.String(), func() { p.o.Copy(p.o.Facts(v)) }),
		fyne.NewMenuItem(textCopyCtx.String(), func() { p.o.Copy(v.ContextID) }),
		table,
	}
}

// sortItems sort from the keyboard as a click on a header does.
func (p *Pane) sortItems() []*fyne.MenuItem {
	items := make([]*fyne.MenuItem, 0, columns)
	for c := range columns {
		i := fyne.NewMenuItem(c.title(), func() { p.sort(c) })
		i.Checked = c == p.Table.header.order.by
		items = append(items, i)
	}
	return items
}
