package superid

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

func TestSignIn(t *testing.T) {
	freePort := reservePort(t)
	for name, row := range map[string]struct {
		redirect, sent string // sent is a pattern
		formPost       bool
		public         bool
		basicOnly      bool
	}{
		"any port, no path":     {"http://127.0.0.1:0", `^http://127\.0\.0\.1:\d{4,5}$`, false, false, false},
		"any port, form":        {"http://127.0.0.1:0", `^http://127\.0\.0\.1:\d{4,5}$`, true, false, false},
		"any port, a slash":     {"http://127.0.0.1:0/", `^http://127\.0\.0\.1:\d{4,5}/$`, false, false, false},
		"any port, a path":      {"http://127.0.0.1:0/call%20back", `^http://127\.0\.0\.1:\d{4,5}/call%20back$`, false, false, false},
		"IPv6":                  {"http://[::1]:0/callback", `^http://\[::1\]:\d{4,5}/callback$`, true, false, false},
		"IPv6, no path":         {"http://[::1]:0", `^http://\[::1\]:\d{4,5}$`, false, false, false},
		"fixed port, no path":   {"http://127.0.0.1:" + freePort, `^http://127\.0\.0\.1:` + freePort + `$`, false, false, false},
		"fixed port, a path":    {"http://127.0.0.1:" + freePort + "/callback", `^http://127\.0\.0\.1:` + freePort + `/callback$`, true, false, false},
		"IPv6, fixed port":      {"http://[::1]:" + freePort + "/a/b", `^http://\[::1\]:` + freePort + `/a/b$`, false, false, false},
		"without client secret": {"http://127.0.0.1:0", `^http://127`, false, true, false},
		"secret in the header":  {"http://127.0.0.1:0", `^http://127`, false, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			reg := f.registration()
			reg.RedirectURI = row.redirect
			if row.public {
				reg.ClientSecret = secret.Text{}
			}
			if row.basicOnly {
				f.metadata = map[string]any{"token_endpoint_auth_methods_supported": []string{"client_secret_basic"}}
			}
			var order []string
			s, page, err := signInWith(context.Background(), newClient(t), reg, SignInRequest{
				LoginHint: "kari@example.com", ContextID: "Cust12345", FormPost: row.formPost,
				Waiting:  func(string, time.Time) { order = append(order, "waiting") },
				Returned: func() { order = append(order, "returned") },
				Accept: func(_ context.Context, s SignedIn) error {
					order = append(order, "accept "+s.Claims.ContextID)
					return nil
				},
			})
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(order, ", "); got != "waiting, returned, accept Cust12345" {
				t.Errorf("called in this order: %s", got)
			}
			if sent := f.form.Get("redirect_uri"); !regexp.MustCompile(row.sent).MatchString(sent) {
				t.Errorf("redirect_uri %s", sent)
			}
			if f.pending.Get("login_hint") != "kari@example.com" || f.pending.Get("acr_values") != "tenant:Cust12345" {
				t.Errorf("authorization request %v", f.pending)
			}
			if inBody := f.form.Get("client_secret") == testClientSecret; inBody == (row.public || row.basicOnly) || (f.basic != "") != row.basicOnly {
				t.Errorf("secret in body %v, in header %v", inBody, f.basic != "")
			}
			if _, asked := f.pending["response_mode"]; asked != row.formPost {
				t.Errorf("response_mode %q", f.pending["response_mode"])
			}
			if _, asked := f.pending["prompt"]; asked {
				t.Error("a page is asked for that nobody wanted")
			}
			checkSignedIn(t, s)
			checkSuccessPage(t, page)
		})
	}
}

func TestTheApprovalPageIsAskedFor(t *testing.T) {
	f := newFake(t)
	if _, _, err := signInWith(context.Background(), newClient(t), f.registration(), SignInRequest{Prompt: PromptConsent}); err != nil {
		t.Fatal(err)
	}
	if got := f.pending["prompt"]; len(got) != 1 || got[0] != "consent" {
		t.Errorf("prompt %q", got)
	}
}

func checkSignedIn(t *testing.T, s SignedIn) {
	t.Helper()
	if s.AccessToken.Reveal() != testAccess || s.RefreshToken.Reveal() != testRefresh || s.Claims.SystemUserToken.Reveal() != testSystemToken {
		t.Errorf("tokens are missing: %+v", s)
	}
	if life := time.Until(s.AccessTokenExpiry); life < 59*time.Minute || life > time.Hour {
		t.Errorf("the access token lives for %s", life)
	}
	if len(s.Checks) != 13 || s.Skew.Abs() > 2*time.Second {
		t.Errorf("%d checks, skew %s", len(s.Checks), s.Skew)
	}
	assertNoCanary(t, nil, s)
}

