package ui

import (
	"context"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
)

// item finds an item of the main menu by the beginning of its label.
func (b *bench) item(label string) *fyne.MenuItem {
	b.t.Helper()
	for _, m := range b.MainMenu().Items {
		for _, i := range m.Items {
			if strings.HasPrefix(i.Label, label) {
				return i
			}
		}
	}
	b.t.Fatalf("the menu has no %q", label)
	return nil
}

func TestEveryShortcutHasOneMeaning(t *testing.T) {
	b := open(t, kit.Light, kittest.StoreOf(kittest.Nordlys()))
	meaning := map[string]string{}
	for _, s := range b.sections() {
		for _, c := range s.commands {
			if c.key == nil {
				continue
			}
			name := shortcutText(c.key)
			if before, taken := meaning[name]; taken {
				t.Errorf("%s is both %q and %q", name, before, c.phrase)
			}
			meaning[name] = c.phrase.String()
		}
	}
	var overview []string
	for _, g := range shortcutGroups(b.sections())[1:] {
		for _, r := range g.rows {
			overview = append(overview, r.Caption)
			if meaning[r.Caption] != r.Value {
				t.Errorf("the overview says that %s is %q, the menu %q", r.Caption, r.Value, meaning[r.Caption])
			}
		}
	}
	if len(overview) != len(meaning) {
		t.Errorf("the overview has %v, the menu %v", overview, meaning)
	}
}

func TestTheMenuSaysWhySomethingCannotBeDone(t *testing.T) {
	b := open(t, kit.Light, kittest.StoreOf(kittest.Nordlys()))
	if b.item("Log on now").Disabled {
		t.Error("a tenant can be logged on to, but the menu says no")
	}
	b.bar.Poll.SetChecked(false)
	const why = "Log on now (Switch Poll on at the top first)"
	b.until("the menu to follow", func() bool { return b.item("Log on now").Label == why && !b.item("Poll").Checked })
	if !b.item("Log on now").Disabled {
		t.Error("the item can be chosen")
	}
	b.item("Log on now").Action() // as its shortcut does
	if b.general.Shown.Title != why || len(b.desk.visits()) != 0 {
		t.Errorf("the shortcut says %q, and made %d visits", b.general.Shown.Title, len(b.desk.visits()))
	}
	b.item("Poll").Action()
	b.until("the poller", func() bool { return b.polling.Running() && b.item("Poll").Checked })
}

func TestWithoutATenantTheMenuSaysItOnce(t *testing.T) {
	b := open(t, kit.Light, kittest.EmptyStore())
	items := b.MainMenu().Items[1].Items
	if items[0].Label != "No tenant is chosen" {
		t.Errorf("the menu of the tenant begins with %q", items[0].Label)
	}
	for _, i := range items {
		if !i.IsSeparator && (!i.Disabled || strings.Contains(i.Label, "(")) {
			t.Errorf("%q, disabled: %t", i.Label, i.Disabled)
		}
	}
	b.item("Log on now").Action()
	if b.general.Shown.Title != "Log on now (No tenant is chosen)" {
		t.Errorf("the shortcut says %q", b.general.Shown.Title)
	}
	b.update(func(o *workbench.Overview) { o.Tenants = []workbench.TenantView{kittest.Nordlys()} })
	if b.MainMenu().Items[1].Items[0].Disabled {
		t.Error("the menu does not follow the first tenant")
	}
}

func TestTheMenuActsAsTheButtonsDo(t *testing.T) {
	b := open(t, kit.Light, kittest.StoreOf(kittest.Nordlys()))
	created := make(chan workbench.CompanyRequest, 1)
	b.desk.create = func(_ context.Context, r workbench.CompanyRequest) (workbench.CompanyResult, error) {
		created <- r
		return kittest.Created(r), nil
	}
	b.item("Create company as login user").Action()
	b.until("the company", func() bool { return len(created) == 1 })
	b.item("Active").Action()
	b.until("the tenant to rest", func() bool { return !b.item("Active").Checked })
	b.item("Filter the tenants").Action()
	if b.Canvas().Focused() != fyne.Focusable(b.tenants.Filter) {
		t.Error("the filter has not the focus")
	}
	b.item("The ten steps").Action()
	if b.strip.Root.Visible() || b.item("The ten steps").Checked || b.app.Preferences().BoolWithFallback(keySteps, true) {
		t.Error("the steps are still there, or come back with the next start")
	}
}

