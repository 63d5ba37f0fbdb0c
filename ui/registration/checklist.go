package registration

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"partnerdesk/ui/kit"
)

// stepWidth is the room for a step's mark and name.
const stepWidth = 146

// checklist shows the steps of the check, ticked as they are gone. It is hidden until there is a check.
type checklist struct {
	root *fyne.Container
	rows []*checkLine
}

// checkLine is one step.
type checkLine struct {
	shown  checkRow
	mark   *widget.Icon
	label  *kit.Line
	detail *kit.Paragraph
}

func newChecklist() *checklist {
	c := &checklist{}
	column := kit.NewColumn(4)
	for range (checkState{}).rows() {
		row := &checkLine{mark: widget.NewIcon(nil), label: kit.NewLine("", kit.Look{}), detail: kit.NewParagraph("", kit.LookCaption())}
		c.rows = append(c.rows, row)
		name := kit.NewBar(6, row.label, kit.NewFixed(16, 16, row.mark), row.label)
		column.Add(kit.NewPair(stepWidth, name, kit.NewInsetOf(0, 2, 0, 0, row.detail)))
	}
	c.root = kit.NewPanel(10, column)
	c.root.Hide()
	return c
}

// show draws a state, and reports whether the height may have changed.
func (c *checklist) show(s checkState) bool {
	there := s.phase != unchecked && s.phase != checkBroken
	moved := there != c.root.Visible()
	c.root.Hidden = !there
	for i, view := range s.rows() {
		if row := c.rows[i]; row.shown != view {
			moved = moved || row.shown.Detail != view.Detail
			row.set(view)
		}
	}
	if moved {
		c.root.Refresh()
	}
	return moved
}

func (l *checkLine) set(v checkRow) {
	l.shown = v
	l.mark.SetResource(tickIcon(v.Tick))
	look, quiet := kit.Look{}, kit.LookCaption()
	switch v.Tick {
	case tickAhead:
		look.Tone = kit.ColorMuted
	case tickRunning:
		look.Style.Bold = true
	case tickFailed:
		look.Style.Bold = true
		quiet.Tone = kit.ToneBad.Text()
	case tickWarning:
		quiet.Tone = kit.ToneWarning.Text()
	}
	l.label.Set(v.Label, look)
	l.detail.Text, l.detail.Look = v.Detail, quiet
	l.detail.Refresh()
}

// tickIcon is a step's mark: its shape tells it as well as its colour.
func tickIcon(t tick) fyne.Resource {
	switch t {
	case tickRunning:
		return theme.NewPrimaryThemedResource(theme.MediaPlayIcon())
	case tickPassed:
		return theme.NewSuccessThemedResource(theme.ConfirmIcon())
	case tickWarning:
		return theme.NewWarningThemedResource(theme.WarningIcon())
	case tickSkipped:
		return theme.NewDisabledResource(theme.ContentRemoveIcon())
	case tickFailed:
		return theme.NewErrorThemedResource(theme.CancelIcon())
	}
	return theme.NewDisabledResource(theme.RadioButtonIcon())
}