func checkSuccessPage(t *testing.T, page shown) {
	t.Helper()
	if page.err != nil || page.status != http.StatusOK || !strings.Contains(page.body, "You are signed in to <bdi>Blåbær &amp; Søn &lt;AS&gt;</bdi>.") {
		t.Errorf("page %d, %v: %s", page.status, page.err, page.body)
	}
	for name, want := range map[string]string{"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"} {
		if page.header.Get(name) != want {
			t.Errorf("%s: %s", name, page.header.Get(name))
		}
	}
	policy := page.header.Get("Content-Security-Policy")
	if !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") || page.header.Get("Set-Cookie") != "" {
		t.Errorf("policy %q, cookie %q", policy, page.header.Get("Set-Cookie"))
	}
	if strings.Contains(page.body, "<script") || strings.Contains(page.body, "canary") {
		t.Error("the page holds a script or a secret")
	}
}

// reservePort finds a port that was free a moment ago.
func reservePort(t *testing.T) string {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

func TestSignInFails(t *testing.T) {
	answer := func(status int, kind, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		}
	}
	const jsonType = "application/json"
	rows := map[string]struct {
		change    func(*fake)
		want      error
		fault     tenant.Fault
		server    string // must be among the server's words
		temporary bool
		cause     tenant.Cause // of what is made here; other files' causes are their tests' matter
	}{
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
	for name, row := range rows {
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

func TestCancelAndTimeout(t *testing.T) {
	f := newFake(t)
	c := newClient(t)
	t.Run("cancelled while waiting", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		_, err := c.SignIn(ctx, f.registration(), SignInRequest{Waiting: func(string, time.Time) { cancel() }})
		if !errors.Is(err, ErrCancelled) || !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		explained(t, err)
	})
	t.Run("cancelled before", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		_, err := New(Options{}).SignIn(ctx, f.registration(), SignInRequest{})
		if !errors.Is(err, ErrCancelled) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("cancelled during the exchange", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		f := newFake(t)
		f.token = func(_ http.ResponseWriter, r *http.Request) { cancel(); <-r.Context().Done() }
		_, page, err := signInWith(ctx, newClient(t), f.registration(), SignInRequest{})
		if !errors.Is(err, ErrCancelled) || !strings.Contains(page.body, "The sign-in was cancelled.") {
			t.Errorf("got %v, page %s", err, page.body)
		}
	})
	t.Run("timed out", func(t *testing.T) {
		var until time.Time
		_, err := c.SignIn(context.Background(), f.registration(), SignInRequest{Timeout: 20 * time.Millisecond,
			Waiting: func(_ string, u time.Time) { until = u }})
		if !errors.Is(err, ErrTimeout) || until.IsZero() || time.Until(until) > 0 {
			t.Errorf("got %v until %s", err, until)
		}
		if e := explained(t, err); !strings.Contains(e.Next, "http://127.0.0.1:") {
			t.Errorf("no likely cause: %+v", e)
		}
	})
	t.Run("the caller's deadline", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
		defer cancel()
		_, err := c.SignIn(ctx, f.registration(), SignInRequest{})
		if !errors.Is(err, ErrTimeout) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	})
}

func TestSuccessIsShownOnlyAfterAccept(t *testing.T) {
	f := newFake(t)
	full := errors.New("the disk is full")
	s, page, err := signInWith(context.Background(), newClient(t), f.registration(), SignInRequest{
		Accept: func(_ context.Context, s SignedIn) error {
			if s.Claims.ContextID != "Cust12345" {
				t.Errorf("accepts %+v", s)
			}
			return &tenant.Problem{Op: "write the tenant", Err: full, Explanation: tenant.CauseFiles.Explain(
				"The tenant could not be stored.", "The disk is full.", "Make room.")}
		},
	})
	if !errors.Is(err, full) || !s.AccessToken.Empty() {
		t.Errorf("got %v, %+v", err, s)
	}
	if strings.Contains(page.body, "signed in to") || !strings.Contains(page.body, "The disk is full.") || !strings.Contains(page.body, "Make room.") {
		t.Errorf("page: %s", page.body)
	}
}

func TestUnicodeCompanies(t *testing.T) {
	for _, name := range []string{"株式会社サンプル", "شركة المثال", "Ελλάδα Α.Ε.", "🦀 & Co", ""} {
		f := newFake(t)
		f.claims[identity+"company_name"] = name
		s, page, err := signInWith(context.Background(), newClient(t), f.registration(), SignInRequest{})
		if err != nil || s.Claims.CompanyName != name {
			t.Errorf("%q: %v", name, err)
		}
		want := strings.ReplaceAll(name, "&", "&amp;")
		if name == "" {
			want = "Cust12345"
		}
		if !strings.Contains(page.body, "signed in to <bdi>"+want+"</bdi>.") {
			t.Errorf("%q is not on the page", name)
		}
	}
}
