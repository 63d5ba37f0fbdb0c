package superid

import (
	"strings"
	"testing"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

func TestThreeReasonsForAMissingSystemUserTokenAreToldApart(t *testing.T) {
	kari := Claims{Subject: "kari@example.com", ContextID: "Cust1", CompanyName: "Søn", Administrator: true}
	ola := Claims{Subject: "ola@example.com", ContextID: "Cust1", CompanyName: "Søn"}
	nameless := kari
	nameless.CompanyName = ""
	for name, row := range map[string]struct {
		claims     Claims
		optionSeen bool
		cause      tenant.Cause
		why        []string // must all be among the words
	}{
		"no administrator":                 {ola, false, tenant.CauseNotAdministrator, []string{"ola@example.com is not an administrator of Søn"}},
		"no administrator, an app with it": {ola, true, tenant.CauseNotAdministrator, []string{"only an administrator"}},
		"another tenant has a token":       {kari, true, tenant.CauseNotApproved, []string{"has the system user option", "approval of the system user for Søn"}},
		"nobody has one":                   {kari, false, tenant.CauseOptionMissing, []string{"Either the app does not have", "Søn has not approved", "likelier"}},
		"a company without a name":         {nameless, true, tenant.CauseNotApproved, []string{"for Cust1"}},
	} {
		t.Run(name, func(t *testing.T) {
			e := NoSystemUser(row.claims, row.optionSeen)
			if e == nil || e.Cause != row.cause || e.What == "" || e.Next == "" || e.Temporary {
				t.Fatalf("%+v", e)
			}
			for _, words := range row.why {
				if !strings.Contains(e.Why, words) {
					t.Errorf("%q does not say %q", e.Why, words)
				}
			}
		})
	}
	kari.SystemUserToken = secret.New("App-abcdefghij")
	if e := NoSystemUser(kari, false); e != nil {
		t.Errorf("a token is there, and yet: %v", e)
	}
}
