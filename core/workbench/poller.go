package workbench

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"partnerdesk/core/journal"
	"partnerdesk/core/tenant"
)

// TakeOverPatience is how long the process that polls has to hand over. It notices within a second or two, finishes
// the requests that are under way, and gives the lease back.
const TakeOverPatience = 30 * time.Second

// TakeOver asks the process that polls to hand over to this one, whose poller must run: it stands by, and takes the
// lease when it is given back. TakeOver does not wait for that; [PollerView] tells how it goes. Where this process
// polls already, or nobody does, there is nobody to ask.
func (w *Workbench) TakeOver(ctx context.Context) error {
	now := w.Now()
	l, err := w.Store.AskForLease(ctx, w.Owner, now.Add(TakeOverPatience))
	if err != nil {
		return fmt.Errorf("take polling over: %w", err)
	}
	if l.Asked(now) && l.AskedBy.Same(w.Owner) {
		w.Log.InfoContext(ctx, fmt.Sprintf("The %s asked the %s to hand polling over", name(w.Owner), name(l.Owner)),
			journal.Step(tenant.StepPoll), slog.Duration("waits", TakeOverPatience))
	}
	w.due()
	return nil
}

// name tells a process from others for people.
func name(o tenant.Owner) string {
	return fmt.Sprintf("%s on %s (process %d)", o.Program, o.Host, o.PID)
}

// Ticks returns the summaries of the ticks of either program from since on, the oldest first, of the last 24 hours
// at most.
func (w *Workbench) Ticks(ctx context.Context, since time.Time) ([]tenant.Tick, error) {
	return w.Store.Ticks(ctx, since)
}
