// Package tenant holds the words that every other package speaks: environment, registration, tenant,
// login, ticket, visit, state, company, step and problem. It knows no protocol, no database and no
// window, and imports nothing of ours but core/secret.
package tenant

import (
	"regexp"
	"time"

	"partnerdesk/core/secret"
)

// Key names one tenant as one registration sees it. The same context identifier may appear under two
// registrations (two apps, or two environments): they share nothing, least of all tickets.
type Key struct {
	Registration string `json:"registration"`
	ContextID    string `json:"ctx"`
}

// String returns "registration/ctx", as logs and the command line show it.
func (k Key) String() string { return k.Registration + "/" + k.ContextID }

// Tenant is a customer's tenant that an administrator has connected by signing in.
type Tenant struct {
	Key
	CompanyName string
	// Serial is the serial number of the tenant's database: digits, carried as a string. The token of an
	// exchange names it as its audience.
	Serial string
	// SystemUserToken is the consent to act as the system user. It is empty when the customer's
	// administrator has not approved, or the app has no system user option.
	SystemUserToken secret.Text
	// Active says whether the poller visits the tenant.
	Active bool
	// AddedAt is the first sign-in, SignedInAt the last, SignedInAs the SuperID user name of the last.
	AddedAt, SignedInAt time.Time
	SignedInAs          string
}

// Login is what the last sign-in to a tenant gave the login user: OAuth tokens and who they stand for.
type Login struct {
	Key
	UserName          string
	AssociateID       string
	Administrator     bool
	AccessToken       secret.Text
	AccessTokenExpiry time.Time
	RefreshToken      secret.Text
}

// Ticket is the system user's credential for a tenant's web services.
type Ticket struct {
	Key
	Text secret.Text
	// UsedAt is the last time that the tenant took the ticket; the six hours count from here.
	UsedAt time.Time
}

// TicketLife is how long a ticket lives after each use (docs.superoffice.com, system user flow). The
// expiry of the JWT that carried it is minutes, and says nothing about the ticket.
const TicketLife = 6 * time.Hour

// Visit is what the poller last learned about a tenant, and what creating companies did. Each field keeps its value until a later visit
// learns better.
type Visit struct {
	Key
	// State is what the status service said at StateAt, and may be asked again after StateValidUntil.
	State           State
	StateAt         time.Time
	StateValidUntil time.Time
	// API is the base of the tenant's web services without a trailing slash. It is a memory of the last
	// status, never the truth: tenants move between hosts.
	API string
	// LogOnAt is the last successful log-on, LogOnAs the associate's name as the tenant gave it.
	LogOnAt time.Time
	LogOnAs string
	// Failures counts the visits that failed since the last success; RetryAt is when to try again.
	Failures int
	FailedAt time.Time
	RetryAt  time.Time
	// Trouble is why the last visit failed, and FailedStep where; nil and empty after a success.
	Trouble    *Explanation
	FailedStep VisitStep
	// Forgiven counts how often a person has answered a failure: it tells a visit that began before from one
	// that began after.
	Forgiven uint64
	// Answered is the Forgiven that the last visit knew of. A store sets it when a visit is saved.
	Answered uint64
	// Company is about the companies that people have created here. It is no result of a visit: a store keeps its
	// own when a visit is saved.
	Company CompanyProof
}

// Awaited reports whether a person has asked for a visit that has not been there yet: by "Log on now", a sign-in,
// or by switching the tenant on.
func (v Visit) Awaited() bool { return v.Forgiven != v.Answered }

// VisitStep is a part of a visit; each proves something of its own about the tenant.
type VisitStep string

// The steps of a visit, in their order.
const (
	VisitStatus    VisitStep = "status"
	VisitExchange  VisitStep = "exchange"
	VisitPrincipal VisitStep = "principal"
)

// Verdict is the one word for how a tenant fares.
type Verdict string

// The verdicts, from best to worst.
const (
	Well           Verdict = "well"
	Unknown        Verdict = "unknown"
	Inactive       Verdict = "inactive"
	Resting        Verdict = "resting"
	NeedsAttention Verdict = "needs attention"
)

var contextID = regexp.MustCompile(`^Cust[0-9]{1,10}$`)

// IsContextID reports whether s has the form of a context identifier: "Cust" and digits.
func IsContextID(s string) bool { return contextID.MatchString(s) }
