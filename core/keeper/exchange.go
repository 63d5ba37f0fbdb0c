package keeper

import (
	"context"
	"errors"

	"partnerdesk/core/superid"
)

// ticketKind is the kind of credential under which all exchanges of a tenant's token fly.
const ticketKind = "ticket"

// Exchange exchanges a tenant's system user token for a ticket now, whatever is cached, by the protocol of
// the subject's registration, and keeps the ticket for later calls. It is for a person who wants to see the
// exchange: calls find their tickets by themselves. Where another exchange of the token is under way, here or
// in the other program, it waits for that one's end first; calls that need a ticket meanwhile take the one
// that it brings. A failure leaves the ticket that is kept alone, as nobody has refused it. Checks and Skew
// may be there after a failure too.
func (k *Keeper) Exchange(ctx context.Context, s Subject) (superid.Exchanged, error) {
	ctx, cancel := context.WithTimeout(ctx, renewTimeout)
	defer cancel()
	for {
		var exchanged superid.Exchanged // to be read only where the flight was ours
		_, own, err := k.join(ctx, ticketKind, s, func(ctx context.Context) (renewal, error) {
			var err error
			if exchanged, err = k.exchangeStored(ctx, s); err != nil {
				return renewal{}, err
			}
			ticket, counted, err := k.keep(ctx, s, exchanged)
			if err == nil {
				k.watchExchanges(ctx, counted)
			}
			return renewal{text: ticket.Text}, err
		})
		switch {
		case own && err == nil:
			return exchanged, nil
		case own:
			if k.root.Err() != nil && !errors.Is(err, ErrClosed) {
				err = errors.Join(ErrClosed, err)
			}
			return superid.Exchanged{Checks: exchanged.Checks, Skew: exchanged.Skew}, err
		case ctx.Err() != nil:
			return superid.Exchanged{}, err
		}
	}
}
