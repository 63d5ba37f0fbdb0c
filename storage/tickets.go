package storage

import (
	"context"
	"errors"
	"time"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

type ticketRecord struct {
	Text   []byte    `json:"text,omitempty"` // sealed
	UsedAt time.Time `json:"used_at,omitzero"`
}

var tickets = table[tenant.Ticket, ticketRecord]{
	bucket: bucketTickets,
	noun:   "ticket",
	pack: func(t tenant.Ticket, x *box) ticketRecord {
		return ticketRecord{Text: x.seal("text", t.Text), UsedAt: t.UsedAt.UTC()}
	},
	unpack: func(r ticketRecord, x *box) tenant.Ticket {
		return tenant.Ticket{Key: tenantKey(x.key), Text: x.open("text", r.Text), UsedAt: r.UsedAt}
	},
}

// ticketUses is the same bucket for those who only ask how old the tickets are: the texts stay sealed.
var ticketUses = table[tenant.Ticket, ticketRecord]{
	bucket: bucketTickets,
	noun:   "ticket",
	unpack: func(r ticketRecord, x *box) tenant.Ticket {
		return tenant.Ticket{Key: tenantKey(x.key), UsedAt: r.UsedAt}
	},
}

// Ticket returns a tenant's cached ticket, or an error that is tenant.ErrNotFound. One that cannot be trusted counts as
// none: the next exchange replaces it.
func (s *Store) Ticket(ctx context.Context, key tenant.Key) (tenant.Ticket, error) {
	var t tenant.Ticket
	err := s.view(ctx, "read ticket", func(w *work) (err error) {
		t, err = tickets.need(w, recordKey(key))
		if errors.Is(err, ErrDamaged) {
			err = notFound(tickets.noun, key.String())
		}
		return err
	})
	return t, err
}

// Credentials returns a tenant and its ticket, or an error that is tenant.ErrNotFound where there is no such tenant. The
// ticket is the zero one where there is none that can be trusted.
func (s *Store) Credentials(ctx context.Context, key tenant.Key) (t tenant.Tenant, cached tenant.Ticket, err error) {
	err = s.viewTogether(ctx, "read credentials", func(w *work) (err error) {
		if t, err = tenants.need(w, recordKey(key)); err == nil {
			cached, err = tickets.orNone(w, recordKey(key))
		}
		return err
	})
	return t, cached, err
}

// SaveTicket caches the ticket that an exchange has brought, counts the exchange, and returns the count. It refuses
// with tenant.ErrNotFound when the tenant is gone.
func (s *Store) SaveTicket(ctx context.Context, t tenant.Ticket) (counted tenant.Exchanges, err error) {
	err = s.updateTogether(ctx, "save ticket", func(w *work) (err error) {
		if err := needTenant(w, t.Key); err != nil {
			return err
		}
		if err := tickets.put(w, recordKey(t.Key), t); err != nil {
			return err
		}
		counted, err = countExchange(w, t.Key, s.now())
		return err
	})
	return counted, err
}

// SlideTicket notes a use of a ticket if it is still the stored one, and otherwise does nothing: the other
// program may have put a new one in its place.
func (s *Store) SlideTicket(ctx context.Context, t tenant.Ticket) error {
	return s.updateTogether(ctx, "note the use of a ticket", func(w *work) error {
		stored, found, err := tickets.get(w, recordKey(t.Key))
		if err != nil {
			return err
		}
		if !found || !stored.Text.Equal(t.Text) || !t.UsedAt.After(stored.UsedAt) {
			return errUnchanged
		}
		return tickets.put(w, recordKey(t.Key), t)
	})
}

// RemoveTicket removes a tenant's ticket if it still is onlyIf, and otherwise does nothing: the other
// program may have put a new one in the place of the one that was refused here.
func (s *Store) RemoveTicket(ctx context.Context, key tenant.Key, onlyIf secret.Text) error {
	return s.updateTogether(ctx, "remove ticket", func(w *work) error {
		stored, found, err := tickets.get(w, recordKey(key))
		if err != nil {
			return err
		}
		if !found || !stored.Text.Equal(onlyIf) {
			return errUnchanged
		}
		return tickets.remove(w, recordKey(key))
	})
}
