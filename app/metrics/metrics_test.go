package metrics

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"go.uber.org/goleak"

	"partnerdesk/core/poller"
	"partnerdesk/core/tenant"
)

// world is a poller as others see it.
type world struct {
	stats   poller.Stats
	standby bool
	ill     error
}

func (w *world) Stats() poller.Stats          { return w.stats }
func (w *world) StandingBy() bool             { return w.standby }
func (w *world) Health(context.Context) error { return w.ill }

var at = time.Date(2026, 3, 1, 9, 0, 0, 250_000_000, time.UTC)

func busy() *world {
	return &world{stats: poller.Stats{
		Since: at, Ticks: 3, Visits: 7, LogOns: 5, Exchanges: 2, Failures: 2, Requests: 11, VisitTime: 1500 * time.Millisecond,
		Last: tenant.Tick{At: at, Took: 2 * time.Second, Active: 4, Visited: 3, LoggedOn: 2, Resting: 1, Attention: 2, Failed: 1, Paused: 1, UnderWay: 1},
		Environments: []poller.EnvironmentStats{
			{Base: "https://online.superoffice.com", Breaker: "open", Requests: 9, UnderWay: 2},
			{Base: "http://127.0.0.1:8080", Breaker: "closed", Requests: 2},
			{Base: "https://sod.superoffice.com", Breaker: "half-open"},
		},
		Tenants: []poller.TenantStats{
			{Key: tenant.Key{Registration: "my \"app\"", ContextID: "Cust1"}, Visits: 6, LogOns: 5, Exchanges: 2, Failures: 1, LastVisit: at, LastTook: time.Second / 2, Took: time.Second},
			{Key: tenant.Key{Registration: "bad \xff name", ContextID: "Cust2"}},
		},
	}}
}

// wanted are lines that an operator's rules are made of.
const wanted = `partnerdesk_build_info{version="1.2.3"} 1
partnerdesk_environment_breaker_open{environment="http://127.0.0.1:8080"} 0
partnerdesk_environment_breaker_open{environment="online.superoffice.com"} 1
partnerdesk_environment_breaker_open{environment="sod.superoffice.com"} 1
partnerdesk_environment_requests_total{environment="online.superoffice.com"} 9
partnerdesk_environment_visits_under_way{environment="online.superoffice.com"} 2
partnerdesk_poller_exchanges_total 2
partnerdesk_poller_failures_total 2
partnerdesk_poller_last_tick_duration_seconds 2
partnerdesk_poller_last_tick_tenants{outcome="active"} 4
partnerdesk_poller_last_tick_tenants{outcome="failed"} 1
partnerdesk_poller_last_tick_tenants{outcome="logged_on"} 2
partnerdesk_poller_last_tick_tenants{outcome="needs_attention"} 2
partnerdesk_poller_last_tick_tenants{outcome="paused"} 1
partnerdesk_poller_last_tick_tenants{outcome="resting"} 1
partnerdesk_poller_last_tick_tenants{outcome="under_way"} 1
partnerdesk_poller_last_tick_tenants{outcome="visited"} 3
partnerdesk_poller_last_tick_timestamp_seconds 1.77235560025e+09
partnerdesk_poller_log_ons_total 5
partnerdesk_poller_requests_total 11
partnerdesk_poller_standing_by 0
partnerdesk_poller_start_timestamp_seconds 1.77235560025e+09
partnerdesk_poller_ticks_total 3
partnerdesk_poller_visit_seconds_total 1.5
partnerdesk_poller_visits_total 7
partnerdesk_tenant_exchanges_total{context_id="Cust1",registration="my \"app\""} 2
partnerdesk_tenant_failures_total{context_id="Cust1",registration="my \"app\""} 1
partnerdesk_tenant_last_visit_duration_seconds{context_id="Cust1",registration="my \"app\""} 0.5
partnerdesk_tenant_last_visit_timestamp_seconds{context_id="Cust1",registration="my \"app\""} 1.77235560025e+09
partnerdesk_tenant_log_ons_total{context_id="Cust1",registration="my \"app\""} 5
partnerdesk_tenant_visit_seconds_total{context_id="Cust1",registration="my \"app\""} 1
partnerdesk_tenant_visits_total{context_id="Cust1",registration="my \"app\""} 6
partnerdesk_tenant_visits_total{context_id="Cust2",registration="bad � name"} 0`

