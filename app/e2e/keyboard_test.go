//go:build e2e

package e2e

import (
	"strings"
	"syscall"
	"testing"
)

func TestBothCompaniesAreCreatedAndCopiedByTheKeyboardAlone(t *testing.T) {
	d := sit(t)
	ready := d.sandbox()
	d.awaitReady()
	d.s.key("F6", "Return") // the first region's first control is the sign-in
	tenant := administered(t, ready)
	d.approve(tenant.Ctx)
	d.awaitVerdict(tenant.Ctx, "well", "")
	d.s.awaitText("Well "+tenant.Ctx, inDetail)

	d.s.key("ctrl+1")
	d.s.eventually("the login user's company", func() bool { return counters(t, ready).ContactPosts == 1 })
	d.s.awaitText("Created", inDetail)
	d.s.key("ctrl+2")
	d.s.eventually("the system user's company", func() bool { return counters(t, ready).ContactPosts == 2 })
	d.s.awaitText("The two differ in", inDetail)
	d.s.shoot("keyboard-companies")

	d.s.eventually("the last company on the clipboard", func() bool {
		d.s.key("ctrl+shift+c")
		text := d.s.clipboard()
		return strings.Contains(text, tenant.CompanyName) && strings.Contains(text, "Last company") && strings.Contains(text, "as system user")
	})
	if d.s.clicks != 0 {
		t.Errorf("the mouse was clicked %d times", d.s.clicks)
	}
	d.close()
	assertNoSecrets(t, d, ready)
}

func TestAHealthyTenantPassesTheDoctorFromTheKeyboard(t *testing.T) {
	d := sit(t)
	ready := d.sandbox()
	tenant := d.signIn(ready)
	before := counters(t, ready)
	d.s.awaitText("Well "+tenant.Ctx, inDetail)
	d.s.key("ctrl+d")
	d.s.awaitText("All is well", inDetail)
	d.s.shoot("doctor")
	if said := d.console("log", "show", "--text", "Diagnosed"); !strings.Contains(said, tenant.Ctx) || !strings.Contains(said, "all is well") {
		t.Errorf("the journal says of the check: %q", said)
	}
	// The check asked the services, but an exchange would have written to the customer's database.
	if now := counters(t, ready); now.MetadataReads == before.MetadataReads || now.Exchanges != before.Exchanges {
		t.Errorf("the sandbox counted %+v before the check and %+v after it", before, now)
	}
	d.quit(syscall.SIGTERM)
	assertNoSecrets(t, d, ready)
}
