//go:build e2e

package e2e

import (
	"syscall"
	"testing"

	"partnerdesk/app/person"
	"partnerdesk/core/sandbox"
)

func TestTheFirstMinuteTakesAFewClicks(t *testing.T) {
	s := newScreen(t)
	firstMinute(s, newOpener(t), here{t, t.TempDir()})
}

func TestAConsentThatIsRefusedIsSaidInTheWindow(t *testing.T) {
	d := sit(t)
	ready := d.sandbox()
	d.awaitReady()
	d.s.clickText("Sign in with SuperID", onTop)
	d.s.awaitText("Waiting for your approval", onTop)
	page, err := person.Person{User: "user@sandbox.example", Decision: "cancel"}.SignIn(t.Context(), d.o.opened()) // who is no administrator
	must(t, err)
	if page == "" {
		t.Error("the browser is left with an empty page")
	}
	d.s.awaitText("Dismiss", everywhere)
	d.s.shoot("refused")
	if n := counters(t, ready); n.Counters != (sandbox.Counters{}) {
		t.Errorf("after a refusal the sandbox was asked %+v", n)
	}
	d.s.clickText("Sign in with SuperID", onTop)
	d.o.opened()
	d.s.clickText("Cancel", onTop)
	d.s.awaitText("Welcome to Partnerdesk", inDetail)
	d.quit(syscall.SIGINT)
	assertNoSecrets(t, d, ready)
}
