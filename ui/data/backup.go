package data

import (
	"bytes"
	"context"
	"io"

	"fyne.io/fyne/v2"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
	"partnerdesk/core/wholefile"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
)

// backupSheet makes a backup under a passphrase.
type backupSheet struct {
	*kit.Form
	o                 Options
	target            *kit.TargetField
	passphrase, again *kit.Entry
}

func newBackupSheet(run *kit.Runner, o Options, p kit.Place) *backupSheet {
	s := &backupSheet{o: o, passphrase: kit.NewPasswordEntry(textPassphraseMinimum.With(workbench.MinPassphrase)), again: kit.NewPasswordEntry("")}
	s.Form = newForm(run, o, textBackup.String(), s.submit)
	s.target = kit.NewTargetField(s.Form, p, backupExtension)
	s.Locked = []fyne.Disableable{s.target.Name, s.target.Choose, s.passphrase, s.again}
	s.passphrase.OnSubmitted = func(string) { o.Window.Canvas().Focus(s.again) }
	s.again.OnSubmitted = func(string) { s.Act.Press() }
	s.Forget = func() {
		s.passphrase.SetText("")
		s.again.SetText("")
	}
	rows := append([]fyne.CanvasObject{kit.NewParagraph(textBackupHint.String(), kit.Look{Tone: kit.ColorMuted})}, s.target.Rows()...)
	s.LayOut(textBackupTitle.String(), append(rows, kit.NewField(textPassphrase.String(), s.passphrase),
		kit.NewField(textAgain.String(), s.again, kit.NewParagraph(textPassphraseLost.String(), kit.LookCaption())))...)
	return s
}

func (s *backupSheet) submit() {
	path, err := s.target.File()
	passphrase, again := secret.New(s.passphrase.Text), secret.New(s.again.Text)
	if err == nil {
		err = checkTwice(passphrase, again)
	}
	if err != nil {
		s.RefuseInput(err)
		return
	}
	file := wholefile.File{Name: path, Op: "write backup", What: textBackupFailed.String(), Taken: textBackupTaken.String()}
	kit.PerformIn(s.Form, textBackingUp.String(), func(ctx context.Context) (workbench.Backup, error) {
		return kit.WriteWhole(ctx, file, func(w io.Writer) (workbench.Backup, error) { return s.o.Desk.Backup(ctx, w, passphrase) })
	}, func(b workbench.Backup, err error) {
		if err != nil {
			s.Refuse(err)
			return
		}
		s.Forget()
		s.Finish(backedUp(b, kit.FromHome(path)), s.FolderButton(path))
	})
}

// restoreSheet takes a backup in. The button first checks what that would bring, and then does it.
type restoreSheet struct {
	*kit.Form
	o          Options
	source     *sourceField
	passphrase *kit.Entry
	replace    *kit.Check
	report     *fyne.Container
	checked    bool // what the button would do is shown
}

func newRestoreSheet(run *kit.Runner, o Options, p kit.Place) *restoreSheet {
	s := &restoreSheet{o: o, report: kit.NewColumn(2), passphrase: kit.NewPasswordEntry(textPassphraseOfBackup.String())}
	s.Form = newForm(run, o, textCheck.String(), s.submit)
	s.source = newSourceField(s.Form, p.Folder, backupExtension, func() {
		s.unchecked()
		o.Window.Canvas().Focus(s.passphrase)
	})
	s.passphrase.OnChanged = func(string) { s.unchecked() }
	s.passphrase.OnSubmitted = func(string) { s.Act.Press() }
	s.replace = kit.NewCheck(textRestoreReplace.String(), "", func(bool) { s.unchecked() })
	s.Forget = func() {
		s.passphrase.OnChanged = nil
		s.passphrase.SetText("")
	}
	s.Locked = []fyne.Disableable{s.source.choose, s.passphrase, s.replace}
	s.LayOut(textRestoreTitle.String(), kit.NewParagraph(textRestoreHint.String(), kit.Look{Tone: kit.ColorMuted}),
		kit.NewField(textFile.String(), s.source.root), kit.NewField(textPassphrase.String(), s.passphrase),
		kit.NewField("", s.replace), s.report)
	s.report.Hide()
	s.unchecked()
	return s
}

// unchecked takes back what was shown, as something else would be done now.
func (s *restoreSheet) unchecked() {
	s.checked = false
	s.Act.Label(textCheck.String())
	s.Tell(kit.NoticeView{})
	showReport(s.Form, s.report, nil)
	switch {
	case s.source.content == nil:
		s.Act.Allow(textChooseFirst.String())
	case s.passphrase.Text == "":
		s.Act.Allow(textTypeFirst.String())
	default:
		s.Act.Allow("")
	}
}

// submit checks what a restore would bring, or restores what was shown.
func (s *restoreSheet) submit() {
	under, o := textChecking.String(), tenant.ImportOptions{Replace: s.replace.Checked, DryRun: !s.checked}
	if s.checked {
		under = textRestoring.String()
	}
	content, passphrase := s.source.content, secret.New(s.passphrase.Text)
	kit.PerformIn(s.Form, under, func(ctx context.Context) (workbench.Restored, error) {
		return s.o.Desk.Restore(ctx, bytes.NewReader(content), passphrase, o)
	}, func(r workbench.Restored, err error) {
		switch {
		case err != nil:
			s.Refuse(err)
			return
		case !o.DryRun:
			s.Forget()
			showReport(s.Form, s.report, restoreReport(r))
			s.Finish(restored(r))
			return
		}
		showReport(s.Form, s.report, restoreReport(r))
		s.checked = true
		s.Act.Label(textRestore.String())
		s.Hold(restoreReason(r))
		if !s.Act.Disabled() {
			s.o.Window.Canvas().Focus(s.Act)
		}
	})
}
