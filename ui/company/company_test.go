package company

import (
	"context"
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
	b.Show(kittest.Blomster(), b.now)
	b.Show(live, b.now)
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
	b.Show(kittest.Blomster(), b.now)
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
	b.Show(kittest.Blomster(), b.now)
	if card.create.Disabled() {
		t.Fatal("the other tenant's button is not free")
	}
	close(release)
	b.until("the answer", func() bool { return work.Finished })
	if card.view.Title == "Created" {
		t.Error("the answer is shown for another tenant")
	}
	b.Show(kittest.Nordlys(), b.now)
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
