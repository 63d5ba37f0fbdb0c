package keeper

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"partnerdesk/core/journal"
	"partnerdesk/core/online"
	"partnerdesk/core/secret"
	"partnerdesk/core/superid"
	"partnerdesk/core/tenant"
)

const (
	// ticketMargin is how long before the end of its six hours a ticket is given up.
	ticketMargin = 10 * time.Minute
	// usedEvery is how often the sliding of a ticket is written down. The store may thus think a ticket up
	// to this much older than it is, which costs at most an early exchange after a restart.
	usedEvery = 15 * time.Minute
)

// ticket returns a ticket that is good for now.
func (k *Keeper) ticket(ctx context.Context, s Subject, o CallOptions, refused secret.Text) (secret.Text, error) {
	key := s.Tenant.Key
	k.mu.Lock()
	cached := k.tickets[key]
	k.mu.Unlock()
	if !o.Fresh && k.good(cached, refused) {
		return cached.Text, nil
	}
	return k.once(ctx, "ticket "+key.String(), func(ctx context.Context) (secret.Text, error) {
		return k.renewTicket(ctx, s, o, refused)
	})
}

func (k *Keeper) good(t tenant.Ticket, refused secret.Text) bool {
	return !t.Text.Empty() && !t.Text.Equal(refused) && k.Now().Before(t.UsedAt.Add(tenant.TicketLife-ticketMargin))
}

// renewTicket looks once more in the store, where the other program or an earlier run may have left a good
// ticket, and exchanges the system user token only where there is none: each exchange writes a row in the
// customer's database.
func (k *Keeper) renewTicket(ctx context.Context, s Subject, o CallOptions, refused secret.Text) (secret.Text, error) {
	key := s.Tenant.Key
	stored, err := k.Store.Ticket(ctx, key)
	if err != nil && !errors.Is(err, tenant.ErrNotFound) {
		return secret.Text{}, err
	}
	if !o.Fresh && k.good(stored, refused) {
		k.remember(stored, stored.UsedAt)
		return stored.Text, nil
	}
	// The tenant as it is stored now: its token may have been issued anew since the caller read it.
	t, err := k.Store.Tenant(ctx, key)
	if err != nil {
		return secret.Text{}, err
	}
	exchanged, err := k.exchange(ctx, s.Registration, t)
	if err != nil {
		if !stored.Text.Empty() {
			err = errors.Join(err, k.Store.RemoveTicket(ctx, key, stored.Text))
		}
		return secret.Text{}, err
	}
	if o.Exchanged != nil {
		o.Exchanged()
	}
	ticket := tenant.Ticket{Key: key, Text: exchanged.Ticket, UsedAt: k.Now()}
	if err := k.Store.SaveTicket(ctx, ticket); err != nil {
		return secret.Text{}, err
	}
	k.remember(ticket, ticket.UsedAt)
	return ticket.Text, nil
}

// exchange carries out steps 8 and 9: token for ticket.
func (k *Keeper) exchange(ctx context.Context, reg tenant.Registration, t tenant.Tenant) (superid.Exchanged, error) {
	if t.SystemUserToken.Empty() {
		return superid.Exchanged{}, noSystemUser(t)
	}
	log := k.Log.With(journal.Tenant(t.Key))
	log.InfoContext(ctx, "Signing the system user token and exchanging it for a ticket", journal.Step(tenant.StepExchange),
		slog.String("token_fingerprint", t.SystemUserToken.Fingerprint()))
	granted, err := k.SuperID.RequestTicket(ctx, reg, t)
	if err != nil {
		return superid.Exchanged{}, atProvider(err)
	}
	exchanged, err := k.SuperID.ValidateTicket(ctx, reg, t, granted)
	if err != nil {
		return superid.Exchanged{}, err
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
	return exchanged, nil
}

func (k *Keeper) remember(t tenant.Ticket, saved time.Time) {
	k.mu.Lock()
	k.tickets[t.Key], k.saved[t.Key] = t, saved
	k.mu.Unlock()
}

// used slides a ticket that the tenant has just taken.
func (k *Keeper) used(ctx context.Context, key tenant.Key, as tenant.Actor, credential online.Credential) {
	if as != tenant.SystemUser {
		return
	}
	now := k.Now()
	k.mu.Lock()
	ticket := k.tickets[key]
	if !ticket.Text.Equal(credential.Text()) {
		k.mu.Unlock()
		return
	}
	ticket.UsedAt = now
	k.tickets[key] = ticket
	due := now.Sub(k.saved[key]) >= usedEvery
	if due {
		k.saved[key] = now
	}
	k.mu.Unlock()
	if !due {
		return
	}
	if err := k.Store.SaveTicket(ctx, ticket); err != nil {
		k.Log.WarnContext(ctx, "Could not note that the ticket was used; it will be exchanged early", journal.Tenant(key), journal.Failure(err))
	}
}

func noSystemUser(t tenant.Tenant) error {
	return &tenant.Problem{Op: "exchange system user token", Explanation: tenant.Explanation{
		What: "There is no system user for " + t.CompanyName + ".",
		Why:  "The last sign-in brought no system user token.",
		Next: "Let an administrator of the tenant sign in here and approve the app.", Fault: tenant.FaultConsent,
	}}
}
