package tenants

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
)

func TestTheKeyboardGoesThroughTheRows(t *testing.T) {
	s := newStand(t, kit.Light, many(100)...)
	at := func(want int) {
		t.Helper()
		if got := s.Table.position(s.chosen); got != want || s.Table.sel.chosen != s.chosen {
			t.Errorf("at row %d (%v), want %d", got, s.chosen, want)
		}
		if y := float32(want) * s.Table.rowHeight(); y < s.Table.scroll.Offset.Y || y+s.Table.rowHeight() > s.Table.scroll.Offset.Y+s.Table.scroll.Size().Height+0.5 {
			t.Errorf("row %d is out of sight", want)
		}
	}
	page := s.Table.page()
	s.key(fyne.KeyDown, fyne.KeyDown)
	at(2)
	s.key(fyne.KeyPageDown)
	at(2 + page)
	s.key(fyne.KeyEnd, fyne.KeyDown)
	at(99)
	s.key(fyne.KeyPageUp)
	at(99 - page)
	s.key(fyne.KeyHome, fyne.KeyUp)
	at(0)
	s.key(fyne.KeyReturn)
	if s.opened != 1 {
		t.Error("Return does not go on to the tenant")
	}
}

func TestRowsAreSelectedByMouseAndKeyboard(t *testing.T) {
	s := newStand(t, kit.Light, many(20)...)
	selected := func(want ...int) {
		t.Helper()
		var got []int
		for i, k := range s.Table.keys {
			if s.Table.sel.keys[k] {
				got = append(got, i)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("selected %v, want %v", got, want)
		}
	}
	s.click(3, desktop.MouseButtonPrimary, 0)
	selected(3)
	s.click(6, desktop.MouseButtonPrimary, fyne.KeyModifierShift)
	selected(3, 4, 5, 6)
	s.click(4, desktop.MouseButtonPrimary, fyne.KeyModifierControl)
	s.click(9, desktop.MouseButtonPrimary, fyne.KeyModifierControl)
	selected(3, 5, 6, 9)
	if s.count.Text != "20 · 4 selected" || s.Table.position(s.chosen) != 9 {
		t.Errorf("the heading says %q, and row %d is chosen", s.count.Text, s.Table.position(s.chosen))
	}
	s.click(5, desktop.MouseButtonSecondary, 0)
	selected(3, 5, 6, 9)
	s.click(12, desktop.MouseButtonSecondary, 0)
	selected(12)
	s.keys = fyne.KeyModifierShift
	s.key(fyne.KeyUp, fyne.KeyUp)
	selected(10, 11, 12)
	s.keys = 0
	s.Table.TypedShortcut(&fyne.ShortcutSelectAll{})
	if len(s.Table.sel.keys) != 20 {
		t.Errorf("Ctrl+A selects %d", len(s.Table.sel.keys))
	}
	s.key(fyne.KeyEscape)
	selected(10)
	var handed []fyne.KeyName
	s.w.Canvas().SetOnTypedKey(func(key *fyne.KeyEvent) { handed = append(handed, key.Name) })
	s.key(fyne.KeyEscape, fyne.KeyF6, fyne.KeyUp)
	if len(handed) != 2 || handed[0] != fyne.KeyEscape || handed[1] != fyne.KeyF6 {
		t.Errorf("the window gets %v", handed)
	}
}

func TestNothingIsDoneToWhatTheFilterHides(t *testing.T) {
	s := newStand(t, kit.Light, many(300)...)
	s.Table.TypedShortcut(&fyne.ShortcutSelectAll{})
	test.Type(s.Filter, "ver:resting fjord")
	if got := len(s.Table.selected()); got == 0 || got != len(s.Table.keys) || len(s.Table.keys) > 5 {
		t.Fatalf("%d of the %d rows that are shown are selected", got, len(s.Table.keys))
	}
	s.Filter.SetText("zzz")
	s.key(fyne.KeySpace, fyne.KeyDelete, fyne.KeyReturn)
	if len(s.Table.selected()) != 0 || s.changing != nil || len(s.acts)+s.opened != 0 || !s.clear.Visible() {
		t.Error("something was done to tenants that cannot be seen, or the filter cannot be cleared")
	}
	test.Tap(s.clear)
	if s.Filter.Text != "" || len(s.Table.keys) != 300 || s.empty.Visible() {
		t.Error("the filter is not cleared")
	}
	if len(s.Table.selected()) != 300 || s.count.Text != "300 · 300 selected" {
		t.Errorf("what was selected before is not: %q", s.count.Text)
	}
}

func TestTheFilterHandsTheKeyboardOn(t *testing.T) {
	s := newStand(t, kit.Light, many(70)...)
	s.w.Canvas().Focus(s.Filter)
	test.Type(s.Filter, "kyst")
	s.Filter.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	if s.w.Canvas().Focused() != fyne.Focusable(s.Table) || !strings.HasPrefix(s.names()[s.Table.position(s.chosen)], "Kyst") {
		t.Errorf("the keyboard is not in the table, on a row that is shown: %v", s.chosen)
	}
	s.w.Canvas().Focus(s.Filter)
	s.Filter.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if s.Filter.Text != "" || s.count.Text != "70" {
		t.Errorf("Escape leaves %q, and the heading says %q", s.Filter.Text, s.count.Text)
	}
}

func TestADeactivationCanBeUndone(t *testing.T) {
	s := newStand(t, kit.Light, many(7)...)
	s.keys = fyne.KeyModifierShift
	s.key(fyne.KeyDown, fyne.KeyDown)
	s.keys = 0
	s.key(fyne.KeySpace)
	s.q.Await(t, "the deactivation", func() bool { return s.changed == 1 })
	if s.desk.count(false) != 3 || s.answer.Shown.Title != "3 tenants deactivated." {
		t.Fatalf("%d are off, and the bar says %q", s.desk.count(false), s.answer.Shown.Title)
	}
	undo := s.answer.Buttons.Objects[0].(*kit.Button)
	s.w.Canvas().Focus(undo)
	undo.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	s.q.Await(t, "the undoing", func() bool { return s.changed == 2 })
	if s.desk.count(true) != 3 || s.answer.Shown.Title != "3 tenants activated." || len(s.answer.Buttons.Objects) != 1 {
		t.Errorf("%d are on, and the bar says %q", s.desk.count(true), s.answer.Shown.Title)
	}
	if s.w.Canvas().Focused() != fyne.Focusable(s.Table) {
		t.Error("the keyboard was on the button that has gone, and is nowhere now")
	}
}

func TestAChangeOfThousandsShowsHowFarItIsAndCanBeCancelled(t *testing.T) {
	s := newStand(t, kit.Light, many(1000)...)
	third, on := make(chan struct{}), make(chan struct{})
	s.desk.before = func(ctx context.Context) error {
		s.desk.mu.Lock()
		pieces := s.desk.pieces
		s.desk.mu.Unlock()
		if pieces == 2 {
			close(third)
			select {
			case <-on:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	}
	s.Table.TypedShortcut(&fyne.ShortcutSelectAll{})
	s.activate(s.Table.selected(), false)
	<-third
	s.q.Await(t, "the bar", func() bool { return s.answer.Shown.Title == "500 of 909 tenants…" })
	if got := s.logOnBarred(s.Table.selected()); got != textStillBusy.String() {
		t.Errorf("another change can begin meanwhile: %q", got)
	}
	test.Tap(s.answer.Buttons.Objects[0].(*kit.Button))
	s.q.Await(t, "the end", func() bool { return s.changed == 1 })
	want := kit.NoticeView{Title: "500 tenants deactivated.", Lines: []string{"It was cancelled before the other 409."}}
	if !s.answer.Shown.Equal(want) || s.desk.count(false) != 500 {
		t.Errorf("%+v; %d are off", s.answer.Shown, s.desk.count(false))
	}
}

func TestAFailedChangeIsExplained(t *testing.T) {
	s := newStand(t, kit.Light, many(7)...)
	s.desk.before = func(context.Context) error {
		return &tenant.Problem{Op: "switch", Err: errors.New("locked"), Explanation: tenant.CauseFilesBusy.Explain("The tenants were not switched.", "", "")}
	}
	s.key(fyne.KeySpace)
	s.q.Await(t, "the failure", func() bool { return s.changed == 1 })
	if s.answer.Shown.Title != "The tenants were not switched." || len(s.answer.Buttons.Objects) != 1 {
		t.Errorf("%+v", s.answer.Shown)
	}
}

// menu is what the menu offers, with the reasons of what cannot be used.
func (s *stand) menu() []string {
	var labels []string
	for _, i := range s.menuItems(s.Table.selected()) {
		if !i.IsSeparator {
			labels = append(labels, i.Label)
		}
	}
	return labels
}

func TestTheMenuSaysWhatCannotBeDone(t *testing.T) {
	off := kittest.Blomster()
	off.Active, off.Verdict = false, tenant.Inactive
	s := newStand(t, kit.Light, kittest.Nordlys(), off)
	s.barred = "nobody is signed in"
	want := []string{"Log on now (it is not active)", "Activate", "Sign in again (nobody is signed in)", "Check this tenant (nobody is signed in)",
		"Copy facts", "Copy ctx", "Copy as a table", "Sign out… (nobody is signed in)", "Remove… (nobody is signed in)", "Sort by", "Select all"}
	if got := s.menu(); !slices.Equal(got, want) {
		t.Errorf("one tenant: %q", got)
	}
	s.key(fyne.KeyDelete)
	if s.answer.Shown.Title != "Remove… (nobody is signed in)" || len(s.acts) != 0 {
		t.Errorf("the Delete key says %q", s.answer.Shown.Title)
	}
	s.barred = ""
	s.Table.selectAll()
	if got := s.menu(); !slices.Equal(got[:3], []string{"Log on to 2 tenants now", "Activate 1 tenant", "Deactivate 1 tenant"}) || !slices.Contains(got, "Remove… (for one tenant at a time)") {
		t.Errorf("two tenants: %q", got)
	}
	s.click(1, desktop.MouseButtonPrimary, 0)
	s.key(fyne.KeyDelete)
	if !slices.Equal(s.acts, []Act{Remove}) {
		t.Errorf("the Delete key does %v", s.acts)
	}
}

func TestTheMenuOpensByMouseAndKey(t *testing.T) {
	s := newStand(t, kit.Light, many(20)...)
	s.Table.TappedSecondary(&fyne.PointEvent{Position: fyne.NewPos(40, 30)})
	if s.w.Canvas().Overlays().Top() == nil {
		t.Fatal("the other mouse button opens nothing")
	}
	s.w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if s.w.Canvas().Overlays().Top() != nil || s.w.Canvas().Focused() != fyne.Focusable(s.Table) {
		t.Fatal("Escape does not lead back to the table")
	}
	s.key(fyne.KeyF10)
	if s.w.Canvas().Overlays().Top() != nil {
		t.Error("F10 alone opens the menu")
	}
	s.keys = fyne.KeyModifierShift
	s.key(fyne.KeyF10)
	s.keys = 0
	menu := s.w.Canvas().Focused()
	for range 2 {
		menu.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	}
	menu.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	s.q.Await(t, "the deactivation", func() bool { return s.desk.count(false) == 1 && s.changed == 1 })
}

func TestLogOnNowIsDoneByWhoeverPolls(t *testing.T) {
	s := newStand(t, kit.Light, kittest.Nordlys())
	s.view.Polling = false
	rows := s.Table.selected()
	if got := s.menu()[0]; got != "Log on now (the poller is off)" {
		t.Errorf("with no poller: %q", got)
	}
	s.view.Poller.Here, s.view.Poller.Lease.Owner = false, tenant.Owner{Program: "console", PID: 99}
	if got := s.menu()[0]; got != "Log on now: the console (process 99) does it" {
		t.Errorf("while the console polls: %q", got)
	}
	s.visit(rows)
	s.q.Await(t, "the wish", func() bool { return s.changed == 1 })
	if !slices.Equal(s.desk.visited, []tenant.Key{kittest.Nordlys().Key}) || s.answer.Visible() {
		t.Errorf("asked for %v, and the bar says %q", s.desk.visited, s.answer.Shown.Title)
	}
	waited := kittest.Nordlys()
	waited.Awaited = true
	s.show(waited)
	if got := s.Table.row(0).text(colLogOn, kittest.Noon); got != "Asked for" {
		t.Errorf("the row of a tenant whose visit is awaited says %q", got)
	}
}

func TestWhatIsCopiedFitsIntoASpreadsheet(t *testing.T) {
	odd := kittest.Blomster()
	odd.CompanyName = "Blomster\t& \n Sønn"
	s := newStand(t, kit.Light, kittest.Nordlys(), odd)
	s.Table.selectAll()
	s.Table.TypedShortcut(&fyne.ShortcutCopy{})
	want := "Name\tCtx\tEnvironment\tRegistration\tSerial number\tVerdict\tLast log-on\tTicket\tFailures\n" +
		"Blomster & Sønn\tCust20871\tSandbox\tsandbox\t1893041276\tUnknown\t\t\t0\n" +
		"Nordlys Ærlig Handel AS\tCust10234\tSandbox\tsandbox\t1893041276\tWell\t2026-03-14 11:59:48\t2026-03-14 17:59:00\t0\n"
	if s.copied != want {
		t.Errorf("copied %q", s.copied)
	}
}

func TestSortingAndWidthsAreRemembered(t *testing.T) {
	s := newStand(t, kit.Light, fleet()...)
	s.w.Resize(fyne.NewSize(760, 460))
	titles, header := s.Table.places, s.Table.header
	x := titles[len(titles)-1].x + 10
	header.Tapped(&fyne.PointEvent{Position: fyne.NewPos(x, 8)})
	if want := []string{"Bravo", "charlie", "Alfa", "Delta"}; !slices.Equal(s.names(), want) {
		t.Errorf("sorted by failures: %v", s.names())
	}
	edge := titles[2].x + titles[2].width + columnGap/2
	header.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(edge, 8)}})
	header.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(edge+20, 8)}, Dragged: fyne.NewDelta(20, 0)})
	header.DragEnd()
	width := s.Table.places[2].width
	if width != titles[2].width+20 {
		t.Errorf("a drag by 20 makes a width of %v into %v", titles[2].width, width)
	}
	s.make()
	s.w.Resize(fyne.NewSize(760, 460))
	s.show(fleet()...)
	if s.names()[0] != "Bravo" || s.Table.places[2].width != width {
		t.Errorf("at the next start %v, and a width of %v", s.names(), s.Table.places[2].width)
	}
}

