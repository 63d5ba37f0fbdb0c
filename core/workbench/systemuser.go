package workbench

import (
	"cmp"
	"context"
	"log/slog"
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
	Checks []Check `json:"checks"`
	// Claims is what the answer says, secrets as fingerprints; empty after a failure.
	Claims []TokenClaim `json:"claims"`
	// TicketFingerprint and TicketUntil are the new ticket's; "none" and zero after a failure.
	TicketFingerprint string    `json:"ticket_fingerprint"`
	TicketUntil       time.Time `json:"ticket_until,omitzero"`
}

// Exchange exchanges a tenant's system user token for a ticket: steps 8 and 9, on request. The ticket is kept
// for later calls.
func (w *Workbench) Exchange(ctx context.Context, req ExchangeRequest) (ExchangeResult, error) {
	began := w.Now()
	result := ExchangeResult{Key: req.Key, Protocol: req.Protocol, At: began, Checks: checksOf(nil), Claims: claimsOf(nil),
		TicketFingerprint: secret.Text{}.Fingerprint()}
	s, err := w.subject(ctx, req.Key)
	if err != nil {
		return result, err
	}
	result.Protocol = cmp.Or(req.Protocol, s.Registration.Exchange, tenant.REST)
	s.Registration.Exchange = result.Protocol
	exchanged, err := w.Keeper.Exchange(ctx, s)
	result.Took, result.ClockSkew, result.Checks = w.Now().Sub(began), exchanged.Skew, checksOf(exchanged.Checks)
	if err != nil {
		w.Log.ErrorContext(context.WithoutCancel(ctx), "The exchange on request failed", journal.Step(tenant.StepExchange), journal.Tenant(req.Key),
			slog.String("protocol", string(result.Protocol)), journal.Failure(err))
		return result, err
	}
	result.Claims = claimsOf(exchanged.Claims.All)
	result.TicketFingerprint, result.TicketUntil = exchanged.Ticket.Fingerprint(), w.Now().Add(tenant.TicketLife)
	return result, nil
}

// systemUserKnown finds where the registration has brought a system user token from. That there is none proves
// nothing: the tenants may have been removed.
func (w *Workbench) systemUserKnown(ctx context.Context, k tenant.Key) (superid.KnownToken, error) {
	snapshot, err := w.Store.Snapshot(ctx)
	if err != nil {
		return superid.KnownNowhere, err
	}
	known := superid.KnownNowhere
	for _, t := range snapshot.Tenants {
		switch {
		case t.Registration != k.Registration || t.SystemUserToken.Empty():
		case t.Key == k:
			return superid.KnownHere, nil
		default:
			known = superid.KnownElsewhere
		}
	}
	return known, nil
}
