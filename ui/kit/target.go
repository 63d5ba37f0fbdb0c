package kit

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
)

// Place is where a person keeps files, and a name that no file there has.
type Place struct{ Folder, Name string }

// FindPlace finds the place for a new file. Its name is free with each of the extensions, and has the first; without
// any there is no name. It looks at the disk.
func FindPlace(base string, extensions ...string) Place {
	p := Place{Folder: DocumentsFolder()}
	if len(extensions) == 0 {
		return p
	}
	free := base
	for n := 2; n < 100 && anyTaken(p.Folder, free, extensions); n++ {
		free = base + "-" + strconv.Itoa(n)
	}
	p.Name = free + extensions[0]
	return p
}

func anyTaken(folder, base string, extensions []string) bool {
	for _, extension := range extensions {
		if _, err := os.Lstat(filepath.Join(folder, base+extension)); !errors.Is(err, fs.ErrNotExist) {
			return true
		}
	}
	return false
}

// TargetField is a new file: its name, and the folder for it. Fyne's own dialog for saving is not used: it empties a
// file that is there before anything is written in its place, and makes new ones that others can read.
type TargetField struct {
	Name   *Entry
	Choose *Button

	folder    *Line
	path      string // of the folder
	extension string
}

// NewTargetField makes the field of a form for files with an extension as in ".xml".
func NewTargetField(f *Form, p Place, extension string) *TargetField {
	t := &TargetField{Name: NewEntry(""), folder: NewLine("", Look{}), extension: extension}
	t.Name.SetText(p.Name)
	t.Name.OnSubmitted = func(string) { f.Act.Press() }
	t.Choose = NewButton(textChooseFolder.String(), nil, "", func() {
		path := t.path
		f.ChooseFolder(func() string { return path }, t.Take)
	})
	t.Take(p.Folder)
	return t
}

// Take has the file lie in a folder.
func (t *TargetField) Take(folder string) {
	t.path = folder
	t.folder.SetText(FromHome(folder))
}

// SetExtension has the file be of another kind.
func (t *TargetField) SetExtension(extension string) {
	if base, had := strings.CutSuffix(t.Name.Text, t.extension); had {
		t.Name.SetText(base + extension)
	}
	t.extension = extension
}

// Rows are the field's rows in a form.
func (t *TargetField) Rows() []fyne.CanvasObject {
	return []fyne.CanvasObject{NewField(textFileName.String(), t.Name),
		NewField(textFolder.String(), NewBar(6, t.folder, t.folder, t.Choose))}
}

// File is the path of the file to be written.
func (t *TargetField) File() (string, error) {
	name, err := fileName(t.Name.Text, t.extension)
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

// WriteWhole writes a file whole, unless the person gives up before its end.
func WriteWhole[T any](ctx context.Context, file wholefile.File, fill func(io.Writer) (T, error)) (T, error) {
	var result T
	err := file.Write(func(w io.Writer) (err error) {
		if result, err = fill(boundWriter{ctx, w}); err != nil {
			return err
		}
		return ctx.Err()
	})
	return result, err
}

// boundWriter ends what writes to it when its context does.
type boundWriter struct {
	ctx context.Context
	to  io.Writer
}

func (w boundWriter) Write(b []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	return w.to.Write(b)
}
