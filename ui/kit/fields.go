package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	ttwidget "github.com/dweymouth/fyne-tooltip/widget"
)

// A focused object of Fyne's swallows the keys that it has no use for. Those of the kit hand some of them on to
// whoever has asked the canvas for the keys that nobody takes: Escape, for a dialog or a notice to close, F6, which
// goes from one region of the window to the next, and F1 for the guide. Fyne takes no key alone for a menu's shortcut.

// passes reports whether a key is one of those that are handed on.
func passes(key *fyne.KeyEvent) bool { return key.Name == fyne.KeyEscape || EverywhereAlike(key) }

// EverywhereAlike reports whether a key does the same wherever the focus is.
func EverywhereAlike(key *fyne.KeyEvent) bool {
	return key.Name == fyne.KeyF1 || key.Name == fyne.KeyF6
}

// HandOn gives a key to the canvas's own handler, if there is one.
func HandOn(from fyne.CanvasObject, key *fyne.KeyEvent) {
	c := fyne.CurrentApp().Driver().CanvasForObject(from)
	if c == nil {
		return
	}
	if handler := c.OnTypedKey(); handler != nil {
		handler(key)
	}
}

// Entry is Fyne's entry, which hands keys on, and says when the focus comes and goes.
type Entry struct {
	widget.Entry
	OnFocus func(fyne.CanvasObject)
	OnLeave func()
}

func NewEntry(placeholder string) *Entry {
	e := &Entry{}
	e.PlaceHolder = placeholder
	e.ExtendBaseWidget(e)
	return e
}

func NewPasswordEntry(placeholder string) *Entry {
	e := NewEntry(placeholder)
	e.Password = true
	return e
}

// TypedKey hands on what others have a use for.
func (e *Entry) TypedKey(key *fyne.KeyEvent) {
	if passes(key) {
		HandOn(e, key)
		return
	}
	e.Entry.TypedKey(key)
}

// FocusGained is part of Fyne's Focusable.
func (e *Entry) FocusGained() {
	e.Entry.FocusGained()
	if e.OnFocus != nil {
		e.OnFocus(e)
	}
}

// FocusLost is part of Fyne's Focusable.
func (e *Entry) FocusLost() {
	e.Entry.FocusLost()
	if e.OnLeave != nil {
		e.OnLeave()
	}
}

// Choice is Fyne's select, which hands keys on, opens with Return too, and says when the focus comes. Where there is
// no room for what is chosen, its tool tip says it.
type Choice struct {
	ttwidget.Select
	focused bool
	tips    *dialogTips // nil outside of dialogs
	OnFocus func(fyne.CanvasObject)
}

func NewChoice(options []string, changed func(string)) *Choice {
	c := &Choice{}
	c.Options, c.OnChanged = options, changed
	c.ExtendBaseWidget(c)
	return c
}

// Full is the width in which what is chosen is not cut.
func (c *Choice) Full() float32 {
	size, inner := theme.SizeForWidget(theme.SizeNameText, c), theme.SizeForWidget(theme.SizeNameInnerPadding, c)
	return fyne.MeasureText(c.Selected, size, fyne.TextStyle{}).Width + 4*inner + theme.SizeForWidget(theme.SizeNameInlineIcon, c)
}

// MouseIn is part of Fyne's Hoverable.
func (c *Choice) MouseIn(e *desktop.MouseEvent) {
	c.SetToolTip("")
	if c.Full() > c.Size().Width {
		c.SetToolTip(c.Selected)
	}
	if c.tips == nil {
		c.Select.MouseIn(e)
		return
	}
	c.Select.Select.MouseIn(e)
	c.tips.show(c, c.ToolTip())
}

// MouseOut is part of Fyne's Hoverable.
func (c *Choice) MouseOut() {
	c.Select.MouseOut()
	c.tips.hide(c)
}

// TypedKey hands on what others have a use for.
func (c *Choice) TypedKey(key *fyne.KeyEvent) {
	switch {
	case passes(key):
		HandOn(c, key)
	case key.Name == fyne.KeyReturn, key.Name == fyne.KeyEnter:
		c.Select.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	default:
		c.Select.TypedKey(key)
	}
}

// CreateRenderer is part of Fyne's Widget.
func (c *Choice) CreateRenderer() fyne.WidgetRenderer {
	return newFocusRing(c.Select.CreateRenderer(), c, theme.SizeNameInputRadius, func() bool { return c.focused })
}

// FocusLost is part of Fyne's Focusable.
func (c *Choice) FocusLost() {
	c.focused = false
	c.Select.FocusLost()
}

// FocusGained is part of Fyne's Focusable.
func (c *Choice) FocusGained() {
	c.focused = true
	c.Select.FocusGained()
	if c.OnFocus != nil {
		c.OnFocus(c)
	}
}
