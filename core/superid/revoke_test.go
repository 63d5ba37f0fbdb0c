package superid

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

func TestATokenIsRevokedAsTheMetadataSays(t *testing.T) {
	for name, row := range map[string]struct {
		metadata map[string]any // URL stands for the provider's address
		public   bool
		path     string
		basic    bool
	}{
		"known address, secret in the body": {nil, false, "/login/common/oauth/Revoke", false},
		"the metadata's address":            {map[string]any{"revocation_endpoint": "URL/login/elsewhere/revoke"}, false, "/login/elsewhere/revoke", false},
		"secret in the header":              {map[string]any{"token_endpoint_auth_methods_supported": []string{"client_secret_basic"}}, false, "/login/common/oauth/Revoke", true},
		"an app without a secret":           {map[string]any{"token_endpoint_auth_methods_supported": []string{"client_secret_basic"}}, true, "/login/common/oauth/Revoke", false},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			for key, v := range row.metadata {
				if text, ok := v.(string); ok {
					row.metadata[key] = strings.Replace(text, "URL", f.URL, 1)
				}
			}
			f.metadata = row.metadata
			f.revoke = func(w http.ResponseWriter, r *http.Request) {
				if r.Method != http.MethodPost || r.URL.RawQuery != "" || r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" {
					t.Errorf("%s %s", r.Method, r.Header)
				}
				w.WriteHeader(http.StatusOK)
			}
			reg := f.registration()
			reg.ClientSecret = secret.New("canary secret&more")
			want := url.Values{"token": {testRefresh}, "token_type_hint": {"refresh_token"}}
			switch {
			case row.public:
				reg.ClientSecret = secret.Text{}
				want.Set("client_id", testClientID)
			case !row.basic:
				want.Set("client_id", testClientID)
				want.Set("client_secret", "canary secret&more")
			}
			got, err := newClient(t).Revoke(context.Background(), reg, secret.New(testRefresh), HintRefreshToken)
			if err != nil || got != TokenRevoked {
				t.Fatalf("%q, %v", got, err)
			}
			if f.form.Encode() != want.Encode() || f.count(row.path) != 1 {
				t.Errorf("the form has the fields %d, want %d; requests %v", len(f.form), len(want), f.requests)
			}
			r := http.Request{Header: http.Header{"Authorization": {f.basic}}}
			if user, password, ok := r.BasicAuth(); ok != row.basic || ok && (user != testClientID || password != "canary+secret%26more") {
				t.Errorf("in the header: %v, %q", ok, user)
			}
		})
	}
}

func TestTheHeaderOfTheAppIsConcealedWhereAServerRepeatsIt(t *testing.T) {
	f := newFake(t)
	f.metadata = map[string]any{"token_endpoint_auth_methods_supported": []string{"client_secret_basic"}}
	repeat := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = io.WriteString(w, `{"error":"invalid_client","error_description":"refused: `+r.Header.Get("Authorization")+`"}`)
	}
	f.revoke, f.token = repeat, repeat
	c := newClient(t)
	_, revoked := c.Revoke(t.Context(), f.registration(), secret.New(testRefresh), HintRefreshToken)
	_, checked := c.CheckClient(t.Context(), f.registration())
	for name, err := range map[string]error{"revocation": revoked, "check": checked} {
		if got := tenant.Explain(err).Server; strings.TrimRight(got, "=") != "invalid_client: refused: Basic "+secret.Mask {
			t.Errorf("%s: the server says %q", name, got)
		}
	}
}

