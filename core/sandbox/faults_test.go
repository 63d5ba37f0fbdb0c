package sandbox_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// symptom is what a fault does, as a client sees it.
type symptom struct {
	fault string
	// see looks at the part of the wire that the fault concerns.
	see func(w *world, ctx string) string
	// want stand in what is seen while the fault is on, and not all of them otherwise. {base}, {client},
	// {tenant} and {endpoint} stand for the sandbox's own.
	want []string
}

func symptoms() []symptom {
	return slices.Concat(signInSymptoms(), tokenSymptoms(), idTokenSymptoms(), exchangeSymptoms(), documentSymptoms(), serviceSymptoms())
}

func signInSymptoms() []symptom {
	rows := []symptom{
		{"authorize-access-denied", seeCallback, []string{"error=access_denied", "code=false state=the state"}},
		{"authorize-server-error", seeCallback, []string{"error=server_error", "code=false state=the state"}},
		{"authorize-temporarily-unavailable", seeCallback, []string{"error=temporarily_unavailable"}},
		{"authorize-page-only", seeCallback, []string{"page 403", "Nothing was sent back to any app"}},
		{"authorize-iss", seeCallback, []string{"code=true", "iss={base} announced=true"}},
		{"authorize-iss-wrong", seeCallback, []string{"code=true", "iss={base}/login announced=true"}},
		{"authorize-iss-missing", seeCallback, []string{"code=true", "iss=- announced=true"}},
		{"authorize-state-wrong", seeCallback, []string{"code=true state=another"}},
		{"authorize-state-missing", seeCallback, []string{"code=true state=-"}},
		{"authorize-code-missing", seeCallback, []string{"error=-", "code=false state=the state"}},
		{"authorize-code-wrong", seeTokens, []string{"400", "invalid_grant"}},
		{"consent-not-approved", seeConsent, []string{"asked=false administrator=True system_token=false exchange=<nil>"}},
		{"consent-asked-again", seeConsent, []string{"asked=true administrator=True system_token=true"}},
		{"consent-no-system-user", seeConsent, []string{"system_token=false", "4 (Denied)", "system user option"}},
	}
	for _, reason := range reasons() {
		rows = append(rows, symptom{"authorize-refused-" + reason.fault, seeCallback,
			[]string{"error=access_denied", "AuthorizeErrorCode " + reason.says, "code=false"}})
	}
	return rows
}

// reasons are SuperOffice's AuthorizeErrorCodes, as faults are named after them and as messages say them.
func reasons() []struct{ fault, says string } {
	return []struct{ fault, says string }{
		{"revoked", "1 (Revoked)"},
		{"invalid-redirect-url", "2 (InvalidRedirectUrl)"},
		{"expired", "3 (Expired)"},
		{"denied", "4 (Denied)"},
		{"needs-reapproval", "5 (NeedsReapproval)"},
		{"invalid-timestamp", "6 (InvalidTimestamp)"},
		{"invalid-signature", "7 (InvalidSignature)"},
	}
}

func tokenSymptoms() []symptom {
	return []symptom{
		{"tokens-invalid-client", seeTokens, []string{"401 application/json", `"error":"invalid_client"`}},
		{"tokens-invalid-grant", seeTokens, []string{"400 application/json", `"error":"invalid_grant"`}},
		{"tokens-500", seeTokens, []string{"500 application/json"}},
		{"tokens-html", seeRefusedTokens, []string{"400 text/html"}},
		{"tokens-text-plain", seeTokens, []string{"200 text/plain", `"access_token":"8A:`}},
		{"tokens-dropped", seeTokens, []string{"dropped"}},
		{"tokens-basic-only", seeClients, []string{"post=invalid_client basic=invalid_grant", "methods=[client_secret_basic]"}},
		{"tokens-public-client", seeClients, []string{"none=invalid_grant", "methods=[none]"}},
		{"tokens-no-expires-in", seeTokens, []string{"200 missing=[expires_in]"}},
		{"tokens-twenty-minutes", seeTokenLife, []string{"expires_in=1200 a minute before=200 then=401"}},
		{"tokens-no-refresh-token", seeTokens, []string{"200 missing=[refresh_token]"}},
		{"tokens-no-id-token", seeTokens, []string{"200 missing=[id_token]"}},
		{"refresh-no-id-token", seeRefresh, []string{"missing=[id_token]", "old=200"}},
		{"refresh-rotates", seeRefresh, []string{"missing=[] rotated=true old=400"}},
		{"revoke-ends-system-user", seeRevocation, []string{"revoke=200", "refresh=400", "1 (Revoked)"}},
		{"revoke-500", seeRevocation, []string{"revoke=500", "refresh=200", "successful=true"}},
		{"revoke-unsupported", seeRevocation, []string{"revoke=404 text/html", "refresh=200"}},
		{"revoke-unannounced", seeEndpoints, []string{"missing=[revocation_endpoint]"}},
	}
}

