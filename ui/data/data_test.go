package data

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
)

// desk is a workbench of which the test decides every answer. It says what it was asked.
type desk struct {
	mu       sync.Mutex
	asked    []string
	importOf func(o workbench.ImportOptions) (workbench.CustomersImport, error)
	fill     func(ctx context.Context, w io.Writer) error
	restored workbench.Restored
	refusal  error
}

func (d *desk) note(format string, args ...any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.asked = append(d.asked, fmt.Sprintf(format, args...))
}

func (d *desk) all() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return strings.Join(d.asked, "; ")
}

func (d *desk) ImportCustomers(_ context.Context, registration string, r io.Reader, o workbench.ImportOptions) (workbench.CustomersImport, error) {
	content, err := io.ReadAll(r)
	if err != nil {
		return workbench.CustomersImport{}, err
	}
	d.note("import %s into %s dry=%v replace=%v all=%v", content, registration, o.DryRun, o.Replace, o.AllOrNothing)
	return d.importOf(o)
}

func (d *desk) ExportCustomers(ctx context.Context, registration string, to io.Writer) (workbench.CustomersExport, error) {
	d.note("export %s", registration)
	return workbench.CustomersExport{Registration: registration, Customers: 3, WithoutToken: []string{"Cust9"}}, d.fill(ctx, to)
}

func (d *desk) Backup(ctx context.Context, to io.Writer, passphrase secret.Text) (workbench.Backup, error) {
	d.note("backup under %d characters", len(passphrase.Reveal()))
	return workbench.Backup{Registrations: []string{"our app"}, Tenants: 12, Logins: 4, LeftOut: 1}, d.fill(ctx, to)
}

func (d *desk) Restore(_ context.Context, from io.Reader, passphrase secret.Text, o tenant.ImportOptions) (workbench.Restored, error) {
	content, err := io.ReadAll(from)
	if err != nil {
		return workbench.Restored{}, err
	}
	d.note("restore %s dry=%v replace=%v", content, o.DryRun, o.Replace)
	if passphrase.Reveal() != "four words are enough" {
		return workbench.Restored{}, d.refusal
	}
	r := d.restored
	r.DryRun = o.DryRun
	return r, nil
}

type bench struct {
	*Data
	t       *testing.T
	q       *kittest.Queue
	window  fyne.Window
	desk    *desk
	home    string
	opened  chan string
	changed int
	failed  []error
}

func newBench(t *testing.T, look kit.Appearance, scale float32) *bench {
	t.Helper()
	a := test.NewTempApp(t)
	a.Settings().SetTheme(kit.NewTheme(look))
	b := &bench{t: t, q: kittest.NewQueue(), window: a.NewWindow("data"), home: t.TempDir(), opened: make(chan string, 1)}
	t.Setenv("HOME", b.home)
	t.Setenv("USERPROFILE", b.home)
	b.desk = &desk{fill: func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, "content")
		return err
	}, refusal: &tenant.Problem{Op: "read backup", Explanation: tenant.CauseInput.Explain("Nothing was restored.", "The passphrase is not the one.", "")}}
	b.window.Canvas().(software.WindowlessCanvas).SetScale(scale)
	b.window.Resize(fyne.NewSize(900, 600))
	run := kit.NewRunner(t.Context(), b.q.Do)
	t.Cleanup(run.Close)
	b.Data = New(run, Options{Desk: b.desk, Window: b.window, Now: func() time.Time { return kittest.Noon },
		Registrations: func() []workbench.RegistrationView {
			return []workbench.RegistrationView{{Name: "our app", Environment: tenant.Production}, kittest.SandboxRegistration}
		},
		OpenFolder: func(path string) error { b.opened <- path; return nil },
		OnChanged:  func() { b.changed++ }, OnFail: func(err error) { b.failed = append(b.failed, err) }})
	return b
}

func (b *bench) until(what string, holds func() bool) {
	b.t.Helper()
	b.q.Await(b.t, what, holds)
}

func (b *bench) tap(o fyne.Tappable) {
	b.t.Helper()
	test.Tap(o)
	b.q.Drain()
}

