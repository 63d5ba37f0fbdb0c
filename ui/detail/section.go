package detail

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"partnerdesk/ui/kit"
)

// section is a part of the panel that a person can fold away. It remembers that for the next start.
type section struct {
	root    *fyne.Container
	head    *kit.Button
	summary *kit.Line // what the part comes to, also while it is folded
	body    fyne.CanvasObject
	name    string // in the preferences
	memory  fyne.Preferences
	panel   *Panel
	// fresh is true from when a person has opened the section until its content is there.
	fresh bool
	// onOpen is called when a person has opened the section.
	onOpen func()
}

// newSection makes a section under a name that is its own in the preferences. extra stands at the head's right end.
func newSection(panel *Panel, name, title, tip string, open bool, body fyne.CanvasObject, extra ...fyne.CanvasObject) *section {
	s := &section{panel: panel, body: body, name: "detail.section." + name, memory: panel.o.Preferences, summary: kit.NewLine("", kit.Look{Tone: kit.ColorMuted})}
	s.head = kit.NewButton(title, nil, tip, func() { s.turn(!s.open()) })
	s.head.Importance, s.head.Alignment = widget.LowImportance, widget.ButtonAlignLeading
	s.root = kit.NewColumn(4, kit.NewBar(8, s.summary, append([]fyne.CanvasObject{s.head, s.summary}, extra...)...), body)
	s.draw(s.memory.BoolWithFallback(s.name, open))
	return s
}

func (s *section) open() bool { return s.body.Visible() }

// turn opens or folds the section, and remembers it.
func (s *section) turn(open bool) {
	s.memory.SetBool(s.name, open)
	s.draw(open)
	if s.fresh = open; open {
		s.onOpen()
	}
	s.grown()
}

// grown lays the panel out after the section has changed its height, and keeps a section in sight that a person has
// just opened.
func (s *section) grown() {
	s.panel.Relayout()
	if s.open() && s.fresh {
		s.panel.reveal(s.root)
	}
}

func (s *section) draw(open bool) {
	if open {
		s.body.Show()
		s.head.SetIcon(theme.MenuDropDownIcon())
		return
	}
	s.body.Hide()
	s.head.SetIcon(theme.MenuExpandIcon())
}
