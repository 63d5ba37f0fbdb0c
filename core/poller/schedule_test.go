package poller_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"partnerdesk/core/poller"
	"partnerdesk/core/tenant"
)

func TestABudgetSmallerThanTheFleetLetsEveryoneHaveATurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(1000)
		run(t, w.poller(func(o *poller.Options) { o.Budget = 10 }), 6*time.Minute)
		least, most := 1000, 0
		for i := range 1000 {
			n := w.count(fmt.Sprintf("Cust%d", i+1))
			least, most = min(least, n), max(most, n)
		}
		if least < 2 || most > least+1 {
			t.Errorf("some were visited %d times, some %d times", least, most)
		}
		if limit := 10*6*60 + 10; len(w.calls) > limit {
			t.Errorf("%d visits in six minutes at 10 a second", len(w.calls))
		}
	})
}

// A thousand tenants whose host is down must not come forward again and again, and let the others wait.
func TestTenantsThatFailStarveNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(1000)
		var down bool
		w.enter = func(_ context.Context, k tenant.Key) error {
			var n int
			_, _ = fmt.Sscanf(k.ContextID, "Cust%d", &n)
			if down && n > 500 {
				return temporary("the host is down")
			}
			return nil
		}
		p := w.poller(func(o *poller.Options) { o.Budget = 10 })
		run(t, p, 5*time.Minute)
		down = true
		run(t, p, 10*time.Minute)
		for i := range 500 {
			if v := w.visit(fmt.Sprintf("Cust%d", i+1)); time.Since(v.LogOnAt) > 4*time.Minute {
				t.Fatalf("tenant %d was logged on %s ago", i+1, time.Since(v.LogOnAt))
			}
		}
	})
}

func TestTheOldestLogOnComesFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(5)
		for i, ago := range []time.Duration{3 * time.Minute, 5 * time.Minute, 2 * time.Minute, 0, 4 * time.Minute} {
			k := w.tenants[i].Key
			if ago > 0 { // and one that is new
				w.visits[k] = tenant.Visit{Key: k, LogOnAt: time.Now().Add(-ago)}
			}
		}
		run(t, w.poller(func(o *poller.Options) { o.Budget = 0.5 }), 14*time.Second)
		// The budget lets three begin at once, and then one each two seconds.
		want := map[string]time.Duration{"Cust4": 0, "Cust2": 0, "Cust5": 0, "Cust1": 2 * time.Second, "Cust3": 4 * time.Second}
		for k, at := range want {
			if got := w.times(k); len(got) != 1 || got[0] != at {
				t.Errorf("%s was visited at %s", k, got)
			}
		}
	})
}

func TestANewTenantComesAheadOfRoutineAndAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(1000)
		for _, tt := range w.tenants {
			w.visits[tt.Key] = tenant.Visit{Key: tt.Key, LogOnAt: time.Now().Add(-time.Hour)}
		}
		stop := start(t, w.poller(func(o *poller.Options) { o.Budget = 10 }))
		defer stop()
		for _, in := range []time.Duration{20*time.Second + time.Millisecond, 13*time.Second + time.Millisecond} { // in a tick, and between two
			time.Sleep(in)
			w.change(func() { w.add("Cust5000" + fmt.Sprint(in.Seconds())) })
			time.Sleep(1500 * time.Millisecond)
			synctest.Wait()
			if w.count("Cust5000"+fmt.Sprint(in.Seconds())) != 1 {
				t.Errorf("after %s a new tenant waits with the others", in)
			}
		}
		time.Sleep(5 * time.Minute)
		synctest.Wait()
		for i := range 1000 {
			if w.count(fmt.Sprintf("Cust%d", i+1)) == 0 {
				t.Fatalf("tenant %d never had a turn", i+1)
			}
		}
	})
}

// A tick that something has caused between two regular ones visits nobody twice, and moves no other.
func TestWhoeverIsAddedDisturbsNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(3)
		stop := start(t, w.poller())
		for i := range 5 {
			time.Sleep(10 * time.Second)
			w.change(func() { w.add(fmt.Sprintf("Cust9%d", i)) })
		}
		time.Sleep(9 * time.Second)
		stop()
		for i, at := range w.times("Cust1") {
			if at != time.Duration(i)*15*time.Second {
				t.Errorf("visit %d came after %s", i, at)
			}
		}
		if n := w.count("Cust1"); n != 4 {
			t.Errorf("%d visits in a minute", n)
		}
	})
}

// The roster is read when it has changed; a tick otherwise reads nothing.
func TestAWarmTickReadsNoRoster(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(10)
		stop := start(t, w.poller())
		defer stop()
		time.Sleep(time.Hour)
		synctest.Wait()
		if w.rosters != 1 || w.count("Cust1") != 241 {
			t.Errorf("the roster was read %d times for %d visits", w.rosters, w.count("Cust1"))
		}
		w.change(func() { w.tenants[0].Active = false })
		time.Sleep(time.Hour)
		synctest.Wait()
		if w.rosters != 2 || w.count("Cust1") != 241 || w.lastTick().Active != 9 {
			t.Errorf("the roster was read %d times, and the tenant that is switched off visited %d times", w.rosters, w.count("Cust1"))
		}
	})
}

func TestATenantSwitchedOffAndOnDuringAVisitIsNotVisitedTwiceAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(1)
		w.enter = func(ctx context.Context, _ tenant.Key) error { return takes(ctx, 10*time.Second) }
		stop := start(t, w.poller())
		defer stop()
		time.Sleep(3 * time.Second)
		w.change(func() { w.tenants[0].Active = false })
		time.Sleep(3 * time.Second)
		w.change(func() { w.tenants[0].Active = true })
		time.Sleep(3 * time.Second)
		synctest.Wait()
		if w.twice || w.count("Cust1") != 1 || w.rosters < 3 {
			t.Errorf("two at once: %t; %d visits; the roster was read %d times", w.twice, w.count("Cust1"), w.rosters)
		}
		w.change(func() { w.tenants[0].Active = false })
		time.Sleep(6 * time.Second) // the visit ends meanwhile
		w.change(func() { w.tenants[0].Active = true })
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if w.count("Cust1") != 2 {
			t.Errorf("after the visit had ended, being switched on led to %d more", w.count("Cust1")-1)
		}
	})
}

func TestARestartVisitsNobodyTooEarly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(3)
		w.settings.PollInterval = time.Hour
		for range 3 {
			run(t, w.poller(), 10*time.Minute)
		}
		if n := w.count("Cust1"); n != 1 {
			t.Errorf("visited %d times in half an hour", n)
		}
	})
}

func TestASettingAppliesAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(600)
		w.settings.PollInterval = time.Minute
		stop := start(t, w.poller(func(o *poller.Options) { o.Budget = 0 }))
		defer stop()
		time.Sleep(30 * time.Second)
		if most := w.most(); most > 20 || w.begun() > 310 {
			t.Errorf("%d visits in a second, %d in all, at 10 a second", most, w.begun())
		}
		w.change(func() { w.settings.RequestBudget, w.settings.PollInterval = 100, 15*time.Second })
		time.Sleep(5 * time.Second)
		synctest.Wait()
		if n := w.begun(); n < 600 {
			t.Errorf("%d visits in five seconds at 100 a second", n-300)
		}
		time.Sleep(26 * time.Second)
		if n := w.begun(); n < 1200 {
			t.Errorf("%d visits with a tick of 15 s", n)
		}
	})
}
