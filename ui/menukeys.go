package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
)

// quietKey is a shortcut that a menu obeys and does not draw. Fyne letters shortcuts in a fifth of the
// foreground's strength, paler than what is disabled, and no theme can change that.
type quietKey struct{ key *desktop.CustomShortcut }

// ShortcutName is part of Fyne's Shortcut.
func (q quietKey) ShortcutName() string { return q.key.ShortcutName() }

// letterKeys writes the shortcuts of a menu behind the labels, all in one column, for what can be done now.
// A Mac's own menus draw them well.
func letterKeys(items []*fyne.MenuItem) {
	if fyne.KeyModifierShortcutDefault == fyne.KeyModifierSuper {
		return
	}
	column := float32(0)
	each := func(do func(i *fyne.MenuItem, key *desktop.CustomShortcut)) {
		for _, i := range items {
			if key, ok := i.Shortcut.(*desktop.CustomShortcut); ok {
				do(i, key)
			}
		}
	}
	measure := func(text string) float32 { return fyne.MeasureText(text, theme.TextSize(), fyne.TextStyle{}).Width }
	each(func(i *fyne.MenuItem, _ *desktop.CustomShortcut) {
		if !i.Disabled {
			column = max(column, measure(i.Label+"  \t")) // or a long label would end where the key begins
		}
	})
	each(func(i *fyne.MenuItem, key *desktop.CustomShortcut) {
		i.Shortcut = quietKey{key}
		if i.Disabled {
			return
		}
		i.Label += "\t"
		for measure(i.Label) < column-1 {
			i.Label += "\t"
		}
		i.Label += shortcutText(key)
	})
}
