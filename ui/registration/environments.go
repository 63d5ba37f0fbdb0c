package registration

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"partnerdesk/core/tenant"
	"partnerdesk/ui/kit"
)

// environmentChoice are the environments as cards, of which one is chosen: by a click, or with the arrow keys. It
// is one stop of the Tab key, as a row of radio buttons is.
type environmentChoice struct {
	widget.DisableableWidget
	chosen  tenant.Environment
	cards   []*environmentCard
	content *fyne.Container
	focused bool
	// OnFocus, where it is set, is called when the focus comes.
	OnFocus  func(fyne.CanvasObject)
	onChange func()
}

func newEnvironmentChoice(chosen tenant.Environment, onChange func()) *environmentChoice {
	c := &environmentChoice{chosen: chosen, onChange: onChange, content: kit.NewHalves(6)}
	for _, e := range registrable() {
		card := newEnvironmentCard(e, func() {
			if c.Disabled() {
				return
			}
			c.choose(e)
			if canvas := fyne.CurrentApp().Driver().CanvasForObject(c); canvas != nil {
				canvas.Focus(c)
			}
		})
		c.cards = append(c.cards, card)
		c.content.Add(card)
	}
	c.ExtendBaseWidget(c)
	c.draw()
	return c
}

func (c *environmentChoice) choose(e tenant.Environment) {
	if c.chosen == e {
		return
	}
	c.chosen = e
	c.draw()
	c.onChange()
}

func (c *environmentChoice) draw() {
	for _, card := range c.cards {
		card.paint(card.environment == c.chosen, c.focused, c.Disabled())
	}
}

// CreateRenderer is part of Fyne's Widget.
func (c *environmentChoice) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(c.content)
}

// Disable keeps the choice as it is.
func (c *environmentChoice) Disable() {
	c.DisableableWidget.Disable()
	c.draw()
}

// FocusGained is part of Fyne's Focusable.
func (c *environmentChoice) FocusGained() {
	c.focused = true
	c.draw()
	if c.OnFocus != nil {
		c.OnFocus(c)
	}
}

// FocusLost is part of Fyne's Focusable.
func (c *environmentChoice) FocusLost() {
	c.focused = false
	c.draw()
}

// TypedRune is part of Fyne's Focusable.
func (c *environmentChoice) TypedRune(rune) {}

// TypedKey goes to the next card or the one before, and hands Escape on.
func (c *environmentChoice) TypedKey(key *fyne.KeyEvent) {
	step := 0
	switch key.Name {
	case fyne.KeyEscape:
		kit.HandOn(c, key)
	case fyne.KeyRight, fyne.KeyDown:
		step = 1
	case fyne.KeyLeft, fyne.KeyUp:
		step = -1
	}
	for i, card := range c.cards {
		if to := i + step; card.environment == c.chosen && step != 0 && to >= 0 && to < len(c.cards) {
			c.choose(c.cards[to].environment)
			return
		}
	}
}

// environmentCard is one of them.
type environmentCard struct {
	widget.BaseWidget
	environment tenant.Environment
	ring        *kit.Surface
	ground      *kit.Surface
	title       *kit.Line
	content     *fyne.Container
	onTap       func()
}

func newEnvironmentCard(e tenant.Environment, onTap func()) *environmentCard {
	title, host := environmentTexts(e)
	c := &environmentCard{environment: e, onTap: onTap, ring: kit.NewSurface("", "", 8), ground: kit.NewSurface(kit.ColorSurface, kit.ColorLine, 6),
		title: kit.NewLine(title, kit.LookBold())}
	text := kit.NewInset(7, 8, kit.NewColumn(2, c.title, kit.NewLine(host, kit.LookCaption())))
	c.content = kit.NewOver(c.ring, kit.NewInset(2, 2, kit.NewOver(c.ground, text)))
	c.ExtendBaseWidget(c)
	return c
}

// paint marks the chosen card, production's in its own colour, and the one that has the focus.
func (c *environmentCard) paint(chosen, focused, disabled bool) {
	look, tone := kit.LookBold(), kit.TonePlain
	if c.environment == tenant.Production {
		look = look.In(kit.ToneProduction.Text())
	}
	switch {
	case chosen && c.environment == tenant.Production:
		tone = kit.ToneProduction
	case chosen:
		tone = kit.ToneAccent
	case disabled:
		look = look.In(theme.ColorNameDisabled)
	}
	c.title.Set(c.title.Text, look)
	c.ground.Paint(tone.Colors())
	ring := fyne.ThemeColorName("")
	if chosen && focused {
		ring = kit.ColorFocusRing
	}
	c.ring.Paint(ring, "")
}

// CreateRenderer is part of Fyne's Widget.
func (c *environmentCard) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(c.content)
}

// Tapped is part of Fyne's Tappable.
func (c *environmentCard) Tapped(*fyne.PointEvent) { c.onTap() }

// Cursor is part of Fyne's Cursorable.
func (c *environmentCard) Cursor() desktop.Cursor { return desktop.PointerCursor }
