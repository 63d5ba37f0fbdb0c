package storage

import (
	"context"
	"time"

	"partnerdesk/core/tenant"
)

// validationRecord is a tenant.Validation: what its claims hide is hidden there already.
type validationRecord struct {
	At     time.Time                `json:"at"`
	Checks []tenant.ValidationCheck `json:"checks"`
	Claims []tenant.ValidationClaim `json:"claims"`
}

var validations = table[tenant.Validation, validationRecord]{
	bucket: bucketValidations,
	noun:   "validation",
	pack: func(v tenant.Validation, _ *box) validationRecord {
		return validationRecord{At: v.At.UTC(), Checks: v.Checks, Claims: v.Claims}
	},
	unpack: func(r validationRecord, x *box) tenant.Validation {
		return tenant.Validation{Key: tenantKey(x.key), At: r.At, Checks: r.Checks, Claims: r.Claims}
	},
}

// SaveValidation keeps how the id token of the last sign-in was validated. It refuses with tenant.ErrNotFound when
// the tenant is gone.
func (s *Store) SaveValidation(ctx context.Context, v tenant.Validation) error {
	return s.update(ctx, "save validation", func(w *work) error {
		if err := needTenant(w, v.Key); err != nil {
			return err
		}
		return validations.put(w, recordKey(v.Key), v)
	})
}

// Validation returns how the id token of the last sign-in was validated: the zero Validation where nothing was kept of
// it, or what was kept cannot be trusted; the next sign-in makes it anew. A tenant that is not there is an error
// that is tenant.ErrNotFound.
func (s *Store) Validation(ctx context.Context, key tenant.Key) (tenant.Validation, error) {
	var v tenant.Validation
	err := s.view(ctx, "read validation", func(w *work) (err error) {
		if err = needTenant(w, key); err != nil {
			return err
		}
		v, err = validations.orNone(w, recordKey(key))
		return err
	})
	return v, err
}
