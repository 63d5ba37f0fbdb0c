package ui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"partnerdesk/ui/kit"
	"partnerdesk/ui/words"
)

// section is one of the main menu's menus.
type section struct {
	name     words.Phrase
	commands []command
	// reason says why none of it can be done now, "" where that differs; nil means always.
	reason func() string
}

// why is why nothing in the section can be done now; "" where that differs.
func (s section) why() string {
	if s.reason == nil {
		return ""
	}
	return s.reason()
}

// command is something that a person can do, by the main menu or by its shortcut.
type command struct {
	phrase words.Phrase
	key    *desktop.CustomShortcut // nil for none
	run    func()
	// reason says why it cannot be done now, "" where it can; nil means always.
	reason func() string
	// checked is set for what is on or off.
	checked func() bool
	// line draws a line above it.
	line bool
	// quits marks the one that ends the program: some systems have a place of their own for it.
	quits bool
}

// why is why a command cannot be done now; "" where it can.
func (c command) why() string {
	if c.reason == nil {
		return ""
	}
	return c.reason()
}

// press is the command that presses a button: what the one cannot do, and why, goes for the other.
func press(phrase words.Phrase, key *desktop.CustomShortcut, b *kit.Button) command {
	return command{phrase: phrase, key: key, run: b.Press, reason: func() string { return reasonOf(b) }}
}

// check is the command that turns a check on or off.
func check(phrase words.Phrase, key *desktop.CustomShortcut, c *widget.Check) command {
	return command{phrase: phrase, key: key, run: func() { c.SetChecked(!c.Checked) }, checked: func() bool { return c.Checked }}
}

// after draws a line above a command.
func after(c command) command {
	c.line = true
	return c
}

// itemState is all that can change of a menu's item. A menu is drawn anew only where one has.
type itemState struct {
	why     string
	checked bool
}

// showMenu draws the main menu, if anything in it is new.
func (w *Window) showMenu() {
	sections := w.sections()
	var states []itemState
	for _, s := range sections {
		states = append(states, itemState{why: s.why()})
		for _, c := range s.commands {
			states = append(states, itemState{c.why(), c.checked != nil && c.checked()})
		}
	}
	if slices.Equal(states, w.menuStates) {
		return
	}
	w.menuStates = states
	w.SetMainMenu(w.menuOf(sections))
}

func (w *Window) menuOf(sections []section) *fyne.MainMenu {
	menu := fyne.NewMainMenu()
	for _, s := range sections {
		m := fyne.NewMenu(s.name.String())
		why := s.why()
		if why != "" { // once for all, rather than in each item
			heading := fyne.NewMenuItem(why, nil)
			heading.Disabled = true
			m.Items = append(m.Items, heading, fyne.NewMenuItemSeparator())
		}
		for _, c := range s.commands {
			if c.line {
				m.Items = append(m.Items, fyne.NewMenuItemSeparator())
			}
			item := w.itemOf(c)
			if why != "" {
				item.Label, item.Disabled, item.Checked = c.phrase.String(), true, false
				item.Action = func() { w.report(kit.NoticeView{Title: textUnavailable.With(c.phrase.String(), why)}) }
			}
			m.Items = append(m.Items, item)
		}
		letterKeys(m.Items)
		menu.Items = append(menu.Items, m)
	}
	return menu
}

// itemOf is a command in the menu. What cannot be done says why: the menu has no tool tips. Its shortcut says so too.
func (w *Window) itemOf(c command) *fyne.MenuItem {
	item := fyne.NewMenuItem(c.phrase.String(), func() { w.execute(c) })
	item.IsQuit = c.quits
	if c.key != nil {
		item.Shortcut = c.key
	}
	if c.checked != nil {
		item.Checked = c.checked()
	}
	if why := c.why(); why != "" {
		item.Label, item.Disabled = textUnavailable.With(c.phrase.String(), why), true
	}
	return item
}

// execute runs a command. A shortcut comes here for a disabled one too, and is told why nothing happens; none
// comes through a dialog.
func (w *Window) execute(c command) {
	if w.Canvas().Overlays().Top() != nil && !c.quits {
		return
	}
	if why := c.why(); why != "" {
		w.report(kit.NoticeView{Title: textUnavailable.With(c.phrase.String(), why)})
		return
	}
	c.run()
	w.showMenu()
}

// region is a stop of F6.
type region struct {
	root fyne.CanvasObject
	// focus is what the keyboard goes to; nil where the region has nothing to offer now.
	focus func() fyne.Focusable
}

// cycle moves the keyboard to the next region, or to the one before.
func (w *Window) cycle(step int) {
	regions := w.regions()
	at := w.regionOf(regions, w.Canvas().Focused())
	if at < 0 && step < 0 {
		at = 0
	}
	for range regions {
		at = (at + step + len(regions)) % len(regions)
		if target := regions[at].focus(); target != nil {
			w.Canvas().Focus(target)
			return
		}
	}
}

// regionOf is the region that an object lies in, -1 for none.
func (w *Window) regionOf(regions []region, focused fyne.Focusable) int {
	o, isObject := focused.(fyne.CanvasObject)
	if !isObject {
		return -1
	}
	driver := fyne.CurrentApp().Driver()
	at := driver.AbsolutePositionForObject(o)
	return slices.IndexFunc(regions, func(r region) bool {
		from, size := driver.AbsolutePositionForObject(r.root), r.root.Size()
		return at.X >= from.X && at.Y >= from.Y && at.X < from.X+size.Width && at.Y < from.Y+size.Height
	})
}

// typedKey takes the keys that nothing in focus has a use for.
func (w *Window) typedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeyF1:
		w.execute(w.guideCommand())
	case fyne.KeyF6:
		w.cycle(1)
	case fyne.KeyEscape:
		w.escape()
	}
}

// escape answers the lowest notice with its last button, which is the harmless one.
func (w *Window) escape() {
	for _, n := range []*kit.Notice{w.general, w.signIn.Notice, w.updates.Notice} {
		buttons := n.Buttons.Objects
		if n.Visible() && len(buttons) > 0 {
			if last, ok := buttons[len(buttons)-1].(*kit.Button); ok {
				last.Press()
			}
			return
		}
	}
}
