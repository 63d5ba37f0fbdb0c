package data

import (
	"testing"

	"fyne.io/fyne/v2"

	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
)

func TestPictures(t *testing.T) {
	picture := func(b *bench, name string) { kittest.AssertPicture(t, name+".png", b.window.Canvas()) }

	b := newBench(t, kit.Light, 1)
	b.desk.importOf = twelveRows
	i := b.openImport()
	b.give(i.Form, i.source, i.check, "Customers.xml", "<rows/>")
	b.until("the report", func() bool { return i.report.Visible() })
	b.window.Canvas().Focus(i.Act)
	picture(b, "import_light")

	b = newBench(t, kit.Dark, 1)
	b.Export()
	b.until("the sheet", func() bool { return b.exporting != nil && b.exporting.Open() })
	b.exporting.target.Take("/home/ada/Documents")
	picture(b, "export_dark")

	b = newBench(t, kit.Light, 1)
	s := b.openBackup()
	s.target.Take("/home/ada/Documents")
	s.Finish(backedUp(workbench.Backup{Registrations: []string{"our app"}, Tenants: 12, Logins: 4, LeftOut: 1}, "~/Documents/partnerdesk-backup-2026-03-14.age"), s.FolderButton("/x/y"))
	b.window.Canvas().Focus(s.Close)
	picture(b, "backup_light")

	b = newBench(t, kit.Dark, 2)
	b.window.Resize(fyne.NewSize(700, 400))
	b.Restore()
	b.until("the sheet", func() bool { return b.restore != nil && b.restore.Open() })
	b.restore.Refuse(b.desk.refusal)
	picture(b, "restore_dark_2x")
}
