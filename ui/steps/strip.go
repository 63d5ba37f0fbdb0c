package steps

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	ttwidget "github.com/dweymouth/fyne-tooltip/widget"

	"partnerdesk/core/tenant"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/words"
)

// Strip shows the ten steps of the tutorial in one quiet row.
type Strip struct {
	Root  *fyne.Container
	marks []*mark
}

// NewStrip makes a strip in which no step has happened.
func NewStrip() *Strip {
	s := &Strip{Root: &fyne.Container{Layout: &stripLayout{}}}
	for _, step := range tenant.Steps() {
		m := newMark(step)
		s.marks = append(s.marks, m)
		s.Root.Add(m)
	}
	return s
}

// Show draws the steps.
func (s *Strip) Show(views []View) {
	moved := false
	for i, v := range views {
		moved = s.marks[i].set(v) || moved
	}
	if moved {
		s.Root.Layout.Layout(s.Root.Objects, s.Root.Size())
	}
}

// mark is one step: its number in a circle, and its name.
type mark struct {
	ttwidget.ToolTipWidget
	view  View
	brief bool // only the circle, where the window is too narrow for all names
}

func newMark(step tenant.Step) *mark {
	m := &mark{view: View{Step: step}}
	m.ExtendBaseWidget(m)
	return m
}

// set shows a view, and reports whether the state changed.
func (m *mark) set(v View) bool {
	m.SetToolTip(v.Tip)
	changed := m.view.State != v.State
	m.view = v
	if changed {
		m.Refresh()
	}
	return changed
}

const (
	markSide = 17
	markGap  = 5
)

// labelWidth is the room that the name takes.
func (m *mark) labelWidth() float32 {
	return fyne.MeasureText(words.Of(m.view.Step.Label()), theme.SizeForWidget(theme.SizeNameCaptionText, m), fyne.TextStyle{}).Width
}

// CreateRenderer is part of Fyne's Widget.
func (m *mark) CreateRenderer() fyne.WidgetRenderer {
	r := &markRenderer{mark: m, circle: canvas.NewCircle(nil), number: canvas.NewText("", nil), label: canvas.NewText("", nil)}
	r.number.Alignment = fyne.TextAlignCenter
	r.apply()
	return r
}

type markRenderer struct {
	mark          *mark
	circle        *canvas.Circle
	number, label *canvas.Text
}

// colors are the colours of a state: the circle, its edge, the number and the name. What is done is lit quietly, so
// that what is under way, or failed, is what the eye finds.
func colors(s State) (fill, edge, number, label fyne.ThemeColorName) {
	switch s {
	case Running:
		return theme.ColorNamePrimary, theme.ColorNamePrimary, theme.ColorNameForegroundOnPrimary, theme.ColorNameHyperlink
	case Done:
		return kit.ColorTintGood, kit.ColorTintGood, theme.ColorNameSuccess, theme.ColorNameForeground
	case Warned:
		return theme.ColorNameWarning, theme.ColorNameWarning, theme.ColorNameForegroundOnWarning, theme.ColorNameWarning
	case Failed:
		return theme.ColorNameError, theme.ColorNameError, theme.ColorNameForegroundOnError, theme.ColorNameError
	}
	return theme.ColorNameBackground, theme.ColorNameInputBorder, kit.ColorMuted, kit.ColorMuted
}

func (r *markRenderer) apply() {
	m := r.mark
	fill, edge, number, label := colors(m.view.State)
	r.circle.FillColor = theme.ColorForWidget(fill, m)
	r.circle.StrokeColor = theme.ColorForWidget(edge, m)
	r.circle.StrokeWidth = 1
	r.number.Color = theme.ColorForWidget(number, m)
	r.label.Color = theme.ColorForWidget(label, m)
	r.number.TextSize = theme.SizeForWidget(theme.SizeNameCaptionText, m) - 1
	r.label.TextSize = theme.SizeForWidget(theme.SizeNameCaptionText, m)
	r.number.Text = strconv.Itoa(int(m.view.Step))
	if m.view.State == Failed {
		r.number.Text = "!"
	}
	r.number.TextStyle.Bold = m.view.State != Pending
	r.label.Text = words.Of(m.view.Step.Label())
	r.label.Hidden = m.brief
}

func (r *markRenderer) Layout(size fyne.Size) {
	top := (size.Height - markSide) / 2
	r.circle.Move(fyne.NewPos(0, top))
	r.circle.Resize(fyne.NewSquareSize(markSide))
	number := r.number.MinSize()
	r.number.Move(fyne.NewPos(0, (size.Height-number.Height)/2))
	r.number.Resize(fyne.NewSize(markSide, number.Height))
	label := r.label.MinSize()
	r.label.Move(fyne.NewPos(markSide+markGap, (size.Height-label.Height)/2))
	r.label.Resize(label)
}

func (r *markRenderer) MinSize() fyne.Size {
	if r.mark.brief {
		return fyne.NewSquareSize(markSide)
	}
	return fyne.NewSize(markSide+markGap+r.mark.labelWidth(), markSide)
}

func (r *markRenderer) Refresh() {
	r.apply()
	r.Layout(r.mark.Size())
	canvas.Refresh(r.mark)
}

func (r *markRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.circle, r.number, r.label}
}
func (r *markRenderer) Destroy() {}

// stripLayout spreads the steps over the width. Where their names do not fit, only the one that matters
// now keeps its name.
type stripLayout struct{}

// MinSize is part of Fyne's Layout.
func (l *stripLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(float32(len(objects))*(markSide+markGap)+140, markSide+2)
}

// Layout is part of Fyne's Layout.
func (l *stripLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	total := float32(0)
	for _, o := range objects {
		total += markSide + markGap + o.(*mark).labelWidth()
	}
	gaps := float32(len(objects) - 1)
	brief := total+gaps*8 > size.Width
	current := currentMark(objects)
	if brief {
		total = float32(len(objects)) * markSide
		if current >= 0 {
			total += markGap + objects[current].(*mark).labelWidth()
		}
	}
	gap := min(40, max(4, (size.Width-total)/gaps))
	x := float32(0)
	for i, o := range objects {
		m := o.(*mark)
		if short := brief && i != current; m.brief != short {
			m.brief = short
			m.Refresh()
		}
		width := m.MinSize().Width
		m.Move(fyne.NewPos(x, 0))
		m.Resize(fyne.NewSize(width, size.Height))
		x += width + gap
	}
}

// currentMark is the step that failed or is under way, else the last one done.
func currentMark(objects []fyne.CanvasObject) int {
	current := -1
	for i, o := range objects {
		switch o.(*mark).view.State {
		case Running, Failed:
			return i
		case Done, Warned:
			current = i
		}
	}
	return current
}
