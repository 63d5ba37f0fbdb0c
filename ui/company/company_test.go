package company

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
)

func TestBothCompanies(t *testing.T) {
	b := open(t, kit.Light, kittest.Nordlys())
	test.Type(b.name, " Fjord AS ")
	for i, as := range []tenant.Actor{tenant.LoginUser, tenant.SystemUser} {
		card := b.cards[i]
		b.tap(card.create)
		b.until("the result", func() bool { return card.view.Title == "Created" })
		if r := b.desk.requests()[i]; r.Key != kittest.Nordlys().Key || r.As != as || r.Name != "Fjord AS" {
			t.Errorf("asked for %s as %s in %s", r.Name, r.As, r.Key)
		}
		b.tap(card.copy)
		if !strings.Contains(b.copied, "Fjord AS") || !strings.Contains(b.copied, "POST") {
			t.Errorf("copied %q", b.copied)
		}
		if card.create.Disabled() {
			t.Error("the button stays disabled")
		}
	}
}

func TestProductionAsksFirst(t *testing.T) {
	live := kittest.Nordlys()
	live.Environment = tenant.Production
	b := open(t, kit.Light, live)
	card := b.cards[0]
	b.tap(card.create)
	if !card.view.Asks || len(b.desk.requests()) != 0 {
		t.Fatal("it did not ask before it wrote to production")
	}
	if b.window.Canvas().Focused() != card.no {
		t.Error("the harmless answer has not the focus")
	}
	b.tap(card.no)
	if card.view.Asks || len(b.desk.requests()) != 0 {
		t.Fatal("no means no")
	}
	b.later(time.Second)
	b.tap(card.create)
	b.show(kittest.Blomster())
	b.show(live)
	if card.view.Asks {
		t.Error("the question outlived the choice of another tenant")
	}
	b.later(time.Second)
	b.tap(card.create)
	b.tap(card.yes)
	b.until("the result", func() bool { return card.view.Title == "Created" })
}

func TestADoubleClickCreatesOneCompany(t *testing.T) {
	b := open(t, kit.Light, kittest.Nordlys())
	card := b.cards[0]
	b.tap(card.create)
	b.until("the result", func() bool { return card.view.Title == "Created" })
	b.tap(card.create)
	b.q.Drain()
	if n := len(b.desk.requests()); n != 1 || card.create.Disabled() {
		t.Errorf("%d companies", n)
	}
	b.later(time.Second)
	b.tap(card.create)
	b.until("the second company", func() bool { return len(b.desk.requests()) == 2 })
}

func TestAKeyThatIsHeldDownCreatesOneCompany(t *testing.T) {
	b := open(t, kit.Light, kittest.Nordlys())
	card := b.cards[1]
	b.window.Canvas().Focus(card.create)
	for i := range 40 { // two seconds of a key that repeats
		b.later(50 * time.Millisecond)
		card.create.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		if i == 0 {
			b.until("the result", func() bool { return card.view.Title == "Created" })
		}
		b.q.Drain()
	}
	if n := len(b.desk.requests()); n != 1 {
		t.Errorf("%d companies", n)
	}
}

func TestATypedNameIsForOneTenant(t *testing.T) {
	b := open(t, kit.Light, kittest.Nordlys())
	test.Type(b.name, "Fjord AS")
	b.show(kittest.Blomster())
	if name := b.name.Text; name != "" {
		t.Errorf("the other tenant is proposed %q", name)
	}
}

func TestTheFocusComesBackAfterACreation(t *testing.T) {
	b := open(t, kit.Light, kittest.Nordlys())
	card := b.cards[1]
	b.window.Canvas().Focus(card.create)
	card.create.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	b.until("the result", func() bool { return card.view.Title == "Created" })
	if b.window.Canvas().Focused() != fyne.Focusable(card.create) {
		t.Errorf("the focus is on %v", b.window.Canvas().Focused())
	}
}

