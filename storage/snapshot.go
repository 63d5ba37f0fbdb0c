package storage

import (
	"context"

	"partnerdesk/core/tenant"
)

// Snapshot reads everything but the contents of the logins in one transaction.
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
	var errs [8]error
	shot.Registrations, errs[0] = registrations.list(w)
	shot.Tenants, errs[1] = tenants.list(w)
	shot.Tickets, errs[2] = ticketUses.byTenant(w)
	shot.Visits, errs[3] = visits.byTenant(w)
	shot.Settings, errs[4] = readSettings(w)
	shot.Lease, _, errs[5] = leases.get(w, onlyKey)
	shot.Exchanges, errs[6] = exchanges.byTenant(w)
	shot.Logins, errs[7] = loginsOf(w, shot.Tenants)
	if err := firstError(errs[:]...); err != nil {
		return tenant.Snapshot{}, err
	}
	return shot, nil
}

// loginsOf tells which tenants have a login, without unsealing any.
func loginsOf(w *work, list []tenant.Tenant) (map[tenant.Key]bool, error) {
	there := make(map[tenant.Key]bool, len(list))
	for _, t := range list {
		found, err := logins.has(w, recordKey(t.Key))
		if err != nil {
			return nil, err
		}
		if found {
			there[t.Key] = true
		}
	}
	return there, nil
}
