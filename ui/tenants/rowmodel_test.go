package tenants

import (
	"testing"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
)

func TestTheFilterLooksThroughAllThatARowSays(t *testing.T) {
	live := kittest.Blomster()
	live.Environment = tenant.Production
	rows := NewRoster([]workbench.TenantView{live, kittest.Nordlys()}).rows
	if rows[0].tone(colEnvironment) != kit.ToneProduction || rows[1].text(colLogOn, kittest.Noon) != "10 s ago" {
		t.Errorf("%+v", rows)
	}
	for filter, want := range map[string]int{"": 2, "PRODUCTION sønn": 1, "well": 1, "cust": 2, "well production": 0,
		"verdict:we": 1, "name:cust": 0, "env:prod": 1, "logon:10": 1, "logon:1970": 0, "ver:unk": 1, "http://x": 0} {
		if got := len(arrange(rows, termsOf(filter), usualOrder(), kittest.Noon)); got != want {
			t.Errorf("filter %q leaves %d", filter, got)
		}
	}
}
