package tenant

import "time"

// CompanyOutcome is how the creation of a company ended.
type CompanyOutcome string

// The outcomes. A save that failed unclearly is looked up before it is judged.
const (
	CompanyCreated    CompanyOutcome = "created"
	CompanyNotCreated CompanyOutcome = "not created"
	CompanyUnclear    CompanyOutcome = "could not tell"
)

// CompanyResult is what came of a try to create a company in a tenant. The last ones are stored: it holds no
// secret.
type CompanyResult struct {
	Key
	As      Actor          `json:"as"`
	Outcome CompanyOutcome `json:"outcome"`
	Company Company        `json:"company"`
	// Credential names what the tenant was shown, with its fingerprint: never the thing itself.
	Credential string `json:"credential"`
	// At is when it began. With As it tells one result of a tenant from another.
	At       time.Time     `json:"at"`
	Took     time.Duration `json:"took_ns"`
	Requests []Request     `json:"requests"`
	// Trouble is why it was not created, or why nobody can tell; nil where it was created.
	Trouble *Explanation `json:"trouble,omitempty"`
	// Earlier are the ids of the companies that had the name before. They may be unknown, where the tenant would
	// not search for the name. Both are for a later search only.
	Earlier        []int64 `json:"-"`
	EarlierUnknown bool    `json:"-"`
}

// EndedAt is when it was over.
func (r CompanyResult) EndedAt() time.Time { return r.At.Add(r.Took) }

// Same reports whether two results are of the same try, whatever is known of it by now.
func (r CompanyResult) Same(other CompanyResult) bool {
	return r.Key == other.Key && r.As == other.As && r.At.Equal(other.At)
}

// Proof is what the tenant's proofs keep of it.
func (r CompanyResult) Proof() CompanyProof {
	if r.Outcome == CompanyCreated {
		return CompanyProof{At: r.EndedAt(), Name: r.Company.Name, ID: r.Company.ID, As: r.As}
	}
	return CompanyProof{FailedAt: r.EndedAt(), FailedAs: r.As, Trouble: r.Trouble}
}

// Request is the record of one request to a tenant, for people to see: no header, no query, no body.
type Request struct {
	Method string `json:"method"`
	// Path is without the query.
	Path string `json:"path"`
	// Status is the HTTP status; 0 when no answer came.
	Status int           `json:"status"`
	Took   time.Duration `json:"took_ns"`
}
