package kit

import (
	"cmp"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/layout"
)

// dialogCaption is the width of the captions before a dialog's fields.
const dialogCaption = 130

// Dialog is a form over the window: rows that scroll where the window is low, below them a notice that says how it
// goes, and buttons. Escape closes what is on top. All of it belongs to the user interface's goroutine.
type Dialog struct {
	// Told is the notice above the buttons; set it by [Dialog.Tell].
	Told *Notice

	run     *Runner
	o       DialogOptions
	dialog  *dialog.CustomDialog
	chooser *dialog.FileDialog // on top of this one, nil while there is none
	looking bool               // for the folder where the next one begins
	scroll  *container.Scroll
	content *fyne.Container
	open    bool
	// overlay is what Fyne has put the dialog into, in the middle of the window.
	overlay fyne.CanvasObject
	// typedKey is who took the keys that nobody takes before the dialog was shown.
	typedKey func(*fyne.KeyEvent)
}

// DialogGap is between the rows of most dialogs.
const DialogGap = 9

// DialogOptions are what makes one dialog differ from another.
type DialogOptions struct {
	Window fyne.Window
	Title  string
	// Width is for what needs more than usual, 0 for that.
	Width float32
	// Gap is between the rows.
	Gap float32
	// Escape is what the Escape key does: it should come to [Dialog.Hide].
	Escape func()
	// Whole, where it is set, is what comes into view with a field that has the focus: the field with what belongs to
	// it.
	Whole func(field fyne.CanvasObject) fyne.CanvasObject
}

// NewDialog makes a dialog of rows. The runner looks at folders for it.
func NewDialog(run *Runner, o DialogOptions, foot fyne.CanvasObject, rows ...fyne.CanvasObject) *Dialog {
	d := &Dialog{Told: NewNotice(), run: run, o: o}
	d.scroll = NewScrolledColumn(o.Gap, SheetRoom, rows...)
	d.content = newSheet(o.Window.Canvas(), cmp.Or(o.Width, sheetWidth), d.scroll, d.Told.Container, NewInset(0, 4, foot))
	d.watchFocus(d.scroll.Content)
	d.dialog = dialog.NewCustomWithoutButtons(o.Title, WithTips(d.content), o.Window)
	return d
}

// NewFoot puts buttons below a dialog: those of the left, and at the right those that end it, the main one last.
func NewFoot(left []fyne.CanvasObject, right ...fyne.CanvasObject) *fyne.Container {
	spacer := layout.NewSpacer()
	return NewBar(6, spacer, append(append(append([]fyne.CanvasObject{}, left...), spacer), right...)...)
}

// NewField puts a caption before a field, and below it what there is to say of it.
func NewField(caption string, field fyne.CanvasObject, below ...fyne.CanvasObject) *fyne.Container {
	if len(below) > 0 {
		field = NewColumn(3, append([]fyne.CanvasObject{field}, below...)...)
	}
	return NewCaptioned(dialogCaption, NewLine(caption, Look{}), field)
}

// Show opens the dialog with the focus on one of its fields.
func (d *Dialog) Show(focus fyne.Focusable) {
	canvas := d.o.Window.Canvas()
	d.open, d.typedKey = true, canvas.OnTypedKey()
	canvas.SetOnTypedKey(d.typed)
	d.dialog.Show()
	d.overlay = canvas.Overlays().Top()
	d.Fit()
	canvas.Focus(focus)
}

func (d *Dialog) typed(key *fyne.KeyEvent) {
	switch {
	case key.Name != fyne.KeyEscape:
	case d.chooser != nil:
		d.chooser.Hide()
	default:
		d.o.Escape()
	}
}

// Hide closes the dialog. A second time does nothing.
func (d *Dialog) Hide() {
	if !d.open {
		return
	}
	d.open, d.overlay = false, nil
	d.o.Window.Canvas().SetOnTypedKey(d.typedKey)
	d.dialog.Hide()
}

// Open reports whether the dialog is there: work that ends later has nobody to tell.
func (d *Dialog) Open() bool { return d.open }

// Tell says above the buttons how it goes; the zero view takes it back.
func (d *Dialog) Tell(v NoticeView, buttons ...fyne.CanvasObject) {
	if d.Told.Set(v, buttons...) {
		d.Fit()
	}
}

// Refocus gives the focus to an object where it has got lost, as it does with a button that was disabled.
func (d *Dialog) Refocus(o fyne.Focusable) {
	if c := d.o.Window.Canvas(); d.open && c.Focused() == nil {
		c.Focus(o)
	}
}

// Fit lays the dialog out anew after something in it has changed its height: as small as it can be, and in the
// middle of the window, where Fyne would let its upper edge stay.
func (d *Dialog) Fit() {
	d.scroll.Content.Refresh()
	d.scroll.Refresh()
	d.content.Refresh()
	d.dialog.Resize(fyne.Size{})
	if d.overlay != nil {
		d.overlay.Refresh()
	}
}

// watchFocus has every field below o scrolled into view when the focus comes to it.
func (d *Dialog) watchFocus(o fyne.CanvasObject) {
	switch o := o.(type) {
	case *Entry:
		o.OnFocus = d.Reveal
	case *Choice:
		o.OnFocus = d.Reveal
	case *Check:
		o.OnFocus = d.Reveal
	case *Button:
		o.OnFocus = d.Reveal
	case *fyne.Container:
		for _, child := range o.Objects {
			d.watchFocus(child)
		}
	}
}

// Reveal scrolls a part into view: Fyne's scroll does not follow the focus.
func (d *Dialog) Reveal(o fyne.CanvasObject) {
	if d.o.Whole != nil {
		o = d.o.Whole(o)
	}
	driver := fyne.CurrentApp().Driver()
	top := driver.AbsolutePositionForObject(o).Y - driver.AbsolutePositionForObject(d.scroll.Content).Y
	bottom := top + o.Size().Height
	switch offset := d.scroll.Offset.Y; {
	case top < offset:
		d.scroll.ScrollToOffset(fyne.NewPos(0, max(0, top-SheetGap)))
	case bottom > offset+d.scroll.Size().Height:
		d.scroll.ScrollToOffset(fyne.NewPos(0, bottom+SheetGap-d.scroll.Size().Height))
	}
}