func TestTheGuideOpensInTheBrowser(t *testing.T) {
	asked := make(chan string, 1)
	failure := tenant.CauseBrowser.Explain("The page could not be opened.", "", "")
	b := openOn(t, test.NewTempApp(t), kit.Light, kittest.EmptyStore(), func(o *Options) {
		o.Guide = "/opt/partnerdesk/guide/index.html"
		o.OpenPage = func(path string) error {
			asked <- path
			return &tenant.Problem{Op: "open page", Explanation: failure}
		}
	})
	b.item("Guide").Action()
	b.until("the answer", func() bool { return b.general.Visible() })
	if got := <-asked; got != b.o.Guide || b.general.Shown.Title != failure.What {
		t.Errorf("%q was opened, and %q is said", got, b.general.Shown.Title)
	}
	for _, focus := range []fyne.Focusable{nil, b.bar.SignIn, b.tenants.Table, b.tenants.Filter, b.log.Filter} {
		typed := b.Canvas().OnTypedKey()
		if focus != nil {
			b.Canvas().Focus(focus)
			typed = focus.TypedKey
		}
		typed(&fyne.KeyEvent{Name: fyne.KeyF1})
		b.until("the guide by its key", func() bool { return len(asked) == 1 })
		<-asked
	}
	const why = "Guide (Only the packages bring it)"
	without := open(t, kit.Light, kittest.EmptyStore())
	without.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyF1})
	if i := without.item("Guide"); !i.Disabled || i.Label != why || without.general.Shown.Title != why {
		t.Errorf("without a guide the menu says %q, and its key %q", i.Label, without.general.Shown.Title)
	}
}

func TestNoShortcutReachesThroughADialog(t *testing.T) {
	b := open(t, kit.Light, kittest.StoreOf(kittest.Nordlys()))
	b.item("Keyboard shortcuts").Action()
	if b.Canvas().Overlays().Top() == nil {
		t.Fatal("there is no overview")
	}
	b.item("Active").Action()
	if !b.panel.Active.Checked {
		t.Error("a shortcut reached the window below the overview")
	}
	b.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if b.Canvas().Overlays().Top() != nil {
		t.Fatal("Escape does not close the overview")
	}
	b.report(kit.NoticeView{Title: "Something is to be read."})
	b.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if b.general.Visible() {
		t.Error("after the overview, Escape closes no notice any more")
	}
}

func TestF6GoesFromRegionToRegion(t *testing.T) {
	b := open(t, kit.Light, kittest.StoreOf(kittest.Nordlys()))
	b.Resize(fyne.NewSize(windowWidth, windowHeight))
	stops := []fyne.Focusable{b.bar.SignIn, b.tenants.Table, b.panel.Active, b.log.Filter}
	for i := range 2 * len(stops) {
		b.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyF6})
		if got := slices.Index(stops, b.Canvas().Focused()); got != i%len(stops) {
			t.Fatalf("stop %d is region %d", i, got)
		}
	}
	b.item("Previous region").Action()
	if b.Canvas().Focused() != stops[2] {
		t.Error("there is no way back")
	}
	b.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyF6})
	if b.Canvas().Focused() != stops[3] {
		t.Error("a control in focus keeps F6 for itself")
	}
	none := open(t, kit.Light, kittest.EmptyStore())
	none.Resize(fyne.NewSize(windowWidth, windowHeight))
	none.Canvas().Focus(none.tenants.Table)
	none.cycle(1)
	if none.Canvas().Focused() != fyne.Focusable(none.log.Filter) {
		t.Error("without a tenant there is nothing to stop at in the middle")
	}
}

func TestEscapeAnswersWithTheHarmlessButton(t *testing.T) {
	b := open(t, kit.Light, kittest.StoreOf(kittest.Nordlys()))
	b.askRemoveRegistration("our app")
	b.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	b.q.Drain()
	if b.general.Visible() || len(b.scene.overview.Registrations) != 1 {
		t.Error("Escape does not keep the registration")
	}
}

