package storage

import (
	"context"
	"time"

	"partnerdesk/core/tenant"
)

type visitRecord struct {
	State           int            `json:"state"`
	StateValidUntil time.Time      `json:"state_valid_until,omitzero"`
	API             string         `json:"api,omitempty"`
	LogOnAt         time.Time      `json:"log_on_at,omitzero"`
	LogOnAs         string         `json:"log_on_as,omitempty"`
	Failures        int            `json:"failures,omitempty"`
	FailedAt        time.Time      `json:"failed_at,omitzero"`
	RetryAt         time.Time      `json:"retry_at,omitzero"`
	Trouble         *troubleRecord `json:"trouble,omitempty"`
}

// troubleRecord has the fields of tenant.Explanation, so that one converts to the other and the compiler
// notices when they part.
type troubleRecord struct {
	What      string       `json:"what"`
	Why       string       `json:"why"`
	Next      string       `json:"next"`
	Server    string       `json:"server,omitempty"`
	Fault     tenant.Fault `json:"fault"`
	Temporary bool         `json:"temporary"`
}

var visits = table[tenant.Visit, visitRecord]{
	bucket: bucketVisits,
	noun:   "visit",
	pack: func(v tenant.Visit, _ *box) visitRecord {
		return visitRecord{
			State:           int(v.State),
			StateValidUntil: v.StateValidUntil.UTC(),
			API:             v.API,
			LogOnAt:         v.LogOnAt.UTC(),
			LogOnAs:         v.LogOnAs,
			Failures:        v.Failures,
			FailedAt:        v.FailedAt.UTC(),
			RetryAt:         v.RetryAt.UTC(),
			Trouble:         (*troubleRecord)(v.Trouble),
		}
	},
	unpack: func(r visitRecord, x *box) tenant.Visit {
		return tenant.Visit{
			Key:             tenantKey(x.key),
			State:           tenant.State(r.State),
			StateValidUntil: r.StateValidUntil,
			API:             r.API,
			LogOnAt:         r.LogOnAt,
			LogOnAs:         r.LogOnAs,
			Failures:        r.Failures,
			FailedAt:        r.FailedAt,
			RetryAt:         r.RetryAt,
			Trouble:         (*tenant.Explanation)(r.Trouble),
		}
	},
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

// SaveVisits stores many visits in one transaction. Those whose tenant was removed meanwhile are dropped,
// and so are failures that a person has answered meanwhile, by signing in or by switching the tenant on:
// the poller is to try again at once.
func (s *Store) SaveVisits(ctx context.Context, learned []tenant.Visit) error {
	if len(learned) == 0 {
		return nil
	}
	return s.update(ctx, "save visits", func(w *work) error {
		saved := 0
		for _, v := range learned {
			wanted, err := stillTrue(w, v)
			if err != nil {
				return err
			}
			if !wanted {
				continue
			}
			if err := visits.put(w, recordKey(v.Key), v); err != nil {
				return err
			}
			saved++
		}
		if saved == 0 {
			return errUnchanged
		}
		return nil
	})
}

// stillTrue reports whether what a visit learned still stands after what happened since it began.
func stillTrue(w *work, v tenant.Visit) (bool, error) {
	if v.Trouble == nil {
		return tenants.has(w, recordKey(v.Key))
	}
	t, found, err := tenants.get(w, recordKey(v.Key))
	if err != nil || !found {
		return false, err
	}
	if t.SignedInAt.After(v.FailedAt) {
		return false, nil
	}
	// The visit counted on from the failures that it found; if there are fewer now, they were forgiven.
	stored, found, err := visits.get(w, recordKey(v.Key))
	return !found || stored.Failures >= v.Failures-1, err
}

// forgiveVisit forgets the failures of a tenant's last visits, so that it is visited again at once.
func forgiveVisit(w *work, key tenant.Key) error {
	v, found, err := visits.get(w, recordKey(key))
	if err != nil || !found {
		return err
	}
	v.Trouble, v.Failures, v.RetryAt = nil, 0, time.Time{}
	return visits.put(w, recordKey(key), v)
}
