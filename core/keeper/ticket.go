package keeper

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"log/slog"
	"sync/atomic"
	"time"

	"partnerdesk/core/journal"
	"partnerdesk/core/online"
	"partnerdesk/core/secret"
	"partnerdesk/core/superid"
	"partnerdesk/core/tenant"
)

const (
	// ticketMargin is how long before the end of its six hours a ticket is given up at the latest, and
	// ticketSpread how much earlier at most: each tenant has its own time, so that tickets which were bought in one
	// minute are not all renewed in one minute.
	ticketMargin = 10 * time.Minute
	ticketSpread = 20 * time.Minute
	// usedEvery is how often the sliding of a ticket is written down. The store may thus think a ticket up
	// to this much older than it is, which costs at most an early exchange after a restart.
	usedEvery = 15 * time.Minute
)

// ticket returns a ticket that is good for now.
func (k *Keeper) ticket(ctx context.Context, s Subject, o CallOptions, refused secret.Text) (secret.Text, error) {
	k.mu.Lock()
	cached := k.tickets[s.identity()]
	k.mu.Unlock()
	if !o.Fresh && k.good(s, cached.Ticket, refused) {
		return cached.Text, nil
	}
	if o.Kept {
		return k.keptTicket(ctx, s)
	}
	r, err := k.once(ctx, ticketKind, s, refused, func(ctx context.Context) (renewal, error) {
		return k.renewTicket(ctx, s, o.Fresh, refused)
	})
	if err == nil && r.exchanged != nil && r.exchanged.CompareAndSwap(true, false) && o.Exchanged != nil {
		o.Exchanged()
	}
	return r.text, err
}

// ErrNoTicket is the error of a call with the kept ticket (see CallOptions.Kept) where none is kept, or none that
// would still be taken.
var ErrNoTicket = errors.New("no ticket is kept")

// keptTicket is the ticket that the other program or an earlier run has left in the store.
func (k *Keeper) keptTicket(ctx context.Context, s Subject) (secret.Text, error) {
	stored, err := k.Store.Ticket(ctx, s.Tenant.Key)
	if err != nil && !errors.Is(err, tenant.ErrNotFound) {
		return secret.Text{}, err
	}
	if !k.good(s, stored, secret.Text{}) {
		return secret.Text{}, ErrNoTicket
	}
	k.remember(s, stored)
	return stored.Text, nil
}

// good reports whether a ticket may be shown to the tenant. One that was last used in the future bears the
// time of a clock that was wrong, and may be of any age.
func (k *Keeper) good(s Subject, t tenant.Ticket, refused secret.Text) bool {
	now := k.Now()
	return !t.Text.Empty() && !t.Text.Equal(refused) &&
		now.Before(t.UsedAt.Add(tenant.TicketLife-s.ticketMargin())) && now.After(t.UsedAt.Add(-ticketMargin))
}

// ticketMargin is the tenant's own, and the same in all programs.
func (s Subject) ticketMargin() time.Duration {
	h := fnv.New32a()
	_, _ = io.WriteString(h, s.identity().String()) // a hash takes everything
	return ticketMargin + time.Duration(h.Sum32())%(ticketSpread/time.Second)*time.Second
}

// renewTicket looks once more in the store, where the other program or an earlier run may have left a good
// ticket, and exchanges the system user token only where there is none: each exchange writes a row in the
// customer's database.
func (k *Keeper) renewTicket(ctx context.Context, s Subject, fresh bool, refused secret.Text) (renewal, error) {
	t, stored, err := k.Store.Credentials(ctx, s.Tenant.Key)
	if err != nil {
		return renewal{}, err
	}
	if !fresh && k.good(s, stored, refused) {
		k.remember(s, stored)
		return renewal{text: stored.Text}, nil
	}
	exchanged, err := k.exchange(ctx, s.Registration, t)
	if err != nil {
		return renewal{}, errors.Join(err, k.dropTicket(ctx, s, stored, refused, err))
	}
	ticket, counted, err := k.keep(ctx, s, exchanged)
	if err != nil {
		return renewal{}, err
	}
	if !fresh {
		k.watchExchanges(ctx, counted)
	}
	r := renewal{text: ticket.Text, exchanged: &atomic.Bool{}}
	r.exchanged.Store(true)
	return r, nil
}

// enoughExchanges is how many exchanges of a tenant on one day are no reason to ask why. A ticket in use
// needs none, and one that is never used in time four.
const enoughExchanges = 10

// watchExchanges warns once a day of a tenant whose token is exchanged over and over: something ends its
// tickets early, and each new one is a row in the customer's database.
func (k *Keeper) watchExchanges(ctx context.Context, counted tenant.Exchanges) {
	key := counted.Key
	today, now := tenant.UTCDay(k.Now()), counted.On(k.Now())
	k.mu.Lock()
	told := k.warned[key].Equal(today)
	if now > enoughExchanges {
		k.warned[key] = today
	}
	k.mu.Unlock()
	if now > enoughExchanges && !told {
		k.Log.WarnContext(ctx, fmt.Sprintf("The system user token was exchanged %d times today; about four times are enough, unless demonstration is on", now),
			journal.Step(tenant.StepExchange), journal.Tenant(key), slog.Int("exchanges_today", now))
	}
}