func TestLateResultStaysWithItsTenant(t *testing.T) {
	b := open(t, kit.Light, kittest.Nordlys())
	release := make(chan struct{})
	b.desk.create = func(_ context.Context, r workbench.CompanyRequest) (workbench.CompanyResult, error) {
		<-release
		return kittest.Created(r), nil
	}
	card := b.cards[0]
	b.tap(card.create)
	if card.create.Text != textCreating.String() {
		t.Errorf("the button says %q", card.create.Text)
	}
	work := b.slots[slotKey{kittest.Nordlys().Key, tenant.LoginUser}].job
	b.show(kittest.Blomster())
	if card.create.Disabled() {
		t.Fatal("the other tenant's button is not free")
	}
	close(release)
	b.until("the answer", func() bool { return work.Finished })
	if card.view.Title == "Created" {
		t.Error("the answer is shown for another tenant")
	}
	b.show(kittest.Nordlys())
	if card.view.Title != "Created" {
		t.Errorf("back at its tenant the card says %q", card.view.Title)
	}
}

func TestSlowCreationCanBeCancelled(t *testing.T) {
	b := open(t, kit.Light, kittest.Nordlys())
	b.desk.create = func(ctx context.Context, r workbench.CompanyRequest) (workbench.CompanyResult, error) {
		<-ctx.Done()
		return workbench.CompanyResult{Outcome: workbench.CouldNotTell}, ctx.Err()
	}
	card := b.cards[1]
	b.tap(card.create)
	b.until("the offer to cancel", func() bool { return card.view.CanCancel })
	b.tap(card.cancel)
	b.until("the result", func() bool { return card.view.Title == textCouldNotTellHeading.String() })
}

func TestReturnInTheNameCreatesNothing(t *testing.T) {
	b := open(t, kit.Light, kittest.Nordlys())
	test.Type(b.name, "Fjord AS")
	b.name.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	b.q.Drain()
	if n := len(b.desk.requests()); n != 0 || b.name.Text != "Fjord AS" {
		t.Errorf("%d companies", n)
	}
}

func TestTheMenuCreatesAsTheButtonsDo(t *testing.T) {
	view := kittest.Nordlys()
	view.SignedIn = false
	b := open(t, kit.Light, view)
	b.CreateButton(tenant.LoginUser).Press()
	b.q.Drain()
	if n := len(b.desk.requests()); n != 0 {
		t.Fatal("it created as a user who is not signed in")
	}
	b.CreateButton(tenant.SystemUser).Press()
	b.CreateButton(tenant.SystemUser).Press() // a key that is held down
	b.until("the result", func() bool { return b.cards[1].view.Title == "Created" })
	if all := b.desk.requests(); len(all) != 1 || all[0].As != tenant.SystemUser {
		t.Errorf("%d companies", len(all))
	}
}

func TestAnUnclearSaveIsResolvedInFrontOfThePerson(t *testing.T) {
	b := open(t, kit.Light, kittest.Nordlys())
	lost := unclear(tenant.LoginUser, 0)
	told := make(chan struct{})
	b.desk.create = func(ctx context.Context, r workbench.CompanyRequest) (workbench.CompanyResult, error) {
		for _, stage := range []workbench.CompanyStage{workbench.CompanyPreparing, workbench.CompanySaving, workbench.CompanyLookingUp} {
			r.Progress(stage)
		}
		<-told
		return lost, &tenant.Problem{Op: "create company", Explanation: *lost.Trouble}
	}
	card := b.cards[0]
	b.tap(card.create)
	b.until("the steps", func() bool { return len(card.view.Lines) == 4 && card.view.CanCancel })
	close(told)
	b.until("the result", func() bool { return card.view.CanLookAgain })

	b.desk.resolve = func(ctx context.Context, _ workbench.CompanyResult) (workbench.CompanyResult, error) {
		<-ctx.Done()
		return lost, ctx.Err()
	}
	b.tap(card.again)
	b.until("the search", func() bool { return card.view.Title == "Looking again…" })
	if !card.create.Disabled() {
		t.Error("the next company can be created meanwhile")
	}
	b.tap(card.cancel)
	b.until("what it said before", func() bool { return card.view.CanLookAgain })
	if !slices.Contains(card.view.Lines, "What to do: Look again in 2 min.") {
		t.Errorf("after giving up it says %q", card.view.Lines)
	}

	b.desk.resolve = func(_ context.Context, r workbench.CompanyResult) (workbench.CompanyResult, error) {
		if !r.Same(lost) {
			t.Error("another result is looked up")
		}
		r.Outcome, r.Trouble, r.Company.ID = workbench.Created, nil, 1044
		return r, nil
	}
	b.tap(card.again)
	b.until("that it was created", func() bool { return card.view.Title == "Created" })
	if n := len(b.desk.requests()); n != 1 || card.again.Visible() {
		t.Errorf("%d saves", n)
	}
}

