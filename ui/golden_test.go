package ui

import (
	"context"
	"fmt"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
	"partnerdesk/ui/steps"
)

// menuHeight is what the main menu takes of the real window, and not of one in a test.
const menuHeight = 26

// picture compares the whole window below its menu with its golden image.
func (b *bench) picture(name string) {
	b.t.Helper()
	b.Resize(fyne.NewSize(windowWidth, windowHeight-menuHeight))
	b.q.Drain()
	kittest.AssertPicture(b.t, name, b.Canvas())
}

// fine compares the window on a screen with twice as many pixels.
func (b *bench) fine(name string) {
	b.t.Helper()
	b.Canvas().(interface{ SetScale(float32) }).SetScale(2)
	b.picture(name)
}

// awaitEvents waits until both the log and the steps have taken kittest.SomeEvents in: each comes by a hop of its
// own.
func (b *bench) awaitEvents() {
	b.t.Helper()
	b.until("the events", func() bool {
		return b.tracker.Views(tenant.Key{}, kittest.Noon)[9].State == steps.Done && b.reads("12 lines")
	})
}

func TestPictures(t *testing.T) {
	for name, appearance := range map[string]kit.Appearance{"light": kit.Light, "dark": kit.Dark} {
		t.Run(name, func(t *testing.T) {
			t.Run("empty", func(t *testing.T) { open(t, appearance, kittest.EmptyStore()).picture("empty_" + name + ".png") })
			t.Run("results", func(t *testing.T) { picturesOfResults(t, appearance, name) })
			t.Run("trouble", func(t *testing.T) { pictureOfTrouble(t, appearance, name, "12 lines", "Open again") })
			t.Run("many", func(t *testing.T) { pictureOfMany(t, appearance, name) })
		})
	}
}

func picturesOfResults(t *testing.T, appearance kit.Appearance, name string) {
	b := open(t, appearance, kittest.StoreOf(kittest.Nordlys(), kittest.Blomster()))
	b.desk.create = func(_ context.Context, r workbench.CompanyRequest) (workbench.CompanyResult, error) {
		return kittest.Created(r), nil
	}
	b.events <- kittest.SomeEvents()
	b.pick(1)
	b.awaitEvents()
	for _, as := range []tenant.Actor{tenant.LoginUser, tenant.SystemUser} {
		create := b.companies.CreateButton(as)
		b.tap(create)
		b.until("a result", func() bool { return !create.Disabled() })
	}
	b.picture("results_" + name + ".png")
	b.fine("results_" + name + "_2x.png")
}

// pictureOfMany has as many tenants as a partner with many customers, of every verdict, with the log's search open.
func pictureOfMany(t *testing.T, appearance kit.Appearance, name string) {
	const many = 5_000
	verdicts := []tenant.Verdict{tenant.Well, tenant.Well, tenant.Well, tenant.Well, tenant.Resting, tenant.NeedsAttention, tenant.Inactive}
	list := make([]workbench.TenantView, many)
	for i := range list {
		v := kittest.Nordlys()
		v.ContextID, v.CompanyName, v.Verdict = fmt.Sprintf("Cust%d", 10_000+i), fmt.Sprintf("Kunde %04d AS", i), verdicts[i%len(verdicts)]
		v.Active, v.LogOnAt = v.Verdict != tenant.Inactive, kittest.Noon.Add(-time.Duration(i%400)*time.Second)
		list[i] = v
	}
	b := open(t, appearance, kittest.StoreOf(list...))
	b.pick(12)
	b.events <- kittest.SomeEvents()
	b.awaitEvents()
	b.Resize(fyne.NewSize(windowWidth, windowHeight-menuHeight))
	b.item("Find in the log").Action()
	test.Type(b.Canvas().Focused(), "cust10234")
	b.until("the search", func() bool { return b.reads("1 of 5") })
	b.picture("many_" + name + ".png")
}

func pictureOfTrouble(t *testing.T, appearance kit.Appearance, name, lines, again string) {
	bad := kittest.Nordlys()
	bad.Environment, bad.Verdict, bad.Failures, bad.TokenFingerprint = tenant.Production, tenant.NeedsAttention, 3, "none"
	bad.Registration = "our app"
	revoked := tenant.CauseRevoked.Explain("The system user token was refused.", "", "")
	revoked.Server = "The system user token is revoked for this application."
	bad.Trouble = &revoked
	failed := tenant.Visit{State: tenant.StateRunning, StateAt: kittest.Noon.Add(-12 * time.Second), LogOnAt: kittest.Noon.Add(-2 * time.Hour), LogOnAs: "System user 10234",
		FailedAt: kittest.Noon.Add(-12 * time.Second), FailedStep: tenant.VisitExchange, Trouble: bad.Trouble}
	bad.Proofs = tenant.ProofsOf(failed, tenant.Exchanges{Last: kittest.Noon.Add(-8 * time.Hour)}).All()
	store := kittest.StoreOf(bad, kittest.Blomster())
	store.Registrations = []workbench.RegistrationView{{Name: "our app", Environment: tenant.Production, Base: "https://online.superoffice.com", Current: true}}
	store.Poller.Here, store.Poller.Lease.Owner = false, tenant.Owner{Program: "console", Host: "srv-poll-01", PID: 4242}
	store.Poller.Lease.Last.Failed, store.Poller.Lease.Last.LoggedOn = 1, 1
	b := open(t, appearance, store)
	b.desk.signIn = func(ctx context.Context, _ workbench.SignInRequest, h workbench.SignInHooks) (workbench.SignedIn, error) {
		h.Waiting("https://online.superoffice.com/login/common/oauth/authorize", kittest.Noon.Add(161*time.Second))
		<-ctx.Done()
		return workbench.SignedIn{}, ctx.Err()
	}
	b.pick(1)
	b.events <- kittest.SomeEvents()
	b.until("the events", func() bool { return b.reads(lines) })
	b.until("the steps", func() bool { return b.tracker.Views(tenant.Key{}, kittest.Noon)[9].State == steps.Done })
	b.tap(b.bar.SignIn)
	b.until("the wait", func() bool { return button(b.signIn.Line, again) != nil })
	b.tap(b.companies.CreateButton(tenant.LoginUser))
	b.Canvas().Unfocus()
	b.picture("trouble_" + name + ".png")
}
