package storage

import (
	"context"
	"errors"

	"partnerdesk/core/tenant"
)

// Snapshot reads everything but the contents of the logins in one transaction. A record that cannot be
// trusted is left out and named.
func (s *Store) Snapshot(ctx context.Context) (tenant.Snapshot, error) {
	var shot tenant.Snapshot
	err := s.view(ctx, "read snapshot", func(w *work) (err error) {
		shot, err = readSnapshot(w)
		return err
	})
	return shot, err
}

func readSnapshot(w *work) (tenant.Snapshot, error) {
	var shot tenant.Snapshot
	var errs [9]error
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
	shot.Logins, errs[7] = loginsOf(w, shot.Tenants)
	shot.Revision, errs[8] = w.revision()
	if err := firstError(errs[:]...); err != nil {
		return tenant.Snapshot{}, err
	}
	shot.Damaged = w.damaged
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
