package company

import (
	"slices"
	"testing"
	"time"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
)

func TestCards(t *testing.T) {
	unclear := &slot{phase: slotDone, result: workbench.CompanyResult{Outcome: workbench.CouldNotTell},
		trouble: &tenant.Explanation{What: "The answer was lost.", Next: "Search for it."}}
	v := cardOf(unclear, tenant.LoginUser, kittest.Nordlys(), kittest.Noon)
	if v.Title != "Could not tell" || v.Tone != kit.ToneWarning || !slices.Equal(v.Lines, []string{"The answer was lost.", "What to do: Search for it."}) {
		t.Errorf("an unclear save shows %+v", v)
	}
	refused := &slot{phase: slotDone, result: workbench.CompanyResult{Outcome: workbench.NotCreated}}
	if v := cardOf(refused, tenant.LoginUser, kittest.Nordlys(), kittest.Noon); v.Tone != kit.ToneBad {
		t.Errorf("a refused save shows %+v", v)
	}
	if got := requestLine("GET", "/x", 0, time.Second); got != "GET  /x  no answer  1.0 s" {
		t.Errorf("a request without an answer: %q", got)
	}
}
