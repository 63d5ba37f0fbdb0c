package sandbox_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"partnerdesk/core/sandbox"
)

func TestFaultOrdersAreChecked(t *testing.T) {
	w := newWorld(t)
	for why, o := range map[string]map[string]any{
		"an unknown name":         {"fault": "no-such-fault", "on": true},
		"an unknown name, off":    {"fault": "no-such-fault", "on": false},
		"neither on nor off":      {"fault": "status-500"},
		"one tenant's metadata":   {"fault": "metadata-500", "ctx": first, "on": true},
		"a delay without need":    {"fault": "status-500", "on": true, "delay": "3s"},
		"a delay without unit":    {"fault": "services-slow", "on": true, "delay": "3"},
		"a negative delay":        {"fault": "services-slow", "on": true, "delay": "-3s"},
		"a delay without end":     {"fault": "services-slow", "on": true, "delay": "24h"},
		"no such number":          {"fault": "status-500", "on": true, "times": -1},
		"a number without need":   {"fault": "status-number", "on": true, "times": 1},
		"on that is neither":      {"fault": "status-500", "on": "perhaps"},
		"a tenant misspelt":       {"fault": "status-500", "tenant": first, "on": true},
		"a tenant that is not":    {"fault": "status-500", "ctx": "Cust1", "on": true},
		"one tenant out of all":   {"fault": "status-404", "ctx": first, "on": false},
		"one more than all there": {"fault": "status-404", "ctx": first, "on": true},
	} {
		w.fault("status-404", "", true)
		o["action"] = "fault"
		a := w.order(o)
		if a.status != http.StatusBadRequest && a.status != http.StatusNotFound || text(a.object(t)["error"]) == "" {
			t.Errorf("%s: %d %s", why, a.status, a.body)
		}
	}
}

func TestFaultsAreListedWhereTheyAreOn(t *testing.T) {
	w := newWorld(t)
	w.fault("status-500", second, true)
	w.fault("status-500", first, true)
	w.must(map[string]any{"action": "fault", "fault": "provider-slow", "on": true})
	list := w.faults()
	if f := list["status-500"]; !f.On || f.All || strings.Join(f.Tenants, " ") != first+" "+second {
		t.Errorf("two tenants' fault is listed as %+v", f)
	}
	if f := list["provider-slow"]; !f.On || !f.All || f.PerTenant || !f.TakesDelay {
		t.Errorf("everybody's fault is listed as %+v", f)
	}
	w.fault("status-500", first, false)
	if f := w.faults()["status-500"]; strings.Join(f.Tenants, " ") != second {
		t.Errorf("after one was cured: %+v", f)
	}
	w.restart()
	if f := w.faults()["status-500"]; f.On {
		t.Errorf("after a restart: %+v", f)
	}
}

func TestAFaultStrikesAsOftenAsItWasTold(t *testing.T) {
	w := newWorld(t)
	status := func(ctx string) string { return seeStatus(w, ctx)[:3] }
	w.must(map[string]any{"action": "fault", "fault": "status-500", "ctx": first, "on": true, "times": 2})
	w.must(map[string]any{"action": "fault", "fault": "status-500", "ctx": second, "on": true, "times": 1})
	if got := status(second) + status(second) + status(first) + status(first) + status(first); got != "500200500500200" {
		t.Errorf("two tenants: %s", got)
	}
	w.must(map[string]any{"action": "fault", "fault": "status-500", "on": true, "times": 2})
	w.browse(w.ready.ControlURL).shows(t, "all · 2 left ×")
	if got := status(first) + status(second) + status(first); got != "500500200" {
		t.Errorf("all tenants: %s", got)
	}
	for name, f := range w.faults() {
		if f.On {
			t.Errorf("%s is still on", name)
		}
	}
}

func TestClearCuresEverything(t *testing.T) {
	w := newWorld(t)
	w.fault("status-500", "", true)
	w.fault("exchange-500", first, true)
	w.must(map[string]any{"action": "clock", "offset": "-3h"})
	now := w.must(map[string]any{"action": "clear"})
	if now["offset"] != "0s" || now["now"] != "2026-11-22T12:00:30Z" {
		t.Errorf("the clock after clear: %v", now)
	}
	for name, f := range w.faults() {
		if f.On {
			t.Errorf("%s is still on", name)
		}
	}
	if got := seeStatus(w, first); !strings.HasPrefix(got, "200") {
		t.Errorf("the status: %s", got)
	}
}

