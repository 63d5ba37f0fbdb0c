package registration

import (
	"fyne.io/fyne/v2"

	"partnerdesk/ui/kit"
)

// slot is a place of the form: a field, below it what is to be said of it as it is typed, and what a check or a
// refused file has found. It complains only after the person has left the field, so that nobody is told off for
// a value that is half typed.
type slot struct {
	root  *fyne.Container
	field fyne.CanvasObject
	note  *kit.Paragraph
	found *kit.Notice
	// focus is where the person goes to put it right.
	focus fyne.Focusable
	// touched is true after the first change, left when the field was left after that, or the form submitted.
	touched, left bool
}

func newSlot(field fyne.CanvasObject, focus fyne.Focusable) *slot {
	s := &slot{field: field, focus: focus, note: kit.NewParagraph("", kit.LookCaption()), found: kit.NewNotice()}
	s.note.Hide()
	s.root = kit.NewColumn(3, field, s.note, s.found.Container)
	return s
}

// say shows a line below the field, "" for none, and reports whether the height may have changed.
func (s *slot) say(text string, tone kit.Tone) bool {
	if s.note.Text == text && s.note.Look.Tone == tone.Text() {
		return false
	}
	s.note.Text, s.note.Look.Tone, s.note.Hidden = text, tone.Text(), text == ""
	s.note.Refresh()
	return true
}

// find shows what was found to be wrong here; the zero view takes it back. It reports whether anything changed.
func (s *slot) find(v kit.NoticeView) bool { return s.found.Set(v) }
