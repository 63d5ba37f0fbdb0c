package metrics

import (
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"partnerdesk/core/poller"
	"partnerdesk/core/tenant"
)

// collector makes the numbers out of a poller's stats while somebody reads them. Nothing is kept from one reading
// to the next, so ten thousand tenants cost no memory while nobody looks.
type collector struct {
	source Source
	known  map[string]*prometheus.Desc
}

func newCollector(source Source) collector {
	c := collector{source, map[string]*prometheus.Desc{}}
	for name, help := range map[string]string{
		"start_timestamp_seconds":     "When the poller of this process was made.",
		"standing_by":                 "1 while another process polls in the place of this one.",
		"ticks_total":                 "Ticks carried out.",
		"visits_total":                "Visits to tenants that have ended, well or not.",
		"log_ons_total":               "Visits that ended with a log-on.",
		"exchanges_total":             "System user tokens exchanged for tickets.",
		"failures_total":              "Visits that failed.",
		"requests_total":              "Requests made by visits, exchanges among them.",
		"visit_seconds_total":         "Time that visits took, all together.",
		"last_tick_timestamp_seconds": "When the last tick began.",
		"last_tick_duration_seconds":  "How long the last tick took.",
	} {
		c.name("poller", name, help)
	}
	c.name("poller", "last_tick_tenants", "Tenants in the last tick by what became of them; one tenant may count in several.", "outcome")
	for name, help := range map[string]string{
		"requests_total":   "Requests to one environment.",
		"visits_under_way": "Visits to tenants of the environment that are under way.",
		"breaker_open":     "1 while the environment is left alone, but for probes, as it failed too often.",
	} {
		c.name("environment", name, help, "environment")
	}
	for name, help := range map[string]string{
		"visits_total":                 "Visits to the tenant that have ended, well or not.",
		"log_ons_total":                "Visits to the tenant that ended with a log-on.",
		"exchanges_total":              "Exchanges of the tenant's system user token.",
		"failures_total":               "Visits to the tenant that failed.",
		"visit_seconds_total":          "Time that visits to the tenant took, all together.",
		"last_visit_timestamp_seconds": "When the last visit to the tenant ended.",
		"last_visit_duration_seconds":  "How long the last visit to the tenant took.",
	} {
		c.name("tenant", name, help, "registration", "context_id")
	}
	return c
}

func (c collector) name(about, name, help string, labels ...string) {
	c.known[about+"_"+name] = prometheus.NewDesc(prometheus.BuildFQName("partnerdesk", about, name), help, labels, nil)
}

// Describe sends every description, as the registry asks for.
func (c collector) Describe(to chan<- *prometheus.Desc) {
	for _, d := range c.known {
		to <- d
	}
}

// Collect reads the stats once and sends all numbers.
func (c collector) Collect(to chan<- prometheus.Metric) {
	s, out := c.source.Stats(), sink{c.known, to}
	out.when("poller_start_timestamp_seconds", s.Since)
	out.gauge("poller_standing_by", one(c.source.StandingBy()))
	out.count("poller_ticks_total", s.Ticks)
	out.count("poller_visits_total", s.Visits)
	out.count("poller_log_ons_total", s.LogOns)
	out.count("poller_exchanges_total", s.Exchanges)
	out.count("poller_failures_total", s.Failures)
	out.count("poller_requests_total", s.Requests)
	out.total("poller_visit_seconds_total", s.VisitTime)
	out.tick(s.Last)
	for _, e := range s.Environments {
		out.environment(e)
	}
	for _, t := range s.Tenants {
		out.tenant(t)
	}
}

// sink sends numbers in their forms.
type sink struct {
	known map[string]*prometheus.Desc
	to    chan<- prometheus.Metric
}

func (s sink) environment(e poller.EnvironmentStats) {
	name := valid(strings.TrimPrefix(e.Base, "https://"))
	s.count("environment_requests_total", e.Requests, name)
	s.gauge("environment_visits_under_way", float64(e.UnderWay), name)
	s.gauge("environment_breaker_open", one(e.Breaker != "closed"), name)
}

func (s sink) tick(t tenant.Tick) {
	if t.At.IsZero() {
		return // there was none yet
	}
	s.when("poller_last_tick_timestamp_seconds", t.At)
	s.gauge("poller_last_tick_duration_seconds", t.Took.Seconds())
	for _, o := range []struct {
		outcome string
		tenants int
	}{
		{"active", t.Active}, {"visited", t.Visited}, {"logged_on", t.LoggedOn}, {"resting", t.Resting},
		{"paused", t.Paused}, {"needs_attention", t.Attention}, {"failed", t.Failed}, {"under_way", t.UnderWay},
	} {
		s.gauge("poller_last_tick_tenants", float64(o.tenants), o.outcome)
	}
}

func (s sink) tenant(t poller.TenantStats) {
	labels := []string{valid(t.Key.Registration), valid(t.Key.ContextID)}
	s.count("tenant_visits_total", t.Visits, labels...)
	s.count("tenant_log_ons_total", t.LogOns, labels...)
	s.count("tenant_exchanges_total", t.Exchanges, labels...)
	s.count("tenant_failures_total", t.Failures, labels...)
	s.total("tenant_visit_seconds_total", t.Took, labels...)
	s.when("tenant_last_visit_timestamp_seconds", t.LastVisit, labels...)
	if !t.LastVisit.IsZero() {
		s.gauge("tenant_last_visit_duration_seconds", t.LastTook.Seconds(), labels...)
	}
}

func (s sink) count(name string, n uint64, labels ...string) {
	s.to <- prometheus.MustNewConstMetric(s.known[name], prometheus.CounterValue, float64(n), labels...)
}

func (s sink) total(name string, took time.Duration, labels ...string) {
	s.to <- prometheus.MustNewConstMetric(s.known[name], prometheus.CounterValue, took.Seconds(), labels...)
}

func (s sink) gauge(name string, v float64, labels ...string) {
	s.to <- prometheus.MustNewConstMetric(s.known[name], prometheus.GaugeValue, v, labels...)
}

// when sends a time; none where it has not come yet.
func (s sink) when(name string, at time.Time, labels ...string) {
	if !at.IsZero() {
		s.gauge(name, float64(at.UnixMilli())/1000, labels...)
	}
}

func one(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

// valid keeps a label to UTF-8, as Prometheus demands: a name from an imported file may be anything.
func valid(label string) string { return strings.ToValidUTF8(label, "\ufffd") }
