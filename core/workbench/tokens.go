package workbench

import (
	"context"
	"errors"
	"time"

	"partnerdesk/core/journal"
	"partnerdesk/core/secret"
	"partnerdesk/core/superid"
	"partnerdesk/core/tenant"
)

// Check is one step of a token's validation.
type Check struct {
	// Name is the step's name for people: "signature".
	Name   string `json:"name"`
	Passed bool   `json:"passed"`
	// Checked is false for a step that was left out: after an earlier failure, or, in an inspection, because
	// nothing was given to compare with.
	Checked bool `json:"checked"`
	// Reason says why it failed, or was left out; empty for a step that passed.
	Reason string `json:"reason,omitempty"`
}

func checksOf(list []superid.Check) []Check {
	checks := make([]Check, 0, len(list))
	for _, c := range list {
		check := Check{Name: c.Name, Passed: c.Err == nil, Checked: !errors.Is(c.Err, superid.ErrNotChecked)}
		if c.Err != nil {
			check.Reason = journal.Redact(c.Err.Error())
		}
		checks = append(checks, check)
	}
	return checks
}

// TokenRequest says which token to inspect, and what to hold it against.
type TokenRequest struct {
	Token secret.Text
	// Registration is the name of the registration that supplies what is left open; empty means the
	// current one, unless a key is given, which needs none.
	Registration string
	// KeySet is a key set's JSON, KeySetURL where to read one, Certificate a certificate as PEM or DER. At
	// most one of them is given.
	KeySet      []byte
	KeySetURL   string
	Certificate []byte
	// Issuer, Audience and Nonce are what the token must say; empty means what the registration says, or
	// for an exchange token what SuperOffice documents.
	Issuer, Audience string
	Nonce            secret.Text
	// At is the time to validate for; zero means now.
	At time.Time
}

// NeedsRegistration reports whether a registration is named, or must supply the key as the request brings
// none.
func (r TokenRequest) NeedsRegistration() bool {
	return r.Registration != "" || r.KeySet == nil && r.KeySetURL == "" && r.Certificate == nil
}

// TokenInspection is a token taken apart.
type TokenInspection struct {
	// Passed is true where no step refused the token.
	Passed bool              `json:"passed"`
	Kind   superid.TokenKind `json:"kind"`
	// At is the time that it was validated for.
	At time.Time `json:"at"`
	// KeySource says whose key the signature was held against, Warning what is odd about it.
	KeySource string      `json:"key_source"`
	Warning   string      `json:"warning,omitempty"`
	Header    TokenHeader `json:"header"`
	Checks    []Check     `json:"checks"`
	// Genuine is true where the signature fits; without it anybody may have written the claims.
	Genuine bool         `json:"genuine"`
	Claims  []TokenClaim `json:"claims"`
}

// TokenHeader is what a token's header says of its key.
type TokenHeader struct {
	Algorithm string `json:"alg"`
	KeyID     string `json:"kid,omitempty"`
	X5T       string `json:"x5t,omitempty"`
}

// TokenClaim is one claim: its value, or of a secret the fingerprint.
type TokenClaim struct {
	Name        string `json:"name"`
	Value       any    `json:"value,omitempty"`
	Fingerprint string `json:"fingerprint,omitempty"`
}

// InspectToken carries out every step of a validation on any token, without acting on it. The result is
// there also where the error says that the token did not pass.
func (w *Workbench) InspectToken(ctx context.Context, req TokenRequest) (TokenInspection, error) {
	options := superid.InspectOptions{
		KeySet: req.KeySet, KeySetURL: req.KeySetURL, Certificate: req.Certificate,
		Issuer: req.Issuer, Audience: req.Audience, Nonce: req.Nonce, At: req.At,
	}
	if req.NeedsRegistration() {
		reg, err := w.registration(ctx, req.Registration)
		if err != nil {
			return TokenInspection{}, err
		}
		options.Registration = &reg
	}
	i, err := w.SuperID.Inspect(ctx, req.Token, options)
	if err != nil {
		return TokenInspection{}, err
	}
	result := TokenInspection{
		Passed: i.Err == nil, Kind: i.Kind, At: i.At, KeySource: i.KeySource, Warning: i.Warning,
		Header: TokenHeader{journal.Redact(i.Algorithm), journal.Redact(i.KeyID), journal.Redact(i.X5T)},
		Checks: checksOf(i.Checks), Genuine: i.Genuine, Claims: claimsOf(i.Claims),
	}
	return result, i.Err
}

func claimsOf(list []superid.Claim) []TokenClaim {
	claims := make([]TokenClaim, 0, len(list))
	for _, c := range list {
		claims = append(claims, claimOf(c))
	}
	return claims
}

// claimOf keeps secrets back by their type; what goes by an innocent name is looked at once more.
func claimOf(c superid.Claim) TokenClaim {
	switch v := c.Value.(type) {
	case secret.Text:
		return TokenClaim{Name: c.Name, Fingerprint: v.Fingerprint()}
	case string:
		return TokenClaim{Name: c.Name, Value: journal.Redact(v)}
	}
	return TokenClaim{Name: c.Name, Value: c.Value}
}

// pinCertificate puts a registration's certificate into its one form, whatever it was given in.
func pinCertificate(r *tenant.Registration) (superid.Certificate, error) {
	if r.Certificate == "" {
		return superid.Certificate{}, nil
	}
	c, err := superid.ParseCertificate([]byte(r.Certificate))
	r.Certificate = c.PEM
	return c, err
}
