// Package about is the window's sheet about the program itself: which one it is, where its data lies, whose work is
// in it, and what to send along with a question.
package about

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"partnerdesk/assets"
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/words"
)

// Desk is what the sheet asks of the workbench. Its methods may wait, and are called off the user interface's
// goroutine.
type Desk interface {
	Overview(ctx context.Context) (workbench.Overview, error)
	Protection(ctx context.Context) (tenant.Protection, error)
}

// Options are what the sheet needs from outside.
type Options struct {
	Desk   Desk
	Window fyne.Window
	Build  Build
	// DataDir and JournalDir are whole paths.
	DataDir, JournalDir string
	// OpenFolder shows a folder in the system's file manager. It may wait.
	OpenFolder func(path string) error
	// Copy puts text on the clipboard.
	Copy func(text string)
	// Newest says what is known of the newest version.
	Newest func() string
	// OnFail takes a failure that no sheet is open to tell.
	OnFail func(error)
}

// About opens the sheet. All its methods belong to the user interface's goroutine.
type About struct {
	run      *kit.Runner
	o        Options
	opening  *kit.Job // nil before
	sheet    *sheet   // the last one, nil before
	licences *licenceSheet
}

// New makes the sheet.
func New(run *kit.Runner, o Options) *About { return &About{run: run, o: o} }

// Open opens the sheet. What the store does not tell, as it may be the reason to look here, is left out.
func (a *About) Open() {
	if a.opening != nil && !a.opening.Finished || a.sheet != nil && a.sheet.Open() {
		return
	}
	a.opening = kit.Perform(a.run, func(ctx context.Context) (facts, error) {
		f := facts{Build: a.o.Build}
		var err error
		if f.protection, err = a.o.Desk.Protection(ctx); err != nil {
			return f, err
		}
		overview, err := a.o.Desk.Overview(ctx)
		f.count(overview)
		return f, err
	}, nil, func(f facts, err error) {
		a.sheet = newSheet(a, f)
		a.sheet.Show(a.sheet.close)
		if err != nil {
			a.sheet.Tell(kit.Explain(tenant.Explain(err)))
		}
	})
}

// OpenLicences opens the list of licences.
func (a *About) OpenLicences() {
	all, err := assets.Licences()
	if err != nil {
		a.o.OnFail(err)
		return
	}
	a.licences = newLicenceSheet(a.run, a.o.Window, all)
	a.licences.Show(a.licences.module)
}

// sheet is what About shows.
type sheet struct {
	*kit.Dialog
	about                        *About
	facts                        facts
	close, licences, diagnostics *kit.Button
	data, journal                *kit.Button
	copyData                     *kit.Button
}

// iconSide is the size of the program's icon.
const iconSide = 56

func newSheet(a *About, f facts) *sheet {
	s := &sheet{about: a, facts: f}
	s.close = kit.NewButton(kit.TextClose.String(), nil, "", func() { s.Hide() })
	s.close.Importance = widget.HighImportance
	s.licences = kit.NewButton(textLicences.String(), nil, "", a.OpenLicences)
	s.diagnostics = kit.NewButton(textDiagnostics.String(), nil, textDiagnosticsTip.String(), s.copyDiagnostics)
	s.data = s.opener(a.o.DataDir)
	s.journal = s.opener(a.o.JournalDir)
	s.copyData = kit.NewButton(textCopyPath.String(), nil, "", func() {
		a.o.Copy(a.o.DataDir)
		s.Tell(kit.NoticeView{Tone: kit.ToneGood, Title: textPathCopied.String()})
	})
	s.Dialog = kit.NewDialog(a.run, kit.DialogOptions{Window: a.o.Window, Title: textTitle.String(), Gap: kit.DialogGap, Escape: func() { s.Hide() }},
		kit.NewFoot([]fyne.CanvasObject{s.licences, s.diagnostics}, s.close), s.rows()...)
	return s
}

func (s *sheet) rows() []fyne.CanvasObject {
	o := s.about.o
	picture := canvas.NewImageFromResource(fyne.NewStaticResource("partnerdesk.svg", assets.Icon))
	picture.FillMode = canvas.ImageFillContain
	name := kit.NewColumn(3, kit.NewParagraph(textName.String(), kit.LookBold()), kit.NewParagraph(textWhatItIs.String(), kit.Look{Tone: kit.ColorMuted}))
	fact := func(caption, value string, buttons ...fyne.CanvasObject) fyne.CanvasObject {
		line := kit.NewLine(value, kit.Look{})
		row := kit.NewBar(6, line, append([]fyne.CanvasObject{line}, buttons...)...)
		if len(buttons) == 0 {
			return kit.NewField(caption, kit.NewInsetOf(0, 7, 0, 0, kit.NewParagraph(value, kit.Look{})))
		}
		return kit.NewField(caption, row)
	}
	rows := []fyne.CanvasObject{
		kit.NewCaptioned(iconSide+16, kit.NewFixed(iconSide, iconSide, picture), kit.NewInsetOf(0, 8, 0, 8, name)),
		fact(textVersion.String(), s.facts.Version),
		fact(textNewestVersion.String(), o.Newest()),
		fact(textMadeWith.String(), s.facts.madeWith()),
		fact(textDataDir.String(), kit.FromHome(o.DataDir), s.copyData, s.data),
		fact(textJournal.String(), kit.FromHome(o.JournalDir), s.journal),
	}
	if s.facts.protection.Sentence != "" {
		rows = append(rows, fact(textSecrets.String(), words.Of(s.facts.protection.Sentence)))
	}
	return append(rows, kit.NewParagraph(textOwnership.String(), kit.Look{Tone: kit.ColorMuted}))
}

// opener is a button that opens a folder.
func (s *sheet) opener(path string) *kit.Button {
	return kit.NewButton(textOpen.String(), nil, textOpenTip.String(), func() {
		kit.Act(s.about.run, func(context.Context) error { return s.about.o.OpenFolder(path) }, func(err error) {
			if err != nil && s.Open() {
				s.Tell(kit.Explain(tenant.Explain(err)))
			}
		})
	})
}

func (s *sheet) copyDiagnostics() {
	look := fyne.CurrentApp().Settings()
	s.about.o.Copy(s.facts.diagnostics(s.about.o.Window.Canvas().Scale(), int(look.ThemeVariant())))
	s.Tell(kit.NoticeView{Tone: kit.ToneGood, Title: textDiagnosticsCopied.String(), Lines: []string{textDiagnosticsWhat.String()}})
}
