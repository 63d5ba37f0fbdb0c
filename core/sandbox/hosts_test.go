package sandbox_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"partnerdesk/core/sandbox"
)

// counted is what the sandbox counted of the tenant.
func (w *world) counted(ctx string) sandbox.Counters {
	w.t.Helper()
	var row struct {
		Tenants []struct {
			Ctx      string
			Counters sandbox.Counters
		}
	}
	if err := json.Unmarshal(w.get("/control").body, &row); err != nil {
		w.t.Fatal(err)
	}
	for _, r := range row.Tenants {
		if r.Ctx == ctx {
			return r.Counters
		}
	}
	w.t.Fatalf("no row of %s", ctx)
	return sandbox.Counters{}
}

// otherHost is the numbered host that the tenant does not live on.
func (w *world) otherHost(ctx string) string {
	w.t.Helper()
	for _, host := range w.ready.Hosts {
		if !strings.HasPrefix(w.tenant(ctx).API, host+"/") {
			return host
		}
	}
	w.t.Fatalf("%s lives on every host of %v", ctx, w.ready.Hosts)
	return ""
}

func TestTenantsAreSpreadOverTheNumberedHosts(t *testing.T) {
	w := newWorld(t)
	if len(w.ready.Hosts) != 2 || w.ready.Hosts[0] == w.ready.Hosts[1] || slices.Contains(w.ready.Hosts, w.ready.BaseURL) {
		t.Fatalf("the base host is %s, the numbered ones are %v", w.ready.BaseURL, w.ready.Hosts)
	}
	living := map[string]int{}
	for _, tenant := range w.ready.Tenants {
		host, found := strings.CutSuffix(tenant.API, "/"+tenant.Ctx+"/api")
		if !found || !slices.Contains(w.ready.Hosts, host) {
			t.Errorf("%s has the address %s", tenant.Ctx, tenant.API)
		}
		living[host]++
	}
	if len(living) != 2 {
		t.Errorf("the tenants live on %v", living)
	}
	w.browse(w.ready.BaseURL+"/").shows(t, w.ready.BaseURL, w.ready.Hosts[0], w.ready.Hosts[1])
}

// Whatever is asked of a tenant, and with whatever credential, another host than its own answers 421 first,
// so that a client may send the same again at the right address.
func TestOtherHostsAnswerMisdirectedRequest(t *testing.T) {
	w := newWorld(t)
	good := w.ticket(w.exchange(first))
	entity := `{"Name":"Misdirected"}`
	before := w.counted(first)
	w.control("state", first, "Suspended") // even of a tenant that would answer nothing at home
	for _, host := range []string{w.ready.BaseURL, w.otherHost(first)} {
		for name, headers := range map[string][]string{
			"good":    good,
			"bad":     {"Authorization", "SOTicket wrong", "Accept", asJSON},
			"missing": {"Accept", asJSON},
		} {
			for _, call := range [][2]string{
				{http.MethodGet, "/api/v1/User/currentPrincipal"}, {http.MethodGet, "/api/v1/Contact/default"},
				{http.MethodPost, "/api/v1/Contact"}, {http.MethodGet, "/api/v1/Nothing"}, {http.MethodDelete, ""},
			} {
				a := w.call(call[0], host+"/"+strings.ToUpper(first)+call[1], entity, headers...)
				if a.status != http.StatusMisdirectedRequest {
					t.Errorf("%v with a %s credential at %s: %d", call, name, host, a.status)
					continue
				}
				e := a.object(t)
				if e["Error"] != true || !strings.HasPrefix(text(e["ErrorMessage"]), "Wrong subdomain used to access tenant") {
					t.Errorf("%v: %v", call, e)
				}
				if a.header.Get("Date") != w.clock.now().Format(http.TimeFormat) || a.header.Get("WWW-Authenticate") != "" {
					t.Errorf("%v: the headers are %v", call, a.header)
				}
			}
		}
	}
	w.control("state", first, "Running")
	if after := w.counted(first); after != before {
		t.Errorf("counted %+v, before %+v", after, before)
	}
	if found := w.search(good, "name eq 'Misdirected'"); len(found) != 0 {
		t.Errorf("the wrong host has saved %v", found)
	}
}

