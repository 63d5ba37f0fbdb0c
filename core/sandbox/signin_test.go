package sandbox_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestAnAdministratorSignsInAndApproves(t *testing.T) {
	w := newWorld(t)
	p := w.browse(w.authorizeURL("login_hint", admin))
	p.shows(t, "no passwords", "Partnerdesk v1.0", admin, nobody)
	if got := attribute(p.element("login"), "value"); got != admin {
		t.Errorf("login_hint prefills %q", got)
	}
	p = p.click("continue")
	p.shows(t, "Choose a tenant", "Fjellfisk & Sønner AS", "株式会社さくら商事")
	p = p.click("tenant-" + second)
	p.shows(t, "Partnerdesk v1.0", "Zakład Ślusarski Żółw", "act as system user", "I approve")
	p = p.click("approve")
	if !strings.HasPrefix(p.address.String(), redirectURI+"?") || p.callback.Get("state") != "the state" {
		t.Fatalf("the callback is %s", p.address.Redacted())
	}
	a := w.redeem(p.callback.Get("code"))
	if a.status != http.StatusOK || a.header.Get("Cache-Control") != "no-store" {
		t.Fatalf("tokens: %d %s %v", a.status, a.body, a.header)
	}
	tokens := a.object(t)
	if !strings.HasPrefix(text(tokens["access_token"]), "8A:"+second+".") || text(tokens["token_type"]) != "Bearer" ||
		text(tokens["refresh_token"]) == "" {
		t.Errorf("the answer has keys %d and type %v", len(tokens), tokens["token_type"])
	}
	checkIDToken(t, w, w.claims(text(tokens["id_token"])))
}

func checkIDToken(t *testing.T, w *world, claims map[string]any) {
	t.Helper()
	tenant := w.tenant(second)
	want := map[string]string{
		"iss": w.ready.BaseURL, "aud": w.ready.ClientID, "sub": admin, "nonce": "the nonce",
		prefix + "ctx": second, prefix + "company_name": tenant.CompanyName, prefix + "serial": tenant.Serial,
		prefix + "is_administrator": "True", prefix + "system_token": tenant.SystemUserToken,
		prefix + "upn": admin, prefix + "identityprovider": "central-superid",
		prefix + "webapi_url": tenant.API + "/",
	}
	for name, value := range want {
		if text(claims[name]) != value {
			t.Errorf("claim %s is %v, want %s", name, claims[name], value)
		}
	}
	iat := w.clock.now().Unix()
	for name, value := range map[string]int64{"iat": iat, "nbf": iat - 60, "exp": iat + 300} {
		number, ok := claims[name].(interface{ Int64() (int64, error) })
		if !ok {
			t.Errorf("claim %s is %T", name, claims[name])
			continue
		}
		if n, err := number.Int64(); err != nil || n != value {
			t.Errorf("claim %s is %d, want %d", name, n, value)
		}
	}
	if id := text(claims[prefix+"associateid"]); id == "" || strings.Trim(id, "0123456789") != "" {
		t.Errorf("associateid is %q", claims[prefix+"associateid"])
	}
}

func TestConsentIsRememberedForEverybody(t *testing.T) {
	w := newWorld(t)
	w.signIn(first)
	p := w.browse(w.authorizeURL("acr_values", "tenant:"+first)).click("user-" + admin)
	if p.callback.Get("code") == "" {
		t.Fatalf("asked again: %s", p.text)
	}
	p = w.browse(w.authorizeURL()).click("user-" + nobody)
	claims := w.claims(text(w.redeem(p.callback.Get("code")).object(t)["id_token"]))
	if claims[prefix+"is_administrator"] != "False" || text(claims[prefix+"system_token"]) == "" {
		t.Errorf("the user's claims: %v", claims)
	}
	if p = w.browse(w.authorizeURL("acr_values", "tenant:"+first, "prompt", "consent")).click("user-" + admin); !p.has("approve") {
		t.Error("prompt=consent does not ask again")
	}
	if p = w.browse(w.authorizeURL("acr_values", "tenant:"+second)).click("user-" + admin); !p.has("approve") {
		t.Error("the consent of one tenant counts in another")
	}
}

