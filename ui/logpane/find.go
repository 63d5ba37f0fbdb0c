package logpane

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"

	"partnerdesk/ui/kit"
	"partnerdesk/ui/logview"
)

// findBar looks for a text among the lines shown. It is hidden until it is opened.
type findBar struct {
	root           *fyne.Container
	entry          *findEntry
	matches        *kit.Line
	next, previous *kit.Button

	view    *logview.View
	regexp  *kit.Check
	problem func(error)
	wrong   bool // what the field says is no expression
	resized func()
}

func newFindBar(view *logview.View, regexp *kit.Check, problem func(error)) *findBar {
	f := &findBar{view: view, regexp: regexp, problem: problem, matches: kit.NewWord("", kit.LookCaption())}
	f.entry = newFindEntry(f)
	f.previous = kit.NewIconButton(theme.MoveUpIcon(), textPrevious.String(), view.Previous)
	f.next = kit.NewIconButton(theme.MoveDownIcon(), textNext.String(), view.Next)
	end := kit.NewIconButton(theme.CancelIcon(), textCloseFind.String(), f.close)
	for _, b := range []*kit.Button{f.previous, f.next, end} {
		b.OnEscape = f.close
	}
	spacer := layout.NewSpacer()
	f.root = kit.NewBar(6, spacer, kit.NewFixed(300, 0, f.entry), f.previous, f.next, f.matches, spacer, end)
	f.root.Hide()
	f.show()
	return f
}

func (f *findBar) open() {
	f.root.Show()
	f.resized()
	// The bar itself is known to no canvas before it was drawn once.
	if c := fyne.CurrentApp().Driver().CanvasForObject(f.view); c != nil {
		c.Focus(f.entry)
	}
	f.look()
}

// close ends the search and takes the keyboard to the lines.
func (f *findBar) close() {
	f.root.Hide()
	f.resized()
	f.look()
	if c := fyne.CurrentApp().Driver().CanvasForObject(f.view); c != nil {
		c.Focus(f.view)
	}
}

// look searches for what the field says, and for nothing while the bar is closed.
func (f *findBar) look() {
	text := f.entry.Text
	if f.root.Hidden {
		text = ""
	}
	err := f.view.Find(logview.Search{Text: text, Regexp: f.regexp.Checked})
	f.wrong = err != nil
	f.problem(err)
	f.show()
}

// show says how many matches there are, and which of them is current. What it said of an earlier search stands until
// the one under way is done.
func (f *findBar) show() {
	if f.view.Finding() {
		return
	}
	at, n := f.view.Matches()
	text := ""
	if f.entry.Text != "" && !f.wrong {
		text = matchOf(at, n)
	}
	none := ""
	if n == 0 {
		none = textNoMatches.String()
	}
	f.next.Allow(none)
	f.previous.Allow(none)
	if text != f.matches.Text {
		f.matches.SetText(text)
		f.root.Layout.Layout(f.root.Objects, f.root.Size())
	}
}

// findEntry is the field of the search: Return and F3 go to the next match, with Shift to the one before, and
// Escape closes the bar.
type findEntry struct {
	kit.Entry
	bar *findBar
}

func newFindEntry(bar *findBar) *findEntry {
	e := &findEntry{bar: bar}
	e.PlaceHolder = textFindInLog.String()
	e.OnChanged = func(string) { bar.look() }
	e.ExtendBaseWidget(e)
	return e
}

// TypedKey is part of Fyne's Focusable.
func (e *findEntry) TypedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeyF3:
		if d, ok := fyne.CurrentApp().Driver().(desktop.Driver); ok && d.CurrentKeyModifiers()&fyne.KeyModifierShift != 0 {
			e.bar.view.Previous()
			return
		}
		e.bar.view.Next()
	case fyne.KeyEscape:
		e.bar.close()
	default:
		e.Entry.TypedKey(key)
	}
}
