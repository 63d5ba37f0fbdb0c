package sandbox_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// What follows looks at one part of the wire each, and says in a line what it sees: the table of faults
// compares such lines.

// line is an answer in short: status, kind of content, and body.
func line(a answer, err error) string {
	if err != nil {
		return "dropped"
	}
	kind, _, _ := strings.Cut(a.header.Get("Content-Type"), ";")
	return fmt.Sprintf("%d %s retry=%q %s", a.status, kind, a.header.Get("Retry-After"), a.body)
}

// brief is line without the body.
func brief(a answer, err error) string {
	if err != nil {
		return "dropped"
	}
	kind, _, _ := strings.Cut(a.header.Get("Content-Type"), ";")
	return fmt.Sprintf("%d %s retry=%t", a.status, kind, a.header.Get("Retry-After") != "")
}

func (w *world) look(path string) (answer, error) {
	return w.attempt(http.MethodGet, w.ready.BaseURL+path, "", "Accept", asJSON)
}

// visit signs in as the administrator, and says whether an approval was asked for.
func (w *world) visit(ctx string) (p screen, asked bool) {
	w.t.Helper()
	p = w.browse(w.authorizeURL("acr_values", "tenant:"+ctx)).click("user-" + admin)
	if p.callback == nil && p.has("approve") {
		return p.click("approve"), true
	}
	return p, false
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// seeCallback is what comes back to the app.
func seeCallback(w *world, ctx string) string {
	p, _ := w.visit(ctx)
	if p.callback == nil {
		return fmt.Sprintf("page %d %s", p.status, p.text)
	}
	metadata := w.get("/login/.well-known/openid-configuration").object(w.t)
	return fmt.Sprintf("error=%s description=%s code=%t state=%s iss=%s announced=%v",
		orDash(p.callback.Get("error")), orDash(p.callback.Get("error_description")), p.callback.Has("code"),
		orDash(p.callback.Get("state")), orDash(p.callback.Get("iss")), metadata["authorization_response_iss_parameter_supported"] == true)
}

// post sends a form to one of the provider's addresses. It may find nobody there.
func (w *world) post(path string, form url.Values, headers ...string) (answer, error) {
	headers = append([]string{"Content-Type", "application/x-www-form-urlencoded"}, headers...)
	return w.attempt(http.MethodPost, w.ready.BaseURL+path, form.Encode(), headers...)
}

func (w *world) client(form url.Values) url.Values {
	form.Set("client_id", w.ready.ClientID)
	form.Set("client_secret", w.ready.ClientSecret)
	return form
}

// redeemNew signs in and redeems the code.
func (w *world) redeemNew(ctx, verifier string) (answer, error) {
	p, _ := w.visit(ctx)
	return w.post("/login/common/oauth/tokens", w.client(url.Values{
		"grant_type": {"authorization_code"}, "code": {p.callback.Get("code")}, "redirect_uri": {redirectURI},
		"code_verifier": {verifier},
	}))
}

func (w *world) refreshWith(token string) (answer, error) {
	return w.post("/login/common/oauth/tokens", w.client(url.Values{"grant_type": {"refresh_token"}, "refresh_token": {token}}))
}

func seeTokens(w *world, ctx string) string {
	a, err := w.redeemNew(ctx, verifier)
	if err == nil && strings.HasPrefix(a.header.Get("Content-Type"), asJSON) && a.status == http.StatusOK {
		return "200 missing=" + missing(a.object(w.t), "access_token", "token_type", "expires_in", "refresh_token", "id_token")
	}
	return line(a, err)
}

func seeRefusedTokens(w *world, ctx string) string { return line(w.redeemNew(ctx, verifier+"x")) }

// seeTokenLife uses an access token for twenty minutes.
func seeTokenLife(w *world, ctx string) string {
	tokens := w.signIn(ctx)
	w.clock.forward(19 * time.Minute)
	before := w.principal(ctx, tokens).status
	w.clock.forward(time.Minute)
	return fmt.Sprintf("expires_in=%v a minute before=%d then=%d", tokens["expires_in"], before, w.principal(ctx, tokens).status)
}

func seeRefresh(w *world, ctx string) string {
	old := text(w.signIn(ctx)["refresh_token"])
	tokens := w.refresh(old).object(w.t)
	again, err := w.refreshWith(old)
	return fmt.Sprintf("missing=%s rotated=%t old=%s", missing(tokens, "access_token", "id_token"),
		text(tokens["refresh_token"]) != "" && text(tokens["refresh_token"]) != old, brief(again, err))
}

// seeClients tries every way for a client to authenticate.
func seeClients(w *world, _ string) string {
	form := func(more ...string) url.Values {
		f := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {"unknown"}}
		for i := 0; i < len(more); i += 2 {
			f.Set(more[i], more[i+1])
		}
		return f
	}
	r := http.Request{Header: http.Header{}}
	r.SetBasicAuth(w.ready.ClientID, w.ready.ClientSecret)
	kind := func(a answer) any { return a.object(w.t)["error"] }
	metadata := w.get("/login/.well-known/openid-configuration").object(w.t)
	return fmt.Sprintf("post=%v basic=%v none=%v methods=%v",
		kind(w.postForm("/login/common/oauth/tokens", w.client(form()))),
		kind(w.postForm("/login/common/oauth/tokens", form(), "Authorization", r.Header.Get("Authorization"))),
		kind(w.postForm("/login/common/oauth/tokens", form("client_id", w.ready.ClientID))),
		metadata["token_endpoint_auth_methods_supported"])
}

