package poller_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"partnerdesk/core/tenant"
)

func TestStatsTellWhatWasDone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(2)
		w.exchange = true
		w.enter = func(ctx context.Context, k tenant.Key) error {
			_ = takes(ctx, time.Second)
			if k.ContextID == "Cust2" {
				return temporary("down")
			}
			return nil
		}
		p := w.poller()
		since := time.Now()
		stop := start(t, p)
		time.Sleep(1500 * time.Millisecond)
		synctest.Wait()
		s := p.Stats()
		if !s.Since.Equal(since) || s.Ticks != 1 || s.Visits != 2 || s.LogOns != 1 || s.Exchanges != 1 || s.Failures != 1 ||
			s.Requests != 2 || s.VisitTime != 2*time.Second || s.Last.LoggedOn != 1 {
			t.Errorf("the stats are %+v", s)
		}
		if len(s.Tenants) != 2 || s.Tenants[0].ContextID != "Cust1" || s.Tenants[0].LogOns != 1 || s.Tenants[1].Failures != 1 ||
			s.Tenants[1].LastTook != time.Second || !s.Tenants[1].LastVisit.Equal(since.Add(time.Second)) {
			t.Errorf("the tenants' are %+v", s.Tenants)
		}
		if e := s.Environments[0]; e.Base != "https://sod.superoffice.com" || e.Requests != 2 || e.UnderWay != 0 || e.Breaker != "closed" {
			t.Errorf("the environment's are %+v", e)
		}
		w.change(func() { w.tenants = w.tenants[:1] })
		time.Sleep(2 * time.Second)
		stop()
		if s := p.Stats(); len(s.Tenants) != 1 {
			t.Errorf("a tenant that was removed is still counted: %+v", s.Tenants)
		}
	})
}