func TestOnlyAnAdministratorApproves(t *testing.T) {
	w := newWorld(t)
	p := w.browse(w.authorizeURL()).click("user-" + nobody)
	p.shows(t, "Only an administrator can approve")
	if p.has("approve") {
		t.Error("a user who is no administrator can approve")
	}
	if back := p.click("cancel"); back.callback.Get("error") != "access_denied" || back.callback.Get("state") != "the state" {
		t.Errorf("the way back is %v", back.callback)
	}
	forged := url.Values{"user": {nobody}, "tenant": {first}, "decision": {"approve"}}
	a := w.postForm(strings.TrimPrefix(w.authorizeURL(), w.ready.BaseURL), forged)
	if a.status != http.StatusForbidden || a.header.Get("Location") != "" {
		t.Errorf("a forged approval: %d", a.status)
	}
}

func TestCancelGoesBackToTheApp(t *testing.T) {
	w := newWorld(t)
	for _, p := range []screen{
		w.browse(w.authorizeURL()),
		w.browse(w.authorizeURL()).click("user-" + admin),
		w.browse(w.authorizeURL()).click("user-" + admin).click("tenant-" + first),
	} {
		if back := p.click("cancel").callback; back.Get("error") != "access_denied" || back.Get("error_description") == "" {
			t.Errorf("cancel answers %v", back)
		}
	}
}

func TestSignInPageKeepsWhoItDoesNotKnow(t *testing.T) {
	w := newWorld(t)
	p := w.browse(w.authorizeURL()).fill("login", `<b>"ghost`).click("continue")
	p.shows(t, "knows no user")
	if got := attribute(p.element("login"), "value"); got != `<b>"ghost` {
		t.Errorf("the field holds %q", got)
	}
	p = w.browse(w.authorizeURL("acr_values", "tenant:Cust10005")).click("user-" + admin)
	p.shows(t, "No access to this tenant")
}

func TestFormPostCarriesTheAnswer(t *testing.T) {
	w := newWorld(t)
	const ipv6 = "http://[::1]:54321"
	p := w.browse(w.authorizeURL("response_mode", "form_post", "redirect_uri", ipv6, "acr_values", "tenant:"+first)).
		click("user-" + admin).click("approve")
	if !strings.Contains(p.header.Get("Content-Security-Policy"), "script-src 'sha256-") {
		t.Error("the page's script is not allowed by its policy")
	}
	back := p.click("continue")
	if back.address.String() != ipv6 || back.callback.Get("state") != "the state" {
		t.Fatalf("posted to %s: %v", back.address, back.callback)
	}
	if a := w.redeem(back.callback.Get("code"), "redirect_uri", ipv6); a.status != http.StatusOK {
		t.Errorf("redeem: %d %s", a.status, a.body)
	}
}

func TestAuthorizeNeverRedirectsToStrangers(t *testing.T) {
	w := newWorld(t)
	for _, uri := range []string{
		"http://127.0.0.1:123", "http://localhost:4321", "http://127.0.0.1:4321/", "http://127.0.0.1:4321/other",
		"https://127.0.0.1:4321", "http://evil.example:4321", "http://127.0.0.1:4321@evil.example",
		"http://127.0.0.1:4321#x", "http://127.0.0.1:4321?x=1", "",
		"http://127.0.0.1:53683/oauth/signed-in", "http://127.0.0.1:53682/oauth/signed-in/", "http://127.0.0.1:53682/OAuth/signed-in",
	} {
		p := w.browse(w.authorizeURL("redirect_uri", uri))
		if p.status != http.StatusBadRequest || p.callback != nil || !strings.Contains(p.text, "InvalidRedirectUrl") {
			t.Errorf("%s: status %d, %v", uri, p.status, p.callback)
		}
	}
	if p := w.browse(w.authorizeURL("client_id", strings.Repeat("0", 32))); p.status != http.StatusBadRequest || p.callback != nil {
		t.Errorf("an unknown client: %d", p.status)
	}
	for _, uri := range []string{"http://127.0.0.1:4321", "http://127.0.0.1:65535/callback", "http://[::1]:4321/callback", "http://127.0.0.1:53682/oauth/signed-in"} {
		if p := w.browse(w.authorizeURL("redirect_uri", uri)); p.status != http.StatusOK {
			t.Errorf("%s: %d %s", uri, p.status, p.text)
		}
	}
}

