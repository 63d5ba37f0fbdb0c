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

// signInFailure is a provider that lets nobody in, and how that is explained.
type signInFailure struct {
	change    func(*fake)
	want      error
	fault     tenant.Fault
	server    string // must be among the server's words
	temporary bool
	cause     tenant.Cause // of what is made here; other files' causes are their tests' matter
}

func signInFailures() map[string]signInFailure {
	const jsonType = "application/json"
	return map[string]signInFailure{
		"access denied": {func(f *fake) {
			f.callback = url.Values{"error": {"access_denied"}, "error_description": {"Kun administratorer – ja"}}
		}, ErrRefused, tenant.FaultConsent, "access_denied: Kun administratorer – ja", false, tenant.CauseNotApproved},
		"AuthorizeErrorCode by name": {func(f *fake) {
			f.callback = url.Values{"error": {"invalid_request"}, "error_description": {"NeedsReapproval"}}
		}, ErrRefused, tenant.FaultConsent, "NeedsReapproval", false, tenant.CauseReapproval},
		"redirect not registered": {func(f *fake) {
			f.callback = url.Values{"error": {"x"}, "error_description": {"InvalidRedirectUrl"}}
		}, ErrAuthorization, tenant.FaultRegistration, "InvalidRedirectUrl", false, tenant.CauseRedirectURI},
		"unknown error":  {func(f *fake) { f.callback = url.Values{"error": {"unauthorized_client"}} }, ErrAuthorization, tenant.FaultRegistration, "unauthorized_client", false, tenant.CauseRequestRefused},
		"server error":   {func(f *fake) { f.callback = url.Values{"error": {"server_error"}} }, ErrAuthorization, tenant.FaultSuperOffice, "", true, tenant.CauseProviderFailed},
		"login required": {func(f *fake) { f.callback = url.Values{"error": {"login_required"}} }, ErrAuthorization, tenant.FaultPerson, "", true, tenant.CauseSignInAgain},
		"neither code nor error": {func(f *fake) { f.callback = url.Values{"code": {""}} },
			ErrAnswer, tenant.FaultSuperOffice, "", true, tenant.CauseAnswerUnusable},
		"another issuer":           {func(f *fake) { f.callback = url.Values{"iss": {"https://evil.example"}} }, ErrIssuer, tenant.FaultSuperOffice, "", false, tenant.CauseTokenRefused},
		"promised issuer not sent": {func(f *fake) { f.metadata = map[string]any{"authorization_response_iss_parameter_supported": true} }, ErrIssuer, tenant.FaultSuperOffice, "", false, tenant.CauseTokenRefused},

		"code refused":    {func(f *fake) { f.callback = url.Values{"code": {"another"}} }, ErrAuthorization, tenant.FaultPerson, "invalid_grant: no such code", true, tenant.CauseSignInAgain},
		"client refused":  {func(f *fake) { f.token = answer(401, jsonType, `{"error":"invalid_client"}`) }, ErrClientRefused, tenant.FaultRegistration, "invalid_client", false, tenant.CauseClientRefused},
		"another refusal": {func(f *fake) { f.token = answer(400, jsonType, `{"error":"invalid_scope"}`) }, ErrAuthorization, tenant.FaultRegistration, "invalid_scope", false, tenant.CauseRequestRefused},
		"echoed secrets": {func(f *fake) {
			f.token = answer(400, jsonType, `{"error":"invalid_request","error_description":"code `+testCode+` of `+testClientSecret+`"}`)
		}, ErrAuthorization, tenant.FaultRegistration, secret.Mask, false, tenant.CauseRequestRefused},
		"html":      {func(f *fake) { f.token = answer(502, "text/html", "<html>"+testAccess) }, ErrUnavailable, tenant.FaultSuperOffice, "", true, tenant.CauseProviderFailed},
		"forbidden": {func(f *fake) { f.token = answer(403, jsonType, `{"access_token":"`+testAccess+`"}`) }, ErrAnswer, tenant.FaultSuperOffice, "", true, ""},
		"garbage":   {func(f *fake) { f.token = answer(200, jsonType, `{"access_token":"`+testAccess) }, ErrAnswer, tenant.FaultSuperOffice, "", true, tenant.CauseAnswerUnusable},
		"odd expiry": {func(f *fake) { f.token = answer(200, jsonType, `{"expires_in":"`+testAccess+`"}`) },
			ErrAnswer, tenant.FaultSuperOffice, "", true, ""},
		"no access token": {func(f *fake) { f.answer["access_token"] = nil }, ErrAnswer, tenant.FaultSuperOffice, "", true, ""},
		"not a bearer":    {func(f *fake) { f.answer["token_type"] = "mac" }, ErrAnswer, tenant.FaultSuperOffice, "", true, ""},
		"no id token":     {func(f *fake) { f.answer["id_token"] = nil }, ErrForm, tenant.FaultSuperOffice, "", false, ""},
		"id token a list": {func(f *fake) { f.answer["id_token"] = []int{1} }, ErrForm, tenant.FaultSuperOffice, "", false, ""},
		"redirected": {func(f *fake) {
			f.token = func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, "http://127.0.0.1:1/canary", http.StatusTemporaryRedirect)
			}
		}, ErrAnswer, tenant.FaultSuperOffice, "", true, ""},
		"hangs up":       {func(f *fake) { f.token = func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) } }, ErrUnavailable, tenant.FaultNetwork, "", true, tenant.CauseUnreachable},
		"another nonce":  {func(f *fake) { f.claims["nonce"] = "canary" }, ErrNonce, tenant.FaultSuperOffice, "", false, ""},
		"another client": {func(f *fake) { f.claims["aud"] = "x" }, ErrAudience, tenant.FaultRegistration, "", false, ""},
		"another tenant": {func(f *fake) { f.claims[identity+"ctx"] = "Cust99999" }, ErrTenant, tenant.FaultPerson, "", false, ""},
		"keys not there": {func(f *fake) { f.metadata = map[string]any{"jwks_uri": f.URL + "/none"} }, ErrKey, tenant.FaultRegistration, "", false, ""},
	}
}

