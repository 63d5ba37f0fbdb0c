package kit

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
	ttwidget "github.com/dweymouth/fyne-tooltip/widget"
)

// left is a widget with a tool tip that counts how often the pointer has left it.
type left struct {
	ttwidget.ToolTipWidget
	times int
}

func (l *left) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(NewDot()) }

func (l *left) MouseOut() { l.times++ }

func TestScrollingTakesAToolTipAway(t *testing.T) {
	test.NewTempApp(t)
	bearer := &left{}
	bearer.ExtendBaseWidget(bearer)
	inner := NewScrolledColumn(0, 0, NewFixed(0, 900, bearer))
	scroll := NewScrolledColumn(4, 10, NewColumn(2, inner), NewFixed(0, 900, NewDot()))
	test.NewTempWindow(t, scroll).Resize(fyne.NewSize(160, 200))
	scroll.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -10)})
	scroll.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, 10_000)})
	scroll.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, 10)}) // the top is reached: nothing moves
	if bearer.times != 2 {
		t.Errorf("two scrolls took the tool tip away %d times", bearer.times)
	}
}

func TestScrollingADialogTakesAToolTipAway(t *testing.T) {
	test.NewTempApp(t)
	button, check := NewButton("Press", nil, "Presses", func() {}), NewCheck("Turn", "Turns", func(bool) {})
	choice := NewChoice([]string{"an option that is too long for its room"}, nil)
	choice.Selected = choice.Options[0]
	scroll := NewScrolledColumn(4, 10, NewColumn(2, button, check), choice, NewFixed(0, 900, NewDot()))
	tips := WithTips(scroll)
	test.NewTempWindow(t, tips).Resize(fyne.NewSize(160, 200))
	layer := tips.Objects[1].(*fyne.Container).Objects[0]
	for _, o := range []desktop.Hoverable{button, check, choice} {
		o.MouseIn(&desktop.MouseEvent{})
		if !layer.Visible() {
			t.Fatalf("%T shows no tool tip", o)
		}
		scroll.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -10)})
		if layer.Visible() {
			t.Errorf("the tool tip of %T stands over something else", o)
		}
	}
}
