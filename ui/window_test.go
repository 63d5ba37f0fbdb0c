package ui

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"partnerdesk/core/journal"
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
)

const signInURL = "http://127.0.0.1:4711/login/common/oauth/authorize?state=x"

// browsing is a sign-in that waits for an answer from the test.
func browsing(answer <-chan error, result workbench.SignedIn) func(context.Context, workbench.SignInRequest, workbench.SignInHooks) (workbench.SignedIn, error) {
	return func(ctx context.Context, _ workbench.SignInRequest, h workbench.SignInHooks) (workbench.SignedIn, error) {
		h.Waiting(signInURL, noon.Add(3*time.Minute))
		select {
		case <-ctx.Done():
			return workbench.SignedIn{}, ctx.Err()
		case err := <-answer:
			h.Returned()
			return result, err
		}
	}
}

func TestSignInShowsAndSelectsTheNewTenant(t *testing.T) {
	b := open(t, Light, storeOf(blomster()))
	answer := make(chan error)
	b.desk.signIn = browsing(answer, workbench.SignedIn{Tenant: nordlys(), New: true})
	b.tap(b.bar.signIn)
	if b.bar.signIn.Text != textSigningIn || !b.bar.signIn.Disabled() {
		t.Errorf("the button says %q while a sign-in is under way", b.bar.signIn.Text)
	}
	b.until("the banner", func() bool { return b.signIn.state.phase == signInWaiting })
	if got := b.signIn.notice.shown.Title; got != "Waiting for your approval in the browser… 3:00 left" {
		t.Errorf("banner %q", got)
	}
	if got := <-b.opened; got != signInURL {
		t.Errorf("opened %q", got)
	}
	b.tap(b.signIn.copyLink)
	if got := b.app.Clipboard().Content(); got != signInURL {
		t.Errorf("clipboard %q", got)
	}
	b.tap(b.signIn.openAgain)
	<-b.opened
	b.desk.change(func(o *workbench.Overview) { o.Tenants = append(o.Tenants, nordlys()) })
	answer <- nil
	b.until("the new tenant to be chosen", func() bool { return b.selected == nordlys().Key })
	if b.signIn.notice.Visible() {
		t.Error("the banner is still there")
	}
	if b.panel.name.text != nordlys().CompanyName {
		t.Errorf("the panel shows %q", b.panel.name.text)
	}
}

func TestCancelledSignInIsNoError(t *testing.T) {
	b := open(t, Light, emptyStore())
	b.desk.signIn = browsing(nil, workbench.SignedIn{})
	b.tap(b.bar.signIn)
	b.until("the banner", func() bool { return b.signIn.state.phase == signInWaiting })
	b.tap(b.signIn.cancel)
	if b.signIn.notice.Visible() || b.bar.signIn.Disabled() {
		t.Error("after Cancel the window still waits")
	}
	b.until("the end of the work", func() bool { return b.signIn.current.finished })
	if b.signIn.notice.Visible() {
		t.Errorf("a cancelled sign-in shows %q", b.signIn.notice.shown.Title)
	}
}

func TestFailedSignInStaysUntilDismissed(t *testing.T) {
	b := open(t, Light, emptyStore())
	answer := make(chan error, 1)
	b.desk.signIn = browsing(answer, workbench.SignedIn{})
	answer <- &tenant.Problem{Op: "sign in", Explanation: tenant.Explanation{
		What: "The approval was refused.", Why: "Somebody pressed Deny.", Next: "Sign in again and approve.", Server: "access_denied"}}
	b.tap(b.bar.signIn)
	b.until("the failure", func() bool { return b.signIn.state.phase == signInFailed })
	want := noticeView{Tone: toneBad, Title: "The approval was refused.",
		Lines: []string{"Somebody pressed Deny.", "The server says: “access_denied”", "What to do: Sign in again and approve."}}
	if !b.signIn.notice.shown.equal(want) {
		t.Errorf("shown %+v", b.signIn.notice.shown)
	}
	b.update(func(*workbench.Overview) {})
	if !b.signIn.notice.Visible() {
		t.Error("the failure went away by itself")
	}
	b.tap(b.signIn.dismiss)
	if b.signIn.notice.Visible() {
		t.Error("Dismiss does not dismiss")
	}
}

