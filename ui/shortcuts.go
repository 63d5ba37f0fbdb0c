package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"partnerdesk/ui/kit"
	"partnerdesk/ui/words"
)

// shortcutGroup is a part of the overview of the keys.
type shortcutGroup struct {
	name words.Phrase
	rows []kit.Fact
}

// shortcutGroups are the shortcuts of the commands, and the keys that work everywhere.
func shortcutGroups(sections []section) []shortcutGroup {
	everywhere := shortcutGroup{name: textEverywhere, rows: []kit.Fact{
		{Caption: textKeyTab.String(), Value: textTabMoves.String()},
		{Caption: string(fyne.KeyF6), Value: textNextRegion.String()},
		{Caption: textKeyReturn.String(), Value: textReturnPresses.String()},
		{Caption: textKeyEscape.String(), Value: textEscapeCloses.String()},
		{Caption: textKeyAlt.String(), Value: textAltOpens.String()},
	}}
	groups := []shortcutGroup{everywhere}
	for _, s := range sections {
		g := shortcutGroup{name: s.name}
		for _, c := range s.commands {
			if c.key != nil {
				g.rows = append(g.rows, kit.Fact{Caption: shortcutText(c.key), Value: c.phrase.String()})
			}
		}
		if len(g.rows) > 0 {
			groups = append(groups, g)
		}
	}
	return groups
}

// shortcutText writes a shortcut as keyboards do.
func shortcutText(s *desktop.CustomShortcut) string {
	var keys []string
	if s.Modifier&fyne.KeyModifierShortcutDefault != 0 {
		keys = append(keys, textKeyCtrl.String())
		if fyne.KeyModifierShortcutDefault == fyne.KeyModifierSuper {
			keys[0] = "⌘" // as on every key of a Mac
		}
	}
	if s.Modifier&fyne.KeyModifierShift != 0 {
		keys = append(keys, textKeyShift.String())
	}
	return strings.Join(append(keys, string(s.KeyName)), "+")
}

// showShortcuts shows the overview until it is closed.
func (w *Window) showShortcuts() {
	const keyWidth = 130
	columns := []fyne.CanvasObject{kit.NewColumn(4), kit.NewColumn(4)}
	groups := shortcutGroups(w.sections())
	rows, all := 0, 0
	for _, g := range groups {
		all += len(g.rows) + 2
	}
	for _, g := range groups {
		column := columns[0].(*fyne.Container)
		if rows > 0 && rows+len(g.rows)/2 >= all/2 {
			column = columns[1].(*fyne.Container)
		}
		rows += len(g.rows) + 2
		column.Add(kit.NewInsetOf(0, 8, 0, 2, kit.NewWord(g.name.String(), kit.LookBold())))
		for _, r := range g.rows {
			key := kit.NewFixed(keyWidth, 0, kit.NewLine(r.Caption, kit.Look{Tone: kit.ColorMuted}))
			text := kit.NewWord(r.Value, kit.Look{})
			column.Add(kit.NewBar(8, text, key, text))
		}
	}
	content := container.New(layout.NewCustomPaddedHBoxLayout(36), columns...)
	var d *kit.Dialog
	shut := kit.NewButton(kit.TextClose.String(), nil, "", func() { d.Hide() })
	shut.Importance = widget.HighImportance
	d = kit.NewDialog(w.run, kit.DialogOptions{Window: w.Window, Title: textShortcuts.String(), Width: content.MinSize().Width + kit.SheetRoom,
		Escape: func() { d.Hide() }}, kit.NewFoot(nil, shut), content)
	d.Show(shut)
}
