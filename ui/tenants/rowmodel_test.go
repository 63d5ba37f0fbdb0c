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
	var rows []Row
	for _, v := range []workbench.TenantView{live, kittest.Nordlys()} {
		rows = append(rows, RowOf(v, kittest.Noon))
	}
	if rows[0].EnvTone != kit.ToneProduction || rows[1].LogOn != "10 s ago" {
		t.Errorf("%+v", rows)
	}
	for filter, want := range map[string]int{"": 2, "PRODUCTION sønn": 1, "well": 1, "cust": 2, "well production": 0} {
		if got := len(matching(rows, filter)); got != want {
			t.Errorf("filter %q leaves %d", filter, got)
		}
	}
}
