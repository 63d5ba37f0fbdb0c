package workbench

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"partnerdesk/core/journal"
	"partnerdesk/core/secret"
	"partnerdesk/core/superid"
	"partnerdesk/core/tenant"
)

// SignSystemUserToken makes a signed system token of a system user token and an app's private key, for
// somebody who exchanges it elsewhere. It is good for minutes around at.
func SignSystemUserToken(token, privateKey secret.Text, at time.Time) (secret.Text, error) {
	key, err := superid.ParsePrivateKey(privateKey)
	if err != nil {
		return secret.Text{}, err
	}
	return superid.SignSystemUserToken(token, key, at)
}

// ExchangeRequest asks for an exchange now, whatever ticket there is.
type ExchangeRequest struct {
	tenant.Key
	// Protocol takes the place of the registration's for this once; empty means the registration's.
	Protocol tenant.ExchangeProtocol
}

// ExchangeResult is what came of an [ExchangeRequest]. It holds no secret.
type ExchangeResult struct {
	tenant.Key
	Protocol tenant.ExchangeProtocol `json:"protocol"`
	At       time.Time               `json:"at"`
	Took     time.Duration           `json:"took_ns"`
	// ClockSkew is SuperOffice's clock minus this machine's, to the second.
	ClockSkew time.Duration `json:"clock_skew_ns"`
	// Checks are the steps by which the answer was validated; they are there after a failed validation too.
	Checks []ExchangeCheck `json:"checks"`
	// Claims is what the answer says, secrets as fingerprints; empty after a failure.
	Claims []ExchangeClaim `json:"claims"`
	// TicketFingerprint and TicketUntil are the new ticket's; "none" and zero after a failure.
	TicketFingerprint string    `json:"ticket_fingerprint"`
	TicketUntil       time.Time `json:"ticket_until,omitzero"`
}

// ExchangeCheck is one step of the validation.
type ExchangeCheck struct {
	Name   string `json:"name"`
	Passed bool   `json:"passed"`
	// Why says what was wrong.
	Why string `json:"why,omitempty"`
}

// ExchangeClaim is one statement of the answer, under its short name.
type ExchangeClaim struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Exchange exchanges a tenant's system user token for a ticket: steps 8 and 9, on request. The ticket is kept
// for later calls.
func (w *Workbench) Exchange(ctx context.Context, req ExchangeRequest) (ExchangeResult, error) {
	began := w.Now()
	result := ExchangeResult{Key: req.Key, Protocol: req.Protocol, At: began, Checks: []ExchangeCheck{}, Claims: []ExchangeClaim{},
		TicketFingerprint: secret.Text{}.Fingerprint()}
	s, err := w.subject(ctx, req.Key)
	if err != nil {
		return result, err
	}
	result.Protocol = cmp.Or(req.Protocol, s.Registration.Exchange, tenant.REST)
	s.Registration.Exchange = result.Protocol
	exchanged, err := w.Keeper.Exchange(ctx, s)
	result.Took, result.ClockSkew = w.Now().Sub(began), exchanged.Skew
	for _, check := range exchanged.Checks {
		result.Checks = append(result.Checks, exchangeCheck(check))
	}
	if err != nil {
		w.Log.ErrorContext(context.WithoutCancel(ctx), "The exchange on request failed", journal.Step(tenant.StepExchange), journal.Tenant(req.Key),
			slog.String("protocol", string(result.Protocol)), journal.Failure(err))
		return result, err
	}
	result.Claims = exchangeClaims(exchanged.Claims)
	result.TicketFingerprint, result.TicketUntil = exchanged.Ticket.Fingerprint(), w.Now().Add(tenant.TicketLife)
	return result, nil
}

func exchangeCheck(c superid.Check) ExchangeCheck {
	if c.Err == nil {
		return ExchangeCheck{Name: c.Name, Passed: true}
	}
	return ExchangeCheck{Name: c.Name, Why: journal.Redact(c.Err.Error())}
}

// exchangeClaims lists what an answer says: what is always looked at first, and the rest by name.
func exchangeClaims(c superid.Claims) []ExchangeClaim {
	all := []ExchangeClaim{
		{"iss", c.Issuer}, {"iat", moment(c.IssuedAt)}, {"exp", moment(c.ExpiresAt)}, {"sub", c.Subject},
		{"ctx", c.ContextID}, {"company_name", c.CompanyName}, {"serial", c.Serial}, {"associateid", c.AssociateID},
		{"upn", c.UPN}, {"email", c.Email}, {"webapi_url", c.WebAPIURL}, {"system_token", fingerprintOf(c.SystemUserToken)},
	}
	all = slices.DeleteFunc(all, func(c ExchangeClaim) bool { return c.Value == "" })
	known := len(all)
	for name, value := range c.Other {
		claim := ExchangeClaim{Name: name[strings.LastIndexByte(name, '/')+1:], Value: fmt.Sprint(value)}
		if hidden, ok := value.(secret.Text); ok {
			claim.Value = fingerprintOf(hidden)
		}
		all = append(all, claim)
	}
	slices.SortFunc(all[known:], func(a, b ExchangeClaim) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Value, b.Value))
	})
	return all
}

func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func fingerprintOf(t secret.Text) string {
	if t.Empty() {
		return ""
	}
	return "fingerprint " + t.Fingerprint()
}

// systemUserSeen reports whether any tenant of a registration has a system user token. If one has, the app
// has the system user option. That none has proves nothing: their tenants may have been removed.
func (w *Workbench) systemUserSeen(ctx context.Context, registration string) (bool, error) {
	snapshot, err := w.Store.Snapshot(ctx)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(snapshot.Tenants, func(t tenant.Tenant) bool {
		return t.Registration == registration && !t.SystemUserToken.Empty()
	}), nil
}