func TestTheSelectionOutlivesANewScene(t *testing.T) {
	views := many(30)
	s := newStand(t, kit.Light, views...)
	s.click(2, desktop.MouseButtonPrimary, 0)
	s.click(4, desktop.MouseButtonPrimary, fyne.KeyModifierShift)
	gone, kept := s.Table.keys[3], s.Table.keys[2]
	s.show(slices.DeleteFunc(slices.Clone(views), func(v workbench.TenantView) bool { return v.Key == gone })...)
	if got := len(s.Table.sel.keys); got != 2 || !s.Table.sel.keys[kept] {
		t.Errorf("%d are selected after one of three has gone", got)
	}
	s.chosen = s.Table.keys[25]
	s.show(views...)
	if s.Table.sel.chosen != s.chosen || len(s.Table.sel.keys) != 1 || s.Table.scroll.Offset.Y == 0 {
		t.Error("the tenant that the window has chosen is not selected, or out of sight")
	}
}

func TestATipTellsWhatACellLeavesOut(t *testing.T) {
	live := kittest.Nordlys()
	live.Environment, live.CompanyName = tenant.Production, strings.Repeat("Nordlys ", 12)
	trouble := tenant.CauseRevoked.Explain("The token was refused.", "", "")
	live.Trouble = &trouble
	s := newStand(t, kit.Light, live, kittest.Blomster())
	for at, want := range map[tipped]string{
		{1, colName}: strings.TrimSpace(live.CompanyName) + " . In production.", {1, colVerdict}: trouble.What,
		{1, colLogOn}: "2026-03-14 11:59:48", {0, colName}: "", {0, colCtx}: "", {-1, colName}: "", {0, columns}: "",
	} {
		if got := s.Table.tipOf(at); got != want {
			t.Errorf("over %v: %q, want %q", at, got, want)
		}
	}
}

