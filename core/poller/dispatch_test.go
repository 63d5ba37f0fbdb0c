package poller_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"partnerdesk/core/online"
	"partnerdesk/core/poller"
	"partnerdesk/core/tenant"
)

func TestTheBudgetCountsRequests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(500)
		w.settings.Demonstration = true // each visit is an exchange and a log-on
		run(t, w.poller(func(o *poller.Options) { o.Budget = 10 }), time.Minute)
		if n := len(w.calls); n > (10*60+10)/2 {
			t.Errorf("%d visits of two requests in a minute at 10 requests a second", n)
		}
	})
}

func TestNoBudgetIsNoBound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(10000)
		w.enter = func(ctx context.Context, _ tenant.Key) error { return takes(ctx, 10*time.Millisecond) }
		tick, err := w.poller(func(o *poller.Options) { o.Budget = math.Inf(1) }).Once(t.Context())
		// 10,000 visits of 10 ms, 64 at once.
		if err != nil || tick.LoggedOn != 10000 || tick.Took > 1700*time.Millisecond || w.peak > 64 {
			t.Errorf("the tick is %+v, %v, %d at once", tick, err, w.peak)
		}
	})
}

func TestOneEnvironmentDoesNotStarveAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(400)
		for i := range 300 { // of the first environment, which hangs
			w.tenants[i].Registration = "slow"
			w.statuses[w.tenants[i].Key] = online.Status{}
		}
		w.enter = func(ctx context.Context, k tenant.Key) error {
			if k.Registration == "slow" {
				return hang(ctx)
			}
			return nil
		}
		tick, err := w.poller().Once(t.Context())
		if err != nil || tick.LoggedOn != 100 {
			t.Errorf("the tick is %+v, %v", tick, err)
		}
	})
}

// The log-ons of the others are to the moment what they are without the tenants that hang.
func TestTenantsThatHangDelayNobody(t *testing.T) {
	for _, fleet := range []struct{ tenants, hanging int }{{20, 1}, {1000, 50}} {
		t.Run(fmt.Sprintf("%d of %d", fleet.hanging, fleet.tenants), func(t *testing.T) {
			var with, without [][]time.Duration
			for _, hanging := range []int{0, fleet.hanging} {
				synctest.Test(t, func(t *testing.T) {
					w := newWorld(fleet.tenants)
					w.enter = func(ctx context.Context, k tenant.Key) error {
						var n int
						_, _ = fmt.Sscanf(k.ContextID, "Cust%d", &n)
						if n%20 == 0 && hanging > 0 {
							return takes(ctx, time.Minute)
						}
						return takes(ctx, 50*time.Millisecond)
					}
					run(t, w.poller(func(o *poller.Options) { o.Budget = math.Inf(1) }), 5*time.Minute-time.Second)
					var times [][]time.Duration
					for n := 1; n <= fleet.tenants; n++ {
						if n%20 != 0 {
							times = append(times, w.times(fmt.Sprintf("Cust%d", n)))
						}
					}
					if w.twice {
						t.Error("a tenant is visited twice at once")
					}
					with, without = without, times
				})
			}
			with, without = without, with // the last one is with those that hang
			for i := range with {
				if len(with[i]) != len(without[i]) || len(with[i]) != 20 {
					t.Fatalf("%d log-ons in 20 ticks beside tenants that hang, %d without them", len(with[i]), len(without[i]))
				}
				for j := range with[i] {
					// All that they may cost is the two seconds after which they give their places up.
					if late := with[i][j] - without[i][j]; fleet.hanging == 1 && late != 0 || late > 5*time.Second {
						t.Fatalf("log-on %d came %s later", j, late)
					}
				}
			}
		})
	}
}

func TestATenantThatHangsIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(2)
		w.enter = func(ctx context.Context, k tenant.Key) error {
			if k.ContextID == "Cust1" {
				return hang(ctx)
			}
			return nil
		}
		tick, err := w.poller().Once(t.Context())
		if err != nil || tick.LoggedOn != 1 || tick.Failed != 1 || tick.Took > 21*time.Second {
			t.Errorf("the tick is %+v, %v", tick, err)
		}
	})
}

// A tick ends without those that take long; the one in which they end counts them.
func TestATickCountsTheVisitsThatEndInIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(3)
		w.enter = func(ctx context.Context, k tenant.Key) error {
			if k.ContextID == "Cust1" {
				return takes(ctx, 10*time.Second)
			}
			return nil
		}
		run(t, w.poller(), 29*time.Second)
		first, second := w.ticks[0], w.ticks[1]
		if first.LoggedOn != 2 || first.UnderWay != 1 || first.Took > 3*time.Second {
			t.Errorf("the first tick is %+v", first)
		}
		if second.LoggedOn != 3 || second.UnderWay != 1 || second.Visited != 3 || second.Requests != 3 {
			t.Errorf("the second tick is %+v", second)
		}
	})
}

// After a pause that has ended all tickets, they are exchanged no faster than the budget allows.
func TestExchangesAfterALongPauseStayWithinTheBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(600)
		w.settings.Maintenance = tenant.DefaultMaintenance()
		used := map[tenant.Key]time.Time{}
		var exchanges []time.Time
		p := w.poller(func(o *poller.Options) {
			o.Budget = 10
			o.Keeper = tickets{w, used, &exchanges}
		})
		// From noon on Saturday; SuperOffice works from 20 to 06 (UTC+1).
		time.Sleep(11 * time.Hour)
		run(t, p, 7*time.Hour+30*time.Minute)
		if len(exchanges) != 600 {
			t.Fatalf("%d exchanges for 600 new tenants", len(exchanges))
		}
		exchanges = nil
		run(t, p, 15*time.Hour)
		if len(exchanges) != 600 {
			t.Fatalf("%d exchanges after a pause of ten hours", len(exchanges))
		}
		slices.SortFunc(exchanges, time.Time.Compare)
		for i := range exchanges {
			// Each visit makes two requests: ten at once after the pause, and then five visits a second.
			if i >= 60 && exchanges[i].Sub(exchanges[i-60]) < 9*time.Second {
				t.Fatalf("60 exchanges in %s", exchanges[i].Sub(exchanges[i-60]))
			}
		}
	})
}
