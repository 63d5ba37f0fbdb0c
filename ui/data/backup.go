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
	*form
	target            *targetField
	passphrase, again *kit.Entry
}

func newBackupSheet(run *kit.Runner, o Options, p place) *backupSheet {
	s := &backupSheet{passphrase: kit.NewPasswordEntry(textPassphraseMinimum.With(workbench.MinPassphrase)), again: kit.NewPasswordEntry("")}
	s.form = newForm(run, o, textBackup.String(), s.submit)
	s.target = newTargetField(s.form, p, backupExtension)
	s.locked = []fyne.Disableable{s.target.name, s.target.choose, s.passphrase, s.again}
	s.passphrase.OnSubmitted = func(string) { o.Window.Canvas().Focus(s.again) }
	s.again.OnSubmitted = func(string) { s.act.Press() }
	s.forget = func() {
		s.passphrase.SetText("")
		s.again.SetText("")
	}
	rows := append([]fyne.CanvasObject{kit.NewParagraph(textBackupHint.String(), kit.Look{Tone: kit.ColorMuted})}, s.target.rows()...)
	s.layOut(textBackupTitle.String(), append(rows, kit.NewField(textPassphrase.String(), s.passphrase),
		kit.NewField(textAgain.String(), s.again, kit.NewParagraph(textPassphraseLost.String(), kit.LookCaption())))...)
	return s
}

func (s *backupSheet) submit() {
	path, err := s.target.file()
	passphrase, again := secret.New(s.passphrase.Text), secret.New(s.again.Text)
	if err == nil {
		err = checkTwice(passphrase, again)
	}
	if err != nil {
		s.refuseInput(err)
		return
	}
	file := wholefile.File{Name: path, Op: "write backup", What: textBackupFailed.String(), Taken: textBackupTaken.String()}
	perform(s.form, textBackingUp.String(), func(ctx context.Context) (workbench.Backup, error) {
		return write(ctx, file, func(w io.Writer) (workbench.Backup, error) { return s.o.Desk.Backup(ctx, w, passphrase) })
	}, func(b workbench.Backup, err error) {
		if err != nil {
			s.refuse(err)
			return
		}
		s.forget()
		s.finish(backedUp(b, kit.FromHome(path)), s.folderButton(path))
	})
}

// restoreSheet takes a backup in. The button first checks what that would bring, and then does it.
type restoreSheet struct {
	*form
	source     *sourceField
	passphrase *kit.Entry
	replace    *kit.Check
	report     *fyne.Container
	checked    bool // what the button would do is shown
}

func newRestoreSheet(run *kit.Runner, o Options, p place) *restoreSheet {
	s := &restoreSheet{report: kit.NewColumn(2), passphrase: kit.NewPasswordEntry(textPassphraseOfBackup.String())}
	s.form = newForm(run, o, textCheck.String(), s.submit)
	s.source = newSourceField(s.form, p.folder, backupExtension, func() {
		s.unchecked()
		o.Window.Canvas().Focus(s.passphrase)
	})
	s.passphrase.OnChanged = func(string) { s.unchecked() }
	s.passphrase.OnSubmitted = func(string) { s.act.Press() }
	s.replace = kit.NewCheck(textRestoreReplace.String(), "", func(bool) { s.unchecked() })
	s.forget = func() {
		s.passphrase.OnChanged = nil
		s.passphrase.SetText("")
	}
	s.locked = []fyne.Disableable{s.source.choose, s.passphrase, s.replace}
	s.layOut(textRestoreTitle.String(), kit.NewParagraph(textRestoreHint.String(), kit.Look{Tone: kit.ColorMuted}),
		kit.NewField(textFile.String(), s.source.root), kit.NewField(textPassphrase.String(), s.passphrase),
		kit.NewField("", s.replace), s.report)
	s.report.Hide()
	s.unchecked()
	return s
}

// unchecked takes back what was shown, as something else would be done now.
func (s *restoreSheet) unchecked() {
	s.checked = false
	s.act.Label(textCheck.String())
	s.Tell(kit.NoticeView{})
	showReport(s.form, s.report, nil)
	switch {
	case s.source.content == nil:
		s.act.Allow(textChooseFirst.String())
	case s.passphrase.Text == "":
		s.act.Allow(textTypeFirst.String())
	default:
		s.act.Allow("")
	}
}

// submit checks what a restore would bring, or restores what was shown.
func (s *restoreSheet) submit() {
	under, o := textChecking.String(), tenant.ImportOptions{Replace: s.replace.Checked, DryRun: !s.checked}
	if s.checked {
		under = textRestoring.String()
	}
	content, passphrase := s.source.content, secret.New(s.passphrase.Text)
	perform(s.form, under, func(ctx context.Context) (workbench.Restored, error) {
		return s.o.Desk.Restore(ctx, bytes.NewReader(content), passphrase, o)
	}, func(r workbench.Restored, err error) {
		switch {
		case err != nil:
			s.refuse(err)
			return
		case !o.DryRun:
			s.forget()
			showReport(s.form, s.report, restoreReport(r))
			s.finish(restored(r))
			return
		}
		showReport(s.form, s.report, restoreReport(r))
		s.checked = true
		s.act.Label(textRestore.String())
		s.hold(restoreReason(r))
		if !s.act.Disabled() {
			s.o.Window.Canvas().Focus(s.act)
		}
	})
}
