//go:build e2e

package e2e

import (
	"strings"
	"syscall"
	"testing"
)

func TestWhatBefallsATenantIsSaidWithItsCauseAndWhatToDo(t *testing.T) {
	d := sit(t)
	ready := d.sandbox()
	d.console("settings", "set", "--poll-interval", "5s")
	tenant := d.signIn(ready)
	befalls := func(action, state string) {
		t.Helper()
		what := map[string]any{"action": action, "ctx": tenant.Ctx}
		if state != "" {
			what["state"] = state
		}
		order(t, ready, what)
	}
	d.s.awaitText("Well "+tenant.Ctx, inDetail)

	// It moves: nobody needs to do anything, and the log tells of it.
	befalls("move", "")
	d.s.awaitText("The tenant has moved", inLog)
	calls := counters(t, ready).PrincipalCalls
	d.s.eventually("a log-on at the new address", func() bool { return counters(t, ready).PrincipalCalls > calls })
	d.awaitVerdict(tenant.Ctx, "well", "")
	d.s.shoot("troubles-1-moved")

	// It is suspended: it rests, and a person who knows better has it visited at once.
	befalls("state", "Suspended")
	d.awaitVerdict(tenant.Ctx, "resting", "tenant-suspended")
	d.s.awaitText("Resting "+tenant.Ctx, inDetail)
	d.s.awaitText("What to do", inDetail)
	d.s.shoot("troubles-2-suspended")
	befalls("state", "Running")
	d.s.clickText("Try again", inDetail)
	d.awaitVerdict(tenant.Ctx, "well", "")
	d.s.awaitText("Well "+tenant.Ctx, inDetail)

	// The customer withdraws the approval: nothing but a new approval helps, and the window leads to it.
	befalls("revoke", "")
	befalls("expire", "")
	d.awaitVerdict(tenant.Ctx, "needs attention", "consent-revoked")
	d.s.awaitText("Needs attention "+tenant.Ctx, inDetail)
	d.s.awaitText("The customer has withdrawn", inDetail)
	d.s.shoot("troubles-3-revoked")
	d.s.clickText("Show the approval page", inDetail)
	d.approve(tenant.Ctx)
	d.awaitVerdict(tenant.Ctx, "well", "")
	d.s.awaitText("Well "+tenant.Ctx, inDetail)
	d.s.shoot("troubles-4-well")
	if said := d.console("log", "show", "--level", "error"); strings.Count(said, "needs attention") != 1 {
		t.Errorf("the journal has these errors:\n%s", said)
	}
	d.quit(syscall.SIGTERM)
	assertNoSecrets(t, d, ready)
}