// give has a sheet read a file as if a person had chosen it.
func (b *bench) give(f *kit.Form, s *sourceField, taken func(), name, content string) {
	b.t.Helper()
	path := filepath.Join(b.home, name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		b.t.Fatal(err)
	}
	file, err := storage.Reader(storage.NewFileURI(path))
	if err != nil {
		b.t.Fatal(err)
	}
	s.read(f, file, taken)
}

// said is all that a report says.
func said(c *fyne.Container) string {
	var lines []string
	for _, o := range c.Objects {
		lines = append(lines, o.(*kit.Paragraph).Text)
	}
	return strings.Join(lines, "\n")
}

func twelveRows(o workbench.ImportOptions) (workbench.CustomersImport, error) {
	r := workbench.CustomersImport{Registration: "sandbox", Rows: 12, DryRun: o.DryRun, Added: []string{"Cust1", "Cust2", "Cust3"},
		Unchanged: []string{"Cust4"}, Kept: []string{"Cust5", "Cust6"},
		Bad: []workbench.BadRow{{Row: 3, Reason: "it has no context identifier"}, {Row: 7, ContextID: "Cust77", Reason: "its system user token is empty"}}}
	if o.Replace {
		r.Replaced, r.Kept = r.Kept, nil
	}
	if o.AllOrNothing {
		r.Added, r.Unchanged, r.Kept, r.Replaced = nil, nil, nil, nil
	}
	return r, &tenant.Problem{Op: "import customers", Explanation: tenant.CauseInput.Explain("2 of 12 rows were not imported.", "", "")}
}

func (b *bench) openImport() *importSheet {
	b.t.Helper()
	b.Import()
	b.until("the sheet", func() bool { return b.importing != nil && b.importing.Open() })
	return b.importing
}

func TestCustomersAreImportedAsWasShown(t *testing.T) {
	b := newBench(t, kit.Light, 1)
	b.desk.importOf = twelveRows
	s := b.openImport()
	if !s.Act.Disabled() || s.registration.name() != "sandbox" {
		t.Errorf("it begins with %q", s.registration.name())
	}
	b.give(s.Form, s.source, s.check, "Customers.xml", "<rows/>")
	b.until("the report", func() bool { return s.report.Visible() })
	want := "Of 12 rows, this would be done; nothing was yet.\n3 tenants are new.\n1 tenant is stored just so already.\n" +
		"2 tenants are stored with another token or activity, and stay so:\nCust5, Cust6\n2 rows are refused:\n" +
		"Row 3: it has no context identifier\nRow 7, Cust77: its system user token is empty"
	if got := said(s.report); got != want {
		t.Errorf("it says\n%s", got)
	}
	b.tap(s.replace)
	b.until("the new report", func() bool { return strings.Contains(said(s.report), "2 tenants get the file's token") })
	b.tap(s.all)
	b.until("a refusal", func() bool { return s.Act.Disabled() && !strings.Contains(said(s.report), "are new") && s.Job.Finished })
	b.tap(s.all)
	b.until("the report once more", func() bool { return !s.Act.Disabled() && s.Job.Finished })
	if strings.Contains(b.desk.all(), "dry=false") {
		t.Fatal("it was done before it was asked for")
	}
	b.tap(s.Act)
	b.until("the end", func() bool { return !s.Told.Shown.Empty() && s.Job.Finished })
	if s.Told.Shown.Title != "Imported 5 tenants for sandbox." || s.Told.Shown.Tone != kit.ToneWarning || s.Act.Visible() {
		t.Errorf("it says %+v", s.Told.Shown)
	}
	if !strings.HasSuffix(b.desk.all(), "import <rows/> into sandbox dry=false replace=true all=false") || b.changed != 1 {
		t.Errorf("asked: %s", b.desk.all())
	}
	s.source.choose.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if s.Open() {
		t.Error("Escape does not close it")
	}
}

