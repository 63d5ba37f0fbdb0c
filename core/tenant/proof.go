package tenant

import (
	"fmt"
	"time"
)

// ProofKind is one of the four things that show by themselves that a tenant can be worked with.
type ProofKind string

// The four proofs, in the order in which each builds on the ones before it.
const (
	// ProofStatus is that the tenant runs.
	ProofStatus ProofKind = "status"
	// ProofExchange is that the system user token brings a ticket.
	ProofExchange ProofKind = "exchange"
	// ProofPrincipal is that the tenant takes the ticket and says whose it is.
	ProofPrincipal ProofKind = "principal"
	// ProofCompany is that a company can be created.
	ProofCompany ProofKind = "company"
)

// Label is the kind's name for people.
func (k ProofKind) Label() string {
	switch k {
	case ProofStatus:
		return "Status"
	case ProofExchange:
		return "Exchange"
	case ProofPrincipal:
		return "Log-on"
	case ProofCompany:
		return "Last company"
	}
	return string(k)
}

// Proof is when one of the four was last seen to hold, and when it was last seen not to.
type Proof struct {
	Kind ProofKind `json:"kind"`
	// At is when it was last seen to hold; zero where it never was.
	At time.Time `json:"at,omitzero"`
	// FailedAt is when it failed, where that stands open. Trouble is why; nil after a person has answered the
	// failure and nobody has looked since.
	FailedAt time.Time    `json:"failed_at,omitzero"`
	Trouble  *Explanation `json:"trouble,omitempty"`
	// Detail says what was seen: a state, a user, a company. It is the text of a server or a person, and may be empty.
	Detail string `json:"detail"`
	// Name is that of the user who logged on, or of the company, of which there is the ID and As whom it was created.
	// Detail says the same in English.
	Name string `json:"-"`
	ID   int64  `json:"-"`
	As   Actor  `json:"-"`
}

// When says when the proof was last seen to fail, if that stands open, and else when it was last seen to hold.
func (p Proof) When(now time.Time) string {
	if p.Trouble != nil {
		return "failed " + Ago(p.FailedAt, now)
	}
	return Ago(p.At, now)
}

// Words say what was seen, or when it was well before it failed, and why it did.
func (p Proof) Words(now time.Time) string {
	switch {
	case p.Trouble == nil:
		return p.Detail
	case p.At.IsZero():
		return p.Trouble.What
	}
	return "last well " + Ago(p.At, now) + ": " + p.Trouble.What
}

// CompanyProof is what a tenant's visits carry of the companies that were created in it here: the last one, and the
// last try that failed.
type CompanyProof struct {
	// At is when the last company was created, As by whom; zero where none was.
	At   time.Time
	Name string
	ID   int64
	As   Actor
	// FailedAt is when the last try failed, and FailedAs who made it. Trouble is nil where that user has created
	// a company since, or a person has answered the failure.
	FailedAt time.Time
	FailedAs Actor
	Trouble  *Explanation
}

// Then returns c after another try. A success takes away the failure of the same user only: the other one may
// still lack the right. What became of a try may turn out late: then it says nothing about what came after it.
func (c CompanyProof) Then(tried CompanyProof) CompanyProof {
	if tried.Trouble != nil {
		late := tried.FailedAt.Before(c.FailedAt) || tried.FailedAs == c.As && tried.FailedAt.Before(c.At)
		if !late {
			c.FailedAt, c.FailedAs, c.Trouble = tried.FailedAt, tried.FailedAs, tried.Trouble
		}
		return c
	}
	if c.FailedAs == tried.As && !c.FailedAt.After(tried.At) {
		c = c.Forgiven()
	}
	if !tried.At.Before(c.At) {
		c.At, c.Name, c.ID, c.As = tried.At, tried.Name, tried.ID, tried.As
	}
	return c
}

// Forgiven returns c without its failure.
func (c CompanyProof) Forgiven() CompanyProof {
	c.FailedAt, c.FailedAs, c.Trouble = time.Time{}, "", nil
	return c
}

func (c CompanyProof) proof() Proof {
	p := Proof{Kind: ProofCompany, At: c.At, FailedAt: c.FailedAt, Trouble: c.Trouble}
	if !c.At.IsZero() {
		p.Name, p.ID, p.As = c.Name, c.ID, c.As
		p.Detail = fmt.Sprintf("“%s” (id %d) as %s", c.Name, c.ID, c.As.Label())
	}
	return p
}

