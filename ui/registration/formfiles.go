package registration

import (
	"context"
	"io"
	"os"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"

	"partnerdesk/core/tenant"
	"partnerdesk/ui/kit"
)

// folderPreference is where the folder of the last chosen file is remembered.
const folderPreference = "registration.folder"

// choose lets a file be chosen, and hands its content to take.
func (d *form) choose(extensions []string, take func(string)) {
	d.ChooseFile(d.folder(), extensions, func(file fyne.URIReadCloser) {
		if folder, err := storage.Parent(file.URI()); err == nil {
			d.o.Preferences.SetString(folderPreference, folder.Path())
		}
		d.read(func() (fyne.URIReadCloser, error) { return file, nil }, take)
	})
}

// folder finds where a file is looked for first: where the last one was, else where browsers put what the portal hands
// out. What it returns looks at the disk.
func (d *form) folder() func() string {
	last := d.o.Preferences.String(folderPreference)
	return func() string {
		if last != "" {
			return last
		}
		home, err := os.UserHomeDir()
		if err != nil {
			return "."
		}
		if downloads := filepath.Join(home, "Downloads"); isFolder(downloads) {
			return downloads
		}
		return home
	}
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// read opens and reads a file off the user interface's goroutine, and no more of it than there can be.
func (d *form) read(open func() (fyne.URIReadCloser, error), take func(content string)) {
	kit.Perform(d.run, func(context.Context) (string, error) {
		file, err := open()
		if err != nil {
			return "", err
		}
		defer func() { _ = file.Close() }() // it was only read
		text, err := io.ReadAll(io.LimitReader(file, maxFormFile))
		return string(text), err
	}, nil, func(text string, err error) {
		switch {
		case !d.Open():
		case err != nil:
			d.Tell(kit.Explain(tenant.Explain(err)))
		default:
			take(text)
		}
	})
}

// drop takes a file that was dropped onto the window, for the field that it is for.
func (d *form) drop(uri fyne.URI) {
	d.read(func() (fyne.URIReadCloser, error) { return storage.Reader(uri) }, func(content string) {
		d.Tell(kit.NoticeView{})
		switch {
		case looksLikeKey(content):
			d.key.take(content)
			d.Reveal(d.slots[atKey].root)
		case looksLikeCertificate(uri.Name(), content):
			d.certificate.take(content)
			d.Reveal(d.slots[atCertificate].root)
		default:
			d.Tell(kit.NoticeView{Tone: kit.ToneWarning, Title: textDroppedNothing.String()})
		}
	})
}

// paste takes a private key from the clipboard.
func (d *form) paste() {
	text := d.o.Clipboard.Content()
	if !looksLikeKey(text) {
		d.key.onRefuse(kit.NoticeView{Tone: kit.ToneWarning, Title: textNoClipboardKey.String()})
		return
	}
	d.key.take(text)
}

// openPortal opens the Developer Portal in the browser.
func (d *form) openPortal() {
	kit.Act(d.run, func(context.Context) error { return d.o.OpenURL(portalURL) }, func(err error) {
		if err != nil && d.Open() {
			d.Tell(kit.Explain(tenant.Explain(err)))
		}
	})
}
