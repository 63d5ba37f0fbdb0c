package ui

import (
	"context"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
)

func TestPollerSwitchAndReasons(t *testing.T) {
	b := open(t, kit.Light, kittest.StoreOf(kittest.Nordlys()))
	if b.panel.LogOn.Disabled() {
		t.Error("log on now is disabled although this window polls")
	}
	b.tap(b.panel.LogOn)
	b.until("the visit", func() bool { return len(b.desk.visits()) == 1 })
	b.bar.Poll.SetChecked(false)
	b.until("the stop", func() bool { return !b.polling.Running() && b.panel.LogOn.Disabled() && !b.bar.Poll.Checked })
	if got := b.panel.LogOn.ToolTip(); got != "Switch Poll on at the top first" {
		t.Errorf("the reason is %q", got)
	}
	b.bar.Poll.SetChecked(true)
	b.until("the start", func() bool { return b.polling.Running() && !b.panel.LogOn.Disabled() })
	b.bar.Demo.SetChecked(true)
	b.until("the setting", func() bool { return b.desk.settings().Demonstration })
	b.panel.Active.SetChecked(false)
	b.until("the tenant to rest", func() bool { return b.panel.Shown().Verdict == tenant.Inactive })
	if got := b.panel.LogOn.ToolTip(); got != "Switch Active on first" {
		t.Errorf("the reason is %q", got)
	}
	b.update(func(o *workbench.Overview) {
		o.Poller.Here, o.Poller.Lease.Owner = false, tenant.Owner{Program: "console", PID: 99}
	})
	if got := b.poller.Sentence.Text; !strings.HasPrefix(got, "The console (process 99) polls; its log is below") {
		t.Errorf("who polls: %q", got)
	}
}

func TestFailedActionIsExplainedInThePanel(t *testing.T) {
	b := open(t, kit.Light, kittest.StoreOf(kittest.Nordlys()))
	b.desk.setActive = func(tenant.Key, bool) error {
		return &tenant.Problem{Op: "set active", Explanation: tenant.Explanation{What: "The store is busy.", Temporary: true}}
	}
	b.panel.Active.SetChecked(false)
	b.until("the failure", func() bool { return b.panel.Said().Title == "The store is busy." })
	b.until("the check to tell the truth", func() bool { return b.panel.Active.Checked })
}

func TestStoreThatCannotBeRead(t *testing.T) {
	b := open(t, kit.Light, kittest.StoreOf(kittest.Nordlys()))
	b.desk.fail(&tenant.Problem{Op: "read", Explanation: tenant.Explanation{What: "The data cannot be read."}})
	b.refresh()
	b.until("the trouble", func() bool { return b.general.Visible() })
	if b.panel.Shown().CompanyName != kittest.Nordlys().CompanyName {
		t.Error("what was shown went away")
	}
	b.desk.fail(nil)
	b.refresh()
	b.until("the trouble to end", func() bool { return !b.general.Visible() })
}

func TestTheTableChoosesWhatTheRestOfTheWindowIsAbout(t *testing.T) {
	b := open(t, kit.Light, kittest.StoreOf(kittest.Nordlys(), kittest.Blomster()))
	b.Canvas().Focus(b.tenants.Table)
	b.tenants.Table.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	b.q.Drain()
	if b.selected != kittest.Nordlys().Key || b.panel.Shown().CompanyName != kittest.Nordlys().CompanyName {
		t.Errorf("the arrow key chose %v, and the panel shows %q", b.selected, b.panel.Shown().CompanyName)
	}
	test.Type(b.tenants.Filter, "zzz")
	if b.selected != kittest.Nordlys().Key {
		t.Error("a filter without a match must leave the chosen tenant")
	}
	b.tenants.Table.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDelete})
	b.q.Drain()
	if !b.panel.Said().Empty() {
		t.Error("a tenant that the filter hides was to be removed")
	}
	b.tenants.Reveal()
	b.tenants.Table.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDelete})
	b.q.Drain()
	if !strings.Contains(b.panel.Said().Title, kittest.Nordlys().CompanyName) {
		t.Errorf("the Delete key asks %q", b.panel.Said().Title)
	}
}

func TestTheLogFollowsTheChosenTenantAndIsExported(t *testing.T) {
	b := open(t, kit.Light, kittest.StoreOf(kittest.Nordlys(), kittest.Blomster()))
	b.events <- kittest.SomeEvents()
	b.until("the lines", func() bool { return b.reads("12 lines") })
	b.pick(1)
	for _, o := range test.LaidOutObjects(b.log.Root) {
		if c, ok := o.(*kit.Choice); ok && slices.Contains(c.Options, "Chosen tenant") {
			c.SetSelected("Chosen tenant")
		}
	}
	b.until("the lines of one tenant", func() bool { return b.reads("5 of 12 lines") })
	b.pick(0)
	b.until("the lines of the other", func() bool { return b.reads("2 of 12 lines") })
	b.log.ExportButton().Press()
	b.until("the question where an export goes", func() bool { return b.Canvas().Overlays().Top() != nil })
}

func TestReturnPressesButtons(t *testing.T) {
	test.NewTempApp(t)
	pressed := 0
	button := kit.NewButton("Go", nil, "", func() { pressed++ })
	w := test.NewTempWindow(t, button)
	w.Canvas().Focus(button)
	for _, key := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace} {
		button.TypedKey(&fyne.KeyEvent{Name: key})
	}
	if pressed != 3 {
		t.Errorf("pressed %d times", pressed)
	}
	button.Allow("because")
	button.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if pressed != 3 || button.ToolTip() != "because" {
		t.Error("a disabled button must not be pressed, and must say why")
	}
}

