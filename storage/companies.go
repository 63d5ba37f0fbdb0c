package storage

import (
	"context"
	"time"

	"partnerdesk/core/tenant"
)

// keepResults is how many of a tenant's last tries to create a company are kept.
const keepResults = 10

// companiesRecord are the last tries to create a company in one tenant, the newest first.
type companiesRecord struct {
	Results []companyResultRecord `json:"results"`
}

type companyResultRecord struct {
	As             tenant.Actor          `json:"as"`
	Outcome        tenant.CompanyOutcome `json:"outcome"`
	Company        createdRecord         `json:"company"`
	Credential     string                `json:"credential,omitempty"`
	At             time.Time             `json:"at"`
	Took           time.Duration         `json:"took_ns"`
	Requests       []requestRecord       `json:"requests,omitempty"`
	Trouble        *troubleRecord        `json:"trouble,omitempty"`
	Earlier        []int64               `json:"earlier,omitempty"`
	EarlierUnknown bool                  `json:"earlier_unknown,omitempty"`
}

// createdRecord has the fields of tenant.Company, requestRecord those of tenant.Request, so that the compiler notices
// when they part.
type (
	createdRecord struct {
		ID        int64     `json:"id,omitempty"`
		Name      string    `json:"name"`
		CreatedBy string    `json:"created_by,omitempty"`
		CreatedAt time.Time `json:"created_at,omitzero"`
		Owner     string    `json:"owner,omitempty"`
	}
	requestRecord struct {
		Method string        `json:"method"`
		Path   string        `json:"path"`
		Status int           `json:"status"`
		Took   time.Duration `json:"took_ns"`
	}
)

// companies are the last results of each tenant.
var companies = table[[]tenant.CompanyResult, companiesRecord]{
	bucket: bucketCompanies,
	noun:   "list of created companies",
	pack: func(all []tenant.CompanyResult, _ *box) companiesRecord {
		var r companiesRecord
		for _, c := range all {
			r.Results = append(r.Results, packResult(c))
		}
		return r
	},
	unpack: func(r companiesRecord, x *box) []tenant.CompanyResult {
		var all []tenant.CompanyResult
		for _, c := range r.Results {
			all = append(all, unpackResult(c, tenantKey(x.key)))
		}
		return all
	},
}

func packResult(c tenant.CompanyResult) companyResultRecord {
	r := companyResultRecord{As: c.As, Outcome: c.Outcome, Company: createdRecord(c.Company), Credential: c.Credential, At: c.At.UTC(), Took: c.Took,
		Trouble: (*troubleRecord)(c.Trouble), Earlier: c.Earlier, EarlierUnknown: c.EarlierUnknown}
	r.Company.CreatedAt = r.Company.CreatedAt.UTC()
	for _, q := range c.Requests {
		r.Requests = append(r.Requests, requestRecord(q))
	}
	return r
}

func unpackResult(r companyResultRecord, key tenant.Key) tenant.CompanyResult {
	c := tenant.CompanyResult{Key: key, As: r.As, Outcome: r.Outcome, Company: tenant.Company(r.Company), Credential: r.Credential, At: r.At, Took: r.Took,
		Trouble: (*tenant.Explanation)(r.Trouble), Earlier: r.Earlier, EarlierUnknown: r.EarlierUnknown}
	for _, q := range r.Requests {
		c.Requests = append(c.Requests, tenant.Request(q))
	}
	return c
}

// NoteCompany notes a try to create a company: what was created, or why it failed, among the tenant's proofs; and
// all of it among the last results, where it takes the place of what was known of the same try before. It refuses
// with tenant.ErrNotFound when the tenant is gone.
func (s *Store) NoteCompany(ctx context.Context, r tenant.CompanyResult) error {
	return s.updateTogether(ctx, "note the creation of a company", func(w *work) error {
		if err := needTenant(w, r.Key); err != nil {
			return err
		}
		v, err := visits.orNone(w, recordKey(r.Key))
		if err != nil {
			return err
		}
		before := v
		v.Key, v.Company = r.Key, v.Company.Then(r.Proof())
		all, err := companies.orNone(w, recordKey(r.Key))
		if err != nil {
			return err
		}
		return firstError(visits.put(w, recordKey(r.Key), v), companies.put(w, recordKey(r.Key), withResult(all, r)),
			noteTurn(w, before, v, w.now()))
	})
}

// withResult adds a result to the newest first, and forgets the oldest.
func withResult(all []tenant.CompanyResult, r tenant.CompanyResult) []tenant.CompanyResult {
	for i := range all {
		if all[i].Same(r) {
			all[i] = r
			return all
		}
	}
	all = append([]tenant.CompanyResult{r}, all...)
	return all[:min(len(all), keepResults)]
}

// CompanyResults returns what came of the last ten tries to create a company in a tenant, the newest first. A list
// that cannot be trusted counts as none: the next result begins it anew.
func (s *Store) CompanyResults(ctx context.Context, key tenant.Key) ([]tenant.CompanyResult, error) {
	var all []tenant.CompanyResult
	err := s.view(ctx, "list created companies", func(w *work) (err error) {
		all, err = companies.orNone(w, recordKey(key))
		return err
	})
	return all, err
}