// dropTicket removes a ticket that the tenant has refused, or whose tenant no longer lets the app in. One
// that is good outlives a renewal that failed for a reason that passes.
func (k *Keeper) dropTicket(ctx context.Context, s Subject, stored tenant.Ticket, refused secret.Text, failure error) error {
	if stored.Text.Empty() || tenant.Explain(failure).Temporary && !stored.Text.Equal(refused) {
		return nil
	}
	k.mu.Lock()
	delete(k.tickets, s.identity())
	k.mu.Unlock()
	return k.Store.RemoveTicket(ctx, s.Tenant.Key, stored.Text)
}

// exchangeStored is exchange for the tenant as it is stored now: its token may have been issued anew since the
// caller read it.
func (k *Keeper) exchangeStored(ctx context.Context, s Subject) (superid.Exchanged, error) {
	t, err := k.Store.Tenant(ctx, s.Tenant.Key)
	if err != nil {
		return superid.Exchanged{}, err
	}
	return k.exchange(ctx, s.Registration, t)
}

// exchange carries out steps 8 and 9, token for ticket.
func (k *Keeper) exchange(ctx context.Context, reg tenant.Registration, t tenant.Tenant) (superid.Exchanged, error) {
	if t.SystemUserToken.Empty() {
		return superid.Exchanged{}, noSystemUser(t)
	}
	log := k.Log.With(journal.Tenant(t.Key), journal.Remote(journal.Host(reg.Base)))
	log.InfoContext(ctx, "Signing the system user token and exchanging it for a ticket", journal.Step(tenant.StepExchange),
		slog.String("token_fingerprint", t.SystemUserToken.Fingerprint()), slog.String("protocol", string(cmp.Or(reg.Exchange, tenant.REST))))
	granted, err := k.SuperID.RequestTicket(ctx, reg, t)
	if err != nil {
		return superid.Exchanged{Skew: granted.Skew}, atProvider(err)
	}
	exchanged, err := k.SuperID.ValidateTicket(ctx, reg, t, granted)
	if err != nil {
		return superid.Exchanged{Checks: exchanged.Checks, Skew: exchanged.Skew}, atProvider(err)
	}
	log.InfoContext(ctx, fmt.Sprintf("The answer passed all %d checks; its ticket is good for six hours after each use", len(exchanged.Checks)),
		journal.Step(tenant.StepTicket), slog.String("ticket_fingerprint", exchanged.Ticket.Fingerprint()),
		slog.Duration("clock_skew", exchanged.Skew))
	if issued := exchanged.Claims.SystemUserToken; !issued.Empty() && !issued.Equal(t.SystemUserToken) {
		// SuperOffice has issued the token anew; the old one may end at any time.
		if err := k.Store.ReplaceSystemUserToken(ctx, t.Key, t.SystemUserToken, issued); err != nil {
			return superid.Exchanged{}, err
		}
		log.InfoContext(ctx, "Stored the system user token that SuperOffice has issued anew", journal.Step(tenant.StepStore),
			slog.String("token_fingerprint", issued.Fingerprint()))
	}
	if t.Serial == "" {
		if err := k.Store.CompleteTenant(ctx, t.Key, exchanged.Claims.CompanyName, exchanged.Claims.Serial); err != nil {
			return superid.Exchanged{}, err
		}
	}
	return exchanged, nil
}

// keep stores and caches the ticket of an exchange, and returns how many exchanges there were.
func (k *Keeper) keep(ctx context.Context, s Subject, x superid.Exchanged) (tenant.Ticket, tenant.Exchanges, error) {
	t := tenant.Ticket{Key: s.Tenant.Key, Text: x.Ticket, UsedAt: k.Now()}
	counted, err := k.Store.SaveTicket(ctx, t)
	if err != nil {
		return tenant.Ticket{}, tenant.Exchanges{}, err
	}
	k.remember(s, t)
	return t, counted, nil
}

// remember caches a ticket that the store holds too.
func (k *Keeper) remember(s Subject, t tenant.Ticket) {
	k.mu.Lock()
	k.tickets[s.identity()] = cachedTicket{t, t.UsedAt}
	k.mu.Unlock()
}

// used slides a ticket that the tenant has just taken.
func (k *Keeper) used(ctx context.Context, s Subject, as tenant.Actor, credential online.Credential) {
	if as != tenant.SystemUser {
		return
	}
	now := k.Now()
	k.mu.Lock()
	cached := k.tickets[s.identity()]
	if !cached.Text.Equal(credential.Text()) {
		k.mu.Unlock()
		return
	}
	cached.UsedAt = now
	due := now.Sub(cached.saved) >= usedEvery
	if due {
		cached.saved = now
	}
	k.tickets[s.identity()] = cached
	k.mu.Unlock()
	if !due {
		return
	}
	if err := k.Store.SlideTicket(ctx, cached.Ticket); err != nil {
		k.Log.WarnContext(ctx, "Could not note that the ticket was used; it will be exchanged early", journal.Tenant(s.Tenant.Key), journal.Failure(err))
	}
}

func noSystemUser(t tenant.Tenant) error {
	return &tenant.Problem{Op: "exchange system user token", Explanation: tenant.CauseNotApproved.Explain(
		"There is no system user for "+t.Name()+".", "The last sign-in brought no system user token.",
		"Let an administrator of the tenant sign in here and approve the app.")}
}
