package storage

import (
	"context"

	"partnerdesk/core/tenant"
)

// Snapshot reads everything but the logins in one transaction.
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
	shot.Settings, errs[4] = readSettings(w)
	shot.Lease, _, errs[5] = leases.get(w, onlyKey)
	shot.Exchanges, errs[6] = exchanges.byTenant(w)
	if err := firstError(errs[:]...); err != nil {
		return tenant.Snapshot{}, err
	}
	return shot, nil
}
