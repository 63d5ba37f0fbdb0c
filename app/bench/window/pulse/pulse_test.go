package pulse_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"partnerdesk/app/bench/window/pulse"
)

// TestEveryBeatThatWaitsIsCounted has a user interface that stalls for a quarter of a second, once: the beat that met
// the stall first waited for nearly all of it, and those behind it for what was left of it.
func TestEveryBeatThatWaitsIsCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		queue := make(chan func(), 100)
		var ui sync.WaitGroup
		ui.Go(func() {
			time.Sleep(pulse.Every/2 + 250*time.Millisecond)
			for f := range queue {
				f()
			}
		})
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second+pulse.Every/2)
		defer cancel()
		told := pulse.Of(pulse.Listen(ctx, func(f func()) { queue <- f }))
		close(queue)
		ui.Wait()
		want := pulse.Result{Beats: 200, P50: 0, P95: 0, P99: 125, Max: 225}
		if told != want {
			t.Errorf("told %+v, want %+v", told, want)
		}
	})
}

func TestWithoutABeatThereIsNothingToTell(t *testing.T) {
	if told := pulse.Of(nil); told != (pulse.Result{}) {
		t.Errorf("told %+v", told)
	}
}
