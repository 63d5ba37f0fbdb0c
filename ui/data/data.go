// Package data is the window's sheets for what comes from elsewhere and goes there: the tutorial's file of customers,
// and the backup that moves to another machine. What would change is shown before anything does.
package data

import (
	"context"
	"io"
	"time"

	"fyne.io/fyne/v2"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
)

// Desk is what the sheets ask of the workbench. Its methods may wait, and are called off the user interface's
// goroutine.
type Desk interface {
	// ImportCustomers has a result after an error too, where some rows are bad.
	ImportCustomers(ctx context.Context, registration string, r io.Reader, o workbench.ImportOptions) (workbench.CustomersImport, error)
	ExportCustomers(ctx context.Context, registration string, to io.Writer) (workbench.CustomersExport, error)
	Backup(ctx context.Context, to io.Writer, passphrase secret.Text) (workbench.Backup, error)
	Restore(ctx context.Context, from io.Reader, passphrase secret.Text, o tenant.ImportOptions) (workbench.Restored, error)
}

// Options are what the sheets need from outside.
type Options struct {
	Desk   Desk
	Window fyne.Window
	Now    func() time.Time
	// Registrations are those that customers can be imported for; the current one is chosen first.
	Registrations func() []workbench.RegistrationView
	// OpenFolder shows a folder in the system's file manager. It may wait.
	OpenFolder func(path string) error
	// OnChanged is called when what the store says may be something else.
	OnChanged func()
	// OnFail takes a failure that no sheet is open to tell.
	OnFail func(error)
}

// Data opens the sheets, one at a time. All its methods belong to the user interface's goroutine.
type Data struct {
	run *kit.Runner
	o   Options
	// opening looks for a place for a file, nil before; a second click does not open a sheet twice.
	opening *kit.Job

	// The last of each, nil before.
	importing *importSheet
	exporting *exportSheet
	backup    *backupSheet
	restore   *restoreSheet
}

// New makes the sheets.
func New(run *kit.Runner, o Options) *Data { return &Data{run: run, o: o} }

// Import opens the sheet that imports customers.
func (d *Data) Import() {
	d.open(func(p kit.Place) {
		d.importing = newImportSheet(d.run, d.o, p)
		d.importing.Show(d.importing.source.choose)
	}, "")
}

// Export opens the sheet that exports customers.
func (d *Data) Export() {
	d.open(func(p kit.Place) {
		d.exporting = newExportSheet(d.run, d.o, p)
		d.exporting.Show(d.exporting.Act)
	}, "partnerdesk-customers-", customersExtension)
}

// Backup opens the sheet that makes a backup.
func (d *Data) Backup() {
	d.open(func(p kit.Place) {
		d.backup = newBackupSheet(d.run, d.o, p)
		d.backup.Show(d.backup.passphrase)
	}, "partnerdesk-backup-", backupExtension)
}

// Restore opens the sheet that takes a backup in.
func (d *Data) Restore() {
	d.open(func(p kit.Place) {
		d.restore = newRestoreSheet(d.run, d.o, p)
		d.restore.Show(d.restore.source.choose)
	}, "")
}

// open finds the place for a sheet off the user interface's goroutine, as a home folder may lie on a network, and
// then shows it. A prefix is the beginning of a new file's name; without extensions there is none.
func (d *Data) open(show func(kit.Place), prefix string, extensions ...string) {
	if d.opening != nil && !d.opening.Finished || d.o.Window.Canvas().Overlays().Top() != nil {
		return
	}
	base := prefix + d.o.Now().Format(time.DateOnly)
	d.opening = kit.Perform(d.run, func(context.Context) (kit.Place, error) {
		return kit.FindPlace(base, extensions...), nil
	}, nil, func(p kit.Place, _ error) { show(p) })
}
