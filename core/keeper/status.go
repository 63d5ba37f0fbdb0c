package keeper

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"partnerdesk/core/journal"
	"partnerdesk/core/online"
	"partnerdesk/core/tenant"
)

type cachedStatus struct {
	online.Status
	asked time.Time
}

// running returns the status of a tenant that runs, and otherwise says that it does not: before anybody
// spends an exchange on it. anew asks the status service even where the last status is still valid.
func (k *Keeper) running(ctx context.Context, s Subject, o CallOptions, anew bool) (online.Status, error) {
	status, err := k.status(ctx, s, o.Record, anew)
	if err != nil {
		return status.Status, err
	}
	if o.Status != nil {
		o.Status(status.Status, status.asked)
	}
	if !status.Running {
		return status.Status, notRunning(s.Tenant, status.Status)
	}
	return status.Status, nil
}

// Running asks for a tenant's status anew, for somebody who wants to see it. Of a tenant that does not run the
// status is there too, beside the error ([NotRunning]).
func (k *Keeper) Running(ctx context.Context, s Subject) (online.Status, error) {
	return k.running(ctx, s, CallOptions{}, true)
}

func isNotRunning(err error) bool {
	_, ok := errors.AsType[*NotRunning](err)
	return ok
}

// status returns the tenant's status, asked for again when it is no longer valid or anew is true.
func (k *Keeper) status(ctx context.Context, s Subject, record func(online.Request), anew bool) (cachedStatus, error) {
	now := k.Now()
	k.mu.Lock()
	cached, ok := k.statuses[s.identity()]
	k.mu.Unlock()
	// That a tenant does not run is asked anew each time: whoever calls has a reason to think otherwise. A
	// status from a time that has not come yet was asked for under a clock that was wrong.
	if !anew && ok && cached.Running && now.Before(cached.ValidUntil) && !now.Before(cached.asked) {
		return cached, nil
	}
	status, err := k.Status.Status(ctx, s.Registration.Base, s.Tenant.ContextID, record)
	if err != nil {
		if anew {
			k.forgetStatus(s)
		}
		return cachedStatus{}, redacted(atProvider(err))
	}
	cached = cachedStatus{status, now}
	k.mu.Lock()
	k.statuses[s.identity()] = cached
	k.mu.Unlock()
	k.Log.DebugContext(ctx, "Asked for the tenant's status", journal.Tenant(s.Tenant.Key), journal.Remote(journal.Host(s.Registration.Base)),
		slog.String("tenant_state", status.State.String()), slog.Time("valid_until", status.ValidUntil))
	return cached, nil
}

// elsewhere is for a call that ended in silence where the tenant was last known to be: perhaps it has moved. The
// status is forgotten, so that the next call asks for it. For a call that only reads it is asked for at once;
// without an error the tenant runs at another address by now, where the call may be made again.
func (k *Keeper) elsewhere(ctx context.Context, s Subject, o CallOptions, last online.Status, silence error) (online.Status, error) {
	k.forgetStatus(s)
	if o.Writes {
		return last, silence
	}
	status, err := k.running(ctx, s, o, true)
	switch {
	case isNotRunning(err):
		return last, err
	case err != nil || status.API == last.API:
		return last, silence
	}
	k.Log.WarnContext(ctx, "The tenant did not answer, and has another address by now; asking there", journal.Tenant(s.Tenant.Key),
		journal.Remote(journal.Host(status.API)))
	return status, nil
}

func (k *Keeper) forgetStatus(s Subject) {
	k.mu.Lock()
	delete(k.statuses, s.identity())
	k.mu.Unlock()
}

// NotRunning is the error for a tenant whose state does not let it be called.
type NotRunning struct{ State tenant.State }

// Error names the state.
func (n *NotRunning) Error() string { return "the tenant's state is " + n.State.String() }

func notRunning(t tenant.Tenant, status online.Status) error {
	what, why := "The tenant is not running.", "SuperOffice reports its state as "+status.State.String()+"."
	e := tenant.CauseMaintenance.Explain(what, why, "")
	switch status.State {
	case tenant.StateDeleted, tenant.StateDeleting, tenant.StateDeleteFailed:
		e = tenant.CauseTenantGone.Explain(what, why, "")
	case tenant.StateSuspended:
		e = tenant.CauseTenantSuspended.Explain(what, why, "")
	case tenant.StateUnknown:
		// SuperOffice does not document what it answers for a tenant that it does not know: perhaps this.
		e.Next = "Wait; it is asked again by itself. If it stays so, the customer may have left, or belong to another environment."
	}
	return &tenant.Problem{Op: "enter tenant " + t.ContextID, Explanation: e, Err: &NotRunning{State: status.State}}
}