// TestFaultsGoTogether has a refusal worded by one fault and made by another.
func TestFaultsGoTogether(t *testing.T) {
	w := newWorld(t)
	w.fault("exchange-refused-needs-reapproval", first, true)
	w.fault("exchange-refusal-number-only", "", true)
	w.fault("exchange-refusal-401", first, true)
	if got := seeExchange(w, first); got != "401 successful=false message=5." {
		t.Errorf("the exchange: %s", got)
	}
	w.fault("authorize-page-only", "", true)
	w.browse(w.authorizeURL()).click("cancel").shows(t, "Nothing was sent back to any app")
	w.fault("authorize-refused-invalid-redirect-url", "", true)
	if got := seeCallback(w, first); !strings.Contains(got, "page 403") || !strings.Contains(got, "2 (InvalidRedirectUrl)") {
		t.Errorf("the sign-in: %s", got)
	}
}

func TestTheClockMovesEverything(t *testing.T) {
	w := newWorld(t)
	tokens, headers := w.signIn(first), w.ticket(w.exchange(first))
	p, _ := w.visit(first)
	w.must(map[string]any{"action": "clock", "forward": "59m"})
	w.must(map[string]any{"action": "clock", "forward": "1m"})
	if got := w.principal(first, tokens).status; got != http.StatusUnauthorized {
		t.Errorf("the access token after an hour: %d", got)
	}
	if a := w.redeem(p.callback.Get("code")); a.object(t)["error"] != "invalid_grant" {
		t.Errorf("the code after an hour: %s", a.body)
	}
	if got := w.service(http.MethodGet, first, "User/currentPrincipal", "", headers); got.status != http.StatusOK ||
		got.header.Get("Date") != "Sun, 22 Nov 2026 13:00:30 GMT" {
		t.Errorf("the ticket after an hour: %d at %s", got.status, got.header.Get("Date"))
	}
	w.must(map[string]any{"action": "clock", "forward": "6h"})
	if got := w.service(http.MethodGet, first, "User/currentPrincipal", "", headers).status; got != http.StatusUnauthorized {
		t.Errorf("the ticket after six more: %d", got)
	}
	if got := seeExchange(w, first); !strings.Contains(got, "6 (InvalidTimestamp)") || !strings.Contains(got, "2026-11-22T19:00:30Z") {
		t.Errorf("a signature of seven hours ago: %s", got)
	}
	w.must(map[string]any{"action": "clock", "offset": "-10m"})
	if claims := bodyOfToken(w, w.redeem(w.code(w.authorizeURL("acr_values", "tenant:"+first)))); fmt.Sprint(claims["iat"]) !=
		strconv.FormatInt(w.clock.now().Add(-10*time.Minute).Unix(), 10) {
		t.Errorf("iat is %v", claims["iat"])
	}
	if got := seeExchange(w, first); !strings.Contains(got, "6 (InvalidTimestamp)") {
		t.Errorf("a signature of ten minutes ahead: %s", got)
	}
	w.browse(w.ready.ControlURL).shows(t, "2026-11-22 11:50:30 UTC", "-10m0s off this machine's clock")
	w.restart()
	if got := seeExchange(w, first); !strings.Contains(got, "successful=true") {
		t.Errorf("after a restart: %s", got)
	}
}

func TestClockOrdersAreChecked(t *testing.T) {
	w := newWorld(t)
	for why, o := range map[string]map[string]any{
		"nothing":     {},
		"both":        {"forward": "1h", "offset": "1h"},
		"backwards":   {"forward": "-1h"},
		"no time":     {"forward": "soon"},
		"an age":      {"offset": "-99999999h"},
		"another age": {"forward": "99999999h"},
		"two halves":  {"forward": "50000h"},
	} {
		w.must(map[string]any{"action": "clock", "offset": "50000h"})
		o["action"] = "clock"
		if a := w.order(o); a.status != http.StatusBadRequest {
			t.Errorf("%s: %d %s", why, a.status, a.body)
		}
	}
}

