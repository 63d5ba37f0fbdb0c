package detail

import (
	"strings"
	"testing"
	"time"

	"partnerdesk/core/tenant"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
)

func TestProofsAsLines(t *testing.T) {
	temporary, lasting := tenant.CauseMaintenance.Explain("It stands still.", "", ""), tenant.CauseRevoked.Explain("Refused.", "", "")
	views := proofViews([]tenant.Proof{
		{Kind: tenant.ProofStatus, At: kittest.Noon.Add(-2 * time.Hour), FailedAt: kittest.Noon.Add(-time.Minute), Trouble: &temporary, Detail: "Suspended"},
		{Kind: tenant.ProofExchange, At: kittest.Noon.Add(-3 * time.Hour), FailedAt: kittest.Noon.Add(-time.Minute), Trouble: &lasting},
		{Kind: tenant.ProofPrincipal, At: kittest.Noon, Name: "SYS"},
		{Kind: tenant.ProofCompany},
		{Kind: tenant.ProofCompany, At: kittest.Noon, FailedAt: kittest.Noon}, // answered by a person, and not looked at since
		{Kind: tenant.ProofCompany, At: kittest.Noon, Name: "Blåbær", ID: 17, As: tenant.LoginUser},
	}, kittest.Noon)
	for i, want := range []proofView{
		{"Status", "failed 1 min ago", "last well 2 h ago: It stands still.", kit.ToneWarning},
		{"Exchange", "failed 1 min ago", "last well 3 h ago: Refused.", kit.ToneBad},
		{"Log-on", "just now", "as SYS", kit.ToneGood},
		{"Last company", "never", "", kit.ToneMuted},
		{"Last company", "just now", "", kit.ToneMuted},
		{"Last company", "just now", "“Blåbær” (id 17) as login user", kit.ToneGood},
	} {
		if views[i] != want {
			t.Errorf("%+v, want %+v", views[i], want)
		}
	}
	text := tenantText(kittest.Nordlys(), kittest.Noon)
	for _, line := range []string{"Status: 10 s ago, Running\n", "Exchange: 41 min ago\n", "Last company: 3 days ago, “Fjord & Fell” (id 1017) as system user\n"} {
		if !strings.Contains(text, line) {
			t.Errorf("the clipboard lacks %q:\n%s", line, text)
		}
	}
}
