package sandbox_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestStatusFollowsTheControlPage(t *testing.T) {
	w := newWorld(t)
	tokens := w.signIn(first)
	status := w.get("/api/state/" + first).object(t)
	until, err := time.Parse(time.RFC3339Nano, text(status["ValidUntil"]))
	if err != nil || !until.After(w.clock.now()) || !strings.Contains(text(status["ValidUntil"]), ".1234567Z") {
		t.Errorf("ValidUntil is %v (%v)", status["ValidUntil"], err)
	}
	if status["State"] != "Running" || status["IsRunning"] != true || status["Api"] != w.tenant(first).API ||
		status["Endpoint"] != w.ready.Hosts[0]+"/"+first || status["ContextIdentifier"] != first {
		t.Errorf("status %v", status)
	}
	for state, runs := range map[string]bool{"Suspended": false, "OfflineMaintenance": false, "OnlineMaintenance": true} {
		w.control("state", first, state)
		w.restart()
		if s := w.get("/api/state/" + first).object(t); s["State"] != state || s["IsRunning"] != runs {
			t.Errorf("%s: %v", state, s)
		}
		if !runs {
			a := w.principal(first, tokens)
			if a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" || a.object(t)["Error"] != true {
				t.Errorf("%s: %d %v", state, a.status, a.header)
			}
		}
	}
	if a := w.get("/api/state/Cust99999999"); a.status != http.StatusNotFound || text(a.object(t)["Message"]) == "" {
		t.Errorf("an unknown tenant: %d %s", a.status, a.body)
	}
}

func TestControlExpiresCredentials(t *testing.T) {
	w := newWorld(t)
	tokens, headers := w.signIn(first), w.ticket(w.exchange(first))
	other := w.ticket(w.exchange(second))
	w.control("expire", first, "")
	if got := w.principal(first, tokens).status; got != http.StatusUnauthorized {
		t.Errorf("the access token: %d", got)
	}
	if got := w.service(http.MethodGet, first, "User/currentPrincipal", "", headers).status; got != http.StatusUnauthorized {
		t.Errorf("the ticket: %d", got)
	}
	if got := w.service(http.MethodGet, second, "User/currentPrincipal", "", other).status; got != http.StatusOK {
		t.Errorf("the other tenant's ticket: %d", got)
	}
	if a := w.refresh(text(tokens["refresh_token"])); a.status != http.StatusOK {
		t.Errorf("refresh: %d", a.status)
	}
}

func TestControlPageAndCounters(t *testing.T) {
	w := newWorld(t)
	headers := w.ticket(w.exchange(second))
	w.get("/api/state/" + second)
	w.service(http.MethodGet, second, "User/currentPrincipal", "", headers)
	w.service(http.MethodPost, second, "Contact", "{}", headers)
	var counted struct {
		Total   map[string]int
		Tenants map[string]map[string]int
	}
	if err := json.Unmarshal(w.get("/control/counters").body, &counted); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"exchanges", "status_calls", "principal_calls", "contact_posts"} {
		if counted.Total[name] != 1 || counted.Tenants[second][name] != 1 {
			t.Errorf("%s: %d in all, %d here", name, counted.Total[name], counted.Tenants[second][name])
		}
	}
	p := w.browse(w.ready.ControlURL)
	p.shows(t, "株式会社さくら商事", "OfflineMaintenance", "not asked")
	p = p.click("revoke-" + second)
	if !p.has("done") || p.has("revoke-"+second) {
		t.Errorf("after Revoke: %s", p.text)
	}
	list := w.get("/control").object(t)
	if rows, _ := list["tenants"].([]any); len(rows) != 5 {
		t.Errorf("the list as JSON: %v", list)
	}
}

func TestControlRefusesOtherSitesAndNonsense(t *testing.T) {
	w := newWorld(t)
	revoke := url.Values{"action": {"revoke"}, "ctx": {first}}
	for name, headers := range map[string][]string{
		"origin":     {"Origin", "http://evil.example"},
		"null":       {"Origin", "null"},
		"cross-site": {"Sec-Fetch-Site", "cross-site"},
		"same-site":  {"Sec-Fetch-Site", "same-site"},
		"rebound":    {"Host", "evil.example"},
	} {
		if a := w.postForm("/control", revoke, headers...); a.status != http.StatusForbidden {
			t.Errorf("%s: %d", name, a.status)
		}
	}
	for name, form := range map[string]url.Values{
		"tenant": {"action": {"revoke"}, "ctx": {"Cust1"}},
		"action": {"action": {"explode"}, "ctx": {first}},
		"state":  {"action": {"state"}, "ctx": {first}, "state": {"Happy"}},
	} {
		if a := w.postForm("/control", form); a.status < 400 || a.status > 404 {
			t.Errorf("a wrong %s: %d", name, a.status)
		}
	}
	for _, host := range []string{"localhost", "127.0.0.1:1", "[::1]:80", "LOCALHOST:99"} {
		if a := w.call(http.MethodGet, w.ready.BaseURL+"/", "", "Host", host); a.status != http.StatusOK {
			t.Errorf("host %s: %d", host, a.status)
		}
	}
}
