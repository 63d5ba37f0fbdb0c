package damage

import (
	"context"
	"strings"
	"sync"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
)

// desk removes as the test says.
type desk struct {
	mu       sync.Mutex
	done     []string
	settings tenant.Settings
	refusal  error // for what is not removed anyway
}

func (d *desk) note(what string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.done = append(d.done, what)
}

func (d *desk) Offboard(_ context.Context, r workbench.OffboardRequest) (workbench.Receipt, error) {
	if d.refusal != nil && !r.Offline {
		return workbench.Receipt{Key: r.Key}, d.refusal
	}
	d.note("tenant " + r.ContextID)
	return workbench.Receipt{Key: r.Key, Wiped: true}, nil
}

func (d *desk) RemoveRegistration(_ context.Context, name string) error {
	if d.refusal != nil {
		return d.refusal
	}
	d.note("registration " + name)
	return nil
}

func (d *desk) UpdateSettings(_ context.Context, change func(*tenant.Settings) error) error {
	d.note("settings")
	return change(&d.settings)
}

func damageOf(registration, ctx string) workbench.DamageView {
	whose := "the settings"
	switch {
	case ctx != "":
		whose = ctx + " of " + registration
	case registration != "":
		whose = "the registration " + registration
	}
	what := "1 record of " + whose + " cannot be trusted."
	return workbench.DamageView{Key: tenant.Key{Registration: registration, ContextID: ctx},
		Trouble: tenant.CauseFilesBroken.Explain(what, "The data file was damaged.", "Remove it.")}
}

type bench struct {
	*Damage
	t        *testing.T
	q        *kittest.Queue
	window   fyne.Window
	desk     *desk
	receipts []workbench.Receipt
	changed  int
}

func newBench(t *testing.T) *bench {
	t.Helper()
	a := test.NewTempApp(t)
	a.Settings().SetTheme(kit.NewTheme(kit.Light))
	b := &bench{t: t, q: kittest.NewQueue(), window: a.NewWindow("damage"), desk: &desk{}}
	run := kit.NewRunner(t.Context(), b.q.Do)
	t.Cleanup(run.Close)
	b.Damage = New(run, Options{Desk: b.desk, OnFocus: b.window.Canvas().Focus, OnResize: func() { b.window.Content().Refresh() }, OnChanged: func() { b.changed++ },
		OnReceipt: func(r workbench.Receipt) { b.receipts = append(b.receipts, r) }})
	b.window.SetContent(kit.NewColumn(0, b.Root()))
	b.window.Resize(fyne.NewSize(900, 220))
	return b
}

func (b *bench) tap(o fyne.Tappable) {
	b.t.Helper()
	test.Tap(o)
	b.q.Await(b.t, "the end of the work", func() bool { return !b.busy() })
}

// Tenants go first, as a registration with tenants stays.
func TestWhatIsDamagedIsRemovedOneByOne(t *testing.T) {
	b := newBench(t)
	if b.Root().Visible() {
		t.Error("there is a notice where nothing is damaged")
	}
	b.Show([]workbench.DamageView{damageOf("our app", ""), damageOf("our app", "Cust1"), damageOf("", "")})
	said := strings.Join(b.notice.Shown.Lines, "\n")
	if !strings.Contains(b.notice.Shown.Title, "at 3 places") || !strings.Contains(said, "Cust1 of our app") || !strings.Contains(said, "partnerdesk-console recover") {
		t.Errorf("it says %+v", b.notice.Shown)
	}
	for _, want := range []string{"Remove Cust1…", "Remove our app…", "Usual settings…"} {
		if b.begin.Text != want {
			t.Fatalf("the button says %q", b.begin.Text)
		}
		before := len(b.desk.done)
		b.tap(b.begin)
		if len(b.desk.done) != before || b.window.Canvas().Focused() != fyne.Focusable(b.keep) {
			t.Fatal("it does not ask first")
		}
		b.tap(b.yes)
	}
	if got := strings.Join(b.desk.done, ", "); got != "tenant Cust1, registration our app, settings" {
		t.Errorf("done: %s", got)
	}
	if b.Root().Visible() || len(b.receipts) != 1 || b.changed != 3 || b.desk.settings != tenant.DefaultSettings() {
		t.Errorf("in the end: %+v, %d receipts", b.notice.Shown, len(b.receipts))
	}
}

func TestKeepRemovesNothing(t *testing.T) {
	b := newBench(t)
	b.Show([]workbench.DamageView{damageOf("our app", "Cust1")})
	b.tap(b.begin)
	b.Show([]workbench.DamageView{damageOf("our app", "Cust1"), damageOf("our app", "Cust2")})
	if !b.notice.Holds(b.yes) {
		t.Error("what is read anew takes the question away")
	}
	b.tap(b.keep)
	if len(b.desk.done) != 0 || !b.notice.Holds(b.begin) {
		t.Errorf("done: %v", b.desk.done)
	}
	b.tap(b.begin)
	b.Show(nil) // the other program has removed it
	if b.Root().Visible() {
		t.Error("the question outlives the damage")
	}
}

func TestATenantThatIsKeptCanBeRemovedAnyway(t *testing.T) {
	b := newBench(t)
	b.desk.refusal = &tenant.Problem{Op: "remove", Explanation: tenant.CauseUnreachable.Explain("The tenant was kept.", "", "")}
	b.Show([]workbench.DamageView{damageOf("our app", "Cust1")})
	b.tap(b.begin)
	b.tap(b.yes)
	if b.notice.Shown.Title != "The tenant was kept." || !b.notice.Holds(b.anyway) {
		t.Fatalf("it says %+v", b.notice.Shown)
	}
	b.tap(b.anyway)
	if len(b.receipts) != 1 || b.Root().Visible() {
		t.Errorf("in the end: %+v", b.notice.Shown)
	}
	b.Show([]workbench.DamageView{damageOf("our app", "")})
	b.tap(b.begin)
	b.tap(b.yes)
	if b.notice.Holds(b.anyway) || !b.notice.Holds(b.keep) {
		t.Error("a registration with tenants is removed anyway")
	}
}

func TestPicture(t *testing.T) {
	b := newBench(t)
	b.Show([]workbench.DamageView{damageOf("our app", ""), damageOf("our app", "Cust1"), damageOf("", "")})
	kittest.AssertPicture(t, "damage_light.png", b.window.Canvas())
}
