package data

import (
	"context"
	"errors"
	"io"

	"fyne.io/fyne/v2"

	"partnerdesk/ui/kit"
)

// The extensions of the files, by which a file dialog knows them.
const (
	customersExtension = ".xml"
	backupExtension    = ".age"
)

// maxFile bounds what is read of a file that was chosen: no backup and no list of customers is larger.
const maxFile = 256 << 20

// sourceField is a file to read. What it held when it was chosen is what counts, so that nothing else is taken in
// than what was shown.
type sourceField struct {
	root   fyne.CanvasObject
	state  *kit.Line
	choose *kit.Button

	name    string
	content []byte // nil while no file is chosen
}

func newSourceField(f *kit.Form, folder, extension string, taken func()) *sourceField {
	s := &sourceField{state: kit.NewLine(textNoFile.String(), kit.LookCaption())}
	s.choose = kit.NewButton(textChooseFile.String(), nil, "", func() {
		f.ChooseFile(func() string { return folder }, []string{extension}, func(file fyne.URIReadCloser) { s.read(f, file, taken) })
	})
	s.root = kit.NewBar(6, s.state, s.state, s.choose)
	return s
}

// read reads a file off the user interface's goroutine, and no more of it than there can be.
func (s *sourceField) read(f *kit.Form, file fyne.URIReadCloser, taken func()) {
	name := file.URI().Name()
	kit.PerformIn(f, textReading.String(), func(context.Context) ([]byte, error) {
		defer func() { _ = file.Close() }() // it was only read
		content, err := io.ReadAll(io.LimitReader(file, maxFile+1))
		if err == nil && len(content) > maxFile {
			err = errors.New(textFileTooLarge.With(maxFile >> 20))
		}
		return content, err
	}, func(content []byte, err error) {
		if err != nil {
			f.Refuse(err)
			return
		}
		s.name, s.content = name, content
		s.state.Set(name, kit.Look{})
		taken()
	})
}
