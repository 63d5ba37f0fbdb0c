package logpane

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"

	"partnerdesk/ui/kit"
)

// The widths are those of a screen with 1280 pixels at the scale 1.5, of one with 1024, and of the window at its first
// start, each without the window's margins.
func TestNoChoiceOfTheBarIsCutHoweverNarrowTheWindow(t *testing.T) {
	for _, c := range []struct {
		width  float32
		level  int // what is chosen; 2 is the longest
		rows   int
		titled bool
	}{
		{837, 0, 2, true}, {837, 2, 2, true}, {1008, 0, 1, true}, {1008, 2, 2, true}, {960, 0, 1, false}, {1264, 0, 1, true}, {1264, 2, 1, true},
	} {
		t.Run(fmt.Sprint(c.width, " ", c.level), func(t *testing.T) {
			b := open(t, kit.Light)
			b.window.Resize(fyne.NewSize(c.width, 300))
			b.level.SetSelectedIndex(c.level)
			place := fyne.CurrentApp().Driver().AbsolutePositionForObject
			width := b.window.Canvas().Content().Size().Width
			if rows := 1 + int(b.bar.Size().Height/(1.5*b.export.MinSize().Height)); rows != c.rows || b.rows.title.Visible() != c.titled {
				t.Errorf("in %g it has %d rows, and its title is shown: %t", width, rows, b.rows.title.Visible())
			}
			for _, choice := range []*kit.Choice{b.level, b.scope, b.step, b.program} {
				if choice.Size().Width < choice.Full() {
					t.Errorf("%q is cut", choice.Selected)
				}
			}
			for _, o := range []fyne.CanvasObject{b.clear, b.export} {
				if right := place(o).X - place(b.Root).X + o.Size().Width; right > b.Root.Size().Width+0.5 {
					t.Errorf("a control ends at %g of %g", right, b.Root.Size().Width)
				}
			}
			if gap := place(b.counts).X - place(b.clear).X; c.rows == 1 && gap < b.clear.Size().Width {
				t.Errorf("the count of lines lies over the filters")
			}
		})
	}
}
