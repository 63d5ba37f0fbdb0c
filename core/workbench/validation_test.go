package workbench_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"partnerdesk/core/secret"
	"partnerdesk/core/superid"
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
)

// telling is a SuperID whose id token says a lot.
type telling struct {
	workbench.SuperID
	claims []superid.Claim
}

func (s telling) SignIn(ctx context.Context, _ tenant.Registration, req superid.SignInRequest) (superid.SignedIn, error) {
	signed := superid.SignedIn{Checks: []superid.Check{{Name: "form"}, {Name: "tenant", Err: superid.ErrNotChecked}},
		Claims: superid.Claims{ContextID: "Cust1", CompanyName: "Søn", SystemUserToken: secret.New("App-canary1234"), All: s.claims}}
	return signed, req.Accept(ctx, signed)
}

func TestASignInLeavesItsChecksAndClaimsWithoutASecret(t *testing.T) {
	token := secret.New("App-canary1234")
	claims := []superid.Claim{
		{Name: "iss", Value: "https://sod.superoffice.com"},
		{Name: "exp", Value: json.Number("1773489600")},
		{Name: "amr", Value: []any{"pwd", map[string]any{"deep_token": secret.New("canary-inner")}}},
		{Name: "flag", Value: true},
		{Name: "note", Value: "7T:canary-ticket-by-an-innocent-name"},
		{Name: "long", Value: strings.Repeat("å", 3000)},
		{Name: "http://schemes.superoffice.net/identity/system_token", Value: token},
	}
	for i := range 100 {
		claims = append(claims, superid.Claim{Name: fmt.Sprintf("x%d", i), Value: "y"})
	}
	noon := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	store := &shop{registrations: registrations{reg: tenant.Registration{Name: "app"}}}
	w := workbench.New(workbench.Options{Store: store, SuperID: telling{claims: claims}, Keeper: &forgetful{},
		Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return noon }})
	if _, err := w.SignIn(t.Context(), workbench.SignInRequest{Registration: "app"}, workbench.SignInHooks{}); err != nil {
		t.Fatal(err)
	}
	v, err := w.Validation(t.Context(), key)
	if err != nil || !v.At.Equal(noon) || v.Key.ContextID != "Cust1" {
		t.Fatalf("%+v, %v", v, err)
	}
	if len(v.Checks) != 2 || !v.Checks[0].Passed || v.Checks[0].Detail != "" || v.Checks[1].Passed || v.Checks[1].Detail == "" {
		t.Errorf("checks %+v", v.Checks)
	}
	raw, _ := json.Marshal(v)
	if bytes.Contains(raw, []byte("canary")) {
		t.Errorf("a secret is kept: %s", raw)
	}
	for i, want := range []string{"https://sod.superoffice.com", "1773489600", `["pwd",{"deep_token":"[secret]"}]`, "true", "[secret]"} {
		if got := v.Claims[i].Value; got != want {
			t.Errorf("%s is kept as %q", v.Claims[i].Name, got)
		}
	}
	if got := v.Claims[6]; got.Value != "" || got.Fingerprint != token.Fingerprint() {
		t.Errorf("the system user token is kept as %+v", got)
	}
	if len(v.Claims) > 64 || len(raw) > 16<<10 {
		t.Errorf("%d claims in %d bytes", len(v.Claims), len(raw))
	}
	if _, err := w.Validation(t.Context(), tenant.Key{Registration: "app", ContextID: "Cust9"}); tenant.Explain(err).Cause != tenant.CauseNotThere {
		t.Errorf("of a tenant that is not there: %v", err)
	}
}

func TestAValidationThatCannotBeKeptStopsNoSignIn(t *testing.T) {
	var log bytes.Buffer
	store := &shop{registrations: registrations{reg: tenant.Registration{Name: "app"}}, failing: errors.New("disk full")}
	w := workbench.New(workbench.Options{Store: store, SuperID: telling{}, Keeper: &forgetful{}, Log: slog.New(slog.NewTextHandler(&log, nil))})
	if _, err := w.SignIn(t.Context(), workbench.SignInRequest{Registration: "app"}, workbench.SignInHooks{}); err != nil {
		t.Error(err)
	}
	if !strings.Contains(log.String(), "Could not keep how the id token was validated") {
		t.Errorf("the log does not say it:\n%s", log.String())
	}
}
