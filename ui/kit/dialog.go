package kit

import (
	"os"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/storage"
)

// The size of a file dialog, where the window has room for it: Fyne's own size shows three files.
const (
	chooserWidth  = 860
	chooserHeight = 560
	chooserAround = 40
)

// dialogCaption is the width of the captions before a dialog's fields.
const dialogCaption = 130

// Dialog is a form over the window: rows that scroll where the window is low, below them a notice that says how it
// goes, and buttons. Escape closes what is on top. All of it belongs to the user interface's goroutine.
type Dialog struct {
	// Told is the notice above the buttons; set it by [Dialog.Tell].
	Told *Notice

	window  fyne.Window
	dialog  *dialog.CustomDialog
	chooser *dialog.FileDialog // on top of this one, nil while there is none
	scroll  *container.Scroll
	content *fyne.Container
	escape  func()
	open    bool
	// overlay is what Fyne has put the dialog into, in the middle of the window.
	overlay fyne.CanvasObject
	// typedKey is who took the keys that nobody takes before the dialog was shown.
	typedKey func(*fyne.KeyEvent)
}

// NewDialog makes a dialog of rows. Escape is what the Escape key does: it should come to [Dialog.Hide].
func NewDialog(window fyne.Window, title string, escape func(), foot fyne.CanvasObject, rows ...fyne.CanvasObject) *Dialog {
	d := &Dialog{Told: NewNotice(), window: window, escape: escape}
	d.scroll = NewScrolledColumn(9, SheetRoom, rows...)
	d.content = NewSheet(window.Canvas(), d.scroll, d.Told.Container, NewInset(0, 4, foot))
	d.watchFocus(d.scroll.Content)
	d.dialog = dialog.NewCustomWithoutButtons(title, WithTips(d.content), window)
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
	canvas := d.window.Canvas()
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
		d.escape()
	}
}

// Hide closes the dialog. A second time does nothing.
func (d *Dialog) Hide() {
	if !d.open {
		return
	}
	d.open, d.overlay = false, nil
	d.window.Canvas().SetOnTypedKey(d.typedKey)
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
	if c := d.window.Canvas(); d.open && c.Focused() == nil {
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
		o.OnFocus = d.reveal
	case *Choice:
		o.OnFocus = d.reveal
	case *Check:
		o.OnFocus = d.reveal
	case *Button:
		o.OnFocus = d.reveal
	case *fyne.Container:
		for _, child := range o.Objects {
			d.watchFocus(child)
		}
	}
}

// reveal scrolls a field into view: Fyne's scroll does not follow the focus.
func (d *Dialog) reveal(o fyne.CanvasObject) {
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

// ChooseFile lets a file be chosen, beginning in a folder, among those with an extension as in ".xml". Take gets it
// to read and to close.
func (d *Dialog) ChooseFile(folder string, extensions []string, take func(fyne.URIReadCloser)) {
	chooser := dialog.NewFileOpen(func(file fyne.URIReadCloser, err error) {
		switch {
		case err != nil:
			d.Tell(NoticeView{Tone: ToneBad, Title: textFileNotOpened.String(), Lines: []string{err.Error()}})
		case file != nil:
			take(file)
		}
	}, d.window)
	chooser.SetFilter(storage.NewExtensionFileFilter(extensions))
	d.choose(chooser, folder)
}

// ChooseFolder lets a folder be chosen. Take gets its path.
func (d *Dialog) ChooseFolder(folder string, take func(path string)) {
	d.choose(dialog.NewFolderOpen(func(chosen fyne.ListableURI, err error) {
		switch {
		case err != nil:
			d.Tell(NoticeView{Tone: ToneBad, Title: textFolderNotOpened.String(), Lines: []string{err.Error()}})
		case chosen != nil:
			take(chosen.Path())
		}
	}, d.window), folder)
}

func (d *Dialog) choose(chooser *dialog.FileDialog, folder string) {
	d.chooser = chooser
	focused := d.window.Canvas().Focused()
	chooser.SetOnClosed(func() {
		d.chooser = nil
		if focused != nil {
			d.Refocus(focused)
		}
	})
	if at, err := storage.ListerForURI(storage.NewFileURI(folder)); err == nil {
		chooser.SetLocation(at)
	}
	room := d.window.Canvas().Size().SubtractWidthHeight(chooserAround, chooserAround)
	chooser.Show() // before Resize, which panics on a file dialog that was never shown
	chooser.Resize(room.Min(fyne.NewSize(chooserWidth, chooserHeight)))
}

// DocumentsFolder is where a person keeps files: Documents in the home folder, else that folder, "" where the
// system names none. It looks at the disk.
func DocumentsFolder() string {
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	documents := filepath.Join(home, "Documents")
	if info, err := os.Stat(documents); err == nil && info.IsDir() {
		return documents
	}
	return home
}

// FromHome shortens a path below the person's home folder, as shells show it.
func FromHome(path string) string {
	home, err := os.UserHomeDir()
	if err != nil {
		return path
	}
	if below, err := filepath.Rel(home, path); err == nil && filepath.IsLocal(below) {
		return filepath.Join("~", below)
	}
	return path
}
