package logpane

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"time"

	"fyne.io/fyne/v2"

	"partnerdesk/core/journal"
	"partnerdesk/core/tenant"
	"partnerdesk/core/wholefile"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/logview"
)

// asText is an export of the lines as they are shown. The other formats are the journal's.
const asText journal.Format = "txt"

// formats are the forms of an export, in the order in which they are offered.
func formats() []journal.Format { return []journal.Format{asText, journal.JSONLines, journal.CSV} }

func extension(f journal.Format) string { return "." + string(f) }

// exportSheet writes the lines that the filter shows to a file.
type exportSheet struct {
	*kit.Form
	p       *Pane
	format  *kit.Choice
	target  *kit.TargetField
	replace *kit.Button // the file that was there already
	taken   string      // its path
}

// openExport finds the place for a file off the user interface's goroutine, as a home folder may lie on a network, and
// then opens the sheet.
func (p *Pane) openExport() {
	if p.opening != nil && !p.opening.Finished || p.o.Window.Canvas().Overlays().Top() != nil {
		return
	}
	base := "partnerdesk-log-" + p.o.Now().Format(time.DateOnly)
	p.opening = kit.Perform(p.o.Run, func(context.Context) (kit.Place, error) {
		var extensions []string
		for _, f := range formats() {
			extensions = append(extensions, extension(f))
		}
		return kit.FindPlace(base, extensions...), nil
	}, nil, func(at kit.Place, _ error) {
		p.exporting = newExportSheet(p, at)
		p.exporting.Show(p.exporting.Act)
	})
}

func newExportSheet(p *Pane, at kit.Place) *exportSheet {
	s := &exportSheet{p: p}
	s.Form = kit.NewForm(p.o.Run, kit.FormOptions{Window: p.o.Window, OpenFolder: p.o.OpenFolder, OnFail: p.o.OnFail}, textExportAct.String(), s.submit)
	s.target = kit.NewTargetField(s.Form, at, extension(asText))
	s.format = kit.NewChoice([]string{textAsText.String(), textAsJSON.String(), textAsCSV.String()}, nil)
	s.format.SetSelectedIndex(0)
	s.format.OnChanged = func(string) { s.target.SetExtension(extension(s.chosen())) }
	s.replace = kit.NewButton(textReplaceFile.String(), nil, "", func() { s.write(s.taken, true) })
	s.Locked = []fyne.Disableable{s.format, s.target.Name, s.target.Choose}
	s.LayOut(textExportTitle.String(), append([]fyne.CanvasObject{
		kit.NewParagraph(textExportHint.String(), kit.Look{Tone: kit.ColorMuted}), kit.NewField(textFormat.String(), s.format)},
		s.target.Rows()...)...)
	return s
}

// chosen is the form that is chosen.
func (s *exportSheet) chosen() journal.Format { return formats()[max(0, s.format.SelectedIndex())] }

func (s *exportSheet) submit() {
	path, err := s.target.File()
	if err != nil {
		s.RefuseInput(err)
		return
	}
	s.write(path, false)
}

// write writes the lines that are shown now. Replace is for a file that is there, and that the person has seen the
// name of.
func (s *exportSheet) write(path string, replace bool) {
	lines, f := s.p.view.Export(), s.chosen()
	shown, _ := s.p.view.Counts()
	file := wholefile.File{Name: path, Op: "export log", What: textExportFailed.String(), Force: replace, Taken: textExportTaken.String()}
	kit.PerformIn(s.Form, textExporting.String(), func(ctx context.Context) (int, error) {
		n, err := kit.WriteWhole(ctx, file, func(to io.Writer) (int, error) {
			to = &lineCounter{to: to, all: shown, tell: func(percent int) { s.Progress(textExportingDone.With(percent)) }}
			if f != asText {
				return s.p.writeEvents(ctx, to, lines, f)
			}
			_, err := lines.WriteTo(to)
			return shown, err
		})
		return n, exportFailed(path, err)
	}, func(n int, err error) {
		switch {
		case errors.Is(err, fs.ErrExist):
			s.taken = path
			s.Tell(kit.Explain(tenant.Explain(err)), s.replace)
		case err != nil:
			s.Refuse(err)
		default:
			s.Finish(kit.NoticeView{Tone: kit.ToneGood, Title: textLogSaved().Of(n, kit.FromHome(path))}, s.FolderButton(path))
		}
	})
}

// exportFailed explains a failure that the file itself has not explained: reading the journal, or a full disk.
func exportFailed(path string, err error) error {
	var explained *tenant.Problem
	if err == nil || errors.Is(err, context.Canceled) || errors.As(err, &explained) {
		return err
	}
	return &tenant.Problem{Op: "export log", Err: err,
		Explanation: tenant.CauseFiles.Explain(textExportFailed.With(path), tenant.Sentence(err), nextExportFailed.String())}
}

// writeEvents has the journal write the events of the lines: those from the first to the last that pass the filter.
func (p *Pane) writeEvents(ctx context.Context, w io.Writer, lines *logview.Export, f journal.Format) (int, error) {
	first, last := lines.Span() // if there are none, nothing is as old
	q := journal.Query{Since: first, Until: last.Add(time.Nanosecond), Level: slog.LevelDebug - 8,
		Also: func(e journal.Event) bool { return lines.Passes(lineOf(e)) }}
	return p.o.Journal.Export(ctx, w, q, f)
}

// lineCounter tells how much of a text is written, by its lines.
type lineCounter struct {
	to                 io.Writer
	all, written, told int
	tell               func(percent int)
}

func (c *lineCounter) Write(b []byte) (int, error) {
	n, err := c.to.Write(b)
	c.written += bytes.Count(b[:n], []byte{'\n'})
	if percent := min(99, c.written*100/max(1, c.all)); percent > c.told { // it is not done before it is in its place
		c.told = percent
		c.tell(percent)
	}
	return n, err
}