func TestKeysRotate(t *testing.T) {
	w := newWorld(t)
	kids := func() []string {
		var kids []string
		keys, _ := w.get("/login/.well-known/jwks").object(t)["keys"].([]any)
		for _, k := range keys {
			key, _ := k.(map[string]any)
			kids = append(kids, text(key["kid"]))
		}
		return kids
	}
	old := kids()[0]
	kept := text(w.must(map[string]any{"action": "rotate-keys", "keep_old": true})["kid"])
	if got := kids(); kept == old || len(got) != 2 || got[0] != kept || got[1] != old {
		t.Errorf("with the old key kept the set is %v", got)
	}
	w.claims(text(w.signIn(first)["id_token"])) // checks the signature by the first key of the set
	if found, err := sandbox.Find(t.Context(), w.dir); err != nil || found.CertificatePEM == w.ready.CertificatePEM {
		t.Errorf("the ready file still has the old certificate (%v)", err)
	}
	w.restart()
	if got := kids(); len(got) != 2 || got[0] != kept || got[1] != old {
		t.Errorf("after a restart the set is %v", got)
	}
	if got := fmt.Sprintf("%X", sha1Of(w.certificate().Raw)); got != kept {
		t.Errorf("the ready file has the certificate %s, the provider signs with %s", got, kept)
	}
	alone := text(w.must(map[string]any{"action": "rotate-keys"})["kid"])
	if got := kids(); len(got) != 1 || got[0] != alone || alone == kept {
		t.Errorf("with no key kept the set is %v", got)
	}
	w.exchange(first)
}

func TestCredentialsExpireByKind(t *testing.T) {
	w := newWorld(t)
	expire := func(what, ctx string) (ticket, access int) {
		tokens, headers := w.signIn(first), w.ticket(w.exchange(first))
		w.must(map[string]any{"action": "expire", "what": what, "ctx": ctx})
		return w.service(http.MethodGet, first, "User/currentPrincipal", "", headers).status, w.principal(first, tokens).status
	}
	for _, c := range []struct {
		what, ctx      string
		ticket, access int
	}{
		{"tickets", first, 401, 200}, {"access tokens", first, 200, 401}, {"", first, 401, 401},
		{"tickets", "", 401, 200}, {"", "", 401, 401}, {"", second, 200, 200},
	} {
		if ticket, access := expire(c.what, c.ctx); ticket != c.ticket || access != c.access {
			t.Errorf("expire %q of %q: the ticket answers %d, the access token %d", c.what, c.ctx, ticket, access)
		}
	}
	if a := w.order(map[string]any{"action": "expire", "what": "everything", "ctx": first}); a.status != http.StatusBadRequest {
		t.Errorf("expire everything: %d", a.status)
	}
}

func TestCountersCountWhatWasAsked(t *testing.T) {
	w := newWorld(t)
	tokens := w.signIn(first)
	w.refresh(text(tokens["refresh_token"]))
	w.refresh("8R:" + second + ".invented")
	w.refresh("nobody's")
	w.get("/login/.well-known/openid-configuration")
	w.get("/login/.well-known/jwks")
	w.service(http.MethodGet, first, "Contact/default", "", bearer(tokens))
	w.service(http.MethodGet, first, "Contact", "", bearer(tokens))
	w.postForm("/login/common/oauth/Revoke", w.client(url.Values{"token": {text(tokens["refresh_token"])}}))
	w.fault("services-500", first, true)
	w.principal(first, tokens)
	answer := w.get("/control/counters").object(t)
	total, _ := answer["total"].(map[string]any)
	tenants, _ := answer["tenants"].(map[string]any)
	mine, _ := tenants[first].(map[string]any)
	for name, want := range map[string][2]string{
		"code_grants": {"1", "1"}, "refresh_grants": {"1", "3"}, "revocations": {"1", "1"}, "contact_gets": {"2", "2"},
		"principal_calls": {"1", "1"}, "metadata_reads": {"<nil>", "1"}, "key_set_reads": {"<nil>", "1"}, "token_requests": {"<nil>", "4"},
	} {
		if got := [2]string{fmt.Sprint(mine[name]), fmt.Sprint(total[name])}; got != want {
			t.Errorf("%s: %v of the tenant and in all, want %v", name, got, want)
		}
	}
	if len(tenants) != 2 {
		t.Errorf("counted for %v", tenants)
	}
	w.must(map[string]any{"action": "reset", "ctx": first})
	if w.total("code_grants") != 0 || w.total("refresh_grants") != 2 || w.total("token_requests") != 4 {
		t.Errorf("after one tenant's reset: %s", w.get("/control/counters").body)
	}
	w.must(map[string]any{"action": "reset"})
	if w.total("refresh_grants") != 0 || w.total("token_requests") != 0 || w.total("metadata_reads") != 0 {
		t.Errorf("after the reset: %s", w.get("/control/counters").body)
	}
}

