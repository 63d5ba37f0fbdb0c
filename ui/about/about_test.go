package about

import (
	"context"
	"errors"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
)

// desk has a store, or fails.
type desk struct {
	overview workbench.Overview
	failure  error
}

func (d *desk) Overview(context.Context) (workbench.Overview, error) { return d.overview, d.failure }

func (d *desk) Protection(context.Context) (tenant.Protection, error) {
	return tenant.Protection{Kind: tenant.ByKeyring, Generation: 2, Sentence: "Secrets are sealed with a key from the system's secret store."}, nil
}

type bench struct {
	*About
	t      *testing.T
	q      *kittest.Queue
	window fyne.Window
	desk   *desk
	opened chan string
	copied string
}

func newBench(t *testing.T, look kit.Appearance) *bench {
	t.Helper()
	a := test.NewTempApp(t)
	a.Settings().SetTheme(kit.NewTheme(look))
	bad := kittest.Nordlys()
	bad.Verdict, bad.Environment = tenant.NeedsAttention, tenant.Production
	b := &bench{t: t, q: kittest.NewQueue(), window: a.NewWindow("about"), opened: make(chan string, 1),
		desk: &desk{overview: kittest.StoreOf(bad, kittest.Blomster())}}
	b.window.Resize(fyne.NewSize(900, 600))
	run := kit.NewRunner(t.Context(), b.q.Do)
	t.Cleanup(run.Close)
	b.About = New(run, Options{Desk: b.desk, Window: b.window, DataDir: "/srv/ada/partnerdesk", JournalDir: "/srv/ada/partnerdesk/journal",
		Build:      Build{Version: "0.1.0 (c42fefd)", Go: "1.26", Fyne: "2.8.0", System: "linux/amd64", Driver: "glfw.gLDriver"},
		OpenFolder: func(path string) error { b.opened <- path; return nil }, Copy: func(text string) { b.copied = text },
		Newest: func() string { return "0.2.0, asked 3 h ago" }, OnFail: func(err error) { t.Error(err) }})
	return b
}

func (b *bench) openSheet() *sheet {
	b.t.Helper()
	b.Open()
	b.q.Await(b.t, "the sheet", func() bool { return b.sheet != nil && b.sheet.Open() })
	return b.sheet
}

func TestDiagnosticsTellNumbersAndNoNames(t *testing.T) {
	b := newBench(t, kit.Light)
	s := b.openSheet()
	test.Tap(s.diagnostics)
	for _, want := range []string{"Partnerdesk: 0.1.0 (c42fefd)\n", "Fyne: 2.8.0\n", "Driver: glfw.gLDriver\n", "Sandbox: 1 registration, 1 tenant\n",
		"Production (online): 0 registrations, 1 tenant\n", "Needs attention: 1\n", "Protection: keyring, data key number 2\n"} {
		if !strings.Contains(b.copied, want) {
			t.Errorf("%q is missing in\n%s", want, b.copied)
		}
	}
	for _, name := range []string{"Nordlys", "Cust", "ada", "1893041276", "9f2c41d7"} {
		if strings.Contains(b.copied, name) {
			t.Errorf("%q stands in\n%s", name, b.copied)
		}
	}
	if s.Told.Shown.Tone != kit.ToneGood {
		t.Error("nobody is told")
	}
}

func TestFoldersAreOpenedAndTheirPathCopied(t *testing.T) {
	b := newBench(t, kit.Light)
	s := b.openSheet()
	test.Tap(s.journal)
	if got := <-b.opened; got != "/srv/ada/partnerdesk/journal" {
		t.Errorf("opened %s", got)
	}
	test.Tap(s.copyData)
	if b.copied != "/srv/ada/partnerdesk" {
		t.Errorf("copied %s", b.copied)
	}
	s.copyData.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if s.Open() {
		t.Error("Escape does not close it")
	}
}

func TestAboutOpensThoughTheStoreDoesNot(t *testing.T) {
	b := newBench(t, kit.Light)
	b.desk.failure = errors.New("the file is held")
	if s := b.openSheet(); !s.Told.Visible() {
		t.Error("it does not say that the store cannot be read")
	}
}

func TestEveryLicenceIsShown(t *testing.T) {
	b := newBench(t, kit.Light)
	s := b.openSheet()
	test.Tap(s.licences)
	l := b.licences
	if len(l.all) < 30 || !strings.HasPrefix(l.text.Text, "MIT License") {
		t.Fatalf("%d licences, the first is\n%.60s", len(l.all), l.text.Text)
	}
	for i := range l.all {
		l.module.SetSelectedIndex(i)
		if l.text.Text != l.all[i].Text {
			t.Errorf("%s shows another text", l.all[i].Module)
		}
	}
	l.close.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if l.Open() || !s.Open() {
		t.Error("Escape does not close what is on top")
	}
}

func TestAVersionWithoutANumberIsShort(t *testing.T) {
	for version, want := range map[string]string{"": "", "v1.3.2": "v1.3.2", "v0.0.0-20240102092130-5ac0b6a4141c": "v0.0.0 (5ac0b6a4141c)"} {
		if got := shortVersion(version); got != want {
			t.Errorf("%s is %s", version, got)
		}
	}
}

func TestTheBuildIsRead(t *testing.T) {
	test.NewTempApp(t)
	if b := ReadBuild("1.2.3"); b.Version != "1.2.3" || !strings.HasPrefix(b.Go, "1.") || !strings.Contains(b.System, "/") || b.Driver == "" {
		t.Errorf("it is %+v", b)
	}
}

func TestPictures(t *testing.T) {
	b := newBench(t, kit.Light)
	b.openSheet()
	kittest.AssertPicture(t, "about_light.png", b.window.Canvas())
	b = newBench(t, kit.Dark)
	test.Tap(b.openSheet().licences)
	b.licences.module.SetSelectedIndex(2)
	kittest.AssertPicture(t, "licences_dark.png", b.window.Canvas())
}
