package kit

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

// Entry is Fyne's entry, which hands Escape on, and says when the focus comes.
type Entry struct {
	widget.Entry
	OnFocus func(fyne.CanvasObject)
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

// TypedKey hands Escape on.
func (e *Entry) TypedKey(key *fyne.KeyEvent) {
	if key.Name == fyne.KeyEscape {
		handOn(e, key)
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

// Choice is Fyne's select, which hands Escape on, opens with Return too, and says when the focus comes.
type Choice struct {
	widget.Select
	OnFocus func(fyne.CanvasObject)
}

func NewChoice(options []string, changed func(string)) *Choice {
	c := &Choice{}
	c.Options, c.OnChanged = options, changed
	c.ExtendBaseWidget(c)
	return c
}

// TypedKey hands Escape on.
func (c *Choice) TypedKey(key *fyne.KeyEvent) {
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
func (c *Choice) FocusGained() {
	c.Select.FocusGained()
	if c.OnFocus != nil {
		c.OnFocus(c)
	}
}