// waiting sends a request to a slow status and returns once the sandbox keeps it waiting.
func (w *world) waiting(ctx context.Context) <-chan error {
	w.t.Helper()
	w.must(map[string]any{"action": "fault", "fault": "provider-slow", "on": true, "delay": "10m"})
	ended := make(chan error, 1)
	go func() {
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.ready.BaseURL+"/Login/api/PartnerSystemUser/Authenticate", strings.NewReader("{}"))
		if err == nil {
			transport := &http.Transport{DisableKeepAlives: true}
			var response *http.Response
			if response, err = transport.RoundTrip(r); err == nil {
				_ = response.Body.Close()
			}
		}
		ended <- err
	}()
	for w.total("slow_answers") == 0 {
		select {
		case err := <-ended:
			w.t.Fatalf("the request did not wait: %v", err)
		default:
		}
	}
	return ended
}

func TestCloseEndsSlowAnswers(t *testing.T) {
	w := newWorld(t)
	ended := w.waiting(t.Context())
	if err := w.box.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
	if err := <-ended; err == nil {
		t.Error("the slow request got an answer")
	}
}

func TestALeavingClientEndsItsSlowAnswer(t *testing.T) {
	w := newWorld(t)
	ctx, leave := context.WithCancel(t.Context())
	ended := w.waiting(ctx)
	leave()
	if err := <-ended; err == nil {
		t.Error("the slow request got an answer")
	}
	w.must(map[string]any{"action": "clear"})
	if got := seeStatus(w, first); !strings.HasPrefix(got, "200") {
		t.Errorf("the next request: %s", got)
	}
}

func TestFaultsReachSOAPToo(t *testing.T) {
	w := newWorld(t)
	ask := func(ctx string) (int, soapAnswer) {
		return w.soap(soapRequest(signToken(t, w.key(), w.tenant(ctx).SystemUserToken, w.clock.now()), w.ready.ClientSecret, ctx))
	}
	w.fault("exchange-refused-expired", first, true)
	w.fault("exchange-refusal-400", "", true)
	status, a := ask(first)
	if status != http.StatusBadRequest || a.Body.Response == nil || !strings.Contains(a.Body.Response.ErrorMessage.Text, "3 (Expired)") {
		t.Errorf("a refusal: %d %+v", status, a.Body)
	}
	if status, a := ask(second); status != http.StatusOK || a.Body.Response == nil || !a.Body.Response.IsSuccessful {
		t.Errorf("another tenant: %d %+v", status, a.Body)
	}
	w.must(map[string]any{"action": "clear"})
	w.fault("exchange-refused-no-message", first, true)
	if status, a := ask(first); status != http.StatusOK || a.Body.Response == nil || !a.Body.Response.ErrorMessage.Nil {
		t.Errorf("a refusal without a word: %d %+v", status, a.Body)
	}
	w.must(map[string]any{"action": "clear"})
	w.fault("exchange-html", first, true)
	envelope := soapRequest("unsigned", w.ready.ClientSecret, first)
	page := w.call(http.MethodPost, w.ready.BaseURL+soapPath, envelope, "Content-Type", "text/xml", "SOAPAction", soapAction)
	if page.status != http.StatusOK || !strings.HasPrefix(page.header.Get("Content-Type"), "text/html") {
		t.Errorf("a page: %d %s", page.status, page.header.Get("Content-Type"))
	}
	if n := w.total("exchanges"); n != 4 {
		t.Errorf("%d exchanges were counted", n)
	}
}