func TestAuthorizeRefusals(t *testing.T) {
	w := newWorld(t)
	for want, change := range map[string][]string{
		"unsupported_response_type": {"response_type", "token"},
		"invalid_scope":             {"scope", "profile"},
		"login_required":            {"prompt", "none"},
		"invalid_request":           {"nonce", ""},
	} {
		if got := w.browse(w.authorizeURL(change...)).callback; got.Get("error") != want || got.Get("state") != "the state" {
			t.Errorf("%v: %v", change, got)
		}
	}
	for _, change := range [][]string{
		{"state", ""},
		{"code_challenge", "short"},
		{"code_challenge_method", "S512"},
		{"code_challenge", ""},
		{"response_mode", "fragment"},
		{"acr_values", "tenant:"},
	} {
		if got := w.browse(w.authorizeURL(change...)).callback; got.Get("error") != "invalid_request" {
			t.Errorf("%v: %v", change, got)
		}
	}
	if got := w.browse(w.authorizeURL() + "&state=again").callback; got.Get("error") != "invalid_request" {
		t.Errorf("a doubled state: %v", got)
	}
}

func TestCodesAreForOneUseAndOneClient(t *testing.T) {
	w := newWorld(t)
	address := w.authorizeURL("acr_values", "tenant:"+first)
	for name, change := range map[string][]string{
		"wrong verifier":   {"code_verifier", verifier + "x"},
		"no verifier":      {"code_verifier", ""},
		"other redirect":   {"redirect_uri", "http://127.0.0.1:4322/callback"},
		"unknown code":     {"code", "none"},
		"redirect missing": {"redirect_uri", ""},
	} {
		if a := w.redeem(w.code(address), change...); a.status != http.StatusBadRequest || a.object(t)["error"] != "invalid_grant" {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	code := w.code(address)
	w.clock.forward(10 * time.Minute)
	if a := w.redeem(code); a.object(t)["error"] != "invalid_grant" {
		t.Errorf("an old code: %s", a.body)
	}
	code = w.code(address)
	tokens := w.redeem(code).object(t)
	if a := w.redeem(code); a.status != http.StatusBadRequest || a.object(t)["error"] != "invalid_grant" {
		t.Errorf("a used code: %d %s", a.status, a.body)
	}
	if a := w.refresh(text(tokens["refresh_token"])); a.object(t)["error"] != "invalid_grant" {
		t.Errorf("the tokens of a code that was used twice live on: %s", a.body)
	}
	plain := w.code(w.authorizeURL("acr_values", "tenant:"+first, "code_challenge", verifier, "code_challenge_method", ""))
	if a := w.redeem(plain); a.status != http.StatusOK {
		t.Errorf("PKCE plain, the server's default: %d %s", a.status, a.body)
	}
	without := w.code(w.authorizeURL("acr_values", "tenant:"+first, "code_challenge", "", "code_challenge_method", ""))
	if a := w.redeem(without); a.object(t)["error"] != "invalid_grant" {
		t.Errorf("a verifier without a challenge: %s", a.body)
	}
}

func TestClientsAuthenticate(t *testing.T) {
	w := newWorld(t)
	refresh := text(w.signIn(first)["refresh_token"])
	form := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {refresh}}
	post := func(headers ...string) answer { return w.postForm("/login/common/oauth/tokens", form, headers...) }
	if a := post(); a.status != http.StatusUnauthorized || a.object(t)["error"] != "invalid_client" {
		t.Errorf("no client: %d %s", a.status, a.body)
	}
	basic := func(id, secret string) string {
		r := http.Request{Header: http.Header{}}
		r.SetBasicAuth(id, secret)
		return r.Header.Get("Authorization")
	}
	if a := post("Authorization", basic(w.ready.ClientID, w.ready.ClientSecret)); a.status != http.StatusOK {
		t.Errorf("Basic: %d %s", a.status, a.body)
	}
	a := post("Authorization", basic(w.ready.ClientID, "wrong"))
	if a.status != http.StatusUnauthorized || !strings.HasPrefix(a.header.Get("WWW-Authenticate"), "Basic") {
		t.Errorf("a wrong secret: %d %v", a.status, a.header)
	}
	form.Set("client_secret", w.ready.ClientSecret)
	if a := post("Authorization", basic(w.ready.ClientID, w.ready.ClientSecret)); a.object(t)["error"] != "invalid_request" {
		t.Errorf("the secret in both places: %s", a.body)
	}
	form.Set("client_id", w.ready.ClientID)
	form.Set("client_secret", "wrong")
	if a := post(); a.object(t)["error"] != "invalid_client" {
		t.Errorf("a wrong secret in the body: %s", a.body)
	}
	form.Set("client_secret", w.ready.ClientSecret)
	form.Add("refresh_token", refresh)
	if a := post(); a.object(t)["error"] != "invalid_request" {
		t.Errorf("a parameter twice: %s", a.body)
	}
	form.Set("grant_type", "password")
	form.Del("refresh_token")
	if a := post(); a.object(t)["error"] != "unsupported_grant_type" {
		t.Errorf("another grant: %s", a.body)
	}
	a = w.call(http.MethodPost, w.ready.BaseURL+"/login/common/oauth/tokens", `{}`, "Content-Type", "application/json")
	if a.object(t)["error"] != "invalid_request" {
		t.Errorf("a body in JSON: %s", a.body)
	}
}

func TestRefreshAndRevocation(t *testing.T) {
	w := newWorld(t)
	tokens := w.signIn(first)
	refresh := text(tokens["refresh_token"])
	again := w.refresh(refresh).object(t)
	if text(again["access_token"]) == "" || again["access_token"] == tokens["access_token"] || again["refresh_token"] != nil {
		t.Error("a refresh makes no new access token, or a new refresh token")
	}
	if claims := w.claims(text(again["id_token"])); claims["nonce"] != nil || claims[prefix+"ctx"] != first {
		t.Errorf("the refreshed id token: %v", claims)
	}
	revoke := func(token string) answer {
		return w.postForm("/login/common/oauth/Revoke", url.Values{
			"token": {token}, "client_id": {w.ready.ClientID}, "client_secret": {w.ready.ClientSecret},
		})
	}
	if a := revoke(text(tokens["access_token"])); a.status != http.StatusOK || w.principal(first, tokens).status != http.StatusUnauthorized {
		t.Errorf("revoke an access token: %d", a.status)
	}
	if w.principal(first, again).status != http.StatusOK {
		t.Error("revoking one access token ended another")
	}
	if a := revoke(refresh); a.status != http.StatusOK || w.refresh(refresh).object(t)["error"] != "invalid_grant" {
		t.Errorf("revoke a refresh token: %d", a.status)
	}
	if w.principal(first, again).status != http.StatusUnauthorized {
		t.Error("the access token outlived its refresh token")
	}
	if a := revoke("never heard of"); a.status != http.StatusOK {
		t.Errorf("revoke an unknown token: %d", a.status)
	}
	if p := w.browse(w.ready.BaseURL + "/login/logout"); !p.has("signed-out") {
		t.Errorf("logout: %s", p.text)
	}
}

func TestMetadataHasTheIssuerOfTheBase(t *testing.T) {
	w := newWorld(t)
	m := w.get("/login/.well-known/openid-configuration").object(t)
	for name, want := range map[string]string{
		"issuer": "", "authorization_endpoint": "/login/common/oauth/authorize", "token_endpoint": "/login/common/oauth/tokens",
		"jwks_uri": "/login/.well-known/jwks", "end_session_endpoint": "/login/logout",
		"revocation_endpoint": "/login/common/oauth/Revoke",
	} {
		if m[name] != w.ready.BaseURL+want {
			t.Errorf("%s is %v", name, m[name])
		}
	}
	if m["userinfo_endpoint"] != nil {
		t.Error("there is no userinfo endpoint")
	}
}