func TestATenantMovesWithItsCredentials(t *testing.T) {
	w := newWorld(t)
	tokens := w.signIn(first)
	headers := w.ticket(w.exchange(first))
	old, other := w.tenant(first).API, w.otherHost(first)
	elsewhere := w.tenant(second).API

	a := w.call(http.MethodPost, w.ready.ControlURL, `{"action":"move","ctx":"`+first+`"}`, "Content-Type", asJSON)
	if row := a.object(t); a.status != http.StatusOK || row["endpoint"] != other+"/"+first || text(row["ctx"]) != first {
		t.Fatalf("move: %d %s", a.status, a.body)
	}
	for _, when := range []string{"at once", "after a restart"} {
		api := other + "/" + first + "/api"
		status := w.get("/api/state/" + first).object(t)
		if status["Api"] != api || status["Endpoint"] != strings.TrimSuffix(api, "/api") || w.tenant(first).API != api {
			t.Errorf("%s: the status is %v, the ready file has %s", when, status, w.tenant(first).API)
		}
		claims := w.exchange(first)
		if claims[prefix+"webapi_url"] != api+"/" || claims[prefix+"netserver_url"] != other+"/"+first+"/Remote/Services88/" {
			t.Errorf("%s: the exchange names %v and %v", when, claims[prefix+"webapi_url"], claims[prefix+"netserver_url"])
		}
		if when == "at once" {
			if a := w.principal(first, tokens); a.status != http.StatusOK {
				t.Errorf("the access token at the new host: %d", a.status)
			}
			if a := w.service(http.MethodGet, first, "User/currentPrincipal", "", headers); a.status != http.StatusOK {
				t.Errorf("the ticket at the new host: %d", a.status)
			}
		}
		if a := w.call(http.MethodGet, old+"/v1/User/currentPrincipal", "", headers...); a.status != http.StatusMisdirectedRequest {
			t.Errorf("%s: the old host answers %d", when, a.status)
		}
		if w.tenant(second).API != elsewhere {
			t.Errorf("%s: another tenant has moved to %s", when, w.tenant(second).API)
		}
		w.restart()
	}
	w.browse(w.ready.ControlURL).click("move-" + first)
	if w.tenant(first).API != old {
		t.Errorf("moved by the page to %s, not back to %s", w.tenant(first).API, old)
	}
}

func TestNumberedHostsServeTenantsOnly(t *testing.T) {
	w := newWorld(t)
	for _, host := range w.ready.Hosts {
		for _, path := range []string{
			"/", "/control", "/control/counters", "/tenants", "/api/state/" + first, "/login/.well-known/jwks",
			"/login/.well-known/openid-configuration", "/control/proof",
		} {
			if a := w.call(http.MethodGet, host+path, ""); a.status != http.StatusNotFound {
				t.Errorf("%s%s: %d", host, path, a.status)
			}
		}
		for _, path := range []string{"/Login/api/PartnerSystemUser/Authenticate", "/login/common/oauth/tokens", "/control"} {
			if a := w.call(http.MethodPost, host+path, "{}", "Content-Type", asJSON); a.status != http.StatusNotFound {
				t.Errorf("POST %s%s: %d", host, path, a.status)
			}
		}
	}
}

func TestTheGuardStandsBeforeEveryHost(t *testing.T) {
	w := newWorld(t)
	headers := w.ticket(w.exchange(first))
	for _, host := range append([]string{w.ready.BaseURL}, w.ready.Hosts...) {
		if a := w.call(http.MethodGet, host+"/", "", "Host", "evil.example"); a.status != http.StatusForbidden {
			t.Errorf("a foreign name at %s: %d", host, a.status)
		}
	}
	if a := w.service(http.MethodPost, first, "Contact", tooLarge(""), headers); a.status != http.StatusRequestEntityTooLarge {
		t.Errorf("too large a body for a tenant: %d", a.status)
	}
}

