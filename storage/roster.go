package storage

import (
	"context"
	"errors"
	"fmt"

	"partnerdesk/core/tenant"
)

// tenantPlans is the bucket of the tenants for those who only plan by them: the tokens stay sealed.
var tenantPlans = table[tenant.Tenant, tenantRecord]{
	bucket: bucketTenants,
	noun:   tenants.noun,
	unpack: func(r tenantRecord, x *box) tenant.Tenant {
		r.SystemUserToken = nil
		return tenants.unpack(r, x)
	},
}

// Roster reads what a poller plans by in one transaction. Damaged records are left out; damaged settings are
// the defaults.
func (s *Store) Roster(ctx context.Context) (tenant.Roster, error) {
	var r tenant.Roster
	err := s.view(ctx, "read roster", func(w *work) error {
		var errs [4]error
		r.Revision = w.rosterRevision()
		r.Registrations, errs[0] = registrations.list(w)
		r.Tenants, errs[1] = tenantPlans.list(w)
		r.Visits, errs[2] = visits.byTenant(w)
		r.Settings, errs[3] = readSettings(w)
		if errors.Is(errs[3], ErrDamaged) {
			r.Settings, errs[3] = tenant.DefaultSettings(), nil
		}
		return firstError(errs[:]...)
	})
	return r, err
}

// rosterRevision is a counter that the bucket of the store's identity carries.
func (w *work) rosterRevision() uint64 { return w.tx.Bucket([]byte(bucketMeta)).Sequence() }

// replan gives the roster a new revision, once a transaction.
func (w *work) replan() error {
	if w.replanned {
		return nil
	}
	w.replanned = true
	if _, err := w.tx.Bucket([]byte(bucketMeta)).NextSequence(); err != nil {
		return fmt.Errorf("change the roster's revision: %w", err)
	}
	return nil
}
