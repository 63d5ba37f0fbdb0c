package data

import (
	"bytes"
	"context"
	"io"

	"fyne.io/fyne/v2"

	"partnerdesk/core/wholefile"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
)

// importSheet imports customers. What would be done is shown as soon as there is a file, and anew after each
// choice; the button then does just that.
type importSheet struct {
	*kit.Form
	o            Options
	source       *sourceField
	registration *registrationChoice
	replace, all *kit.Check
	report       *fyne.Container
	importing    bool // what was shown is being done, and no choice changes it
}

func newImportSheet(run *kit.Runner, o Options, p kit.Place) *importSheet {
	s := &importSheet{o: o, report: kit.NewColumn(2)}
	s.Form = newForm(run, o, textImport.String(), s.submit)
	s.source = newSourceField(s.Form, p.Folder, customersExtension, s.check)
	s.registration = newRegistrationChoice(o.Registrations())
	s.registration.OnChanged = func(string) { s.check() }
	s.replace = kit.NewCheck(textImportReplace.String(), textImportReplaceTip.String(), func(bool) { s.check() })
	s.all = kit.NewCheck(textImportAll.String(), "", func(bool) { s.check() })
	s.LayOut(textImportTitle.String(), kit.NewParagraph(textImportHint.String(), kit.Look{Tone: kit.ColorMuted}),
		kit.NewField(textFile.String(), s.source.root), kit.NewField(textRegistration.String(), s.registration.Choice),
		kit.NewField("", kit.NewColumn(0, s.replace, s.all)), s.report)
	s.report.Hide()
	s.Act.Allow(textChooseFirst.String())
	return s
}

func (s *importSheet) options(dryRun bool) workbench.ImportOptions {
	return workbench.ImportOptions{AllOrNothing: s.all.Checked, Replace: s.replace.Checked, DryRun: dryRun}
}

// check shows what would be done.
func (s *importSheet) check() {
	if s.source.content == nil || s.importing {
		return
	}
	s.begin(textChecking.String(), true, func(r workbench.CustomersImport, err error) {
		if r.Rows == 0 && err != nil {
			s.Act.Allow(textNothingToImport.String())
			showReport(s.Form, s.report, nil)
			s.Refuse(err)
			return
		}
		s.Hold(importReason(r, s.all.Checked))
		showReport(s.Form, s.report, importReport(r))
		if c := s.o.Window.Canvas(); !s.Act.Disabled() && c.Focused() == fyne.Focusable(s.source.choose) {
			c.Focus(s.Act)
		}
	})
}

// submit does what was shown.
func (s *importSheet) submit() {
	s.importing = true
	s.begin(textImporting.String(), false, func(r workbench.CustomersImport, err error) {
		if err != nil && len(r.Bad) == 0 {
			s.importing = false
			s.Refuse(err)
			return
		}
		showReport(s.Form, s.report, importReport(r))
		for _, field := range []fyne.Disableable{s.source.choose, s.registration, s.replace, s.all} {
			field.Disable()
		}
		s.Finish(imported(r))
	})
}

func (s *importSheet) begin(under string, dryRun bool, done func(workbench.CustomersImport, error)) {
	content, name, o := s.source.content, s.registration.name(), s.options(dryRun)
	kit.PerformIn(s.Form, under, func(ctx context.Context) (workbench.CustomersImport, error) {
		return s.o.Desk.ImportCustomers(ctx, name, bytes.NewReader(content), o)
	}, done)
}

// exportSheet writes a Customers.xml.
type exportSheet struct {
	*kit.Form
	o            Options
	target       *kit.TargetField
	registration *registrationChoice
}

func newExportSheet(run *kit.Runner, o Options, p kit.Place) *exportSheet {
	s := &exportSheet{o: o}
	s.Form = newForm(run, o, textExport.String(), s.submit)
	s.target = kit.NewTargetField(s.Form, p, customersExtension)
	s.registration = newRegistrationChoice(o.Registrations())
	s.Locked = []fyne.Disableable{s.target.Name, s.target.Choose, s.registration}
	warning := kit.NewNotice()
	warning.Set(kit.NoticeView{Tone: kit.ToneWarning, Title: textExportWarning.String(), Lines: []string{textExportWarningWhy.String()}})
	rows := append([]fyne.CanvasObject{warning.Container, kit.NewField(textRegistration.String(), s.registration.Choice)}, s.target.Rows()...)
	s.LayOut(textExportTitle.String(), rows...)
	return s
}

func (s *exportSheet) submit() {
	path, err := s.target.File()
	if err != nil {
		s.RefuseInput(err)
		return
	}
	name := s.registration.name()
	file := wholefile.File{Name: path, Op: "export customers", What: textExportFailed.String(), Taken: textExportTaken.String()}
	kit.PerformIn(s.Form, textExporting.String(), func(ctx context.Context) (workbench.CustomersExport, error) {
		return kit.WriteWhole(ctx, file, func(w io.Writer) (workbench.CustomersExport, error) { return s.o.Desk.ExportCustomers(ctx, name, w) })
	}, func(r workbench.CustomersExport, err error) {
		if err != nil {
			s.Refuse(err)
			return
		}
		s.Finish(exported(r, kit.FromHome(path)), s.FolderButton(path))
	})
}
