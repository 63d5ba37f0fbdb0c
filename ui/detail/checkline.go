package detail

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	ttwidget "github.com/dweymouth/fyne-tooltip/widget"

	"partnerdesk/ui/kit"
)

// checkLine is a step of a checkup: a mark, the name, what was found, and how long it took.
type checkLine struct {
	root  *fyne.Container
	icon  *ttwidget.Icon // its tool tip says what the step proves
	label *kit.Line
	text  *kit.Paragraph
	warn  *kit.Paragraph
	took  *kit.Line
	row   checkRow
	drawn bool
}

func newCheckLine() *checkLine {
	l := &checkLine{icon: ttwidget.NewIcon(nil), label: kit.NewLine("", kit.Look{}), text: kit.NewParagraph("", kit.Look{}),
		warn: kit.NewParagraph("", kit.Look{Tone: theme.ColorNameWarning}), took: kit.NewLine("", kit.LookCaption())}
	l.took.Look.Align = fyne.TextAlignTrailing
	l.warn.Hide()
	l.root = &fyne.Container{Layout: &checkLayout{}, Objects: []fyne.CanvasObject{l.icon, l.label, kit.NewColumn(1, l.text, l.warn), l.took}}
	return l
}

// set shows a row, and reports whether it was new.
func (l *checkLine) set(r checkRow) bool {
	if l.drawn && l.row == r {
		return false
	}
	l.row, l.drawn = r, true
	var icon fyne.Resource = theme.NewDisabledResource(theme.RadioButtonIcon())
	label, text := kit.Look{Tone: kit.ColorMuted}, kit.Look{Tone: kit.ColorMuted}
	switch r.State {
	case checkRunning:
		icon, label = theme.NewPrimaryThemedResource(theme.NavigateNextIcon()), kit.LookBold()
	case checkPassed:
		icon, label, text = theme.NewSuccessThemedResource(theme.ConfirmIcon()), kit.Look{}, kit.Look{}
	case checkWarned:
		icon, label, text = theme.NewWarningThemedResource(theme.WarningIcon()), kit.Look{}, kit.Look{}
	case checkSkipped:
		icon, label = theme.NewDisabledResource(theme.ContentRemoveIcon()), kit.Look{}
	case checkFailed:
		icon, label, text = theme.NewErrorThemedResource(theme.CancelIcon()), kit.LookBold(), kit.Look{}.In(theme.ColorNameError)
	}
	l.icon.SetResource(icon)
	l.icon.SetToolTip(r.Tip)
	l.label.Set(r.Label, label)
	l.text.Text, l.text.Look = r.Text, text
	l.text.Refresh()
	l.warn.Text, l.warn.Hidden = r.Warning, r.Warning == ""
	l.warn.Refresh()
	l.took.SetText(r.Took)
	return true
}

// checkLayout gives the mark, the name and the time a fixed width each, and the text the rest.
type checkLayout struct{}

const (
	checkMark  = 16
	checkLabel = 172
	checkTook  = 70
	checkGap   = 6
)

func (*checkLayout) text(width float32) float32 {
	return max(40, width-checkMark-checkLabel-checkTook-3*checkGap)
}

// HeightFor returns the height of the text, which may wrap.
func (l *checkLayout) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	return max(checkMark, kit.HeightFor(objects[2], l.text(width)))
}

// MinSize is part of Fyne's Layout.
func (l *checkLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	width := float32(checkMark + checkLabel + checkTook + 3*checkGap + 120)
	return fyne.NewSize(width, l.HeightFor(objects, width))
}

// Layout is part of Fyne's Layout.
func (l *checkLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	line, x := objects[1].MinSize().Height, float32(0)
	objects[0].Move(fyne.NewPos(0, max(0, (line-checkMark)/2)))
	objects[0].Resize(fyne.NewSquareSize(checkMark))
	x = checkMark + checkGap
	objects[1].Move(fyne.NewPos(x, 0))
	objects[1].Resize(fyne.NewSize(checkLabel, line))
	x += checkLabel + checkGap
	objects[2].Move(fyne.NewPos(x, 0))
	objects[2].Resize(fyne.NewSize(l.text(size.Width), size.Height))
	took := objects[3].MinSize().Height
	objects[3].Move(fyne.NewPos(size.Width-checkTook, (line-took)/2))
	objects[3].Resize(fyne.NewSize(checkTook, took))
}