func TestAFailedValidationNamesItsCheck(t *testing.T) {
	b := open(t, Light, emptyStore())
	b.desk.signIn = func(context.Context, workbench.SignInRequest, workbench.SignInHooks) (workbench.SignedIn, error) {
		return workbench.SignedIn{Checks: []workbench.Check{
				{Name: "form", Passed: true, Checked: true},
				{Name: "signature", Passed: true, Checked: true},
				{Name: "audience", Checked: true, Reason: "it is for another app"},
				{Name: "subject", Reason: "left out after a failure"}}},
			&tenant.Problem{Op: "sign in", Err: errors.New("refused"), Explanation: tenant.CauseOtherApp.Explain("The id token was refused.", "", "")}
	}
	b.tap(b.bar.signIn)
	b.until("the failure", func() bool { return b.signIn.state.phase == signInFailed })
	brief := b.signIn.notice.shown.Lines
	if len(brief) == 0 || brief[0] != "Check 3 of 4 failed: audience." {
		t.Errorf("it says %q", brief)
	}
	b.tap(b.signIn.checks)
	want := append(slices.Clone(brief), "✓ form, signature", "✗ audience: it is for another app", "– subject: left out after a failure")
	if got := b.signIn.notice.shown.Lines; !slices.Equal(got, want) || b.signIn.checks.Text != textHideChecks {
		t.Errorf("all checks are %q", got)
	}
	b.tap(b.signIn.checks)
	if got := b.signIn.notice.shown.Lines; !slices.Equal(got, brief) {
		t.Errorf("hidden again, it says %q", got)
	}
	b.desk.signIn = func(context.Context, workbench.SignInRequest, workbench.SignInHooks) (workbench.SignedIn, error) {
		return workbench.SignedIn{}, errors.New("no id token")
	}
	b.tap(b.bar.signIn)
	b.until("another failure", func() bool { return b.signIn.state.phase == signInFailed })
	if b.signIn.notice.holds(b.signIn.checks) {
		t.Error("checks of an earlier sign-in are offered")
	}
}

func TestBrowserThatCannotBeOpened(t *testing.T) {
	b := open(t, Light, emptyStore())
	b.signIn.openURL = func(string) error { return errors.New("no browser") }
	b.desk.signIn = browsing(nil, workbench.SignedIn{})
	b.tap(b.bar.signIn)
	b.until("the hint", func() bool { return b.signIn.state.browserLost })
	if b.signIn.state.phase != signInWaiting {
		t.Error("the sign-in gave up, although the link can be copied")
	}
}

func TestSignInWithoutSystemUserSaysWhy(t *testing.T) {
	b := open(t, Light, emptyStore())
	without := nordlys()
	without.TokenFingerprint = "none"
	b.desk.signIn = func(context.Context, workbench.SignInRequest, workbench.SignInHooks) (workbench.SignedIn, error) {
		b.desk.change(func(o *workbench.Overview) { o.Tenants = []workbench.TenantView{without} })
		return workbench.SignedIn{Tenant: without, NoSystemUser: &tenant.Explanation{What: "There is no system user."}}, nil
	}
	b.tap(b.bar.signIn)
	b.until("the tenant", func() bool { return b.selected == without.Key })
	if !b.signIn.notice.Visible() {
		t.Error("nothing says that there is no system user")
	}
	card := b.panel.companies.cards[1]
	if !card.create.Disabled() || card.create.ToolTip() != textNoSystemUserYet {
		t.Errorf("the system user's button says %q", card.create.ToolTip())
	}
	if b.panel.companies.cards[0].create.Disabled() {
		t.Error("the login user's button is disabled too")
	}
	asked := make(chan workbench.SignInRequest, 2)
	b.desk.signIn = func(_ context.Context, r workbench.SignInRequest, _ workbench.SignInHooks) (workbench.SignedIn, error) {
		asked <- r
		return workbench.SignedIn{Tenant: without}, nil
	}
	for _, press := range []*button{b.signIn.consent, b.panel.again} {
		b.tap(press)
		b.until("the end of the sign-in", func() bool { return b.signIn.current.finished })
		if r := <-asked; r.Prompt != workbench.PromptConsent || r.ContextID != without.ContextID {
			t.Errorf("%q asks for %+v", press.Text, r)
		}
	}
}