func idTokenSymptoms() []symptom {
	const strange = "00000000000000000000000000000000"
	return []symptom{
		{"id-token-wrong-issuer", seeIDToken, []string{`"iss":"{base}/login"`, "signature=good"}},
		{"id-token-wrong-audience", seeIDToken, []string{`"aud":"` + strange + `"`}},
		{"id-token-audience-list", seeIDToken, []string{`"aud":["{client}","` + strange + `"]`, `"azp":"{client}"`}},
		{"id-token-wrong-azp", seeIDToken, []string{`"aud":["{client}","` + strange + `"]`, `"azp":"` + strange + `"`}},
		{"id-token-wrong-nonce", seeIDToken, []string{`"nonce":"another`}},
		{"id-token-no-nonce", seeIDToken, []string{" missing=[nonce " + prefix + "ticket]"}},
		{"id-token-other-tenant", seeIDToken, []string{"signature=good", "ctx-as-asked=false serial-as-known=false"}},
		{"id-token-alg-none", seeIDToken, []string{`"alg":"none"`, "signature=none"}},
		{"id-token-alg-hs256", seeIDToken, []string{`"alg":"HS256"`, "signature=hmac"}},
		{"id-token-bad-signature", seeIDToken, []string{`"alg":"RS256"`, "signature=bad"}},
		{"id-token-expired", seeIDToken, []string{"iat=-3600 exp=-3300"}},
		{"id-token-not-yet-valid", seeIDToken, []string{"iat=3600 exp=3900"}},
		{"id-token-iat-quoted", seeIDToken, []string{`"iat":"1`, "iat=string exp=300"}},
		{"id-token-no-iat", seeIDToken, []string{" missing=[iat "}},
		{"id-token-no-exp", seeIDToken, []string{" missing=[exp "}},
		{"id-token-no-sub", seeIDToken, []string{" missing=[sub "}},
		{"id-token-no-ctx", seeIDToken, []string{" missing=[" + prefix + "ctx "}},
		{"id-token-wrong-types", seeIDToken, []string{`"aud":[1]`, `"sub":{}`, `"exp":"soon"`}},
		{"id-token-crit", seeIDToken, []string{`"crit":["b64x"]`}},
		{"id-token-duplicate-claims", seeIDToken, []string{`claims={"sub":"somebody@else.example"`, `"sub":"` + admin}},
		{"id-token-no-kid", seeIDToken, []string{"header-missing=[kid]"}},
		{"id-token-no-kid-no-x5t", seeIDToken, []string{"header-missing=[kid x5t]"}},
		{"id-token-unknown-kid", seeIDToken, []string{"header-missing=[] kid-known=false"}},
		{"id-token-huge", seeIDToken, []string{"signature=good", "claims=huge"}},
		{"id-token-no-api-addresses", seeIDToken, []string{" missing=[" + prefix + "ticket " + prefix + "webapi_url]"}},
		{"id-token-old-api-addresses", seeIDToken, []string{`webapi_url":"https://online1.superoffice.example:443/`}},
		{"id-token-sparse", seeIDToken, []string{" missing=[" + prefix + "ticket " + prefix + "upn " + prefix + "webapi_url]"}},
		{"id-token-unknown-claims", seeIDToken, []string{`"amr":["pwd"]`, `"modules":["sales",null]`}},
	}
}

