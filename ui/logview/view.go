package logview

import (
	"context"
	"image"
	"sync"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// updateInterval is the shortest time between two updates: 20 a second look
// live, and leave the UI thread to other things.
const updateInterval = time.Second / 20

// View shows the lines of a Store. It follows the newest line until the user
// looks at an older one. Except for Appended, its methods belong to the UI thread.
type View struct {
	widget.BaseWidget

	// OnFollowChanged is told when following begins or ends, whoever caused it.
	OnFollowChanged func(following bool)
	// OnNewLines is told when NewLines changes.
	OnNewLines func(n int)
	// OnCounts is told when Counts may have changed.
	OnCounts func()
	// OnMatches is told when Matches may have changed.
	OnMatches func()
	// OnProgress is told when Progress has changed.
	OnProgress func()
	// OnCurrent is told when Current has changed.
	OnCurrent func()
	// OnOpen is told when a line is clicked, or Return is pressed on the current one.
	OnOpen func(line int)
	// OnKey gets the keys that the view has no use for, and Escape where there is nothing to give up.
	OnKey func(*fyne.KeyEvent)

	store *Store
	do    func(func())

	ctx        context.Context // ends with Close
	cancel     context.CancelFunc
	background sync.WaitGroup
	updates    *pacer
	closed     bool
	wanted     Filter // what SetFilter was told last; rows may still be older
	filtering  hunt
	find       finder
	finding    hunt

	rows      rows
	current   int // the number of the line chosen, or noLine
	top       int // the row at the top
	left      int // cells scrolled out at the left
	following bool
	seen      int // first line that came after following ended
	told      int // NewLines as OnNewLines was told last

	raster *canvas.Raster
	img    *image.RGBA
	w, h   int // in pixels
	style  style
	atlas  *atlas
	fonts  []fyne.Resource // more fallback fonts
	shown  look            // as it was drawn last
	drawn  []drawnRow      // what stands in img, row by row
	under  underlay        // and with what it was drawn

	focused   bool
	wheelX    float32 // what is left of wheel movement below one cell,
	wheelY    float32 // and below one row
	bar       barDrag
	mouse     mouseDrag
	sel       selection
	modifiers func() fyne.KeyModifier
}

// NewView returns a view that follows the newest line of the store. What it
// runs beside the UI thread ends with ctx, and with Close. It uses do to run a
// function on the UI thread: fyne.Do in a program, in a test a queue that the
// test empties.
func NewView(ctx context.Context, s *Store, do func(func())) *View {
	v := &View{store: s, do: do, following: true, current: noLine, modifiers: keyModifiers}
	v.ctx, v.cancel = context.WithCancel(ctx)
	v.updates = &pacer{interval: updateInterval, do: do, run: v.update}
	v.mouse.scroll = &pacer{interval: updateInterval, do: do, run: v.dragOn}
	v.rows.store = s
	v.rows.sync()
	v.raster = canvas.NewRaster(v.draw)
	v.raster.ScaleMode = canvas.ImageScalePixels // it has the size of the screen's pixels: never smooth it
	v.raster.SetMinSize(fyne.NewSize(160, 60))
	v.ExtendBaseWidget(v)
	return v
}

// CreateRenderer is Fyne's.
func (v *View) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(v.raster)
}

// Resize is Fyne's.
func (v *View) Resize(size fyne.Size) {
	v.BaseWidget.Resize(size)
	v.settle()
}

// SetFallbackFonts adds fonts that are asked for runes which neither the
// monospace font nor Fyne's other fonts have, for example one with Japanese.
func (v *View) SetFallbackFonts(fonts ...fyne.Resource) {
	v.fonts = fonts
	v.atlas = nil
	v.redraw()
}

// Appended tells the view that the store has new lines. It may be called from
// any goroutine and as often as wanted.
func (v *View) Appended() { v.updates.ask() }

// update takes over what is new, and draws only if that can be seen.
func (v *View) update() {
	end := v.rows.end
	v.catchUp(&v.rows)
	if v.find.rows.match != nil {
		_, n := v.Matches()
		v.catchUp(&v.find.rows)
		if _, now := v.Matches(); now != n {
			v.tellMatches()
		}
	}
	v.settle()
	if v.look() != v.shown {
		v.raster.Refresh()
	}
	v.tellNewLines()
	if v.rows.end != end && v.OnCounts != nil {
		v.OnCounts()
	}
}

// Following reports whether the newest line is kept in sight.
func (v *View) Following() bool { return v.following }

// SetFollow begins or ends following. Beginning jumps to the newest line.
func (v *View) SetFollow(follow bool) {
	if follow == v.following {
		return
	}
	v.following = follow
	v.seen = v.rows.end
	v.settle()
	v.raster.Refresh()
	if v.OnFollowChanged != nil {
		v.OnFollowChanged(follow)
	}
	v.tellNewLines()
}

// NewLines returns how many lines have come, and passed the filter, since
// following ended.
func (v *View) NewLines() int {
	if v.following {
		return 0
	}
	return v.rows.high() - v.rows.rowOf(v.seen)
}

func (v *View) tellNewLines() {
	n := v.NewLines()
	if n == v.told {
		return
	}
	v.told = n
	if v.OnNewLines != nil {
		v.OnNewLines(n)
	}
}

// Counts returns how many lines pass the filter, and how many there are.
func (v *View) Counts() (shown, total int) {
	return v.rows.high() - v.rows.low(), v.rows.end - v.rows.first
}

// Refresh draws the view anew, with the theme as it is now.
func (v *View) Refresh() { v.redraw() }

// redraw draws all rows anew; raster.Refresh alone draws those that changed.
func (v *View) redraw() {
	v.under = underlay{}
	v.raster.Refresh()
}

// Close ends what runs beside the UI thread and waits for it. The view stays as
// it is.
func (v *View) Close() {
	v.closed = true
	v.cancel()
	v.updates.close()
	v.mouse.scroll.close()
	v.background.Wait()
}

func keyModifiers() fyne.KeyModifier {
	if d, ok := fyne.CurrentApp().Driver().(desktop.Driver); ok {
		return d.CurrentKeyModifiers()
	}
	return 0
}

var (
	_ fyne.Widget         = (*View)(nil)
	_ fyne.Scrollable     = (*View)(nil)
	_ fyne.Focusable      = (*View)(nil)
	_ fyne.Shortcutable   = (*View)(nil)
	_ fyne.Draggable      = (*View)(nil)
	_ fyne.DoubleTappable = (*View)(nil)
	_ desktop.Mouseable   = (*View)(nil)
	_ desktop.Cursorable  = (*View)(nil)
	_ desktop.Hoverable   = (*View)(nil)
)
