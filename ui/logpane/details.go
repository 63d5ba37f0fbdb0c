package logpane

import (
	"context"
	"log/slog"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"

	"partnerdesk/core/journal"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/logview"
)

// details shows all fields of the current line, beside the lines. It is hidden until a line is opened.
type details struct {
	root    *fyne.Container
	list    *fyne.Container
	facts   []kit.Fact
	copy    *kit.Button
	changed func() // the room that it takes

	o     Options
	store *logview.Store
	view  *logview.View
	line  int // whose fields are shown
}

func newDetails(o Options, store *logview.Store, view *logview.View) *details {
	d := &details{o: o, store: store, view: view, list: container.NewStack()}
	d.copy = kit.NewIconButton(theme.ContentCopyIcon(), textCopyDetails.String(), func() { o.Copy(plainFacts(d.facts)) })
	end := kit.NewIconButton(theme.CancelIcon(), textCloseDetails.String(), d.close)
	d.copy.OnEscape, end.OnEscape = d.close, d.close
	spacer := layout.NewSpacer()
	head := kit.NewBar(4, spacer, kit.NewWord(textDetails.String(), kit.LookBold()), spacer, d.copy, end)
	d.root = container.NewStack(kit.NewSurface(kit.ColorSurface, kit.ColorLine, 4), kit.NewInset(10, 6, kit.NewShell(4, d.list, head, d.list)))
	d.root.Hide()
	return d
}

// open shows the current line's fields.
func (d *details) open() {
	if d.root.Hidden {
		d.root.Show()
		d.changed()
	}
	d.follow()
}

// close takes the details away, and the keyboard to the lines.
func (d *details) close() {
	d.view.ClearCurrent()
	if c := fyne.CurrentApp().Driver().CanvasForObject(d.view); c != nil {
		c.Focus(d.view)
	}
}

// follow shows another current line, if the details are open, and closes them where there is none any more.
func (d *details) follow() {
	if d.root.Hidden {
		return
	}
	number, ok := d.view.Current()
	line, kept := d.store.Line(number)
	if !ok || !kept {
		d.root.Hide()
		d.changed()
		return
	}
	d.line = number
	d.show(factsOfLine(line), "")
	d.read(number, line)
}

// read looks the line's event up in the journal, by its moment and program.
func (d *details) read(number int, line logview.Line) {
	q := journal.Query{Since: line.Time, Until: line.Time.Add(time.Nanosecond), Level: slog.LevelDebug - 8, Program: line.Program,
		Also: func(e journal.Event) bool { return sameLine(e, line) }, Limit: 1}
	kit.Perform(d.o.Run, func(ctx context.Context) (found []journal.Event, err error) {
		err = d.o.Journal.Search(ctx, q, func(e journal.Event) bool {
			found = append(found, e)
			return true
		})
		return found, err
	}, nil, func(found []journal.Event, err error) {
		switch {
		case d.line != number || d.root.Hidden: // another line was opened meanwhile
		case err == nil && len(found) > 0:
			d.show(factsOf(found[0]), "")
		default:
			d.show(factsOfLine(line), textNotFound.String())
		}
	})
}

func (d *details) show(facts []kit.Fact, note string) {
	d.facts = facts
	objects := make([]fyne.CanvasObject, 0, len(facts)+1)
	if note != "" {
		objects = append(objects, kit.NewParagraph(note, kit.LookCaption()))
	}
	for _, f := range facts {
		objects = append(objects, d.field(f))
	}
	d.list.Objects = []fyne.CanvasObject{kit.NewScrolledColumn(2, 12, objects...)}
	d.list.Refresh()
}

// field is a row with a field, which a click copies.
func (d *details) field(f kit.Fact) fyne.CanvasObject {
	caption := kit.NewLine(f.Caption, kit.LookCaption())
	return kit.NewPair(104, kit.NewInsetOf(0, 2, 0, 0, caption), newFieldValue(f.Value, func() {
		d.o.Copy(f.Value)
		caption.Set(textFieldCopied.String(), kit.LookCaption().In(theme.ColorNameSuccess))
	}))
}

// beside gives the first object the width that the second one leaves, which is a third if that is shown.
type beside struct{}

// besideGap is the room between the lines and the details.
const besideGap = 6

// MinSize is part of Fyne's Layout.
func (beside) MinSize(objects []fyne.CanvasObject) fyne.Size { return objects[0].MinSize() }

// Layout is part of Fyne's Layout.
func (beside) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	width := size.Width
	if objects[1].Visible() {
		side := max(280, width/3)
		width -= side + besideGap
		objects[1].Move(fyne.NewPos(width+besideGap, 0))
		objects[1].Resize(fyne.NewSize(side, size.Height))
	}
	objects[0].Move(fyne.NewPos(0, 0))
	objects[0].Resize(fyne.NewSize(width, size.Height))
}
