package workbench

import (
	"time"

	"partnerdesk/core/online"
	"partnerdesk/core/tenant"
)

// CompanyRequest asks for a new company in a tenant.
type CompanyRequest struct {
	tenant.Key
	As tenant.Actor
	// Name is the company's; empty means "SuperId-" and the Unix seconds, as in the tutorial.
	Name string
}

// Outcome is how a save ended.
type Outcome string

// The outcomes. A save that failed unclearly is looked up before it is judged.
const (
	Created      Outcome = "created"
	NotCreated   Outcome = "not created"
	CouldNotTell Outcome = "could not tell"
)

// CompanyResult is what came of a [CompanyRequest].
type CompanyResult struct {
	tenant.Key
	As      tenant.Actor   `json:"as"`
	Outcome Outcome        `json:"outcome"`
	Company tenant.Company `json:"company"`
	// Credential names what the tenant was shown, with its fingerprint: never the thing itself.
	Credential string           `json:"credential"`
	At         time.Time        `json:"at"`
	Took       time.Duration    `json:"took_ns"`
	Requests   []online.Request `json:"requests"`
}
