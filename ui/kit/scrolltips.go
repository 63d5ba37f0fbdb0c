package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
)

// tipHider is what shows a tool tip and can take it away without being left by the pointer.
type tipHider interface{ HideTip() }

// tipBearer is a widget that does no more when the pointer leaves it than to take its tool tip away.
type tipBearer interface {
	desktop.Hoverable
	ToolTip() string
}

// hideTips takes away the tool tips of all that lies in o. Fyne does not tell what has been scrolled away from the
// pointer before that moves, and the tip would stand over something else.
func hideTips(o fyne.CanvasObject) {
	switch o := o.(type) {
	case tipHider:
		o.HideTip()
	case tipBearer:
		o.MouseOut()
	case *container.Scroll:
		hideTips(o.Content)
	case *fyne.Container:
		for _, child := range o.Objects {
			hideTips(child)
		}
	}
}

// HideTip takes the tool tip away.
func (b *Button) HideTip() {
	b.ToolTipWidgetExtend.MouseOut()
	b.tips.hide(b)
}

// HideTip takes the tool tip away.
func (c *Check) HideTip() {
	c.ToolTipWidgetExtend.MouseOut()
	c.tips.hide(c)
}

// HideTip takes the tool tip away.
func (c *Choice) HideTip() {
	c.ToolTipWidgetExtend.MouseOut()
	c.tips.hide(c)
}