func answer(status int, kind, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func TestSignInFails(t *testing.T) {
	for name, row := range signInFailures() {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			row.change(f)
			s, page, err := signInWith(context.Background(), newClient(t), f.registration(), SignInRequest{
				ContextID: "Cust12345",
				Accept:    func(context.Context, SignedIn) error { t.Error("accepted"); return nil },
			})
			if !errors.Is(err, row.want) {
				t.Fatalf("got %v, want %v", err, row.want)
			}
			e := explained(t, err)
			if e.Fault != row.fault || e.Temporary != row.temporary || !strings.Contains(e.Server, row.server) || row.cause != "" && e.Cause != row.cause {
				t.Errorf("%+v", e)
			}
			assertNoCanary(t, err, s, page.body)
			if page.status != http.StatusBadRequest || strings.Contains(page.body, "signed in to") || !strings.Contains(page.body, "What to do next") {
				t.Errorf("page %d, %v: %s", page.status, page.err, page.body)
			}
			if !s.AccessToken.Empty() || !s.RefreshToken.Empty() || s.Claims.ContextID != "" {
				t.Errorf("a failed sign-in gave %+v", s)
			}
		})
	}
}

func TestCredentialsDoNotFollowARedirect(t *testing.T) {
	elsewhere := newFake(t)
	f := newFake(t)
	f.token = func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere.URL+"/login/common/oauth/tokens", http.StatusPermanentRedirect)
	}
	f.exchange = func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere.URL+"/Login/api/PartnerSystemUser/Authenticate", http.StatusPermanentRedirect)
	}
	c := newClient(t)
	if _, err := c.Refresh(context.Background(), f.registration(), secret.New(testRefresh)); err == nil {
		t.Error("refreshed elsewhere")
	}
	if _, err := exchange(context.Background(), c, f.registration(), testTenant()); err == nil {
		t.Error("exchanged elsewhere")
	}
	if len(elsewhere.requests) != 0 {
		t.Errorf("elsewhere got %v", elsewhere.requests)
	}
}
