package sandbox_test

import (
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestManyAtOnce(t *testing.T) {
	w := newWorld(t)
	headers := w.ticket(w.exchange(first))
	fields := w.entity(headers, "At once")
	const many = 12
	ids := make(chan string, many)
	var all sync.WaitGroup
	for range many {
		all.Go(func() {
			ids <- string(w.save(headers, fields).body)
			w.get("/api/state/" + first)
			w.get("/control/counters")
		})
	}
	all.Wait()
	close(ids)
	seen := map[string]bool{}
	for id := range ids {
		seen[id] = true
	}
	if found := w.search(headers, "name eq 'At once'"); len(seen) != many || len(found) != many {
		t.Errorf("%d answers, %d companies", len(seen), len(found))
	}
}

// TestCloseDoesNotWaitForever leaves a request half sent.
func TestCloseDoesNotWaitForever(t *testing.T) {
	w := newWorld(t)
	var dialer net.Dialer
	connection, err := dialer.DialContext(t.Context(), "tcp", strings.TrimPrefix(w.ready.BaseURL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	_, err = io.WriteString(connection, "POST /Login/api/PartnerSystemUser/Authenticate HTTP/1.1\r\nHost: localhost\r\n"+
		"Content-Type: application/json\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n")
	if err != nil {
		t.Fatal(err)
	}
	// The server asks for the body once the handler reads it: from here on the request is in hand.
	if _, err := connection.Read(make([]byte, 64)); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if err := w.box.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("closing took %s", took)
	}
}

func TestPagesHaveTheHeadersOfPages(t *testing.T) {
	w := newWorld(t)
	for _, path := range []string{"/", "/tenants", "/tenants/" + first, "/control", "/login/logout"} {
		a := w.call(http.MethodGet, w.ready.BaseURL+path, "")
		policy := a.header.Get("Content-Security-Policy")
		if a.status != http.StatusOK || !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "form-action 'self'") {
			t.Errorf("%s: %d %s", path, a.status, policy)
		}
	}
	policy := w.call(http.MethodGet, w.authorizeURL(), "").header.Get("Content-Security-Policy")
	if strings.Contains(policy, "form-action") || !strings.Contains(policy, "frame-ancestors 'none'") {
		t.Errorf("the sign-in page's policy is %s", policy)
	}
	if a := w.call(http.MethodGet, w.ready.BaseURL+"/sandbox.css", ""); !strings.HasPrefix(a.header.Get("Content-Type"), "text/css") {
		t.Errorf("the style sheet is %s", a.header.Get("Content-Type"))
	}
	for _, r := range [][2]string{{"DELETE", "/control"}, {"GET", "/login/common/oauth/tokens"}, {"GET", "/nowhere"}} {
		if a := w.call(r[0], w.ready.BaseURL+r[1], ""); a.status != http.StatusMethodNotAllowed && a.status != http.StatusNotFound {
			t.Errorf("%v: %d", r, a.status)
		}
	}
}