func exchangeSymptoms() []symptom {
	rows := []symptom{
		{"exchange-refused-unknown-reason", seeExchange, []string{"200 successful=false message=The request", "SO-4711"}},
		{"exchange-refused-no-message", seeExchange, []string{"200 successful=false message=<nil>"}},
		{"exchange-refusal-400", seeRefusedExchange, []string{"400 message=AuthorizeErrorCode 7"}},
		{"exchange-refusal-401", seeRefusedExchange, []string{"401 message=AuthorizeErrorCode 7"}},
		{"exchange-refusal-403", seeRefusedExchange, []string{"403 message=AuthorizeErrorCode 7"}},
		{"exchange-refusal-500", seeRefusedExchange, []string{"500 message=AuthorizeErrorCode 7"}},
		{"exchange-refusal-number-only", seeRefusedExchange, []string{"200 message=7."}},
		{"exchange-refusal-name-only", seeRefusedExchange, []string{"200 message=InvalidSignature."}},
		{"exchange-500", seeExchange, []string{"500 successful=<nil>"}},
		{"exchange-soap-fault", seeSOAP, []string{"soap=500 fault=env:Server", "rest=200 successful=true"}},
		{"exchange-html", seeExchange, []string{"200 text/html", "<h1>"}},
		{"exchange-dropped", seeExchange, []string{"dropped"}},
		{"exchange-token-wrong-issuer", seeExchangeToken, []string{`"iss":"{base}"`, "signature=good"}},
		{"exchange-token-wrong-audience", seeExchangeToken, []string{"serial-as-known=true aud-of-serial=false"}},
		{"exchange-token-other-tenant", seeExchangeToken, []string{"ctx-as-asked=false serial-as-known=true"}},
		{"exchange-token-other-serial", seeExchangeToken, []string{"ctx-as-asked=true serial-as-known=false aud-of-serial=true"}},
		{"exchange-token-alg-none", seeExchangeToken, []string{`"alg":"none"`, "signature=none"}},
		{"exchange-token-bad-signature", seeExchangeToken, []string{"signature=bad"}},
		{"exchange-token-expired", seeExchangeToken, []string{"iat=-3600 exp=-3300"}},
		{"exchange-token-no-ticket", seeExchangeToken, []string{" missing=[nonce " + prefix + "ticket]"}},
		{"exchange-token-new-system-token", seeReissue, []string{"replaced=true as announced=true", "1 (Revoked)"}},
	}
	for _, reason := range reasons() {
		rows = append(rows, symptom{"exchange-refused-" + reason.fault, seeExchange,
			[]string{"200 successful=false message=AuthorizeErrorCode " + reason.says}})
	}
	return rows
}

func documentSymptoms() []symptom {
	return []symptom{
		{"metadata-500", seeMetadata, []string{"500 application/json"}},
		{"metadata-html", seeMetadata, []string{"200 text/html"}},
		{"metadata-wrong-issuer", seeMetadata, []string{`"issuer":"{base}/login"`}},
		{"metadata-sparse", seeMetadata, []string{`{"authorization_endpoint":"{base}/login/common/oauth/authorize","issuer":"{base}","jwks_uri":"{base}/login/.well-known/jwks","token_endpoint":`}},
		{"keys-500", seeKeys, []string{"500 application/json"}},
		{"keys-empty", seeKeys, []string{`{"keys":[]}`}},
		{"keys-two-no-kid", seeKeysAndToken, []string{"keys=[RSA:other RSA:hex]", "header-missing=[kid x5t]", "signature=good"}},
		{"keys-old-kid", seeKeysAndToken, []string{"keys=[RSA:x5t]", "header-missing=[] kid-known=true"}},
		{"keys-foreign-kinds", seeKeysAndToken, []string{"keys=[EC:other oct:other RSA:other RSA:other QUANTUM:other RSA:hex]"}},
		{"status-500", seeStatus, []string{"500 application/json"}},
		{"status-html", seeStatus, []string{"200 text/html"}},
		{"status-404", seeStatus, []string{"404 application/json"}},
		{"status-number", seeStatus, []string{`"State":2,`}},
		{"status-new-state", seeStatus, []string{`"IsRunning":false,"State":"Hibernating"`}},
		{"status-sparse", seeStatus, []string{`{"ContextIdentifier":"{tenant}","Endpoint":"{endpoint}","IsRunning":true,"State":"Running","ValidUntil":"2026-11-22T12:05:30.1234567Z"}`}},
		{"status-no-valid-until", seeStatus, []string{`"State":"Running","Version":`}},
		{"status-valid-until-past", seeStatus, []string{`"ValidUntil":"2026-11-22T11:00:30.1234567Z"`}},
		{"status-api-slash", seeStatus, []string{`"Api":"{endpoint}/api/"`, `"Endpoint":"{endpoint}/"`}},
		{"status-other-tenant", seeStatus, []string{`"ContextIdentifier":"{tenant}0"`}},
		{"status-deleted-404", seeDeletedStatus, []string{"404 application/json"}},
		{"status-unknown-tenant-200", seeStrangersStatus, []string{`200 application/json`, `{"ContextIdentifier":"Cust1","IsRunning":false,"State":"Unknown"}`}},
		{"status-unknown-tenant-null", seeStrangersStatus, []string{"200 application/json", " null"}},
		{"status-unknown-tenant-400", seeStrangersStatus, []string{"400 application/json", `"Message":`}},
		{"status-unknown-tenant-empty", seeStrangersStatus, []string{"404  retry"}},
		{"status-unknown-tenant-html", seeStrangersStatus, []string{"404 text/html"}},
	}
}