func TestBothCompanies(t *testing.T) {
	b := open(t, Light, storeOf(nordlys()))
	requests := make(chan workbench.CompanyRequest, 2)
	b.desk.create = func(_ context.Context, r workbench.CompanyRequest) (workbench.CompanyResult, error) {
		requests <- r
		return created(r), nil
	}
	test.Type(b.panel.companies.name, " Fjord AS ")
	for i, as := range []tenant.Actor{tenant.LoginUser, tenant.SystemUser} {
		card := b.panel.companies.cards[i]
		b.tap(card.create)
		b.until("the result", func() bool { return card.view.Title == "Created" })
		if r := <-requests; r != (workbench.CompanyRequest{Key: nordlys().Key, As: as, Name: "Fjord AS"}) {
			t.Errorf("asked for %+v", r)
		}
		b.tap(card.copy)
		if text := b.app.Clipboard().Content(); !strings.Contains(text, "Fjord AS") || !strings.Contains(text, "POST") {
			t.Errorf("copied %q", text)
		}
		if card.create.Disabled() {
			t.Error("the button stays disabled")
		}
	}
}

func TestProductionAsksFirst(t *testing.T) {
	live := nordlys()
	live.Environment = tenant.Production
	b := open(t, Light, storeOf(live, blomster()))
	b.tenants.list.Select(1)
	calls := make(chan struct{}, 4)
	b.desk.create = func(_ context.Context, r workbench.CompanyRequest) (workbench.CompanyResult, error) {
		calls <- struct{}{}
		return created(r), nil
	}
	card := b.panel.companies.cards[0]
	b.tap(card.create)
	if !card.view.Asks || len(calls) != 0 {
		t.Fatal("it did not ask before it wrote to production")
	}
	if b.Canvas().Focused() != card.no {
		t.Error("the harmless answer has not the focus")
	}
	b.tap(card.no)
	if card.view.Asks || len(calls) != 0 {
		t.Fatal("no means no")
	}
	b.tap(card.create)
	b.tenants.list.Select(0)
	b.tenants.list.Select(1)
	if card.view.Asks {
		t.Error("the question outlived the choice of another tenant")
	}
	b.tap(card.create)
	b.tap(card.yes)
	b.until("the result", func() bool { return card.view.Title == "Created" })
}

func TestADoubleClickCreatesOneCompany(t *testing.T) {
	b := open(t, Light, storeOf(nordlys(), blomster()))
	b.tenants.list.Select(1)
	created := countCreations(b)
	card := b.panel.companies.cards[0]
	b.tap(card.create)
	b.until("the result", func() bool { return card.view.Title == "Created" })
	b.tap(card.create)
	b.q.drain()
	if n := created(); n != 1 || card.create.Disabled() {
		t.Errorf("%d companies", n)
	}
	b.panel.companies.slots[slotKey{nordlys().Key, tenant.LoginUser}].at = noon.Add(-time.Second) // a second later
	card.pressed = noon.Add(-time.Second)
	b.tap(card.create)
	b.until("the second company", func() bool { return created() == 2 })
}

func TestAKeyThatIsHeldDownCreatesOneCompany(t *testing.T) {
	b := open(t, Light, storeOf(nordlys()))
	created := countCreations(b)
	card := b.panel.companies.cards[1]
	b.Canvas().Focus(card.create)
	for i := range 40 { // two seconds of a key that repeats
		card.pressed = card.pressed.Add(-50 * time.Millisecond)
		if slot := b.panel.companies.slots[slotKey{nordlys().Key, tenant.SystemUser}]; slot != nil {
			slot.at = slot.at.Add(-50 * time.Millisecond)
		}
		card.create.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		if i == 0 {
			b.until("the result", func() bool { return card.view.Title == "Created" })
		}
		b.q.drain()
	}
	if n := created(); n != 1 {
		t.Errorf("%d companies", n)
	}
}

func TestSlowWorkDoesNotPushAnotherNoticeAside(t *testing.T) {
	b := open(t, Light, storeOf(nordlys()))
	release := make(chan struct{})
	b.desk.setActive = func(tenant.Key, bool) error { <-release; return nil }
	b.panel.active.SetChecked(false)
	b.until("the offer to give up", func() bool { return b.general.shown.Title == textStillWorking })
	b.fail(errors.New("the log could not be written"))
	told, before := b.general.shown, b.scene
	close(release)
	b.until("the end of the work", func() bool { return b.scene != before }) // it has the store read anew
	if !b.general.shown.equal(told) {
		t.Errorf("the failure was wiped, it says %q", b.general.shown.Title)
	}
}

