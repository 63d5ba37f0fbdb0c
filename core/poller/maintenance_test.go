package poller_test

import (
	"testing"
	"testing/synctest"
	"time"

	"partnerdesk/core/tenant"
)

// The bubble's time begins on Saturday 2000-01-01 at 00:00 UTC, which is 01:00 in SuperOffice's zone.
func TestPlannedMaintenancePausesQuietly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(4)
		w.settings.Maintenance = "Sat 02:00-04:00"
		w.tenants[3].Registration = "slow" // an environment that is not SuperOffice's
		w.statuses[w.tenants[3].Key] = w.statuses[w.tenants[0].Key]
		stop := start(t, w.poller())
		defer stop()
		time.Sleep(time.Hour + time.Minute)
		before := w.count("Cust1")
		time.Sleep(time.Hour)
		w.forgive("Cust2") // a person who asks gets an answer all the same
		asked := w.count("Cust2")
		time.Sleep(30 * time.Minute)
		synctest.Wait()
		if w.count("Cust1") != before || w.count("Cust2") != asked+1 || w.count("Cust4") < 500 {
			t.Errorf("visited %d, %d and %d times", w.count("Cust1")-before, w.count("Cust2")-asked, w.count("Cust4"))
		}
		if last := w.lastTick(); last.Paused != 3 || last.Resting != 3 || last.LoggedOn != 1 || last.Active != 4 {
			t.Errorf("the tick is %+v", last)
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		if n := w.count("Cust1"); n < before+100 {
			t.Errorf("%d visits after it", n-before)
		}
		begun, ended := w.told("has planned maintenance of sod.superoffice.com"), w.told("planned maintenance of sod.superoffice.com is over")
		if len(begun) != 1 || len(ended) != 1 || len(w.told("level=WARN")) != 0 {
			t.Errorf("told:\n%s%s", begun, ended)
		}
		if v := w.visit("Cust1"); v.Trouble != nil || w.tenants[0].Verdict(tenant.ProofsOf(v, tenant.Exchanges{}), time.Now()) != tenant.Well {
			t.Errorf("the visit is %+v", v)
		}
	})
}