func serviceSymptoms() []symptom {
	everywhere := func(brief string) []string {
		var want []string
		for _, what := range []string{"metadata", "keys", "tokens", "exchange", "status"} {
			want = append(want, what+"="+brief)
		}
		return want
	}
	return []symptom{
		{"services-slow", seeSlowness(seePrincipal), []string{"waited=true", "200 application/json"}},
		{"services-dropped", seePrincipal, []string{"dropped"}},
		{"services-401", seePrincipal, []string{"401 application/json", `"Error":true`}},
		{"services-403", seePrincipal, []string{"403 application/json", `"Error":true`}},
		{"services-421", seePrincipal, []string{"421 application/json", `"Error":true`}},
		{"services-expired-403", seeExpired, []string{"403 application/json", "AuthenticationFailed"}},
		{"services-429", seePrincipal, []string{`429 application/json retry="7"`}},
		{"services-429-date", seePrincipal, []string{`429 application/json retry="Sun, 22 Nov 2026 12:01:30 GMT"`}},
		{"services-503", seePrincipal, []string{`503 application/json retry="7"`}},
		{"services-500", seePrincipal, []string{"500 application/json", `"Error":true`}},
		{"services-500-html", seePrincipal, []string{"500 text/html"}},
		{"services-500-empty", seePrincipal, []string{`500  retry=""`}},
		{"services-html", seePrincipal, []string{"200 text/html"}},
		{"services-save-dropped", seeSave, []string{"saved=true answer=dropped"}},
		{"services-save-500", seeSave, []string{"saved=true answer=500"}},
		{"services-save-empty", seeSave, []string{`saved=true answer=200  retry=""`}},
		{"services-quote-single", seeQuotes, []string{"single found=true doubled found=false"}},
		{"services-quote-doubled-refused", seeQuotes, []string{"single 400", "doubled 400"}},
		{"services-sentry", seeSaves, []string{"user=403 application/json", "system=200"}},
		{"services-no-creator", seeSave, []string{"saved=true", `"CreatedBy":null`}},
		{"services-nameless-system-user", seePrincipal, []string{`"Associate":""`, `"FullName":""`, `"UserType":"SystemAssociate"`}},
		{"provider-slow", seeSlowness(seeProvider), append(everywhere("200 application/json"), "waited=true")},
		{"provider-dropped", seeProvider, everywhere("dropped")},
		{"provider-429", seeProvider, everywhere("429 application/json retry=true")},
		{"provider-500", seeProvider, everywhere("500 application/json retry=false")},
		{"provider-html", seeProvider, everywhere("200 text/html")},
	}
}

// seeSlowness adds whether a request was kept waiting.
func seeSlowness(see func(*world, string) string) func(*world, string) string {
	return func(w *world, ctx string) string {
		before := w.total("slow_answers")
		seen := see(w, ctx)
		if w.total("slow_answers") > before {
			return "waited=true " + seen
		}
		return seen
	}
}