func missing(object map[string]any, names ...string) string {
	return fmt.Sprint(slices.DeleteFunc(names, func(name string) bool { _, there := object[name]; return there }))
}

// seeConsent is what a sign-in asks and brings.
func seeConsent(w *world, ctx string) string {
	w.visit(ctx)
	p, asked := w.visit(ctx)
	claims := bodyOfToken(w, w.redeem(p.callback.Get("code")))
	signed := signToken(w.t, w.key(), w.tenant(ctx).SystemUserToken, w.clock.now())
	return fmt.Sprintf("asked=%t administrator=%v system_token=%t exchange=%v", asked, claims[prefix+"is_administrator"],
		text(claims[prefix+"system_token"]) != "", w.exchangeSigned(signed, w.ready.ClientSecret, ctx)["ErrorMessage"])
}

func bodyOfToken(w *world, a answer) map[string]any {
	w.t.Helper()
	parts := strings.Split(text(a.object(w.t)["id_token"]), ".")
	if len(parts) != 3 {
		w.t.Fatalf("no id token: %d", a.status)
	}
	return answer{body: unbase64(w.t, parts[1])}.object(w.t)
}

// seeRevocation revokes a refresh token, and tries an exchange.
func seeRevocation(w *world, ctx string) string {
	refresh := text(w.signIn(ctx)["refresh_token"])
	revoked, err := w.post("/login/common/oauth/Revoke", w.client(url.Values{"token": {refresh}}))
	again, _ := w.refreshWith(refresh)
	return fmt.Sprintf("revoke=%s refresh=%d exchange=%s", brief(revoked, err), again.status, seeExchange(w, ctx))
}

func seeMetadata(w *world, _ string) string {
	return line(w.look("/login/.well-known/openid-configuration"))
}

// seeEndpoints is what the metadata does not name.
func seeEndpoints(w *world, _ string) string {
	return "missing=" + missing(w.get("/login/.well-known/openid-configuration").object(w.t), "authorization_endpoint",
		"token_endpoint", "jwks_uri", "end_session_endpoint", "revocation_endpoint")
}

func seeKeys(w *world, _ string) string { return line(w.look("/login/.well-known/jwks")) }

func (w *world) tryExchange(ctx string) (answer, error) {
	body, _ := json.Marshal(map[string]string{
		"SignedSystemToken": signToken(w.t, w.key(), w.tenant(ctx).SystemUserToken, w.clock.now()),
		"ApplicationToken":  w.ready.ClientSecret, "ContextIdentifier": ctx, "ReturnTokenType": "JWT",
	})
	return w.attempt(http.MethodPost, w.ready.BaseURL+"/Login/api/PartnerSystemUser/Authenticate", string(body), "Content-Type", asJSON)
}

func seeExchange(w *world, ctx string) string {
	a, err := w.tryExchange(ctx)
	if err != nil || !strings.HasPrefix(a.header.Get("Content-Type"), asJSON) {
		return line(a, err)
	}
	o := a.object(w.t)
	return fmt.Sprintf("%d successful=%v message=%v.", a.status, o["IsSuccessful"], o["ErrorMessage"])
}

// seeRefusedExchange is an exchange that is refused in any case: its token is not signed.
func seeRefusedExchange(w *world, ctx string) string {
	body, _ := json.Marshal(map[string]string{
		"SignedSystemToken": "unsigned", "ApplicationToken": w.ready.ClientSecret, "ContextIdentifier": ctx, "ReturnTokenType": "JWT",
	})
	a := w.call(http.MethodPost, w.ready.BaseURL+"/Login/api/PartnerSystemUser/Authenticate", string(body), "Content-Type", asJSON)
	return fmt.Sprintf("%d message=%v.", a.status, a.object(w.t)["ErrorMessage"])
}

// seeSOAP exchanges by SOAP, and then by REST.
func seeSOAP(w *world, ctx string) string {
	status, a := w.soap(soapRequest(signToken(w.t, w.key(), w.tenant(ctx).SystemUserToken, w.clock.now()), w.ready.ClientSecret, ctx))
	code := ""
	if a.Body.Fault != nil {
		code = a.Body.Fault.Code
	}
	return fmt.Sprintf("soap=%d fault=%s rest=%s", status, code, seeExchange(w, ctx))
}

