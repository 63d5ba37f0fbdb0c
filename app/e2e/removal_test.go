//go:build e2e

package e2e

import (
	"strings"
	"syscall"
	"testing"
)

func TestARemovedTenantIsGoneAndItsReceiptCanBeCopied(t *testing.T) {
	d := sit(t)
	ready := d.sandbox()
	tenant := d.signIn(ready)
	d.s.awaitText("Well "+tenant.Ctx, inDetail)

	d.s.clickText("Tenant", inMenu)
	d.s.clickText("Remove tenant", inTable)
	d.s.awaitText("SuperOffice is asked to end", inDetail)
	d.s.shoot("removal-1-question")
	if rows := d.tenants(); len(rows) != 1 {
		t.Errorf("before the answer the store holds %+v", rows)
	}
	d.s.key("shift+Tab", "Return") // from the harmless answer, which has the focus, to the other
	d.s.eventually("the empty store", func() bool { return len(d.tenants()) == 0 })
	d.s.awaitText("Left to do", inForm)
	d.s.shoot("removal-2-receipt")
	d.s.clickText("Copy receipt", inForm)
	d.s.eventually("the receipt on the clipboard", func() bool {
		text := d.s.clipboard()
		return strings.Contains(text, tenant.Ctx) && strings.Contains(text, "revoked at SuperOffice") && strings.Contains(text, "Left to do")
	})
	if n := counters(t, ready).Revocations; n != 2 {
		t.Errorf("the sandbox was asked to end %d tokens, not the login's two", n)
	}
	d.s.key("Escape")
	d.s.awaitText("Welcome to Partnerdesk", inDetail)
	if _, still := d.s.find(tenant.Ctx, inTable); still {
		t.Error("the table still shows the tenant")
	}
	d.quit(syscall.SIGTERM)
	assertNoSecrets(t, d, ready)
}
