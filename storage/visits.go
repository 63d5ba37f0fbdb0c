package storage

import (
	"context"
	"time"

	"partnerdesk/core/tenant"
)

type visitRecord struct {
	State           int            `json:"state"`
	StateAt         time.Time      `json:"state_at,omitzero"`
	StateValidUntil time.Time      `json:"state_valid_until,omitzero"`
	API             string         `json:"api,omitempty"`
	LogOnAt         time.Time      `json:"log_on_at,omitzero"`
	LogOnAs         string         `json:"log_on_as,omitempty"`
	Failures        int            `json:"failures,omitempty"`
	FailedAt        time.Time      `json:"failed_at,omitzero"`
	RetryAt         time.Time      `json:"retry_at,omitzero"`
	Trouble         *troubleRecord `json:"trouble,omitempty"`
	FailedStep      string         `json:"failed_step,omitempty"`
	Forgiven        uint64         `json:"forgiven,omitempty"`
	Answered        uint64         `json:"answered,omitempty"`
	Company         companyRecord  `json:"company,omitzero"`
}

// companyRecord is a tenant.CompanyProof.
type companyRecord struct {
	At       time.Time      `json:"at,omitzero"`
	Name     string         `json:"name,omitempty"`
	ID       int64          `json:"id,omitempty"`
	As       tenant.Actor   `json:"as,omitempty"`
	FailedAt time.Time      `json:"failed_at,omitzero"`
	FailedAs tenant.Actor   `json:"failed_as,omitempty"`
	Trouble  *troubleRecord `json:"trouble,omitempty"`
}

func packCompany(c tenant.CompanyProof) companyRecord {
	return companyRecord{At: c.At.UTC(), Name: c.Name, ID: c.ID, As: c.As,
		FailedAt: c.FailedAt.UTC(), FailedAs: c.FailedAs, Trouble: (*troubleRecord)(c.Trouble)}
}

func unpackCompany(r companyRecord) tenant.CompanyProof {
	return tenant.CompanyProof{At: r.At, Name: r.Name, ID: r.ID, As: r.As,
		FailedAt: r.FailedAt, FailedAs: r.FailedAs, Trouble: (*tenant.Explanation)(r.Trouble)}
}

// troubleRecord has the fields of tenant.Explanation, so that one converts to the other and the compiler
// notices when they part.
type troubleRecord struct {
	What      string       `json:"what"`
	Why       string       `json:"why"`
	Next      string       `json:"next"`
	Server    string       `json:"server,omitempty"`
	Cause     tenant.Cause `json:"cause,omitempty"`
	Fault     tenant.Fault `json:"fault"`
	Temporary bool         `json:"temporary"`
}

var visits = table[tenant.Visit, visitRecord]{
	bucket: bucketVisits,
	noun:   "visit",
	pack: func(v tenant.Visit, _ *box) visitRecord {
		return visitRecord{
			State:           int(v.State),
			StateAt:         v.StateAt.UTC(),
			StateValidUntil: v.StateValidUntil.UTC(),
			API:             v.API,
			LogOnAt:         v.LogOnAt.UTC(),
			LogOnAs:         v.LogOnAs,
			Failures:        v.Failures,
			FailedAt:        v.FailedAt.UTC(),
			RetryAt:         v.RetryAt.UTC(),
			Trouble:         (*troubleRecord)(v.Trouble),
			FailedStep:      string(v.FailedStep),
			Forgiven:        v.Forgiven,
			Answered:        v.Answered,
			Company:         packCompany(v.Company),
		}
	},
	unpack: func(r visitRecord, x *box) tenant.Visit {
		return tenant.Visit{
			Key:             tenantKey(x.key),
			State:           tenant.State(r.State),
			StateAt:         r.StateAt,
			StateValidUntil: r.StateValidUntil,
			API:             r.API,
			LogOnAt:         r.LogOnAt,
			LogOnAs:         r.LogOnAs,
			Failures:        r.Failures,
			FailedAt:        r.FailedAt,
			RetryAt:         r.RetryAt,
			Trouble:         (*tenant.Explanation)(r.Trouble),
			FailedStep:      tenant.VisitStep(r.FailedStep),
			Forgiven:        r.Forgiven,
			Answered:        r.Answered,
			Company:         unpackCompany(r.Company),
		}
	},
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
			kept, err := saveVisit(w, v)
			if err != nil {
				return err
			}
			if kept {
				saved++
			}
		}
		if saved == 0 {
			return errUnchanged
		}
		return nil
	})
}

// saveVisit stores what a visit learned, if it still stands after what happened since the visit began.
func saveVisit(w *work, v tenant.Visit) (kept bool, err error) {
	if found, err := tenants.has(w, recordKey(v.Key)); err != nil || !found {
		return false, err
	}
	stored, err := visits.orNone(w, recordKey(v.Key))
	if err != nil || v.Trouble != nil && stored.Forgiven != v.Forgiven {
		return false, err
	}
	v.Answered = v.Forgiven // what was asked for later, it has not answered
	v.Forgiven, v.Company = stored.Forgiven, stored.Company
	return true, firstError(visits.put(w, recordKey(v.Key), v), noteTurn(w, stored, v, v.LookedAt()))
}

// forgiveVisit forgets the failures of a tenant's last visits, and of the one that may be under way, so that
// it is visited again at once, and of the last try to create a company in it.
func forgiveVisit(w *work, key tenant.Key) error {
	v, err := visits.orNone(w, recordKey(key))
	if err != nil {
		return err
	}
	before := v
	v.Key, v.Trouble, v.FailedStep, v.Failures, v.RetryAt = key, nil, "", 0, time.Time{}
	v.Company = v.Company.Forgiven()
	v.Forgiven++
	return firstError(visits.put(w, recordKey(key), v), noteTurn(w, before, v, w.now()), w.replan())
}