// seeReissue exchanges twice with one system user token.
func seeReissue(w *world, ctx string) string {
	token := w.tenant(ctx).SystemUserToken
	signed := signToken(w.t, w.key(), token, w.clock.now())
	returned := w.claims(text(w.exchangeSigned(signed, w.ready.ClientSecret, ctx)["Token"]))
	again := w.exchangeSigned(signed, w.ready.ClientSecret, ctx)
	return fmt.Sprintf("replaced=%t as announced=%t again=%v", returned[prefix+"system_token"] != token,
		returned[prefix+"system_token"] == w.tenant(ctx).SystemUserToken, again["ErrorMessage"])
}

func seeStatus(w *world, ctx string) string { return line(w.look("/api/state/" + ctx)) }

func seeStrangersStatus(w *world, _ string) string { return line(w.look("/api/state/Cust1")) }

func seeDeletedStatus(w *world, ctx string) string {
	w.control("state", ctx, "Deleted")
	return line(w.look("/api/state/" + ctx))
}

func (w *world) serve(method, ctx, path, body string, headers []string) (answer, error) {
	return w.attempt(method, w.tenant(ctx).API+"/v1/"+path, body, headers...)
}

func seePrincipal(w *world, ctx string) string {
	return line(w.serve(http.MethodGet, ctx, "User/currentPrincipal", "", w.ticket(w.exchange(ctx))))
}

// seeExpired calls with an access token that has ended.
func seeExpired(w *world, ctx string) string {
	headers := bearer(w.signIn(ctx))
	w.control("expire", ctx, "")
	return line(w.serve(http.MethodGet, ctx, "User/currentPrincipal", "", headers))
}

// companies counts the tenant's companies by the sandbox's own list.
func (w *world) companies(ctx string) string {
	w.t.Helper()
	rows, _ := w.get("/control").object(w.t)["tenants"].([]any)
	for _, r := range rows {
		if row, _ := r.(map[string]any); row["ctx"] == ctx {
			return fmt.Sprint(row["companies"])
		}
	}
	w.t.Fatalf("no row of %s", ctx)
	return ""
}

func (w *world) tryToSave(ctx, name string, headers []string) (answer, error) {
	w.t.Helper()
	a := w.service(http.MethodGet, ctx, "Contact/default", "", headers)
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(a.body, &fields); err != nil {
		w.t.Fatalf("default: %d %v", a.status, err)
	}
	fields["Name"], _ = json.Marshal(name)
	body, err := json.Marshal(fields)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.serve(http.MethodPost, ctx, "Contact", string(body), headers)
}

func seeSave(w *world, ctx string) string {
	before := w.companies(ctx)
	a, err := w.tryToSave(ctx, "Kept & Sons", w.ticket(w.exchange(ctx)))
	return fmt.Sprintf("saved=%t answer=%s", w.companies(ctx) != before, line(a, err))
}

// seeSaves saves with both credentials.
func seeSaves(w *world, ctx string) string {
	user := brief(w.tryToSave(ctx, "A user's", bearer(w.signIn(ctx))))
	return "user=" + user + " system=" + brief(w.tryToSave(ctx, "The system's", w.ticket(w.exchange(ctx))))
}

// seeQuotes searches for a name with a quote in both forms.
func seeQuotes(w *world, ctx string) string {
	headers := w.ticket(w.exchange(ctx))
	if a, err := w.tryToSave(ctx, "O'Hara", headers); err != nil || a.status != http.StatusOK {
		w.t.Fatal(line(a, err))
	}
	find := func(filter string) string {
		q := url.Values{"$select": {"name"}, "$filter": {filter}}
		a, err := w.serve(http.MethodGet, ctx, "Contact?"+q.Encode(), "", headers)
		if err != nil || a.status != http.StatusOK {
			return brief(a, err)
		}
		rows, _ := a.object(w.t)["value"].([]any)
		return fmt.Sprintf("found=%t", len(rows) > 0)
	}
	return "single " + find("name eq 'O'Hara'") + " doubled " + find("name eq 'O''Hara'")
}

// seeProvider asks everything of the identity provider once.
func seeProvider(w *world, ctx string) string {
	return "metadata=" + brief(w.look("/login/.well-known/openid-configuration")) +
		" keys=" + brief(w.look("/login/.well-known/jwks")) +
		" tokens=" + brief(w.redeemNew(ctx, verifier)) +
		" exchange=" + brief(w.tryExchange(ctx)) +
		" status=" + brief(w.look("/api/state/"+ctx))
}

func (w *world) total(name string) int {
	w.t.Helper()
	var counted struct{ Total map[string]int }
	if err := json.Unmarshal(w.get("/control/counters").body, &counted); err != nil {
		w.t.Fatal(err)
	}
	return counted.Total[name]
}
