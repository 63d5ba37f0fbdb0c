package workbench_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"reflect"
	"slices"
	"strings"
	"testing"

	"partnerdesk/core/keeper"
	"partnerdesk/core/secret"
	"partnerdesk/core/superid"
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
)

// stamper is a keeper that notes what it is asked to exchange.
type stamper struct {
	workbench.Keeper
	asked keeper.Subject
	err   error
}

func (s *stamper) Exchange(_ context.Context, subject keeper.Subject) (superid.Exchanged, error) {
	s.asked = subject
	checks := []superid.Check{{Name: "signature"}, {Name: "audience", Err: s.err}}
	if s.err != nil {
		return superid.Exchanged{Checks: checks}, s.err
	}
	return superid.Exchanged{Ticket: secret.New("7T:canary-ticket"), Checks: checks, Claims: superid.Claims{
		ContextID: "Cust1", SystemUserToken: secret.New("App-canary1234"), All: []superid.Claim{
			{Name: "iss", Value: "SuperOffice AS"},
			{Name: "http://schemes.superoffice.net/identity/initials", Value: "SY"},
			{Name: "http://schemes.superoffice.net/identity/system_token", Value: secret.New("App-canary1234")},
		},
	}}, nil
}

func TestAnExchangeOnRequestShowsWhatCameAndNoSecret(t *testing.T) {
	s := &stamper{}
	w := workbench.New(workbench.Options{Store: shelf{}, Keeper: s, Log: slog.New(slog.DiscardHandler)})
	got, err := w.Exchange(t.Context(), workbench.ExchangeRequest{Key: key, Protocol: tenant.SOAP})
	if err != nil || got.Protocol != tenant.SOAP || s.asked.Registration.Exchange != tenant.SOAP {
		t.Fatalf("%+v, %v", got, err)
	}
	want := []workbench.TokenClaim{
		{Name: "iss", Value: "SuperOffice AS"},
		{Name: "http://schemes.superoffice.net/identity/initials", Value: "SY"},
		{Name: "http://schemes.superoffice.net/identity/system_token", Fingerprint: secret.New("App-canary1234").Fingerprint()},
	}
	if !reflect.DeepEqual(got.Claims, want) {
		t.Errorf("claims %v", got.Claims)
	}
	if got.TicketFingerprint != secret.New("7T:canary-ticket").Fingerprint() || got.TicketUntil.Sub(got.At) < tenant.TicketLife || !got.Checks[0].Passed {
		t.Errorf("%+v", got)
	}
	if got, err = w.Exchange(t.Context(), workbench.ExchangeRequest{Key: key}); err != nil || got.Protocol != tenant.REST {
		t.Errorf("the registration's protocol: %q, %v", got.Protocol, err)
	}
	s.err = superid.ErrAudience
	got, err = w.Exchange(t.Context(), workbench.ExchangeRequest{Key: key})
	if !errors.Is(err, superid.ErrAudience) || len(got.Checks) != 2 || got.Checks[1].Passed || !got.Checks[1].Checked || got.Checks[1].Reason == "" || len(got.Claims) != 0 || got.TicketFingerprint != "none" {
		t.Errorf("a failed check: %+v, %v", got, err)
	}
}

// ledger is a store of tenants.
type ledger struct {
	shelf
	tenants []tenant.Tenant
}

// SaveSignIn keeps a token that is there, as the store does.
func (l *ledger) SaveSignIn(_ context.Context, t tenant.Tenant, _ tenant.Login) (bool, error) {
	if slices.ContainsFunc(l.tenants, func(stored tenant.Tenant) bool { return stored.Key == t.Key }) {
		return false, nil
	}
	l.tenants = append(l.tenants, t)
	return true, nil
}

func (l *ledger) SaveValidation(context.Context, tenant.Validation) error { return nil }

func (l *ledger) Snapshot(context.Context) (tenant.Snapshot, error) {
	return tenant.Snapshot{Tenants: l.tenants}, nil
}

// entrance is a SuperID that lets an administrator in, without a system user token.
type entrance struct {
	workbench.SuperID
	asked superid.SignInRequest
}

func (e *entrance) SignIn(ctx context.Context, _ tenant.Registration, req superid.SignInRequest) (superid.SignedIn, error) {
	e.asked = req
	s := superid.SignedIn{Claims: superid.Claims{Subject: "kari@example.com", ContextID: "Cust1", CompanyName: "Søn", Administrator: new(true)}}
	return s, req.Accept(ctx, s)
}

func TestAnotherTenantsTokenTellsWhyOneIsMissing(t *testing.T) {
	token := secret.New("App-canary1234")
	for name, row := range map[string]struct {
		others []tenant.Tenant
		cause  tenant.Cause
	}{
		"no other tenant":            {nil, tenant.CauseOptionMissing},
		"another without one":        {[]tenant.Tenant{{Key: tenant.Key{Registration: "app", ContextID: "Cust2"}}}, tenant.CauseOptionMissing},
		"another with one":           {[]tenant.Tenant{{Key: tenant.Key{Registration: "app", ContextID: "Cust2"}, SystemUserToken: token}}, tenant.CauseNotApproved},
		"another app's with one":     {[]tenant.Tenant{{Key: tenant.Key{Registration: "other", ContextID: "Cust2"}, SystemUserToken: token}}, tenant.CauseOptionMissing},
		"another app's, same tenant": {[]tenant.Tenant{{Key: tenant.Key{Registration: "other", ContextID: "Cust1"}, SystemUserToken: token}}, tenant.CauseOptionMissing},
	} {
		t.Run(name, func(t *testing.T) {
			e := &entrance{}
			w := workbench.New(workbench.Options{Store: &ledger{tenants: row.others}, SuperID: e, Keeper: &forgetful{}, Log: slog.New(slog.DiscardHandler)})
			got, err := w.SignIn(t.Context(), workbench.SignInRequest{Registration: "app", FormPost: true, Prompt: workbench.PromptConsent}, workbench.SignInHooks{})
			if err != nil || got.NoSystemUser == nil || got.NoSystemUser.Cause != row.cause {
				t.Errorf("%+v, %v", got.NoSystemUser, err)
			}
			if !e.asked.FormPost || e.asked.Prompt != "consent" {
				t.Errorf("SuperID was asked %v, %q", e.asked.FormPost, e.asked.Prompt)
			}
		})
	}
}

func TestASignInWithoutATokenKeepsTheStoredOneAndSaysSo(t *testing.T) {
	stored := tenant.Tenant{Key: key, CompanyName: "Søn", SystemUserToken: secret.New("App-canary1234")}
	var log bytes.Buffer
	w := workbench.New(workbench.Options{Store: &ledger{tenants: []tenant.Tenant{stored}}, SuperID: &entrance{}, Keeper: &forgetful{},
		Log: slog.New(slog.NewTextHandler(&log, nil))})
	got, err := w.SignIn(t.Context(), workbench.SignInRequest{Registration: "app"}, workbench.SignInHooks{})
	if err != nil || got.Tenant.TokenFingerprint != stored.SystemUserToken.Fingerprint() {
		t.Fatalf("%+v, %v", got, err)
	}
	if e := got.NoSystemUser; e == nil || e.Cause != tenant.CauseNotApproved || !strings.Contains(e.Why, "The stored token is kept") || !strings.Contains(e.Next, "Exchange the stored token") {
		t.Errorf("%+v", e)
	}
	if !strings.Contains(log.String(), "the stored one is kept until an exchange proves otherwise") {
		t.Errorf("the log does not say it:\n%s", log.String())
	}
}
