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

func TestStopIsSoonAndComplete(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(40)
		w.enter = func(ctx context.Context, k tenant.Key) error {
			if k.ContextID == "Cust1" {
				return takes(ctx, 5*time.Second) // two of them after the stop
			}
			return hang(ctx)
		}
		began := time.Now()
		run(t, w.poller(), 3*time.Second)
		if took := time.Since(began) - 3*time.Second; took > 5*time.Second || took < 2*time.Second {
			t.Errorf("stopping took %s", took)
		}
		if len(w.busy) != 0 || w.released != 1 || w.lease.Held(time.Now()) {
			t.Errorf("%d visits still run, the lease was given back %d times", len(w.busy), w.released)
		}
		if v := w.visit("Cust2"); v.Failures != 0 {
			t.Error("a visit that was told to stop counts as a failure")
		}
		if v := w.visit("Cust1"); v.LogOnAt.IsZero() {
			t.Error("a visit that ended in time was lost")
		}
	})
}

// A store that hangs must not keep the program from leaving.
type hungStore struct {
	*world
	hung bool
}

func (h *hungStore) SaveVisits(ctx context.Context, visits []tenant.Visit) error {
	if h.hung {
		return hang(ctx)
	}
	return h.world.SaveVisits(ctx, visits)
}

func TestStopDoesNotWaitForAStoreThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(40)
		w.enter = func(ctx context.Context, _ tenant.Key) error { return takes(ctx, time.Second) }
		began := time.Now()
		run(t, w.poller(func(o *poller.Options) { o.Store = &hungStore{w, true} }), 3*time.Second)
		if took := time.Since(began) - 3*time.Second; took > 5*time.Second {
			t.Errorf("stopping took %s", took)
		}
		if w.released != 1 || len(w.told("Logged on")) != 0 {
			t.Errorf("the lease was given back %d times; %s", w.released, w.log.String())
		}
	})
}

func TestOnceSaysThatItWasStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(2)
		w.enter = func(ctx context.Context, k tenant.Key) error { return takes(ctx, 2*time.Second) }
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		tick, err := w.poller().Once(ctx)
		if !errors.Is(err, context.DeadlineExceeded) || tick.LoggedOn != 2 || w.visit("Cust1").LogOnAt.IsZero() {
			t.Errorf("the tick is %+v, %v", tick, err)
		}
	})
}