func TestAFileThatIsNoListOfCustomersIsRefused(t *testing.T) {
	b := newBench(t, kit.Light, 1)
	b.desk.importOf = func(workbench.ImportOptions) (workbench.CustomersImport, error) {
		return workbench.CustomersImport{}, &tenant.Problem{Op: "import", Explanation: tenant.CauseInput.Explain("No customer was imported.", "It is no XML.", "")}
	}
	s := b.openImport()
	b.give(s.Form, s.source, s.check, "Customers.xml", "hello")
	b.until("the refusal", func() bool { return s.Told.Shown.Title == "No customer was imported." })
	if !s.Act.Disabled() || s.report.Visible() {
		t.Error("it can be imported all the same")
	}
}

func TestCustomersAreExportedForTheirOwnerOnly(t *testing.T) {
	b := newBench(t, kit.Light, 1)
	b.Export()
	b.until("the sheet", func() bool { return b.exporting != nil && b.exporting.Open() })
	s := b.exporting
	s.registration.SetSelectedIndex(0)
	b.tap(s.Act)
	b.until("the end", func() bool { return !s.Act.Visible() })
	path := filepath.Join(b.home, "partnerdesk-customers-2026-03-14.xml")
	info, err := os.Stat(path)
	if err != nil || runtime.GOOS != "windows" && info.Mode() != 0o600 {
		t.Errorf("the file: %v, %v", info, err)
	}
	if s.Told.Shown.Title != "Exported 3 customers to "+filepath.Join("~", filepath.Base(path))+"." || !strings.Contains(strings.Join(s.Told.Shown.Lines, ""), "Cust9") {
		t.Errorf("it says %+v", s.Told.Shown)
	}
	b.tap(s.Told.Buttons.Objects[0].(*kit.Button))
	if got := <-b.opened; got != b.home {
		t.Errorf("opened %s", got)
	}
	s.GiveUp()
	b.Export()
	b.until("the next sheet", func() bool { return b.exporting != s })
	if got := b.exporting.target.Name.Text; got != "partnerdesk-customers-2026-03-14-2.xml" {
		t.Errorf("the next is called %s", got)
	}
}

func (b *bench) openBackup() *backupSheet {
	b.t.Helper()
	b.Backup()
	b.until("the sheet", func() bool { return b.backup != nil && b.backup.Open() })
	return b.backup
}

func TestABackupAsksForItsPassphraseTwice(t *testing.T) {
	b := newBench(t, kit.Light, 1)
	s := b.openBackup()
	for _, c := range []struct{ name, first, second, want string }{
		{"a/b", "four words are enough", "four words are enough", "without a folder"}, {"a", "short", "short", "needs 12"},
		{"a", "aaaaaaaaaaaaaa", "aaaaaaaaaaaaaa", "one character"}, {"a", "four words are enough", "four words are enoug", "not the same"},
	} {
		s.target.Name.SetText(c.name)
		s.passphrase.SetText(c.first)
		s.again.SetText(c.second)
		b.tap(s.Act)
		if !strings.Contains(s.Told.Shown.Title, c.want) || b.desk.all() != "" {
			t.Errorf("%+v: it says %q", c, s.Told.Shown.Title)
		}
	}
	s.again.SetText("four words are enough")
	s.again.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	b.until("the end", func() bool { return !s.Act.Visible() })
	if content, err := os.ReadFile(filepath.Join(b.home, "a.age")); string(content) != "content" || err != nil {
		t.Errorf("%q, %v", content, err)
	}
	if s.passphrase.Text+s.again.Text != "" || s.Told.Shown.Lines[0] != "Registrations: 1. Tenants: 12. Logins: 4." {
		t.Errorf("it says %+v", s.Told.Shown)
	}
}