func TestAnIntervalThatCannotBeStoredIsPutBack(t *testing.T) {
	b := open(t, Light, storeOf(nordlys()))
	b.until("the interval", func() bool { return b.bar.every.Selected == "every 15 s" })
	b.desk.fail(errors.New("the store is busy"))
	b.bar.every.SetSelected("every 5 min")
	b.until("the failure", func() bool { return b.general.Visible() })
	b.desk.fail(nil)
	b.update(func(*workbench.Overview) {})
	if b.bar.every.Selected != "every 15 s" {
		t.Errorf("the chooser says %q", b.bar.every.Selected)
	}
}

// countCreations makes every creation succeed at once and returns their number so far.
func countCreations(b *bench) func() int {
	var n atomic.Int32
	b.desk.create = func(_ context.Context, r workbench.CompanyRequest) (workbench.CompanyResult, error) {
		n.Add(1)
		return created(r), nil
	}
	return func() int { return int(n.Load()) }
}

func TestATypedNameIsForOneTenant(t *testing.T) {
	b := open(t, Light, storeOf(nordlys(), blomster()))
	b.tenants.list.Select(1)
	test.Type(b.panel.companies.name, "Fjord AS")
	b.tenants.list.Select(0)
	if name := b.panel.companies.name.Text; name != "" {
		t.Errorf("the other tenant is proposed %q", name)
	}
}

func TestTheFocusComesBackAfterACreation(t *testing.T) {
	b := open(t, Light, storeOf(nordlys()))
	created := countCreations(b)
	card := b.panel.companies.cards[1]
	b.Canvas().Focus(card.create)
	card.create.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	b.until("the result", func() bool { return created() == 1 && card.view.Title == "Created" })
	if b.Canvas().Focused() != fyne.Focusable(card.create) {
		t.Errorf("the focus is on %v", b.Canvas().Focused())
	}
}

func TestLateResultStaysWithItsTenant(t *testing.T) {
	b := open(t, Light, storeOf(nordlys(), blomster()))
	b.tenants.list.Select(1)
	release := make(chan struct{})
	b.desk.create = func(_ context.Context, r workbench.CompanyRequest) (workbench.CompanyResult, error) {
		<-release
		return created(r), nil
	}
	card := b.panel.companies.cards[0]
	b.tap(card.create)
	if card.create.Text != textCreating {
		t.Errorf("the button says %q", card.create.Text)
	}
	work := b.panel.companies.slots[slotKey{nordlys().Key, tenant.LoginUser}].job
	b.tenants.list.Select(0)
	if b.selected != blomster().Key || card.create.Disabled() {
		t.Fatal("the other tenant's button is not free")
	}
	close(release)
	b.until("the answer", func() bool { return work.finished })
	if card.view.Title == "Created" {
		t.Error("the answer is shown for another tenant")
	}
	b.tenants.list.Select(1)
	if card.view.Title != "Created" {
		t.Errorf("back at its tenant the card says %q", card.view.Title)
	}
}

func TestSlowCreationCanBeCancelled(t *testing.T) {
	b := open(t, Light, storeOf(nordlys()))
	b.desk.create = func(ctx context.Context, r workbench.CompanyRequest) (workbench.CompanyResult, error) {
		<-ctx.Done()
		return workbench.CompanyResult{Outcome: workbench.CouldNotTell}, ctx.Err()
	}
	card := b.panel.companies.cards[1]
	b.tap(card.create)
	b.until("the offer to cancel", func() bool { return card.view.CanCancel })
	b.tap(card.cancel)
	b.until("the result", func() bool { return card.view.Title == textCouldNotTellHeading })
}

