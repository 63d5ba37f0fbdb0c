package ui

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	ttwidget "github.com/dweymouth/fyne-tooltip/widget"

	"partnerdesk/core/tenant"
	"partnerdesk/ui/kit"
)

// stepStrip shows the ten steps of the tutorial in one quiet row.
type stepStrip struct {
	root  *fyne.Container
	marks []*stepMark
}

func newStepStrip() *stepStrip {
	s := &stepStrip{root: &fyne.Container{Layout: &stripLayout{}}}
	for _, step := range tenant.Steps() {
		m := newStepMark(step)
		s.marks = append(s.marks, m)
		s.root.Add(m)
	}
	return s
}

func (s *stepStrip) show(views []stepView) {
	moved := false
	for i, v := range views {
		moved = s.marks[i].set(v) || moved
	}
	if moved {
		s.root.Layout.Layout(s.root.Objects, s.root.Size())
	}
}

// stepMark is one step: its number in a circle, and its name.
type stepMark struct {
	ttwidget.ToolTipWidget
	view  stepView
	brief bool // only the circle, where the window is too narrow for all names
}

func newStepMark(step tenant.Step) *stepMark {
	m := &stepMark{view: stepView{Step: step}}
	m.ExtendBaseWidget(m)
	return m
}

// set shows a view, and reports whether the state changed.
func (m *stepMark) set(v stepView) bool {
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
func (m *stepMark) labelWidth() float32 {
	return fyne.MeasureText(m.view.Step.Label(), theme.SizeForWidget(theme.SizeNameCaptionText, m), fyne.TextStyle{}).Width
}

// CreateRenderer is part of Fyne's Widget.
func (m *stepMark) CreateRenderer() fyne.WidgetRenderer {
	r := &stepRenderer{mark: m, circle: canvas.NewCircle(nil), number: canvas.NewText("", nil), label: canvas.NewText("", nil)}
	r.number.Alignment = fyne.TextAlignCenter
	r.apply()
	return r
}

type stepRenderer struct {
	mark          *stepMark
	circle        *canvas.Circle
	number, label *canvas.Text
}

// stepColors are the colours of a state: the circle, its edge, the number and the name.
func stepColors(s stepState) (fill, edge, number, label fyne.ThemeColorName) {
	switch s {
	case stepRunning:
		return kit.ColorTintAccent, theme.ColorNameHyperlink, theme.ColorNameHyperlink, theme.ColorNameHyperlink
	case stepDone:
		return theme.ColorNameSuccess, theme.ColorNameSuccess, theme.ColorNameForegroundOnSuccess, theme.ColorNameForeground
	case stepWarned:
		return theme.ColorNameWarning, theme.ColorNameWarning, theme.ColorNameForegroundOnWarning, theme.ColorNameWarning
	case stepFailed:
		return theme.ColorNameError, theme.ColorNameError, theme.ColorNameForegroundOnError, theme.ColorNameError
	}
	return theme.ColorNameBackground, theme.ColorNameInputBorder, kit.ColorMuted, kit.ColorMuted
}

func (r *stepRenderer) apply() {
	m := r.mark
	fill, edge, number, label := stepColors(m.view.State)
	r.circle.FillColor = theme.ColorForWidget(fill, m)
	r.circle.StrokeColor = theme.ColorForWidget(edge, m)
	r.circle.StrokeWidth = 1
	r.number.Color = theme.ColorForWidget(number, m)
	r.label.Color = theme.ColorForWidget(label, m)
	r.number.TextSize = theme.SizeForWidget(theme.SizeNameCaptionText, m) - 1
	r.label.TextSize = theme.SizeForWidget(theme.SizeNameCaptionText, m)
	r.number.Text = strconv.Itoa(int(m.view.Step))
	if m.view.State == stepFailed {
		r.number.Text = "!"
	}
	r.number.TextStyle.Bold = m.view.State != stepPending
	r.label.Text = m.view.Step.Label()
	r.label.Hidden = m.brief
}

func (r *stepRenderer) Layout(size fyne.Size) {
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

func (r *stepRenderer) MinSize() fyne.Size {
	if r.mark.brief {
		return fyne.NewSquareSize(markSide)
	}
	return fyne.NewSize(markSide+markGap+r.mark.labelWidth(), markSide)
}

func (r *stepRenderer) Refresh() {
	r.apply()
	r.Layout(r.mark.Size())
	canvas.Refresh(r.mark)
}

func (r *stepRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.circle, r.number, r.label}
}
func (r *stepRenderer) Destroy() {}

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
		total += markSide + markGap + o.(*stepMark).labelWidth()
	}
	gaps := float32(len(objects) - 1)
	brief := total+gaps*8 > size.Width
	current := currentMark(objects)
	if brief {
		total = float32(len(objects)) * markSide
		if current >= 0 {
			total += markGap + objects[current].(*stepMark).labelWidth()
		}
	}
	gap := min(40, max(4, (size.Width-total)/gaps))
	x := float32(0)
	for i, o := range objects {
		m := o.(*stepMark)
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
		switch o.(*stepMark).view.State {
		case stepRunning, stepFailed:
			return i
		case stepDone, stepWarned:
			current = i
		}
	}
	return current
}