// listed is a fault in the sandbox's own list.
type listed struct {
	Name        string   `json:"name"`
	Group       string   `json:"group"`
	Description string   `json:"description"`
	PerTenant   bool     `json:"per_tenant"`
	TakesDelay  bool     `json:"takes_delay"`
	TakesTimes  bool     `json:"takes_times"`
	On          bool     `json:"on"`
	All         bool     `json:"all"`
	Tenants     []string `json:"tenants"`
}

func (w *world) faults() map[string]listed {
	w.t.Helper()
	var list []listed
	if err := json.Unmarshal(w.get("/control/faults").body, &list); err != nil {
		w.t.Fatal(err)
	}
	byName := map[string]listed{}
	for _, f := range list {
		byName[f.Name] = f
	}
	if len(byName) != len(list) {
		w.t.Errorf("%d faults have %d names", len(list), len(byName))
	}
	return byName
}

// order sends an order to the control page, as JSON.
func (w *world) order(o map[string]any) answer {
	w.t.Helper()
	body, err := json.Marshal(o)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.call(http.MethodPost, w.ready.ControlURL, string(body), "Content-Type", asJSON)
}

func (w *world) must(o map[string]any) map[string]any {
	w.t.Helper()
	a := w.order(o)
	if a.status != http.StatusOK {
		w.t.Fatalf("%v: %d %s", o["action"], a.status, a.body)
	}
	return a.object(w.t)
}

func (w *world) fault(name, ctx string, on bool) {
	w.t.Helper()
	o := map[string]any{"action": "fault", "fault": name, "ctx": ctx, "on": on}
	if strings.HasSuffix(name, "-slow") && on {
		o["delay"] = "1ms"
	}
	w.must(o)
}

func TestEveryFaultHasASymptom(t *testing.T) {
	w := newWorld(t)
	known := map[string]bool{}
	for _, s := range symptoms() {
		if known[s.fault] {
			t.Errorf("%s stands in the table twice", s.fault)
		}
		known[s.fault] = true
	}
	for name, f := range w.faults() {
		if !known[name] {
			t.Errorf("nobody looks whether %s does anything", name)
		}
		if f.Group == "" || !strings.HasSuffix(f.Description, ".") || f.On || f.All || f.Tenants == nil {
			t.Errorf("%s is listed as %+v", name, f)
		}
		delete(known, name)
	}
	for name := range known {
		t.Errorf("the table has %s, the sandbox has not", name)
	}
}

// TestFaultsShowWhileTheyAreOn sees each fault's symptom for whom it is on, and for nobody else.
func TestFaultsShowWhileTheyAreOn(t *testing.T) {
	for _, s := range symptoms() {
		t.Run(s.fault, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			perTenant := w.faults()[s.fault].PerTenant
			sick := func(ctx string) (bool, string) {
				seen := s.see(w, ctx)
				return holdsAll(seen, w.filled(s.want, ctx)), seen
			}
			if yes, seen := sick(first); yes {
				t.Fatalf("without the fault: %s", seen)
			}
			whom := ""
			if perTenant {
				whom = first
			}
			w.fault(s.fault, whom, true)
			if yes, seen := sick(first); !yes {
				t.Errorf("with the fault: %s, want %q", seen, w.filled(s.want, first))
			}
			if perTenant {
				if yes, seen := sick(second); yes {
					t.Errorf("with another tenant's fault: %s", seen)
				}
				w.fault(s.fault, "", true)
				if yes, seen := sick(second); !yes {
					t.Errorf("with the fault for all: %s", seen)
				}
			}
			w.fault(s.fault, "", false)
			if yes, seen := sick(first); yes {
				t.Errorf("after the fault: %s", seen)
			}
		})
	}
}

func holdsAll(s string, parts []string) bool {
	return !slices.ContainsFunc(parts, func(part string) bool { return !strings.Contains(s, part) })
}

func (w *world) filled(want []string, ctx string) []string {
	fill := strings.NewReplacer("{base}", w.ready.BaseURL, "{client}", w.ready.ClientID, "{endpoint}", strings.TrimSuffix(w.tenant(ctx).API, "/api"), "{tenant}", ctx)
	var out []string
	for _, s := range want {
		out = append(out, fill.Replace(s))
	}
	return out
}
