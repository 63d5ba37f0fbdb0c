package keeper

import (
	"context"
	"errors"

	"partnerdesk/core/superid"
	"partnerdesk/core/tenant"
)

// Exchange exchanges a tenant's system user token for a ticket now, whatever is cached, by the protocol of
// the subject's registration, and keeps the ticket for later calls. It is for a person who wants to see the
// exchange: calls find their tickets by themselves. A failure leaves the ticket that is kept alone, as
// nobody has refused it. Its Checks may be there after a failure too.
func (k *Keeper) Exchange(ctx context.Context, s Subject) (superid.Exchanged, error) {
	if err := k.begin(); err != nil {
		return superid.Exchanged{}, err
	}
	defer k.work.Done()
	ctx, cancel := context.WithTimeout(ctx, renewTimeout)
	defer cancel()
	defer context.AfterFunc(k.root, cancel)() // the keeper's end is this one's too

	// The tenant as it is stored now: its token may have been issued anew since the caller read it.
	t, err := k.Store.Tenant(ctx, s.Tenant.Key)
	if err != nil {
		return superid.Exchanged{}, err
	}
	exchanged, err := k.exchange(ctx, s.Registration, t)
	if err != nil {
		if k.root.Err() != nil {
			err = errors.Join(ErrClosed, err)
		}
		return superid.Exchanged{Checks: exchanged.Checks, Skew: exchanged.Skew}, redacted(err)
	}
	ticket := tenant.Ticket{Key: t.Key, Text: exchanged.Ticket, UsedAt: k.Now()}
	if err := k.Store.SaveTicket(ctx, ticket); err != nil {
		return superid.Exchanged{}, err
	}
	k.remember(s, ticket)
	return exchanged, nil
}
