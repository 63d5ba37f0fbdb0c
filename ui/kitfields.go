package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// A focused object of Fyne's swallows the keys that it has no use for. Those of the kit hand the Escape key on
// to whoever has asked the canvas for the keys that nobody takes: a dialog, to close.

// handOn gives a key to the canvas's own handler, if there is one.
func handOn(from fyne.CanvasObject, key *fyne.KeyEvent) {
	c := fyne.CurrentApp().Driver().CanvasForObject(from)
	if c == nil {
		return
	}
	if handler := c.OnTypedKey(); handler != nil {
		handler(key)
	}
}

// entry is Fyne's entry, which hands Escape on, and says when the focus comes.
type entry struct {
	widget.Entry
	onFocus func(fyne.CanvasObject)
}

func newEntry(placeholder string) *entry {
	e := &entry{}
	e.PlaceHolder = placeholder
	e.ExtendBaseWidget(e)
	return e
}

func newPasswordEntry(placeholder string) *entry {
	e := newEntry(placeholder)
	e.Password = true
	return e
}

// TypedKey hands Escape on.
func (e *entry) TypedKey(key *fyne.KeyEvent) {
	if key.Name == fyne.KeyEscape {
		handOn(e, key)
		return
	}
	e.Entry.TypedKey(key)
}

// FocusGained is part of Fyne's Focusable.
func (e *entry) FocusGained() {
	e.Entry.FocusGained()
	if e.onFocus != nil {
		e.onFocus(e)
	}
}

// choice is Fyne's select, which hands Escape on, opens with Return too, and says when the focus comes.
type choice struct {
	widget.Select
	onFocus func(fyne.CanvasObject)
}

func newChoice(options []string, changed func(string)) *choice {
	c := &choice{}
	c.Options, c.OnChanged = options, changed
	c.ExtendBaseWidget(c)
	return c
}

// TypedKey hands Escape on.
func (c *choice) TypedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeyEscape:
		handOn(c, key)
	case fyne.KeyReturn, fyne.KeyEnter:
		c.Select.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	default:
		c.Select.TypedKey(key)
	}
}

// FocusGained is part of Fyne's Focusable.
func (c *choice) FocusGained() {
	c.Select.FocusGained()
	if c.onFocus != nil {
		c.onFocus(c)
	}
}
