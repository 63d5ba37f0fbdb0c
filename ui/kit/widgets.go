package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	ttwidget "github.com/dweymouth/fyne-tooltip/widget"
)

// Button is Fyne's button with a tool tip, and with the Return key, which Fyne leaves out.
type Button struct {
	ttwidget.Button
	tip string
	// keyed is true after a press by key, until the focus has found its way back.
	keyed bool
	quiet bool
	// production is the colour of what it does, and the others are what is drawn over that; see [Button.Tint].
	production, focused, hovered bool
	tips                         *dialogTips // nil outside of dialogs
	// OnFocus, where it is set, is called when the focus comes.
	OnFocus func(fyne.CanvasObject)
	// OnEscape, where it is set, takes the Escape key: of a button in a part of the window that closes by it.
	OnEscape func()
}

func NewButton(text string, icon fyne.Resource, tip string, tapped func()) *Button {
	b := &Button{tip: tip}
	b.Text, b.Icon, b.OnTapped = text, icon, tapped
	b.ExtendBaseWidget(b)
	b.SetToolTip(tip)
	return b
}

// NewIconButton is a button without text; its tool tip is its name.
func NewIconButton(icon fyne.Resource, tip string, tapped func()) *Button {
	b := NewButton("", icon, tip, tapped)
	b.Importance = widget.LowImportance
	return b
}

// NewQuietButton is a button that reads like a caption, for what is seldom needed.
func NewQuietButton(text, tip string, tapped func()) *Button {
	b := NewButton(text, nil, tip, tapped)
	b.Importance, b.quiet = widget.LowImportance, true
	return b
}

// CreateRenderer is part of Fyne's Widget.
func (b *Button) CreateRenderer() fyne.WidgetRenderer {
	b.ExtendBaseWidget(b)
	own := b.Button.CreateRenderer()
	for _, o := range own.Objects() {
		if label, ok := o.(*widget.RichText); ok && b.quiet {
			style := &label.Segments[0].(*widget.TextSegment).Style
			style.SizeName, style.TextStyle = theme.SizeNameCaptionText, fyne.TextStyle{}
			label.Refresh()
		}
	}
	tinted := &buttonRenderer{WidgetRenderer: own, button: b}
	tinted.tint()
	return newFocusRing(tinted, b, theme.SizeNameButtonRadius, func() bool { return b.focused })
}

// FocusLost is part of Fyne's Focusable.
func (b *Button) FocusLost() {
	b.focused = false
	b.Button.FocusLost()
}

// FocusGained is part of Fyne's Focusable.
func (b *Button) FocusGained() {
	b.focused = true
	b.Button.FocusGained()
	if b.OnFocus != nil {
		b.OnFocus(b)
	}
}

// MouseIn is part of Fyne's Hoverable.
func (b *Button) MouseIn(e *desktop.MouseEvent) {
	b.hovered = true
	if b.tips == nil {
		b.Button.MouseIn(e)
		return
	}
	b.Button.Button.MouseIn(e)
	b.tips.show(b, b.ToolTip())
}

// MouseOut is part of Fyne's Hoverable.
func (b *Button) MouseOut() {
	b.hovered = false
	b.Button.MouseOut()
	b.tips.hide(b)
}

// TypedKey presses the button with Return and Enter as with Space, and hands on what others have a use for.
func (b *Button) TypedKey(key *fyne.KeyEvent) {
	switch {
	case key.Name == fyne.KeyEscape && b.OnEscape != nil:
		b.OnEscape()
	case passes(key):
		HandOn(b, key)
	case key.Name == fyne.KeyReturn, key.Name == fyne.KeyEnter, key.Name == fyne.KeySpace:
		b.keyed = true
		b.Button.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
		b.refocus()
	}
}

// refocus gives the focus back to a button that was pressed by key: Fyne takes it away with each press, and
// the next Tab would begin at the top. Whoever has the focus by then keeps it.
func (b *Button) refocus() {
	if !b.keyed || b.Disabled() {
		return
	}
	b.keyed = false
	if c := fyne.CurrentApp().Driver().CanvasForObject(b); c != nil && c.Focused() == nil && b.Visible() {
		c.Focus(b)
	}
}

// Press presses the button from elsewhere, unless it is disabled.
func (b *Button) Press() {
	if !b.Disabled() {
		b.OnTapped()
	}
}

// Tapped presses the button, and takes its tool tip away: it would stand over what the press brings up.
func (b *Button) Tapped(e *fyne.PointEvent) {
	b.HideTip()
	b.Button.Tapped(e)
}

// Explain changes what the tool tip of the enabled button says. [Button.Allow] then shows it.
func (b *Button) Explain(tip string) { b.tip = tip }

// Allow enables the button, or disables it and says in the tool tip why. An empty reason means that
// nothing stands in the way.
func (b *Button) Allow(reason string) {
	if reason == "" {
		b.SetToolTip(b.tip)
		if b.Disabled() {
			b.Enable()
			b.refocus()
		}
		return
	}
	b.SetToolTip(reason)
	if !b.Disabled() {
		b.Disable()
	}
}

// Label changes the text if it is new.
func (b *Button) Label(text string) {
	if b.Text != text {
		b.SetText(text)
	}
}

// Rank changes the importance if it is new.
func (b *Button) Rank(importance widget.Importance) {
	if b.Importance != importance {
		b.Importance = importance
		b.Refresh()
	}
}

// Check is Fyne's check with a tool tip and the Return key. It hands Escape on, and says when the focus comes.
type Check struct {
	ttwidget.Check
	tips    *dialogTips // nil outside of dialogs
	OnFocus func(fyne.CanvasObject)
}

