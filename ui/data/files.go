package data

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"partnerdesk/core/wholefile"
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

func newSourceField(f *form, folder, extension string, taken func()) *sourceField {
	s := &sourceField{state: kit.NewLine(textNoFile.String(), kit.LookCaption())}
	s.choose = kit.NewButton(textChooseFile.String(), nil, "", func() {
		f.ChooseFile(folder, []string{extension}, func(file fyne.URIReadCloser) { s.read(f, file, taken) })
	})
	s.root = kit.NewBar(6, s.state, s.state, s.choose)
	return s
}

// read reads a file off the user interface's goroutine, and no more of it than there can be.
func (s *sourceField) read(f *form, file fyne.URIReadCloser, taken func()) {
	name := file.URI().Name()
	perform(f, textReading.String(), func(context.Context) ([]byte, error) {
		defer func() { _ = file.Close() }() // it was only read
		content, err := io.ReadAll(io.LimitReader(file, maxFile+1))
		if err == nil && len(content) > maxFile {
			err = errors.New(textFileTooLarge.With(maxFile >> 20))
		}
		return content, err
	}, func(content []byte, err error) {
		if err != nil {
			f.refuse(err)
			return
		}
		s.name, s.content = name, content
		s.state.Set(name, kit.Look{})
		taken()
	})
}

// targetField is a new file: its name, and the folder for it. Fyne's own dialog for saving is not used: it empties a
// file that is there before anything is written in its place, and makes new ones that others can read.
type targetField struct {
	name      *kit.Entry
	folder    *kit.Line
	choose    *kit.Button
	path      string // of the folder
	extension string
}

func newTargetField(f *form, p place, extension string) *targetField {
	t := &targetField{name: kit.NewEntry(""), folder: kit.NewLine("", kit.Look{}), extension: extension}
	t.name.SetText(p.name)
	t.name.OnSubmitted = func(string) { f.act.Press() }
	t.choose = kit.NewButton(textChooseFolder.String(), nil, "", func() { f.ChooseFolder(t.path, t.take) })
	t.take(p.folder)
	return t
}

func (t *targetField) take(folder string) {
	t.path = folder
	t.folder.SetText(kit.FromHome(folder))
}

func (t *targetField) rows() []fyne.CanvasObject {
	return []fyne.CanvasObject{kit.NewField(textFileName.String(), t.name),
		kit.NewField(textFolder.String(), kit.NewBar(6, t.folder, t.folder, t.choose))}
}

// file is the path of the file to be written.
func (t *targetField) file() (string, error) {
	name, err := fileName(t.name.Text, t.extension)
	return filepath.Join(t.path, name), err
}

// fileName is a name as it was typed, with its extension.
func fileName(typed, extension string) (string, error) {
	name := strings.TrimSpace(typed)
	if name == "" || name == "." || name == ".." || filepath.Base(name) != name || strings.ContainsAny(name, `/\`) {
		return "", errors.New(textNameForm.String())
	}
	if !strings.EqualFold(filepath.Ext(name), extension) {
		name += extension
	}
	return name, nil
}

// freeName is a name that no file in a folder has.
func freeName(folder, base, extension string) string {
	name := base + extension
	for n := 2; n < 100; n++ {
		if _, err := os.Lstat(filepath.Join(folder, name)); errors.Is(err, fs.ErrNotExist) {
			break
		}
		name = base + "-" + strconv.Itoa(n) + extension
	}
	return name
}

// write writes a file whole, unless the person gives up before its end.
func write[T any](ctx context.Context, file wholefile.File, fill func(io.Writer) (T, error)) (T, error) {
	var result T
	err := file.Write(func(w io.Writer) (err error) {
		if result, err = fill(w); err != nil {
			return err
		}
		return ctx.Err()
	})
	return result, err
}
