package workbench

import (
	"context"
	"errors"

	"partnerdesk/core/journal"
	"partnerdesk/core/tenant"
)

// SetActive switches the poller's visits to a tenant on or off.
func (w *Workbench) SetActive(ctx context.Context, k tenant.Key, active bool) error {
	if err := w.Store.SetActive(ctx, k, active); err != nil {
		return explainNoTenant(k, err)
	}
	w.switched(ctx, []tenant.Key{k}, active)
	return nil
}

// SetActiveAll is SetActive for many tenants in one piece of work. It passes over those that are gone, and returns
// the others.
func (w *Workbench) SetActiveAll(ctx context.Context, keys []tenant.Key, active bool) ([]tenant.Key, error) {
	done, err := w.Store.SetActiveAll(ctx, keys, active)
	if err == nil {
		w.switched(ctx, done, active)
	}
	return done, err
}

// switched tells the journal of each tenant that was switched, and the poller once.
func (w *Workbench) switched(ctx context.Context, keys []tenant.Key, active bool) {
	message := "Deactivated the tenant: the poller leaves it alone"
	if active {
		message = "Activated the tenant: the poller visits it"
	}
	for _, k := range keys {
		w.Log.InfoContext(ctx, message, journal.Tenant(k))
	}
	if active && len(keys) > 0 {
		w.due()
	}
}

// VisitNow has the poller visit an active tenant without waiting, even one that rests or needs attention:
// the person who asks may have put it right.
func (w *Workbench) VisitNow(ctx context.Context, k tenant.Key) error {
	t, err := w.Store.Tenant(ctx, k)
	if err != nil {
		return explainNoTenant(k, err)
	}
	if !t.Active {
		return refusedInput("visit tenant "+k.String(), "The tenant is not visited.", errors.New("the tenant is not active, so the poller leaves it alone"))
	}
	// Switching on what is on forgets earlier failures.
	if err := w.Store.SetActive(ctx, k, true); err != nil {
		return explainNoTenant(k, err)
	}
	w.due()
	return nil
}

// VisitAll is VisitNow for many tenants in one piece of work. It passes over those that are gone or not active, and
// returns the others.
func (w *Workbench) VisitAll(ctx context.Context, keys []tenant.Key) ([]tenant.Key, error) {
	done, err := w.Store.ForgiveAll(ctx, keys)
	if err == nil && len(done) > 0 {
		w.due()
	}
	return done, err
}

func (w *Workbench) due() {
	if w.Due != nil {
		w.Due()
	}
}
