package keeper

import (
	"context"

	"partnerdesk/core/journal"
	"partnerdesk/core/online"
	"partnerdesk/core/superid"
)

// Prove exchanges a tenant's system user token once, to learn whether SuperOffice still takes it. It is for
// the end of a tenant, so that the ticket is neither cached nor stored. The tenant's status is asked for
// first, anew: of one that does not run ([NotRunning]) no exchange is asked. Checks may be there after a
// failure too.
func (k *Keeper) Prove(ctx context.Context, s Subject) (superid.Exchanged, error) {
	if err := k.begin(); err != nil {
		return superid.Exchanged{}, err
	}
	defer k.work.Done()
	// Each request is made once: a second exchange would write a second row in the customer's database.
	ctx, cancel := context.WithTimeout(online.Once(ctx), renewTimeout)
	defer cancel()
	defer context.AfterFunc(k.root, cancel)()
	if _, err := k.running(ctx, s, CallOptions{}, true); err != nil {
		return superid.Exchanged{}, err
	}
	exchanged, err := k.exchangeStored(ctx, s)
	if err != nil {
		return superid.Exchanged{Checks: exchanged.Checks, Skew: exchanged.Skew}, redacted(err)
	}
	k.Log.InfoContext(ctx, "The exchange was a proof only: its ticket is thrown away", journal.Tenant(s.Tenant.Key))
	return exchanged, nil
}
