package keeper_test

import (
	"testing"

	"partnerdesk/core/keeper"
	"partnerdesk/core/superid"
	"partnerdesk/core/tenant"
)

// A tenant that came from a file of customers has no name and no serial number; the first exchange tells both.
func TestTheFirstExchangeCompletesAnImportedTenant(t *testing.T) {
	for _, row := range []struct{ stored, want string }{{"", "42"}, {"7", "7"}} {
		s := newSetup(t)
		s.vault.tenant.Serial = row.stored
		s.provider.claims = superid.Claims{CompanyName: "Fjellfisk", Serial: "42"}
		if _, err := s.call(t.Context(), tenant.SystemUser, keeper.CallOptions{}, well); err != nil {
			t.Fatal(err)
		}
		if got := s.vault.tenant.Serial; got != row.want {
			t.Errorf("the serial number %q became %q", row.stored, got)
		}
		if row.stored == "" && s.vault.tenant.CompanyName != "Fjellfisk" {
			t.Errorf("it is called %q", s.vault.tenant.CompanyName)
		}
	}
}
