package superid

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

func TestIDTokenValidation(t *testing.T) {
	for _, row := range slices.Concat(acceptedTokens(), malformedTokens(), unsignedTokens(), foreignTokens(), strangeTokens()) {
		t.Run(row.name, func(t *testing.T) {
			f := newFake(t)
			f.pending = url.Values{"nonce": {"the nonce of the sign-in"}}
			nonce := secret.New("the nonce of the sign-in")
			claims := map[string]any{}
			if err := unmarshalPart(f.idToken(), &claims); err != nil {
				t.Fatal(err)
			}
			v, err := newClient(t).validate(context.Background(), f.URL, secret.New(row.make(f, f.header, claims)), expectation{
				issuer: f.URL, idToken: true, nonce: &nonce, contextID: "Cust12345",
				audience: func(object) string { return testClientID }})
			if !errors.Is(err, row.want) || (err == nil) != (row.want == nil) {
				t.Fatalf("got %v, want %v", err, row.want)
			}
			assertNoCanary(t, err, v)
			checkList(t, v, row.want)
		})
	}
}

// checkList demands that every step is named, that the wanted one failed, and that a refused token is
// not believed in anything.
func checkList(t *testing.T, v validated, want error) {
	t.Helper()
	if len(v.checks) != 13 {
		t.Errorf("%d steps instead of 13", len(v.checks))
	}
	for _, c := range v.checks {
		if c.Name == "" || want == nil && c.Err != nil {
			t.Errorf("step %q: %v", c.Name, c.Err)
		}
	}
	if want != nil && (v.claims.ContextID != "" || v.claims.Subject != "" || v.claims.All != nil) {
		t.Errorf("a refused token was believed: %+v", v.claims)
	}
}

func TestClaimsAreRead(t *testing.T) {
	f := newFake(t)
	f.claims = map[string]any{identity + "identityprovider": "central-superid", identity + "ticket": testTicket,
		"refresh_token_hint": "canary", "ctx": "kept", identity + "is_administrator": "false"}
	v, err := newClient(t).validate(context.Background(), f.URL, secret.New(f.idToken()), expectation{
		issuer: f.URL, audience: func(object) string { return testClientID }})
	if err != nil {
		t.Fatal(err)
	}
	c := v.claims
	if c.ContextID != "Cust12345" || c.CompanyName != "Blåbær & Søn <AS>" || c.Serial != "1801550193" || c.AssociateID != "5" ||
		c.Administrator == nil || *c.Administrator || c.Subject != "kari@example.com" ||
		c.SystemUserToken.Reveal() != testSystemToken {
		t.Errorf("claims %+v", c)
	}
	all := map[string]any{}
	for _, claim := range c.All {
		all[claim.Name] = claim.Value
	}
	if all[identity+"identityprovider"] != "central-superid" || all["ctx"] != "kept" || all["iss"] != f.URL {
		t.Errorf("all claims %v", all)
	}
	assertNoCanary(t, nil, c)
}

func TestTheClockIsNamedWhereItExplainsTheTimes(t *testing.T) {
	now := time.Unix(1.8e9, 0)
	begins := fmt.Errorf("%w: %w", ErrNotBefore, timeError{"it begins at", now.Add(15 * time.Minute), now, 10 * time.Minute})
	ended := fmt.Errorf("%w: %w", ErrExpiry, timeError{"it ended at", now.Add(-15 * time.Minute), now, -10 * time.Minute})
	for name, row := range map[string]struct {
		err  error
		skew time.Duration
		want tenant.Cause
	}{
		"ours is behind":                  {begins, 12*time.Minute + 3*time.Second, tenant.CauseClock},
		"ours is ahead":                   {ended, -12*time.Minute - 3*time.Second, tenant.CauseClock},
		"right":                           {ended, time.Second, tenant.CauseTokenTimes},
		"not known":                       {begins, 0, tenant.CauseTokenTimes},
		"off, but not enough":             {ended, -6 * time.Minute, tenant.CauseTokenTimes},
		"off, but in the other direction": {ended, 12 * time.Minute, tenant.CauseTokenTimes},
		"off the other way for one not yet valid": {begins, -12 * time.Minute, tenant.CauseTokenTimes},
		"no time at all": {fmt.Errorf("%w: there is no exp claim", ErrExpiry), -12 * time.Minute, tenant.CauseTokenRefused},
	} {
		t.Run(name, func(t *testing.T) {
			e := explained(t, refusedIDToken("op", "What.", row.err, row.skew))
			if e.Cause != row.want {
				t.Errorf("%+v", e)
			}
			if named := strings.Contains(e.Why, "12 min"); named != (e.Cause == tenant.CauseClock) {
				t.Errorf("the clock is named: %v, in %s", named, e.Why)
			}
		})
	}
}

// TestAnEmptyAudienceFitsNobody: a registration without a client id must not accept what is meant for nobody.
func TestAnEmptyAudienceFitsNobody(t *testing.T) {
	f := newFake(t)
	f.claims = map[string]any{"aud": []string{""}}
	_, err := newClient(t).validate(context.Background(), f.URL, secret.New(f.idToken()), expectation{
		issuer: f.URL, audience: func(object) string { return "" }})
	if !errors.Is(err, ErrAudience) {
		t.Errorf("got %v", err)
	}
}
