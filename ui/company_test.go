package ui

import (
	"context"
	"strings"
	"sync/atomic"
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
	b := open(t, kit.Light, kittest.StoreOf(kittest.Nordlys()))
	requests := make(chan workbench.CompanyRequest, 2)
	b.desk.create = func(_ context.Context, r workbench.CompanyRequest) (workbench.CompanyResult, error) {
		requests <- r
		return kittest.Created(r), nil
	}
	test.Type(b.panel.companies.name, " Fjord AS ")
	for i, as := range []tenant.Actor{tenant.LoginUser, tenant.SystemUser} {
		card := b.panel.companies.cards[i]
		b.tap(card.create)
		b.until("the result", func() bool { return card.view.Title == "Created" })
		if r := <-requests; r != (workbench.CompanyRequest{Key: kittest.Nordlys().Key, As: as, Name: "Fjord AS"}) {
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
	live := kittest.Nordlys()
	live.Environment = tenant.Production
	b := open(t, kit.Light, kittest.StoreOf(live, kittest.Blomster()))
	b.tenants.list.Select(1)
	calls := make(chan struct{}, 4)
	b.desk.create = func(_ context.Context, r workbench.CompanyRequest) (workbench.CompanyResult, error) {
		calls <- struct{}{}
		return kittest.Created(r), nil
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
	b := open(t, kit.Light, kittest.StoreOf(kittest.Nordlys(), kittest.Blomster()))
	b.tenants.list.Select(1)
	made := countCreations(b)
	card := b.panel.companies.cards[0]
	b.tap(card.create)
	b.until("the result", func() bool { return card.view.Title == "Created" })
	b.tap(card.create)
	b.q.Drain()
	if n := made(); n != 1 || card.create.Disabled() {
		t.Errorf("%d companies", n)
	}
	b.panel.companies.slots[slotKey{kittest.Nordlys().Key, tenant.LoginUser}].at = kittest.Noon.Add(-time.Second) // a second later
	card.pressed = kittest.Noon.Add(-time.Second)
	b.tap(card.create)
	b.until("the second company", func() bool { return made() == 2 })
}

func TestAKeyThatIsHeldDownCreatesOneCompany(t *testing.T) {
	b := open(t, kit.Light, kittest.StoreOf(kittest.Nordlys()))
	made := countCreations(b)
	card := b.panel.companies.cards[1]
	b.Canvas().Focus(card.create)
	for i := range 40 { // two seconds of a key that repeats
		card.pressed = card.pressed.Add(-50 * time.Millisecond)
		if slot := b.panel.companies.slots[slotKey{kittest.Nordlys().Key, tenant.SystemUser}]; slot != nil {
			slot.at = slot.at.Add(-50 * time.Millisecond)
		}
		card.create.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		if i == 0 {
			b.until("the result", func() bool { return card.view.Title == "Created" })
		}
		b.q.Drain()
	}
	if n := made(); n != 1 {
		t.Errorf("%d companies", n)
	}
}

// countCreations makes every creation succeed at once and returns their number so far.
func countCreations(b *bench) func() int {
	var n atomic.Int32
	b.desk.create = func(_ context.Context, r workbench.CompanyRequest) (workbench.CompanyResult, error) {
		n.Add(1)
		return kittest.Created(r), nil
	}
	return func() int { return int(n.Load()) }
}

func TestATypedNameIsForOneTenant(t *testing.T) {
	b := open(t, kit.Light, kittest.StoreOf(kittest.Nordlys(), kittest.Blomster()))
	b.tenants.list.Select(1)
	test.Type(b.panel.companies.name, "Fjord AS")
	b.tenants.list.Select(0)
	if name := b.panel.companies.name.Text; name != "" {
		t.Errorf("the other tenant is proposed %q", name)
	}
}

func TestTheFocusComesBackAfterACreation(t *testing.T) {
	b := open(t, kit.Light, kittest.StoreOf(kittest.Nordlys()))
	made := countCreations(b)
	card := b.panel.companies.cards[1]
	b.Canvas().Focus(card.create)
	card.create.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	b.until("the result", func() bool { return made() == 1 && card.view.Title == "Created" })
	if b.Canvas().Focused() != fyne.Focusable(card.create) {
		t.Errorf("the focus is on %v", b.Canvas().Focused())
	}
}

func TestLateResultStaysWithItsTenant(t *testing.T) {
	b := open(t, kit.Light, kittest.StoreOf(kittest.Nordlys(), kittest.Blomster()))
	b.tenants.list.Select(1)
	release := make(chan struct{})
	b.desk.create = func(_ context.Context, r workbench.CompanyRequest) (workbench.CompanyResult, error) {
		<-release
		return kittest.Created(r), nil
	}
	card := b.panel.companies.cards[0]
	b.tap(card.create)
	if card.create.Text != textCreating.String() {
		t.Errorf("the button says %q", card.create.Text)
	}
	work := b.panel.companies.slots[slotKey{kittest.Nordlys().Key, tenant.LoginUser}].job
	b.tenants.list.Select(0)
	if b.selected != kittest.Blomster().Key || card.create.Disabled() {
		t.Fatal("the other tenant's button is not free")
	}
	close(release)
	b.until("the answer", func() bool { return work.Finished })
	if card.view.Title == "Created" {
		t.Error("the answer is shown for another tenant")
	}
	b.tenants.list.Select(1)
	if card.view.Title != "Created" {
		t.Errorf("back at its tenant the card says %q", card.view.Title)
	}
}

func TestSlowCreationCanBeCancelled(t *testing.T) {
	b := open(t, kit.Light, kittest.StoreOf(kittest.Nordlys()))
	b.desk.create = func(ctx context.Context, r workbench.CompanyRequest) (workbench.CompanyResult, error) {
		<-ctx.Done()
		return workbench.CompanyResult{Outcome: workbench.CouldNotTell}, ctx.Err()
	}
	card := b.panel.companies.cards[1]
	b.tap(card.create)
	b.until("the offer to cancel", func() bool { return card.view.CanCancel })
	b.tap(card.cancel)
	b.until("the result", func() bool { return card.view.Title == textCouldNotTellHeading.String() })
}