func TestPollerSwitchAndReasons(t *testing.T) {
	b := open(t, Light, storeOf(nordlys()))
	if b.panel.logOn.Disabled() {
		t.Error("log on now is disabled although this window polls")
	}
	b.tap(b.panel.logOn)
	b.until("the visit", func() bool { return len(b.desk.visits()) == 1 })
	b.bar.poll.SetChecked(false)
	b.until("the stop", func() bool { return !b.poller.Running() && b.panel.logOn.Disabled() && !b.bar.poll.Checked })
	if got := b.panel.logOn.ToolTip(); got != "The poller is off: switch Poll on at the top first" {
		t.Errorf("the reason is %q", got)
	}
	b.bar.poll.SetChecked(true)
	b.until("the start", func() bool { return b.poller.Running() && !b.panel.logOn.Disabled() })
	b.bar.demo.SetChecked(true)
	b.until("the setting", func() bool { return b.desk.settings().Demonstration })
	b.panel.active.SetChecked(false)
	b.until("the tenant to rest", func() bool { return b.panel.verdict.text == "Inactive" })
	if got := b.panel.logOn.ToolTip(); got != "The tenant is not active: switch Active on first" {
		t.Errorf("the reason is %q", got)
	}
	b.update(func(o *workbench.Overview) {
		o.Poller.Here, o.Poller.Lease.Owner = false, tenant.Owner{Program: "console", PID: 99}
	})
	if got := b.bar.sentence.text; !strings.HasPrefix(got, "The console polls (process 99)") {
		t.Errorf("who polls: %q", got)
	}
}

func TestFailedActionIsExplainedInThePanel(t *testing.T) {
	b := open(t, Light, storeOf(nordlys()))
	b.desk.setActive = func(tenant.Key, bool) error {
		return &tenant.Problem{Op: "set active", Explanation: tenant.Explanation{What: "The store is busy.", Temporary: true}}
	}
	b.panel.active.SetChecked(false)
	b.until("the failure", func() bool { return b.panel.answer.shown.Title == "The store is busy." })
	b.until("the check to tell the truth", func() bool { return b.panel.active.Checked })
}

func TestStoreThatCannotBeRead(t *testing.T) {
	b := open(t, Light, storeOf(nordlys()))
	b.desk.fail(&tenant.Problem{Op: "read", Explanation: tenant.Explanation{What: "The data cannot be read."}})
	b.refresh()
	b.until("the trouble", func() bool { return b.general.Visible() })
	if b.panel.name.text != nordlys().CompanyName {
		t.Error("what was shown went away")
	}
	b.desk.fail(nil)
	b.refresh()
	b.until("the trouble to end", func() bool { return !b.general.Visible() })
}

func TestTenantFilterAndKeys(t *testing.T) {
	b := open(t, Light, storeOf(nordlys(), blomster()))
	test.Type(b.tenants.filter, "cust102")
	if len(b.tenants.shown) != 1 || b.tenants.count.text != "1 of 2" {
		t.Errorf("the filter leaves %d, the heading says %q", len(b.tenants.shown), b.tenants.count.text)
	}
	b.tenants.filter.SetText("")
	b.Canvas().Focus(b.tenants.list)
	b.tenants.list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	b.q.drain()
	if b.selected != nordlys().Key {
		t.Errorf("the arrow key chose %v", b.selected)
	}
	b.tenants.filter.SetText("zzz")
	if b.tenants.none.text != textNoMatch || b.selected != nordlys().Key {
		t.Error("a filter without a match must say so, and leave the chosen tenant")
	}
}

func TestLogFilters(t *testing.T) {
	b := open(t, Light, storeOf(nordlys(), blomster()))
	shows := func(want string) {
		t.Helper()
		b.until("the log to show "+want, func() bool { return b.log.counts.text == want })
	}
	b.events <- someEvents()
	shows("12 lines")
	if !b.log.clear.Disabled() || b.log.clear.ToolTip() != textNoFilter {
		t.Error("there is a filter to clear before one is set")
	}
	b.log.level.SetSelected(textWarningsUp)
	shows("2 of 12 lines")
	b.log.level.SetSelected(textAllLevels)
	b.tenants.list.Select(1)
	b.log.scope.SetSelected(textChosenTenant)
	shows("5 of 12 lines")
	b.tenants.list.Select(0)
	shows("2 of 12 lines")
	b.log.find.SetText("503")
	shows("1 of 12 lines")
	b.tap(b.log.clear)
	shows("12 lines")
}

func TestJumpToNewest(t *testing.T) {
	b := open(t, Light, emptyStore())
	b.Resize(fyne.NewSize(windowWidth, windowHeight))
	var many []journal.Event
	for range 20 {
		many = append(many, someEvents()...)
	}
	b.events <- many
	b.until("the lines", func() bool { return b.log.counts.text == "240 lines" })
	b.log.follow.SetChecked(false)
	b.events <- someEvents()
	b.until("the chip", func() bool { return b.log.newest.Visible() && b.log.newest.Text == "Jump to newest (12 new)" })
	b.tap(b.log.newest)
	if !b.log.view.Following() || !b.log.follow.Checked || b.log.newest.Visible() {
		t.Error("the chip does not jump to the newest line")
	}
}

