package kit

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"
)

// The size of a file dialog, where the window has room for it: Fyne's own size shows three files.
const (
	chooserWidth  = 860
	chooserHeight = 560
	chooserAround = 40
)

// ChooseFile lets a file be chosen among those with an extension as in ".xml". Folder is asked off the user
// interface's goroutine where to begin. Take gets the file to read and to close.
func (d *Dialog) ChooseFile(folder func() string, extensions []string, take func(fyne.URIReadCloser)) {
	d.choose(folder, func() *dialog.FileDialog {
		chooser := dialog.NewFileOpen(func(file fyne.URIReadCloser, err error) {
			switch {
			case err != nil:
				d.Tell(NoticeView{Tone: ToneBad, Title: textFileNotOpened.String(), Lines: []string{err.Error()}})
			case file != nil:
				take(file)
			}
		}, d.o.Window)
		chooser.SetView(dialog.ListView) // names tell files of one kind apart
		chooser.SetFilter(storage.NewExtensionFileFilter(extensions))
		return chooser
	})
}

// ChooseFolder lets a folder be chosen, as [Dialog.ChooseFile] does a file. Take gets its path.
func (d *Dialog) ChooseFolder(folder func() string, take func(path string)) {
	d.choose(folder, func() *dialog.FileDialog {
		return dialog.NewFolderOpen(func(chosen fyne.ListableURI, err error) {
			switch {
			case err != nil:
				d.Tell(NoticeView{Tone: ToneBad, Title: textFolderNotOpened.String(), Lines: []string{err.Error()}})
			case chosen != nil:
				take(chosen.Path())
			}
		}, d.o.Window)
	})
}

// choose opens a file dialog in a folder. Whether that is there is found out off the user interface's goroutine, as it
// may lie on a network; where that takes long, the dialog opens where Fyne likes to.
func (d *Dialog) choose(folder func() string, newChooser func() *dialog.FileDialog) {
	if d.looking {
		return
	}
	d.looking = true
	focused := d.o.Window.Canvas().Focused()
	show := func(at fyne.ListableURI) {
		if !d.looking {
			return
		}
		if d.looking = false; d.open {
			d.showChooser(newChooser(), at, focused)
		}
	}
	Perform(d.run, func(context.Context) (fyne.ListableURI, error) {
		return storage.ListerForURI(storage.NewFileURI(folder()))
	}, func() { show(nil) }, func(at fyne.ListableURI, err error) {
		if err != nil {
			at = nil // a folder that is gone
		}
		show(at)
	})
}

func (d *Dialog) showChooser(chooser *dialog.FileDialog, at fyne.ListableURI, focused fyne.Focusable) {
	d.chooser = chooser
	chooser.SetOnClosed(func() {
		d.chooser = nil
		if focused != nil {
			d.Refocus(focused)
		}
	})
	if at != nil {
		chooser.SetLocation(at)
	}
	room := d.o.Window.Canvas().Size().SubtractWidthHeight(chooserAround, chooserAround)
	chooser.Show() // before Resize, which panics on a file dialog that was never shown
	chooser.Resize(room.Min(fyne.NewSize(chooserWidth, chooserHeight)))
}