func TestHowTheServerTakesARevocation(t *testing.T) {
	says := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		}
	}
	for name, row := range map[string]struct {
		answer http.HandlerFunc
		want   Revocation
		err    error
		cause  tenant.Cause
		server string
	}{
		"well":                  {says(200, ""), TokenRevoked, nil, "", ""},
		"well, with a page":     {says(200, "<html>done"), TokenRevoked, nil, "", ""},
		"nothing to say":        {says(204, ""), TokenRevoked, nil, "", ""},
		"it knew no such token": {says(400, `{"error":"invalid_token"}`), TokenUnknown, nil, "", ""},
		"the grant has ended":   {says(400, `{"error":"invalid_grant"}`), TokenUnknown, nil, "", ""},
		"another app":           {says(401, `{"error":"invalid_client","error_description":"No app `+testClientID+`"}`), "", ErrClientRefused, tenant.CauseClientRefused, "invalid_client: No app " + testClientID},
		"not this kind":         {says(400, `{"error":"unsupported_token_type"}`), "", ErrAnswer, tenant.CauseRequestRefused, "unsupported_token_type"},
		"an error as success":   {says(200, `{"error":"invalid_request"}`), "", ErrAnswer, tenant.CauseRequestRefused, "invalid_request"},
		"echoed":                {says(400, `{"error":"invalid_request","error_description":"`+testRefresh+` `+testClientSecret+`"}`), "", ErrAnswer, tenant.CauseRequestRefused, "invalid_request: [secret] [secret]"},
		"busy":                  {says(503, `{"error":"temporarily_unavailable"}`), "", ErrUnavailable, tenant.CauseProviderFailed, ""},
		"broken":                {says(500, "<html>"), "", ErrUnavailable, tenant.CauseProviderFailed, ""},
		"not offered":           {says(404, ""), "", ErrAnswer, tenant.CauseAddress, ""},
		"sent elsewhere": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.1:1/", http.StatusTemporaryRedirect)
		}, "", ErrAnswer, tenant.CauseAnswerUnusable, ""},
		"hangs up":         {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "", ErrUnavailable, tenant.CauseUnreachable, ""},
		"a megabyte of it": {says(200, strings.Repeat("x", maxAnswer+1)), "", ErrAnswer, tenant.CauseAnswerUnusable, ""},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.revoke = row.answer
			got, err := newClient(t).Revoke(context.Background(), f.registration(), secret.New(testRefresh), HintRefreshToken)
			if got != row.want || !errors.Is(err, row.err) {
				t.Fatalf("%q, %v", got, err)
			}
			assertNoCanary(t, err, got)
			if err == nil {
				return
			}
			if e := explained(t, err); e.Cause != row.cause || row.server != "" && e.Server != row.server {
				t.Errorf("%+v", e)
			}
			if f.count("/login/common/oauth/Revoke") != 1 {
				t.Error("it was asked again")
			}
		})
	}
}

func TestARevocationThatIsCancelledSaysSo(t *testing.T) {
	f := newFake(t)
	ctx, cancel := context.WithCancel(context.Background())
	f.revoke = func(_ http.ResponseWriter, r *http.Request) { cancel(); <-r.Context().Done() }
	if _, err := newClient(t).Revoke(ctx, f.registration(), secret.New(testAccess), HintAccessToken); !errors.Is(err, ErrCancelled) {
		t.Errorf("got %v", err)
	}
}

func TestTheEndSessionPage(t *testing.T) {
	f := newFake(t)
	if got, err := newClient(t).EndSessionURL(context.Background(), f.registration()); err != nil || got != f.URL+"/login/logout" {
		t.Errorf("known address: %s, %v", got, err)
	}
	f.metadata = map[string]any{"end_session_endpoint": f.URL + "/login/bye"}
	if got, err := newClient(t).EndSessionURL(context.Background(), f.registration()); err != nil || got != f.URL+"/login/bye" {
		t.Errorf("the metadata's: %s, %v", got, err)
	}
	for _, name := range []string{"end_session_endpoint", "revocation_endpoint"} {
		f.metadata = map[string]any{name: "http://evil.example/"}
		if _, err := newClient(t).EndSessionURL(context.Background(), f.registration()); !errors.Is(err, ErrMetadata) {
			t.Errorf("%s without https: %v", name, err)
		}
	}
}
