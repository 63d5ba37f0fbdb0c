package superid

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

func TestRefresh(t *testing.T) {
	old := secret.New("canary-old-refresh-token")
	for name, row := range map[string]struct {
		answer  map[string]any
		refresh string
		claims  bool
	}{
		"everything new":       {map[string]any{"refresh_token": "canary-new-refresh"}, "canary-new-refresh", true},
		"no new refresh token": {map[string]any{"refresh_token": nil}, "canary-old-refresh-token", true},
		"no id token":          {map[string]any{"id_token": nil, "refresh_token": nil}, "canary-old-refresh-token", false},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.answer = row.answer
			f.claims["nonce"] = nil
			got, err := newClient(t).Refresh(context.Background(), f.registration(), old)
			if err != nil {
				t.Fatal(err)
			}
			if got.AccessToken.Reveal() != testAccess || got.RefreshToken.Reveal() != row.refresh || (got.Claims.ContextID != "") != row.claims {
				t.Errorf("got %+v", got)
			}
			if f.form.Get("grant_type") != "refresh_token" || f.form.Get("refresh_token") != old.Reveal() || f.form.Get("client_secret") != testClientSecret {
				t.Error("the request lacks something")
			}
			assertNoCanary(t, nil, got)
		})
	}
}

func TestAnAppWithoutASecretRefreshes(t *testing.T) {
	f := newFake(t)
	f.claims["nonce"] = nil
	f.metadata = map[string]any{"token_endpoint_auth_methods_supported": []string{"client_secret_basic"}}
	reg := f.registration()
	reg.ClientSecret = secret.Text{}
	got, err := newClient(t).Refresh(context.Background(), reg, secret.New(testRefresh))
	if err != nil || got.AccessToken.Reveal() != testAccess {
		t.Fatal(err)
	}
	if _, sent := f.form["client_secret"]; sent || f.basic != "" || f.form.Get("client_id") != testClientID {
		t.Errorf("sent a secret: %v, %v", sent, f.basic != "")
	}
}

func TestRefreshWithoutExpiry(t *testing.T) {
	f := newFake(t)
	f.answer = map[string]any{"expires_in": nil, "id_token": nil}
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	c := New(Options{Now: func() time.Time { return now }})
	defer c.Close()
	got, err := c.Refresh(context.Background(), f.registration(), secret.New(testRefresh))
	if err != nil || !got.AccessTokenExpiry.Equal(now.Add(assumedLife)) {
		t.Errorf("%v, expires %s", err, got.AccessTokenExpiry)
	}
	if got.Skew < 24*time.Hour && got.Skew > -24*time.Hour {
		t.Errorf("the clock's error was not measured: %s", got.Skew)
	}
}

func TestRefreshFails(t *testing.T) {
	says := func(status int, body map[string]any) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { writeStatus(w, status, body) }
	}
	for name, row := range map[string]struct {
		token http.HandlerFunc
		want  error
		cause tenant.Cause
	}{
		"revoked":     {says(400, map[string]any{"error": "invalid_grant", "error_description": "token " + testRefresh}), ErrRefreshRefused, tenant.CauseLoginEnded},
		"said in 200": {says(200, map[string]any{"error": "invalid_grant"}), ErrRefreshRefused, tenant.CauseLoginEnded},
		"as plain text": {func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, `{"error":"invalid_grant"}`, http.StatusBadRequest)
		}, ErrRefreshRefused, tenant.CauseLoginEnded},
		"client":   {says(401, map[string]any{"error": "invalid_client"}), ErrClientRefused, tenant.CauseClientRefused},
		"trouble":  {says(503, map[string]any{"error": "temporarily_unavailable"}), ErrUnavailable, tenant.CauseProviderFailed},
		"no words": {says(500, nil), ErrUnavailable, tenant.CauseProviderFailed},
		"busy":     {says(429, nil), ErrUnavailable, tenant.CauseProviderFailed},
		"network":  {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, ErrUnavailable, tenant.CauseUnreachable},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.token = row.token
			got, err := newClient(t).Refresh(context.Background(), f.registration(), secret.New(testRefresh))
			if !errors.Is(err, row.want) || errors.Is(err, ErrRefreshRefused) != (row.want == ErrRefreshRefused) {
				t.Errorf("got %v", err)
			}
			if e := explained(t, err); e.Cause != row.cause {
				t.Errorf("%+v", e)
			}
			assertNoCanary(t, err, got)
		})
	}
	f := newFake(t)
	f.signer = otherKey()
	got, err := newClient(t).Refresh(context.Background(), f.registration(), secret.New(testRefresh))
	if !errors.Is(err, ErrSignature) || !got.AccessToken.Empty() {
		t.Errorf("a forged id token gave %v, %+v", err, got)
	}
	if _, err := newClient(t).Refresh(context.Background(), f.registration(), secret.Text{}); !errors.Is(err, ErrRefreshRefused) {
		t.Errorf("without a token: %v", err)
	}
}

func TestMovedTokenEndpointIsFoundAgain(t *testing.T) {
	f := newFake(t)
	f.claims["nonce"] = nil
	f.metadata = map[string]any{"token_endpoint": f.URL + "/old"}
	c := newClient(t)
	if _, err := c.Refresh(context.Background(), f.registration(), secret.New(testRefresh)); err == nil {
		t.Fatal("the old endpoint answered")
	}
	f.metadata = nil
	if _, err := c.Refresh(context.Background(), f.registration(), secret.New(testRefresh)); err != nil {
		t.Error(err)
	}
}

// A refresh may use its token up, so it is not asked for while its answer could not be validated.
func TestARefreshIsNotAskedForWithoutKeys(t *testing.T) {
	f := newFake(t)
	f.metadata = map[string]any{"jwks_uri": f.URL + "/none"}
	if _, err := newClient(t).Refresh(context.Background(), f.registration(), secret.New(testRefresh)); !errors.Is(err, ErrAnswer) {
		t.Errorf("got %v", err)
	}
	if n := f.count("/login/common/oauth/tokens"); n != 0 {
		t.Errorf("the refresh token was sent %d times", n)
	}
}
