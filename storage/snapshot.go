package storage

import (
	"context"
	"errors"

	"partnerdesk/core/tenant"
)

// Snapshot reads everything but the logins in one transaction. A record that cannot be trusted is left out and
// named.
func (s *Store) Snapshot(ctx context.Context) (tenant.Snapshot, error) {
	var shot tenant.Snapshot
	err := s.view(ctx, "read snapshot", func(w *work) (err error) {
		shot, err = readSnapshot(w)
		return err
	})
	return shot, err
}

func readSnapshot(w *work) (tenant.Snapshot, error) {
	shot := tenant.Snapshot{Revision: w.revision()}
	var errs [7]error
	shot.Registrations, errs[0] = registrations.list(w)
	shot.Tenants, errs[1] = tenants.list(w)
	shot.Tickets, errs[2] = ticketUses.byTenant(w)
	shot.Visits, errs[3] = visits.byTenant(w)
	shot.Exchanges, errs[4] = exchanges.byTenant(w)
	shot.Settings, errs[5] = readSettings(w)
	if errors.Is(errs[5], ErrDamaged) {
		shot.Settings, errs[5] = tenant.DefaultSettings(), nil
		w.damaged = append(w.damaged, tenant.Damaged{Record: settings.noun})
	}
	shot.Lease, errs[6] = leases.orNone(w, onlyKey) // a poller makes it anew within seconds
	if err := firstError(errs[:]...); err != nil {
		return tenant.Snapshot{}, err
	}
	shot.Damaged = w.damaged
	return shot, nil
}
