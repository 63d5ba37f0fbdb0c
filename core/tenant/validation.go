package tenant

import "time"

// Validation is how the id token of the last sign-in to a tenant was validated, and what it said. It holds no
// secret: the token itself is not kept, and of a claim that was one there is the fingerprint.
type Validation struct {
	Key
	// At is when the token was validated; zero where nothing was kept of the sign-in, as earlier versions did, or
	// where the tenant came in by an import.
	At     time.Time         `json:"at,omitzero"`
	Checks []ValidationCheck `json:"checks"`
	Claims []ValidationClaim `json:"claims"`
}

// ValidationCheck is one step of the validation, in the order in which they were carried out.
type ValidationCheck struct {
	// Name is the step's name for people: "signature".
	Name   string `json:"name"`
	Passed bool   `json:"passed"`
	// Detail says why a step was left out; empty for one that passed.
	Detail string `json:"detail,omitempty"`
}

// ValidationClaim is one claim under its full name.
type ValidationClaim struct {
	Name string `json:"name"`
	// Value is as the token had it, as JSON where it is neither a text nor a number, and cut where it is very long.
	// It is empty for a secret.
	Value string `json:"value,omitempty"`
	// Fingerprint is that of a secret; empty for all other claims.
	Fingerprint string `json:"fingerprint,omitempty"`
}