func TestRowsAreDrawnWhereverTheTableIsScrolled(t *testing.T) {
	s := newStand(t, kit.Light, many(5000)...)
	drawn := func() map[string]bool {
		found := map[string]bool{}
		for _, o := range test.WidgetRenderer(s.Table).Objects() {
			text, isText := o.(*canvas.Text)
			top := o.Position().Y - s.Table.scroll.Offset.Y
			if isText && o.Visible() && top >= 0 && top < s.Table.scroll.Size().Height {
				found[text.Text] = true
			}
		}
		return found
	}
	s.key(fyne.KeyEnd)
	if last := s.Table.row(4999).view.ContextID; !drawn()[last] {
		t.Errorf("the last row is not drawn after the End key")
	}
	s.Filter.SetText(s.Table.row(10).view.ContextID)
	if s.Table.scroll.Offset.Y != 0 || !drawn()[s.Filter.Text] {
		t.Errorf("the one row that is left is not drawn: the offset is %v", s.Table.scroll.Offset)
	}
	s.Filter.SetText("")
	s.Table.scroll.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -2000)})
	if first := s.Table.row(int(s.Table.scroll.Offset.Y/s.Table.rowHeight()) + 1).view.ContextID; s.Table.scroll.Offset.Y == 0 || !drawn()[first] {
		t.Errorf("after the mouse wheel the row %s is not drawn", first)
	}
}
