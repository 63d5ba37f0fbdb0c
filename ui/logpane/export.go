package logpane

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"partnerdesk/core/journal"
	"partnerdesk/core/tenant"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/logview"
)

// asText is an export of the lines as they are shown. The other formats are the journal's.
const asText journal.Format = "txt"

// fileName is what an export is called unless the person says otherwise.
func fileName(f journal.Format) string { return "partnerdesk-log." + string(f) }

// formats is the menu of the Export button.
func (p *Pane) formats() *fyne.Menu {
	item := func(label string, f journal.Format) *fyne.MenuItem {
		return fyne.NewMenuItem(label, func() {
			p.o.Save(fileName(f), func(to fyne.URIWriteCloser) { p.write(to, f) })
		})
	}
	return fyne.NewMenu("", item(textAsText.String(), asText), item(textAsJSON.String(), journal.JSONLines), item(textAsCSV.String(), journal.CSV))
}

func (p *Pane) chooseFormat() {
	if c := fyne.CurrentApp().Driver().CanvasForObject(p.export); c != nil {
		menu := widget.NewPopUpMenu(p.formats(), c)
		at := fyne.CurrentApp().Driver().AbsolutePositionForObject(p.export)
		menu.ShowAtPosition(at.AddXY(p.export.Size().Width-menu.MinSize().Width, -menu.MinSize().Height))
		c.Focus(menu)
	}
}

// write writes the lines that are shown now, off the user interface's goroutine.
func (p *Pane) write(to fyne.URIWriteCloser, f journal.Format) {
	lines := p.view.Export()
	shown, _ := p.view.Counts()
	kit.Perform(p.o.Run, func(ctx context.Context) (n int, err error) {
		if err = keepPrivate(to.URI()); err != nil {
			return 0, errors.Join(err, to.Close())
		}
		if n = shown; f == asText {
			_, err = lines.WriteTo(to)
		} else {
			n, err = p.writeEvents(ctx, to, lines, f)
		}
		if closed := to.Close(); err == nil {
			err = closed
		}
		return n, err
	}, nil, func(n int, err error) {
		if err != nil {
			p.o.Fail(&tenant.Problem{Op: "export log", Err: err, Explanation: tenant.CauseFiles.Explain(whatExportFailed.String(), tenant.Sentence(err), nextExportFailed.String())})
			return
		}
		p.o.Saved(n, to.URI().Path())
	})
}

// keepPrivate lets only the owner read an export, before anything is in it: Fyne's dialog makes files that others can
// read, and a log has the names of people and customers in it.
func keepPrivate(file fyne.URI) error {
	if err := os.Chmod(file.Path(), 0o600); err != nil && !errors.Is(err, fs.ErrNotExist) { // not one on the disk
		return err
	}
	return nil
}

// writeEvents has the journal write the events of the lines: those from the first to the last that pass the filter.
func (p *Pane) writeEvents(ctx context.Context, w io.Writer, lines *logview.Export, f journal.Format) (int, error) {
	first, last := lines.Span() // if there are none, nothing is as old
	q := journal.Query{Since: first, Until: last.Add(time.Nanosecond), Level: slog.LevelDebug - 8,
		Also: func(e journal.Event) bool { return lines.Passes(lineOf(e)) }}
	return p.o.Journal.Export(ctx, w, q, f)
}