// Proofs are the four of one tenant.
type Proofs struct {
	Status, Exchange, Principal, Company Proof
	// barred is true where the system user may not create companies.
	barred bool
}

// All returns them in their order.
func (p Proofs) All() []Proof { return []Proof{p.Status, p.Exchange, p.Principal, p.Company} }

// ProofsOf reads the four from what is stored of a tenant.
func ProofsOf(v Visit, e Exchanges) Proofs {
	p := Proofs{
		Status:    Proof{Kind: ProofStatus, At: v.LogOnAt}, // no tenant that stands still takes a log-on
		Exchange:  Proof{Kind: ProofExchange, At: e.lastKnown()},
		Principal: Proof{Kind: ProofPrincipal, At: v.LogOnAt},
		Company:   v.Company.proof(),
		barred:    v.Company.barred(),
	}
	if v.State != StateUnknown || !v.StateAt.IsZero() {
		p.Status.Detail = v.State.String()
	}
	if v.State.Running() && v.StateAt.After(p.Status.At) {
		p.Status.At = v.StateAt
	}
	if v.LogOnAs != "" {
		p.Principal.Name, p.Principal.Detail = v.LogOnAs, "as "+v.LogOnAs
	}
	p.failed(v)
	return p
}

// failed puts the last visit's failure where it belongs.
func (p *Proofs) failed(v Visit) {
	if v.Trouble == nil && !v.FailedAt.After(v.LogOnAt) {
		return
	}
	at := &p.Principal // also where an older version did not note the step: the log-on is what did not come about
	switch v.FailedStep {
	case VisitStatus:
		at = &p.Status
	case VisitExchange:
		at = &p.Exchange
	}
	if at.At.After(v.FailedAt) {
		return // a person has exchanged the token since
	}
	at.FailedAt, at.Trouble = v.FailedAt, v.Trouble
}

// lastKnown is when the last exchange was; where only its day is known, the beginning of that.
func (e Exchanges) lastKnown() time.Time {
	if !e.Last.IsZero() {
		return e.Last
	}
	for back, n := range e.Counts {
		if n > 0 {
			return e.Day.AddDate(0, 0, -back)
		}
	}
	return time.Time{}
}

// barred reports whether the system user, as which partners' services work, was told that it may not create
// companies.
func (c CompanyProof) barred() bool {
	return c.Trouble != nil && !c.Trouble.Temporary && c.FailedAs == SystemUser &&
		(c.Trouble.Cause == CauseRightMissing || c.Trouble.Fault == FaultConsent)
}

// ProofLife is how old the last log-on may be to tell how a tenant fares now. It is longer than any pause of a
// poller that runs: the slowest interval and the slowest retry are an hour, the longest of SuperOffice's published
// maintenance windows ten hours, and a night in which the only machine sleeps is no reason to ask for a person.
const ProofLife = 24 * time.Hour

// Verdict judges t by its proofs:
//
//   - needs attention: status, exchange or log-on failed for a reason that does not heal by itself, or the system
//     user lacks the right to create companies. Why else a company could not be created (its name, a lost answer,
//     the login user's rights) is the matter of whoever tried, and shows in the proof only.
//   - resting: one of the first three failed less than [ProofLife] ago for a reason that may heal, such as a tenant
//     that does not run; the poller tries again by itself.
//   - unknown: there was no log-on within [ProofLife], as nobody polls or the tenant is new; or the last one failed,
//     a person has put that right, and nobody has looked since.
//   - well: logged on within [ProofLife] and nothing has failed since. A log-on is made at the address that the
//     status gave and with the ticket that an exchange brought, so that it shows these two as well, however long
//     ago the ticket was fetched.
func (t Tenant) Verdict(p Proofs, now time.Time) Verdict {
	if !t.Active {
		return Inactive
	}
	verdict := Well
	if now.Sub(p.Principal.At) > ProofLife {
		verdict = Unknown
	}
	for _, proof := range []Proof{p.Status, p.Exchange, p.Principal} {
		switch {
		case proof.Trouble == nil && proof.FailedAt.IsZero():
		case proof.Trouble == nil:
			verdict = Unknown
		case !proof.Trouble.Temporary:
			return NeedsAttention
		case now.Sub(proof.FailedAt) <= ProofLife:
			verdict = Resting
		default:
			verdict = Unknown
		}
	}
	if p.barred {
		return NeedsAttention
	}
	return verdict
}
