package storage

import (
	"context"

	"partnerdesk/core/tenant"
)

// What the programs read in a snapshot or a roster, the tests read one by one.

// Tenants returns all tenants, by registration and then by context identifier.
func (s *Store) Tenants(ctx context.Context) ([]tenant.Tenant, error) {
	var all []tenant.Tenant
	err := s.view(ctx, "list tenants", func(w *work) (err error) {
		all, err = tenants.list(w)
		return err
	})
	return all, err
}

// Visits returns what the poller last learned about each tenant that it has visited.
func (s *Store) Visits(ctx context.Context) (map[tenant.Key]tenant.Visit, error) {
	var all map[tenant.Key]tenant.Visit
	err := s.view(ctx, "list visits", func(w *work) (err error) {
		all, err = visits.byTenant(w)
		return err
	})
	return all, err
}

// Exchanges returns how often a tenant's system user token was exchanged, by either program. It counts what
// brought a ticket that was stored.
func (s *Store) Exchanges(ctx context.Context, key tenant.Key) (tenant.Exchanges, error) {
	var e tenant.Exchanges
	err := s.view(ctx, "read count of exchanges", func(w *work) (err error) {
		e, _, err = exchanges.get(w, recordKey(key))
		return err
	})
	return e, err
}
