package ui

import (
	"context"
	"testing"

	"fyne.io/fyne/v2"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
)

// ask chooses an item of the panel's menu, and answers its question with yes, which is the button before the one in
// focus.
func (b *bench) ask(down int) {
	b.t.Helper()
	b.choose(down)
	b.Canvas().FocusPrevious()
	b.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	b.q.Drain()
}

func TestARemovedTenantMakesRoomForAnother(t *testing.T) {
	b := open(t, kit.Light, kittest.StoreOf(kittest.Nordlys(), kittest.Blomster()))
	b.pick(1)
	b.desk.offboard = func(_ context.Context, r workbench.OffboardRequest) (workbench.Receipt, error) {
		return workbench.Receipt{Key: r.Key, CompanyName: "Nordlys", BeganAt: kittest.Noon, Wiped: true, WipedAt: kittest.Noon}, nil
	}
	b.ask(4)
	b.until("the other tenant", func() bool { return b.selected == kittest.Blomster().Key })
	if b.Canvas().Overlays().Top() == nil {
		t.Error("there is no receipt")
	}
}

func TestWhatBecomesOfATenantThatIsNotShownAnyMoreIsSaidInTheWindow(t *testing.T) {
	b := open(t, kit.Light, kittest.StoreOf(kittest.Nordlys(), kittest.Blomster()))
	b.pick(1)
	release := make(chan struct{})
	b.desk.signOut = func(_ context.Context, r workbench.SignOutRequest) (workbench.SignedOut, error) {
		<-release
		return workbench.SignedOut{Key: r.Key}, &tenant.Problem{Op: "sign out", Explanation: tenant.CauseUnreachable.Explain("The login was kept.", "", "")}
	}
	b.ask(3)
	b.pick(0)
	close(release)
	b.until("the failure", func() bool { return b.general.Shown.Title == "The login was kept." })
	if !b.panel.Said().Empty() {
		t.Error("it is shown for another tenant")
	}
}