// A notice lies over the window, so that nothing moves under the pointer.
func TestANoticeMovesNothing(t *testing.T) {
	b := open(t, kit.Light, kittest.StoreOf(kittest.Nordlys()))
	b.Resize(fyne.NewSize(windowWidth, windowHeight))
	places := func() []fyne.Position {
		var list []fyne.Position
		for _, o := range []fyne.CanvasObject{b.bar.SignIn, b.strip.Root, b.tenants.Filter, b.panel.LogOn, b.log.Filter, b.protect} {
			list = append(list, fyne.CurrentApp().Driver().AbsolutePositionForObject(o))
		}
		return list
	}
	before := places()
	b.report(kit.NoticeView{Title: "Something is to be read.", Lines: []string{strings.Repeat("It has many words. ", 30)}})
	if !slices.Equal(before, places()) {
		t.Errorf("from %v to %v", before, places())
	}
	bottom := fyne.CurrentApp().Driver().AbsolutePositionForObject(b.general.Container).Y + b.general.Size().Height
	if b.general.Size().Height < 50 || bottom > fyne.CurrentApp().Driver().AbsolutePositionForObject(b.protect).Y {
		t.Errorf("the notice ends at %v, and is %v high", bottom, b.general.Size().Height)
	}
	// What lies below it cannot be pressed through it.
	middle := fyne.NewPos(windowWidth/2, bottom-b.general.Size().Height/2)
	b.Canvas().Unfocus()
	test.TapCanvas(b.Canvas(), middle)
	if b.Canvas().Focused() != nil {
		t.Error("a click reached what lies below the notice")
	}
}

func TestTheMenuLettersItsShortcutsItself(t *testing.T) {
	b := open(t, kit.Light, kittest.StoreOf(kittest.Nordlys()))
	i := b.item("Settings…")
	if !strings.HasSuffix(i.Label, "\tCtrl+,") {
		t.Errorf("the item is %q", i.Label)
	}
	if _, drawn := i.Shortcut.(fyne.KeyboardShortcut); drawn || i.Shortcut.ShortcutName() != ctrl(fyne.KeyComma).ShortcutName() {
		t.Errorf("the shortcut is %q, and Fyne draws it: %t", i.Shortcut.ShortcutName(), drawn)
	}
	width := func(label string) float32 {
		before := label[:strings.LastIndex(label, "\t")+1]
		return fyne.MeasureText(before, theme.TextSize(), fyne.TextStyle{}).Width
	}
	if a, z := width(i.Label), width(b.item("Quit").Label); a != z {
		t.Errorf("the shortcuts begin at %v and at %v", a, z)
	}
}

// A menu is as wide as its longest item.
func TestTheMenuSaysItInFewWords(t *testing.T) {
	for _, locale := range []string{"en", "nb"} {
		t.Run(locale, func(t *testing.T) {
			if locale == "nb" {
				inNorwegian(t)
			}
			bare := kittest.Nordlys()
			bare.Active, bare.SignedIn, bare.TokenFingerprint = false, false, "none"
			store := kittest.StoreOf(bare)
			store.Poller.Here, store.Poller.Lease.Owner = false, tenant.Owner{Program: "console", Host: "srv-poll-01", PID: 4242}
			b := open(t, kit.Light, store)
			b.desk.signIn = func(ctx context.Context, _ workbench.SignInRequest, _ workbench.SignInHooks) (workbench.SignedIn, error) {
				<-ctx.Done()
				return workbench.SignedIn{}, ctx.Err()
			}
			b.tap(b.bar.SignIn)
			b.until("the sign-in", func() bool { return b.signIn.Busy() })
			barred := 0
			for _, m := range b.MainMenu().Items {
				for _, i := range m.Items {
					if _, why, found := strings.Cut(i.Label, " ("); found && i.Disabled {
						barred++
						if n := utf8.RuneCountInString(strings.TrimSuffix(why, ")")); n > 40 {
							t.Errorf("%q has a reason of %d letters", i.Label, n)
						}
					}
				}
			}
			if barred < 10 {
				t.Errorf("only %d items cannot be chosen", barred)
			}
		})
	}
}
