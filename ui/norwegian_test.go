package ui

import (
	"context"
	"strings"
	"testing"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
	"partnerdesk/ui/steps"
	"partnerdesk/ui/words"
)

// inNorwegian lets the window speak Norwegian until the test ends. Fyne's translations are the whole process's, so
// that no test may run beside such a one.
func inNorwegian(t *testing.T) {
	t.Helper()
	speak := func(locale string) {
		t.Setenv("LANG", locale)
		t.Setenv("LC_ALL", locale)
		if err := words.Load(); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { speak("en_US.UTF-8") })
	speak("nb_NO.UTF-8")
}

func TestPicturesInNorwegian(t *testing.T) {
	inNorwegian(t)
	t.Run("empty", func(t *testing.T) { open(t, kit.Light, kittest.EmptyStore()).picture("empty_light_nb.png") })
	for name, appearance := range map[string]kit.Appearance{"light_nb": kit.Light, "dark_nb": kit.Dark} {
		t.Run("results_"+name, func(t *testing.T) { pictureOfNorwegianResults(t, appearance, name) })
		t.Run("trouble_"+name, func(t *testing.T) { pictureOfTrouble(t, appearance, name, "12 linjer", "Åpne igjen") })
	}
}

func pictureOfNorwegianResults(t *testing.T, appearance kit.Appearance, name string) {
	b := open(t, appearance, kittest.StoreOf(kittest.Nordlys(), kittest.Blomster()))
	b.desk.create = func(_ context.Context, r workbench.CompanyRequest) (workbench.CompanyResult, error) {
		return kittest.Created(r), nil
	}
	b.events <- kittest.SomeEvents()
	b.pick(1)
	b.until("the events", func() bool {
		return b.tracker.Views(tenant.Key{}, kittest.Noon)[9].State == steps.Done && b.reads("12 linjer")
	})
	for _, as := range []tenant.Actor{tenant.LoginUser, tenant.SystemUser} {
		create := b.companies.CreateButton(as)
		if !strings.HasSuffix(create.Text, " som "+words.Of(as.Label())) {
			t.Fatalf("no button says in Norwegian that it creates a company as the %s", as.Label())
		}
		b.tap(create)
		b.until("a result", func() bool { return !create.Disabled() })
	}
	b.picture("results_" + name + ".png")
}
