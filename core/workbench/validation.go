package workbench

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"partnerdesk/core/journal"
	"partnerdesk/core/superid"
	"partnerdesk/core/tenant"
)

const (
	// mostClaims and longestClaim bound what is kept of a token: an honest one has two dozen short claims.
	mostClaims   = 64
	longestClaim = 500
)

// Validation returns how the id token of the last sign-in to a tenant was validated, and what it said. Its time is
// zero where nothing was kept of that sign-in; another one makes up for it.
func (w *Workbench) Validation(ctx context.Context, k tenant.Key) (tenant.Validation, error) {
	v, err := w.Store.Validation(ctx, k)
	if err != nil {
		return v, explainNoTenant(k, err)
	}
	return v, nil
}

// History returns how a tenant fared in the last 24 hours.
func (w *Workbench) History(ctx context.Context, k tenant.Key) (tenant.History, error) {
	return w.Store.History(ctx, k, w.Now().Add(-tenant.HistoryLife))
}

// keepValidation keeps how a sign-in's token was validated. The sign-in is good without it, so that a failure is told
// in the journal alone.
func (w *Workbench) keepValidation(ctx context.Context, k tenant.Key, at time.Time, s superid.SignedIn) {
	v := tenant.Validation{Key: k, At: at, Checks: keptChecks(checksOf(s.Checks)), Claims: keptClaims(s.Claims.All)}
	if err := w.Store.SaveValidation(ctx, v); err != nil {
		w.Log.WarnContext(ctx, "Could not keep how the id token was validated", journal.Tenant(k), slog.Int("claims", len(v.Claims)), journal.Failure(err))
	}
}

func keptChecks(all []Check) []tenant.ValidationCheck {
	kept := make([]tenant.ValidationCheck, 0, len(all))
	for _, c := range all {
		kept = append(kept, tenant.ValidationCheck{Name: c.Name, Passed: c.Passed, Detail: c.Reason})
	}
	return kept
}

// keptClaims makes text of claims. Those that are secrets have only their fingerprint left by now.
func keptClaims(all []superid.Claim) []tenant.ValidationClaim {
	kept := make([]tenant.ValidationClaim, 0, len(all))
	for _, c := range claimsOf(all[:min(len(all), mostClaims)]) {
		kept = append(kept, tenant.ValidationClaim{Name: clipped(c.Name), Value: claimText(c.Value), Fingerprint: c.Fingerprint})
	}
	return kept
}

// claimText is a claim's value as text: JSON where it is no plain text. What a secret type hides stays hidden there.
func claimText(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return clipped(v)
	case json.Number:
		return v.String()
	}
	raw, err := json.Marshal(value)
	return clipped(journal.Redact(cmp.Or(string(raw), fmt.Sprint(err))))
}

// clipped cuts a text that is longer than people read.
func clipped(s string) string {
	if runes := []rune(s); len(runes) > longestClaim {
		return string(runes[:longestClaim]) + "…"
	}
	return s
}