func TestABackupNeverTakesThePlaceOfAnother(t *testing.T) {
	b := newBench(t, kit.Light, 1)
	s := b.openBackup()
	if err := os.WriteFile(filepath.Join(b.home, s.target.Name.Text), []byte("the only one"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.passphrase.SetText("four words are enough")
	s.again.SetText("four words are enough")
	b.tap(s.Act)
	b.until("the refusal", func() bool {
		return strings.Contains(strings.Join(s.Told.Shown.Lines, ""), "There is such a file already.")
	})
	if s.Act.Disabled() || s.passphrase.Text == "" {
		t.Error("another name cannot be tried")
	}
}

func TestEscapeEndsABackupAndLeavesNoFile(t *testing.T) {
	b := newBench(t, kit.Light, 1)
	begun := make(chan struct{})
	b.desk.fill = func(ctx context.Context, w io.Writer) error {
		close(begun)
		<-ctx.Done()
		_, err := io.WriteString(w, "too late") // as deriving a key does not hear of it
		return err
	}
	s := b.openBackup()
	s.passphrase.SetText("four words are enough")
	s.again.SetText("four words are enough")
	b.tap(s.Act)
	<-begun
	b.until("a word that it is under way", func() bool { return s.Told.Shown.Tone == kit.ToneAccent })
	s.Close.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	b.until("the end", func() bool { return s.Job.Finished })
	entries, err := os.ReadDir(b.home)
	if err != nil || len(entries) != 0 || len(b.failed) != 0 || s.Open() || s.passphrase.Text != "" {
		t.Errorf("left: %v, told: %v, %v", entries, b.failed, err)
	}
}

func TestARestoreShowsWhatItWouldBring(t *testing.T) {
	b := newBench(t, kit.Light, 1)
	b.desk.restored = workbench.Restored{
		Registrations: []workbench.RestoredItem{{Registration: "our app", Outcome: tenant.ImportAdded}},
		Tenants: []workbench.RestoredItem{{Registration: "our app", ContextID: "Cust1", Outcome: tenant.ImportAdded},
			{Registration: "stage", ContextID: "Cust2", Outcome: tenant.ImportLeftOut}}, Settings: tenant.ImportKept}
	b.Restore()
	b.until("the sheet", func() bool { return b.restore != nil && b.restore.Open() })
	s := b.restore
	b.give(s.Form, s.source, s.unchecked, "old.age", "sealed")
	b.until("the file", func() bool { return s.source.content != nil })
	s.passphrase.SetText("wrong")
	s.passphrase.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	b.until("the refusal", func() bool { return s.Told.Shown.Title == "Nothing was restored." })
	s.passphrase.SetText("four words are enough")
	b.tap(s.Act)
	b.until("the report", func() bool { return s.report.Visible() })
	want := "This would be done; nothing was yet.\n1 registration is new:\nour app\n1 tenant is new:\nour app/Cust1\n" +
		"1 tenant is left out, as the registration of this name is another app here:\nstage/Cust2\nThe settings stay as they are here."
	if got := said(s.report); got != want || s.Act.Text != "Restore" {
		t.Errorf("%s: it says\n%s", s.Act.Text, got)
	}
	b.tap(s.replace)
	if s.Act.Text != "Check" || s.report.Visible() {
		t.Error("another choice is done unseen")
	}
	b.tap(s.Act)
	b.until("the report", func() bool { return s.report.Visible() })
	b.tap(s.Act)
	b.until("the end", func() bool { return !s.Act.Visible() })
	if !strings.HasSuffix(b.desk.all(), "restore sealed dry=true replace=true; restore sealed dry=false replace=true") || s.passphrase.Text != "" {
		t.Errorf("asked: %s", b.desk.all())
	}
	if s.Told.Shown.Title != "The backup is restored, with 1 tenant." {
		t.Errorf("it says %+v", s.Told.Shown)
	}
}

func TestAFailureAfterTheSheetIsToldElsewhere(t *testing.T) {
	b := newBench(t, kit.Light, 1)
	s := b.openBackup()
	late := errors.New("the disk is full")
	b.desk.fill = func(ctx context.Context, _ io.Writer) error {
		<-ctx.Done()
		return late
	}
	s.passphrase.SetText("four words are enough")
	s.again.SetText("four words are enough")
	b.tap(s.Act)
	s.GiveUp()
	b.until("the failure", func() bool { return len(b.failed) == 1 })
	if !errors.Is(b.failed[0], late) {
		t.Errorf("told: %v", b.failed)
	}
}
