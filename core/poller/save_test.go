package poller_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"partnerdesk/core/poller"
	"partnerdesk/core/tenant"
)

func TestResultsAreSavedInBatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(1000)
		w.enter = func(ctx context.Context, _ tenant.Key) error { return takes(ctx, 20*time.Millisecond) }
		tick, err := w.poller().Once(t.Context())
		if err != nil || tick.LoggedOn != 1000 || tick.Visited != 1000 || tick.UnderWay != 0 || len(w.visits) != 1000 {
			t.Errorf("the tick is %+v, %v; %d are stored", tick, err, len(w.visits))
		}
		// One every quarter of a second.
		if most := int(tick.Took/(250*time.Millisecond)) + 3; w.batches > most {
			t.Errorf("%d transactions in %s", w.batches, tick.Took)
		}
		w.batches = 0
		run(t, w.poller(), time.Second) // nobody is due
		if w.batches != 0 {
			t.Errorf("%d transactions for nothing", w.batches)
		}
	})
}

func TestWhatIsReportedIsStored(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(300)
		w.enter = func(ctx context.Context, _ tenant.Key) error { return takes(ctx, 100*time.Millisecond) }
		stop := start(t, w.poller(func(o *poller.Options) { o.Budget = 100 }))
		time.Sleep(time.Second + 10*time.Millisecond)
		w.mu.Lock()
		w.broken = errors.New("the disk is full")
		before := len(w.visits)
		w.mu.Unlock()
		time.Sleep(20 * time.Second)
		synctest.Wait()
		stored, ended := len(w.visits), w.begun()
		if told := len(w.told("Logged on to context")); stored != before || told != stored || ended < 2*stored || w.lastTick().LoggedOn > stored {
			t.Errorf("%d are stored, %d were told of, %d visits, the tick is %+v", stored, told, ended, w.lastTick())
		}
		if n := len(w.told("the disk is full")); n != 1 {
			t.Errorf("told %d times of the store's trouble", n)
		}
		w.mu.Lock()
		w.broken = nil
		w.mu.Unlock()
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if stored, told := len(w.visits), len(w.told("Logged on to context")); stored != 300 || told != 300 {
			t.Errorf("%d are stored and %d told of, after the store's trouble", stored, told)
		}
		stop()
	})
}

func TestAFailureThatWasForgivenMeanwhileIsNone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(1)
		first := true
		w.enter = func(ctx context.Context, _ tenant.Key) error {
			if !first {
				return nil
			}
			first = false
			_ = takes(ctx, 5*time.Second)
			return temporary("down")
		}
		stop := start(t, w.poller())
		defer stop()
		time.Sleep(time.Second / 2)
		w.forgive("Cust1") // a person has put it right, while the poller is still about to find it broken
		time.Sleep(6*time.Second + time.Millisecond)
		synctest.Wait()
		if v := w.visit("Cust1"); v.Trouble != nil || v.LogOnAt.IsZero() || w.count("Cust1") != 2 || len(w.told("Could not log on")) != 0 {
			t.Errorf("%d visits, %+v", w.count("Cust1"), v)
		}
	})
}

// Who opens the journal finds a visit in the store, with the step that failed.
func TestAVisitTellsWhichStepFailed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(2)
		w.enter = func(_ context.Context, k tenant.Key) error {
			if k.ContextID == "Cust1" {
				return providerDown()
			}
			return temporary("an exchange was refused")
		}
		if _, err := w.poller().Once(t.Context()); err != nil {
			t.Fatal(err)
		}
		one, two := w.visit("Cust1"), w.visit("Cust2")
		if one.FailedStep != tenant.VisitStatus || !one.StateAt.IsZero() {
			t.Errorf("without a status: %q, %s", one.FailedStep, one.StateAt)
		}
		if two.FailedStep != tenant.VisitExchange || !two.StateAt.Equal(time.Now()) {
			t.Errorf("with a status: %q, %s", two.FailedStep, two.StateAt)
		}
		w.enter = nil
		if _, err := w.poller(func(o *poller.Options) { o.WebServices = refusal{} }).Once(t.Context()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		if _, err := w.poller(func(o *poller.Options) { o.WebServices = refusal{} }).Once(t.Context()); err != nil {
			t.Fatal(err)
		}
		if v := w.visit("Cust1"); v.FailedStep != tenant.VisitPrincipal {
			t.Errorf("refused by the tenant: %q", v.FailedStep)
		}
		time.Sleep(time.Hour)
		if _, err := w.poller().Once(t.Context()); err != nil {
			t.Fatal(err)
		}
		if v := w.visit("Cust1"); v.FailedStep != "" || v.Trouble != nil {
			t.Errorf("well: %+v", v)
		}
	})
}