func TestExportWritesWhatIsShown(t *testing.T) {
	b := open(t, Light, emptyStore())
	b.Resize(fyne.NewSize(windowWidth, windowHeight))
	b.events <- someEvents()
	b.until("the lines", func() bool { return b.log.counts.text == "12 lines" })
	b.log.level.SetSelected(textErrorsOnly)
	b.until("the filter", func() bool { return b.log.counts.text == "1 of 12 lines" })
	b.tap(b.log.export)
	if b.Canvas().Overlays().Top() == nil {
		t.Fatal("Export asks for no place")
	}
	file := &memoryFile{closed: make(chan struct{})}
	b.log.write(file)
	<-file.closed
	if text := file.String(); strings.Count(text, "\n") != 1 || !strings.Contains(text, "503 from the tenant") {
		t.Errorf("wrote %q", text)
	}
	b.until("the confirmation", func() bool { return b.general.shown.Title == "Saved 1 line of the log to /home/ada/log.txt." })
	b.log.write(&memoryFile{closed: make(chan struct{}), failure: errors.New("disk full")})
	b.until("the failure to be shown", func() bool { return b.general.shown.Title == "The log could not be written to the file." })
}

// memoryFile is a file that a test can look into once it is closed.
type memoryFile struct {
	strings.Builder
	closed  chan struct{}
	failure error
}

func (f *memoryFile) URI() fyne.URI { return storage.NewFileURI("/home/ada/log.txt") }

func (f *memoryFile) Close() error {
	close(f.closed)
	return f.failure
}

func TestReturnPressesButtons(t *testing.T) {
	test.NewTempApp(t)
	pressed := 0
	button := newButton("Go", nil, "", func() { pressed++ })
	w := test.NewTempWindow(t, button)
	w.Canvas().Focus(button)
	for _, key := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace} {
		button.TypedKey(&fyne.KeyEvent{Name: key})
	}
	if pressed != 3 {
		t.Errorf("pressed %d times", pressed)
	}
	button.allow("because")
	button.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if pressed != 3 || button.ToolTip() != "because" {
		t.Error("a disabled button must not be pressed, and must say why")
	}
}

// The Tab key goes from the top through the tenants and the panel to the log.
func TestFocusOrder(t *testing.T) {
	b := open(t, Light, storeOf(nordlys()))
	seen := map[fyne.Focusable]int{}
	for i := range 30 {
		b.Canvas().FocusNext()
		if f := b.Canvas().Focused(); f != nil {
			if _, again := seen[f]; !again {
				seen[f] = i
			}
		}
	}
	order := []fyne.Focusable{b.bar.signIn, b.bar.poll, b.tenants.filter, b.panel.logOn,
		b.panel.companies.name, b.panel.companies.cards[0].create, b.panel.companies.cards[1].create, b.log.find}
	for i := 1; i < len(order); i++ {
		before, ok := seen[order[i-1]]
		after, ok2 := seen[order[i]]
		if !ok || !ok2 || before >= after {
			t.Errorf("focus stop %d does not come before stop %d (%d, %d)", i-1, i, before, after)
		}
	}
}

func TestHighlightGoesAwayWithTheFirstTenant(t *testing.T) {
	b := open(t, Light, emptyStore())
	if b.bar.signIn.Importance != widget.HighImportance {
		t.Error("sign in is not highlighted at the first start")
	}
	b.update(func(o *workbench.Overview) { o.Tenants = []workbench.TenantView{nordlys()} })
	if b.bar.signIn.Importance == widget.HighImportance {
		t.Error("sign in is still highlighted")
	}
}

func TestCloseEndsEverything(t *testing.T) {
	b := open(t, Light, storeOf(nordlys()))
	ended := make(chan struct{})
	b.desk.create = func(ctx context.Context, r workbench.CompanyRequest) (workbench.CompanyResult, error) {
		<-ctx.Done()
		close(ended)
		return workbench.CompanyResult{}, ctx.Err()
	}
	b.tap(b.panel.companies.cards[0].create)
	b.Close()
	<-ended
	b.run.spawn(func(context.Context) { t.Error("work began after Close") })
}
