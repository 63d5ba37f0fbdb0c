package superid

import (
	"strings"
	"testing"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

func TestTheReasonsForAMissingSystemUserTokenAreToldApart(t *testing.T) {
	kari := Claims{Subject: "kari@example.com", ContextID: "Cust1", CompanyName: "Søn", Administrator: new(true)}
	ola := Claims{Subject: "ola@example.com", ContextID: "Cust1", CompanyName: "Søn", Administrator: new(false)}
	nameless, unknown := kari, kari
	nameless.CompanyName, unknown.Administrator = "", nil
	for name, row := range map[string]struct {
		claims Claims
		known  KnownToken
		cause  tenant.Cause
		words  []string // must all be there
		never  string   // must not be
	}{
		"no administrator":                 {ola, KnownNowhere, tenant.CauseNotAdministrator, []string{"ola@example.com is not an administrator of Søn"}, "stored"},
		"no administrator, an app with it": {ola, KnownElsewhere, tenant.CauseNotAdministrator, []string{"only an administrator"}, "stored"},
		"no administrator, a stored token": {ola, KnownHere, tenant.CauseNotAdministrator, []string{"brought no", "ola@example.com is not", "is kept", "Exchange the stored token"}, "There is no system user token"},
		"another tenant has a token":       {kari, KnownElsewhere, tenant.CauseNotApproved, []string{"has the system user option", "approval of the system user for Søn"}, "stored"},
		"the tenant had one":               {kari, KnownHere, tenant.CauseNotApproved, []string{"brought no", "There was one before", "is kept", "Exchange the stored token"}, "another tenant's"},
		"nobody has one":                   {kari, KnownNowhere, tenant.CauseOptionMissing, []string{"Either the app does not have", "Søn has not approved", "likelier", "an administrator came back"}, "stored"},
		"a company without a name":         {nameless, KnownElsewhere, tenant.CauseNotApproved, []string{"for Cust1"}, "stored"},
		"the token does not say who it is": {unknown, KnownNowhere, tenant.CauseOptionMissing, []string{"somebody came back"}, "administrator"},
		"nor of an app with it":            {unknown, KnownElsewhere, tenant.CauseNotApproved, []string{"approval of the system user"}, "is not an administrator"},
	} {
		t.Run(name, func(t *testing.T) {
			e := NoSystemUser(row.claims, row.known)
			if e == nil || e.Cause != row.cause || e.What == "" || e.Next == "" || e.Temporary {
				t.Fatalf("%+v", e)
			}
			for _, words := range row.words {
				if !strings.Contains(e.Sentence(), words) {
					t.Errorf("%q does not say %q", e.Sentence(), words)
				}
			}
			if strings.Contains(e.Sentence(), row.never) {
				t.Errorf("%q says %q", e.Sentence(), row.never)
			}
		})
	}
	kari.SystemUserToken = secret.New("App-abcdefghij")
	if e := NoSystemUser(kari, KnownNowhere); e != nil {
		t.Errorf("a token is there, and yet: %v", e)
	}
}