func TestEveryPortIsKept(t *testing.T) {
	w := newWorld(t)
	before := w.ready
	w.restart()
	if w.ready.BaseURL != before.BaseURL || !slices.Equal(w.ready.Hosts, before.Hosts) {
		t.Errorf("now at %s and %v, before at %s and %v", w.ready.BaseURL, w.ready.Hosts, before.BaseURL, before.Hosts)
	}
	if err := w.box.Close(); err != nil {
		t.Fatal(err)
	}
	for _, address := range append([]string{before.BaseURL}, before.Hosts...) {
		if c, err := net.Dial("tcp", strings.TrimPrefix(address, "http://")); err == nil {
			t.Errorf("%s answers after Close", address)
			_ = c.Close()
		}
	}
	squatter, err := net.Listen("tcp", strings.TrimPrefix(before.Hosts[1], "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer squatter.Close()
	w.start()
	if w.ready.BaseURL != before.BaseURL || w.ready.Hosts[0] != before.Hosts[0] || w.ready.Hosts[1] == before.Hosts[1] {
		t.Errorf("now at %s and %v, before at %s and %v", w.ready.BaseURL, w.ready.Hosts, before.BaseURL, before.Hosts)
	}
	if !strings.HasPrefix(w.tenant(second).API, w.ready.Hosts[1]+"/") {
		t.Errorf("%s did not follow its host: %s", second, w.tenant(second).API)
	}
}

// A file of state from before there were numbered hosts opens, and its tenants always get the same ones.
func TestAnOlderFileOpens(t *testing.T) {
	state, err := prepared()
	if err != nil {
		t.Fatal(err)
	}
	var lived [][]int
	for range 2 {
		w := &world{t: t, dir: t.TempDir(), clock: &clock{}}
		path := filepath.Join(w.dir, "sandbox.bolt")
		if err := os.WriteFile(path, state, 0o600); err != nil {
			t.Fatal(err)
		}
		forgetHosts(t, path)
		w.start()
		var hosts []int
		for _, tenant := range w.ready.Tenants {
			hosts = append(hosts, slices.IndexFunc(w.ready.Hosts, func(h string) bool { return strings.HasPrefix(tenant.API, h+"/") }))
		}
		lived = append(lived, hosts)
		if err := w.box.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if want := []int{0, 1, 0, 1, 0}; !slices.Equal(lived[0], want) || !slices.Equal(lived[1], want) {
		t.Errorf("the tenants live on %v, want %v", lived, want)
	}
}

// forgetHosts takes away what an older sandbox did not write.
func forgetHosts(t *testing.T, path string) {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		if err := tx.DeleteBucket([]byte("homes")); err != nil {
			return err
		}
		return tx.Bucket([]byte("meta")).Delete([]byte("numbered_ports"))
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// Close lets a request finish that a numbered host has in hand, as it does on the base host.
func TestCloseWaitsForANumberedHost(t *testing.T) {
	w := newWorld(t)
	headers := w.ticket(w.exchange(first))
	body, err := json.Marshal(w.entity(headers, "At the end"))
	if err != nil {
		t.Fatal(err)
	}
	address := strings.TrimPrefix(w.ready.Hosts[0], "http://")
	connection, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.tenant(first).API+"/v1/Contact", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	var sent bytes.Buffer
	r.Header.Set("Expect", "100-continue")
	if err := r.Write(&sent); err != nil {
		t.Fatal(err)
	}
	head, _, _ := strings.Cut(sent.String(), "\r\n\r\n")
	if _, err := io.WriteString(connection, head+"\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	// The server asks for the body once the handler reads it: from here on the request is in hand.
	answers := bufio.NewReader(connection)
	if a, err := http.ReadResponse(answers, r); err != nil || a.StatusCode != http.StatusContinue {
		t.Fatalf("no 100: %v", err)
	}
	closed := make(chan error, 1)
	go func() { closed <- w.box.Close() }()
	for { // until nobody listens any more: the end has begun
		c, err := net.Dial("tcp", address)
		if err != nil {
			break
		}
		_ = c.Close()
	}
	if _, err := connection.Write(body); err != nil {
		t.Fatal(err)
	}
	a, err := http.ReadResponse(answers, r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	if err := <-closed; err != nil || a.StatusCode != http.StatusOK {
		t.Errorf("the request in hand got %d, closing: %v", a.StatusCode, err)
	}
	w.start()
	if found := w.search(w.ticket(w.exchange(first)), "name eq 'At the end'"); len(found) != 1 {
		t.Errorf("%d companies were saved", len(found))
	}
}