func NewCheck(text, tip string, changed func(bool)) *Check {
	c := &Check{}
	c.Text, c.OnChanged = text, changed
	c.ExtendBaseWidget(c)
	c.SetToolTip(tip)
	return c
}

// MouseIn is part of Fyne's Hoverable.
func (c *Check) MouseIn(e *desktop.MouseEvent) {
	if c.tips == nil {
		c.Check.MouseIn(e)
		return
	}
	c.Check.Check.MouseIn(e)
	c.tips.show(c, c.ToolTip())
}

// MouseOut is part of Fyne's Hoverable.
func (c *Check) MouseOut() {
	c.Check.MouseOut()
	c.tips.hide(c)
}

// TypedKey turns the check with Return and Enter as with Space, and hands on what others have a use for.
func (c *Check) TypedKey(key *fyne.KeyEvent) {
	switch {
	case key.Name == fyne.KeyReturn, key.Name == fyne.KeyEnter:
		c.TypedRune(' ')
	case passes(key):
		HandOn(c, key)
	default:
		c.Check.TypedKey(key)
	}
}

// FocusGained is part of Fyne's Focusable.
func (c *Check) FocusGained() {
	c.Check.FocusGained()
	if c.OnFocus != nil {
		c.OnFocus(c)
	}
}

// ShowChecked sets the state without calling OnChanged, for a state that comes from elsewhere.
func (c *Check) ShowChecked(on bool) {
	if c.Checked == on {
		return
	}
	c.Checked = on
	c.Refresh()
}

// Surface is the ground of a panel.
type Surface struct {
	widget.BaseWidget
	fill, edge fyne.ThemeColorName
	radius     float32
}

func NewSurface(fill, edge fyne.ThemeColorName, radius float32) *Surface {
	s := &Surface{fill: fill, edge: edge, radius: radius}
	s.ExtendBaseWidget(s)
	return s
}

// Paint changes the colours if they are new.
func (s *Surface) Paint(fill, edge fyne.ThemeColorName) {
	if s.fill != fill || s.edge != edge {
		s.fill, s.edge = fill, edge
		s.Refresh()
	}
}

// CreateRenderer is part of Fyne's Widget.
func (s *Surface) CreateRenderer() fyne.WidgetRenderer {
	r := &surfaceRenderer{surface: s, rectangle: canvas.NewRectangle(nil)}
	r.Refresh()
	return r
}

type surfaceRenderer struct {
	surface   *Surface
	rectangle *canvas.Rectangle
}

func (r *surfaceRenderer) Refresh() {
	r.rectangle.FillColor = theme.ColorForWidget(r.surface.fill, r.surface)
	r.rectangle.StrokeWidth = 0
	if r.surface.edge != "" {
		r.rectangle.StrokeColor = theme.ColorForWidget(r.surface.edge, r.surface)
		r.rectangle.StrokeWidth = 1
	}
	r.rectangle.CornerRadius = r.surface.radius
	r.rectangle.Refresh()
}

func (r *surfaceRenderer) Layout(size fyne.Size)        { r.rectangle.Resize(size) }
func (r *surfaceRenderer) MinSize() fyne.Size           { return fyne.Size{} }
func (r *surfaceRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.rectangle} }
func (r *surfaceRenderer) Destroy()                     {}

// NewPanel puts content on a surface with an edge.
func NewPanel(padding float32, content fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &inset{}, Objects: []fyne.CanvasObject{
		NewSurface(ColorSurface, ColorLine, 6), NewInset(padding, padding, content)}}
}

// NewRule is a thin line between two parts of a panel.
func NewRule() *fyne.Container { return NewFixed(0, 1, NewSurface(ColorLine, "", 0)) }

// Dot is a small filled circle.
type Dot struct {
	widget.BaseWidget
	tone fyne.ThemeColorName
}

func NewDot() *Dot {
	d := &Dot{tone: theme.ColorNameDisabled}
	d.ExtendBaseWidget(d)
	return d
}

func (d *Dot) Set(tone fyne.ThemeColorName) {
	if d.tone != tone {
		d.tone = tone
		d.Refresh()
	}
}

// CreateRenderer is part of Fyne's Widget.
func (d *Dot) CreateRenderer() fyne.WidgetRenderer {
	r := &dotRenderer{dot: d, circle: canvas.NewCircle(nil)}
	r.Refresh()
	return r
}

type dotRenderer struct {
	dot    *Dot
	circle *canvas.Circle
}

func (r *dotRenderer) Refresh() {
	r.circle.FillColor = theme.ColorForWidget(r.dot.tone, r.dot)
	r.circle.Refresh()
}

func (r *dotRenderer) Layout(size fyne.Size) {
	side := min(size.Width, size.Height)
	r.circle.Resize(fyne.NewSquareSize(side))
	r.circle.Move(fyne.NewPos((size.Width-side)/2, (size.Height-side)/2))
}

func (r *dotRenderer) MinSize() fyne.Size           { return fyne.NewSquareSize(9) }
func (r *dotRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.circle} }
func (r *dotRenderer) Destroy()                     {}

// NewBadge is a word on a coloured ground.
func NewBadge(text string) *fyne.Container {
	word := NewWord(text, Look{Tone: colorOnProduction, Size: theme.SizeNameCaptionText, Style: fyne.TextStyle{Bold: true}})
	return &fyne.Container{Layout: &inset{}, Objects: []fyne.CanvasObject{
		NewSurface(colorProduction, "", 4), NewInset(7, 2, word)}}
}