// The Tab key goes from the top through the tenants and the panel to the log.
func TestFocusOrder(t *testing.T) {
	b := open(t, kit.Light, kittest.StoreOf(kittest.Nordlys()))
	seen := map[fyne.Focusable]int{}
	for i := range 30 {
		b.Canvas().FocusNext()
		if f := b.Canvas().Focused(); f != nil {
			if _, again := seen[f]; !again {
				seen[f] = i
			}
		}
	}
	order := []fyne.Focusable{b.bar.SignIn, b.bar.Poll, b.tenants.Filter, b.panel.LogOn,
		b.companies.CreateButton(tenant.LoginUser), b.companies.CreateButton(tenant.SystemUser), b.log.Filter}
	for i := 1; i < len(order); i++ {
		before, ok := seen[order[i-1]]
		after, ok2 := seen[order[i]]
		if !ok || !ok2 || before >= after {
			t.Errorf("focus stop %d does not come before stop %d (%d, %d)", i-1, i, before, after)
		}
	}
}

func TestHighlightGoesAwayWithTheFirstTenant(t *testing.T) {
	b := open(t, kit.Light, kittest.EmptyStore())
	if b.bar.SignIn.Importance != widget.HighImportance {
		t.Error("sign in is not highlighted at the first start")
	}
	b.update(func(o *workbench.Overview) { o.Tenants = []workbench.TenantView{kittest.Nordlys()} })
	if b.bar.SignIn.Importance == widget.HighImportance {
		t.Error("sign in is still highlighted")
	}
}

func TestCloseEndsEverything(t *testing.T) {
	b := open(t, kit.Light, kittest.StoreOf(kittest.Nordlys()))
	ended := make(chan struct{})
	b.desk.create = func(ctx context.Context, r workbench.CompanyRequest) (workbench.CompanyResult, error) {
		<-ctx.Done()
		close(ended)
		return workbench.CompanyResult{}, ctx.Err()
	}
	b.tap(b.companies.CreateButton(tenant.LoginUser))
	b.Close()
	<-ended
	b.run.Spawn(func(context.Context) { t.Error("work began after Close") })
}

// TestBeforeTheStoreIsReadNothingIsSaidOfTenants makes a window that nobody feeds yet, as the first frame finds it: a
// fleet of thousands must not begin with a welcome to somebody new.
func TestBeforeTheStoreIsReadNothingIsSaidOfTenants(t *testing.T) {
	w := New(t.Context(), test.NewTempApp(t), Options{Do: func(f func()) { f() }})
	defer w.Close()
	var seen []string
	eachText(w.panel.Root(), func(text string) { seen = append(seen, text) })
	if len(seen) > 0 {
		t.Errorf("the window says %q", seen)
	}
}

// eachText visits each text that can be seen.
func eachText(o fyne.CanvasObject, visit func(string)) {
	if !o.Visible() {
		return
	}
	switch o := o.(type) {
	case *canvas.Text:
		visit(o.Text)
	case *fyne.Container:
		for _, child := range o.Objects {
			eachText(child, visit)
		}
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(o).Objects() {
			eachText(child, visit)
		}
	}
}

func TestANewRegistrationIsTheOneToSignInWith(t *testing.T) {
	store := kittest.EmptyStore()
	for _, name := range []string{"Stage", "Live"} {
		store.Registrations = append(store.Registrations, workbench.RegistrationView{Name: name, Environment: tenant.Stage})
	}
	b := open(t, kit.Light, store)
	b.useStored("Stage", true)
	b.until("the new one to be in use", func() bool { return b.bar.Current() == "Stage" })
	before := b.scene
	b.useStored("Live", false) // changed only
	b.until("the store to be read", func() bool { return b.scene != before })
	if b.bar.Current() != "Stage" {
		t.Errorf("in use is %s", b.bar.Current())
	}
}

func TestTheChooserOpensTheRegistrationForm(t *testing.T) {
	b := open(t, kit.Light, kittest.EmptyStore())
	b.bar.Chooser.SetSelected(textAddRegistration.String())
	if b.Canvas().Overlays().Top() == nil {
		t.Fatal("there is no form")
	}
	b.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if b.Canvas().Overlays().Top() != nil {
		t.Error("Escape does not close the form")
	}
}

// A person who reads that it is ready presses Ctrl+I at once.
func TestReadyToSignInIsNotSaidBeforeTheButtonCanBePressed(t *testing.T) {
	b := open(t, kit.Light, kittest.EmptyStore())
	first := b.scene
	b.scene = nil // as before the store was read
	ready := func() string {
		return b.strip.Root.Objects[tenant.StepNoSession-1].(interface{ ToolTip() string }).ToolTip()
	}
	before := ready()
	b.step(kittest.SomeEvents()[:2])
	if ready() != before {
		t.Errorf("before the store was read the second step says %q", ready())
	}
	b.show(first)
	if ready() == before || b.bar.SignIn.Disabled() {
		t.Errorf("after that it says %q, and whether the button is disabled: %t", ready(), b.bar.SignIn.Disabled())
	}
}