// get asks a handler as a reader on this machine does.
func get(t *testing.T, h http.Handler, path, host string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
	r.Host = host
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestTheNumbersAreThereUnderTheirNames(t *testing.T) {
	answer := get(t, Handler(busy(), "1.2.3"), "/metrics", "127.0.0.1:9464")
	if answer.Code != http.StatusOK || !strings.HasPrefix(answer.Header().Get("Content-Type"), "text/plain; version=0.0.4") {
		t.Fatalf("HTTP %d, %q", answer.Code, answer.Header().Get("Content-Type"))
	}
	text := "\n" + answer.Body.String()
	for line := range strings.Lines(wanted + "\n") {
		if !strings.Contains(text, "\n"+line) {
			t.Errorf("missing: %s", line)
		}
	}
	for _, ours := range []string{"\ngo_goroutines ", "\ngo_gc_duration_seconds_count "} {
		if !strings.Contains(text, ours) {
			t.Errorf("missing:%s", ours)
		}
	}
	if strings.Contains(text, `last_visit_timestamp_seconds{context_id="Cust2"`) {
		t.Error("a tenant that was never visited has a time of its last visit")
	}
}

func TestANewPollerHasNumbersToo(t *testing.T) {
	text := get(t, Handler(&world{standby: true}, ""), "/metrics", "[::1]:9464").Body.String()
	if !strings.Contains(text, "\npartnerdesk_poller_standing_by 1\n") || !strings.Contains(text, "\npartnerdesk_poller_ticks_total 0\n") {
		t.Errorf("it reads %s", text)
	}
	if strings.Contains(text, "last_tick") || strings.Contains(text, "start_timestamp") {
		t.Errorf("times that have not come yet are shown: %s", text)
	}
}

// Prometheus's own rules for names, units and help.
func TestTheNamesFollowPrometheussRules(t *testing.T) {
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(newCollector(busy()))
	problems, err := testutil.GatherAndLint(registry)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
}

func TestTenThousandTenantsAreReadAtOnce(t *testing.T) {
	w := &world{}
	for n := range 10_000 {
		w.stats.Tenants = append(w.stats.Tenants, poller.TenantStats{Key: tenant.Key{Registration: "app", ContextID: fmt.Sprint("Cust", n)}, Visits: 1})
	}
	if n := testutil.CollectAndCount(newCollector(w), "partnerdesk_tenant_visits_total"); n != 10_000 {
		t.Errorf("%d tenants are shown", n)
	}
}

func TestHealthSaysWhyNot(t *testing.T) {
	w := busy()
	h := Handler(w, "")
	if answer := get(t, h, "/healthz", "localhost:9464"); answer.Code != http.StatusOK || answer.Body.String() != "well\n" {
		t.Errorf("HTTP %d, %q", answer.Code, answer.Body)
	}
	w.ill = errors.New("the last turn\nwas long ago")
	if answer := get(t, h, "/healthz", "localhost"); answer.Code != http.StatusServiceUnavailable || answer.Body.String() != "the last turn was long ago\n" {
		t.Errorf("HTTP %d, %q", answer.Code, answer.Body)
	}
}

// A page in a browser on this machine may send its own name here; it must learn nothing.
func TestAnotherNameIsRefused(t *testing.T) {
	h := Handler(busy(), "")
	for _, host := range []string{"evil.example", "evil.example:9464", "localhost.evil.example:9464", "192.0.2.1:9464", "", "127.0.0.1.evil.example"} {
		for _, path := range []string{"/metrics", "/healthz"} {
			if answer := get(t, h, path, host); answer.Code != http.StatusMisdirectedRequest || strings.Contains(answer.Body.String(), "partnerdesk_") {
				t.Errorf("%s as %q: HTTP %d", path, host, answer.Code)
			}
		}
	}
}

func TestOnlyLoopbackAddressesAreServed(t *testing.T) {
	for _, address := range []string{"0.0.0.0:9464", ":9464", "[::]:9464", "192.0.2.1:9464", "localhost:9464", "127.0.0.1", "127.0.0.1:x", "127.0.0.1:99999", ""} {
		if CheckAddress(address) == nil {
			t.Errorf("%q is taken", address)
		}
		if s, err := Serve(t.Context(), address, http.NotFoundHandler(), slog.New(slog.DiscardHandler)); err == nil {
			t.Errorf("%q is served", address)
			_ = s.Close()
		}
	}
	for _, address := range []string{"127.0.0.1:9464", "127.0.0.2:0", "[::1]:9464"} {
		if err := CheckAddress(address); err != nil {
			t.Errorf("%q: %v", address, err)
		}
	}
}

func TestTheServerIsClosedWithNothingLeft(t *testing.T) {
	defer goleak.VerifyNone(t)
	log := slog.New(slog.DiscardHandler)
	s, err := Serve(t.Context(), "127.0.0.1:0", Handler(busy(), "1"), log)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Timeout: 30 * time.Second}
	defer client.CloseIdleConnections()
	res, err := client.Get("http://" + s.Address() + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	_ = res.Body.Close()
	if err != nil || !strings.Contains(string(body), "partnerdesk_poller_ticks_total 3") {
		t.Errorf("%v: %s", err, body)
	}
	// While it serves, nobody else can have its port, and is told so.
	if second, err := Serve(t.Context(), s.Address(), http.NotFoundHandler(), log); tenant.Explain(err).Cause != tenant.CausePort {
		t.Errorf("a second server: %v, %v", second, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if res, err := client.Get("http://" + s.Address() + "/metrics"); err == nil {
		_ = res.Body.Close()
		t.Error("it answers after its end")
	}
}

// What the console's page on the service promises is there, and all of it is on the page.
func TestThePageNamesEveryNumber(t *testing.T) {
	page, err := os.ReadFile("../console/SERVICE.md")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{"partnerdesk_build_info": true}
	for name := range newCollector(busy()).known {
		known["partnerdesk_"+name] = true
	}
	told := map[string]bool{}
	for _, name := range regexp.MustCompile(`\bpartnerdesk_[a-z_]+`).FindAllString(string(page), -1) {
		told[name] = true
		if !known[name] {
			t.Errorf("the page tells of %s, which there is not", name)
		}
	}
	for name := range known {
		if !told[name] {
			t.Errorf("the page does not tell of %s", name)
		}
	}
}