func TestTheLastResultsAreThereAgain(t *testing.T) {
	b := open(t, kit.Light, kittest.Nordlys())
	foreign := resultOf(tenant.LoginUser, 0)
	foreign.Key = kittest.Blomster().Key
	b.desk.store(resultOf(tenant.LoginUser, 2*time.Hour), unclear(tenant.LoginUser, time.Hour), resultOf(tenant.SystemUser, 0), foreign)
	b.later(26 * time.Hour)
	b.show(kittest.Nordlys())
	b.until("the results", func() bool { return b.cards[0].view.Title == "Created" && b.cards[1].view.Title == "Created" })
	if b.cards[0].view.When != "23 h ago" || len(b.earlier.shown) != 1 {
		t.Errorf("%q, and %d earlier ones", b.cards[0].view.When, len(b.earlier.shown))
	}
	copied := b.earlier.lines.Objects[0]
	b.tap(buttonIn(copied, func(k *kit.Button) bool { return k.Icon != nil }))
	if !strings.Contains(b.copied, "Fjord AS") {
		t.Errorf("copied %q", b.copied)
	}
	b.desk.resolve = func(_ context.Context, r workbench.CompanyResult) (workbench.CompanyResult, error) {
		r.Outcome, r.Trouble = workbench.NotCreated, nil
		b.desk.store(r)
		return r, nil
	}
	b.tap(buttonIn(copied, func(k *kit.Button) bool { return k.Text == textLookAgain.String() }))
	b.until("what the store knows then", func() bool { return b.cards[0].view.Title == "Not created" })
	b.show(kittest.Blomster())
	b.until("the other tenant's", func() bool { return b.cards[0].view.Title == "As the login user" })
}

func TestResultsThatCannotBeReadAreTold(t *testing.T) {
	b := open(t, kit.Light, kittest.Nordlys())
	b.desk.mu.Lock()
	b.desk.failure = errors.New("the file is locked")
	b.desk.mu.Unlock()
	b.show(kittest.Nordlys())
	b.until("the failure", func() bool { return b.failed != nil })
}

func TestACompanyIsOpenedInTheCRM(t *testing.T) {
	b := open(t, kit.Light, kittest.Nordlys())
	b.desk.page = func(id int64) (string, error) { return fmt.Sprintf("https://crm.example/%d", id), nil }
	card := b.cards[0]
	b.tap(card.create)
	b.until("the result", func() bool { return card.view.CanOpen })
	b.tap(card.open)
	b.until("the page", func() bool { return !card.open.Disabled() })
	if got := <-b.opened; got != "https://crm.example/1042" {
		t.Errorf("opened %q", got)
	}
	b.desk.page = func(int64) (string, error) { return "", errors.New("the tenant is suspended") }
	b.tap(card.open)
	b.until("the failure", func() bool { return b.failed != nil })
}

func TestTheButtonsSayThatTheyWriteToProduction(t *testing.T) {
	live := kittest.Nordlys()
	live.Environment = tenant.Production
	b := open(t, kit.Light, live)
	if c := b.cards[0].create; !strings.Contains(c.Text, "in production") || !strings.Contains(c.ToolTip(), "Nordlys") {
		t.Errorf("it says %q, %q", c.Text, c.ToolTip())
	}
	b.show(kittest.Blomster())
	if c := b.cards[0].create; strings.Contains(c.Text, "production") || strings.Contains(c.ToolTip(), "Nordlys") {
		t.Errorf("elsewhere it says %q, %q", c.Text, c.ToolTip())
	}
}
