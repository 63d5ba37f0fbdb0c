package poller

import (
	"cmp"
	"slices"
	"time"

	"partnerdesk/core/tenant"
)

// Stats are what the poller has done since it was made, for whoever watches the process.
type Stats struct {
	Since time.Time
	Ticks uint64
	Last  tenant.Tick
	// Visits ended, well or not. Requests has the exchanges among them. VisitTime is that of all visits together.
	Visits, LogOns, Exchanges, Failures, Requests uint64
	VisitTime                                     time.Duration
	Environments                                  []EnvironmentStats // by Base
	Tenants                                       []TenantStats      // by Key
}

// EnvironmentStats are about the visits to the tenants at one address.
type EnvironmentStats struct {
	Base string
	// Breaker is "closed" (visits begin), "open" (none does) or "half-open" (one at a time).
	Breaker  string
	Requests uint64
	UnderWay int
}

// TenantStats are about the visits to one tenant.
type TenantStats struct {
	tenant.Key
	Visits, LogOns, Exchanges, Failures uint64
	// LastVisit is when the last visit ended, LastTook how long it took, and Took how long all of them did.
	LastVisit      time.Time
	LastTook, Took time.Duration
}

// Stats returns the counts as they are now.
func (p *Poller) Stats() Stats {
	p.mu.Lock()
	defer p.mu.Unlock()
	s, now := p.stats, p.Now()
	s.Environments = make([]EnvironmentStats, 0, len(p.environments))
	for _, e := range p.environments {
		s.Environments = append(s.Environments, EnvironmentStats{e.base, e.breaker.state(now), e.requests, e.underWay})
	}
	slices.SortFunc(s.Environments, func(a, b EnvironmentStats) int { return cmp.Compare(a.Base, b.Base) })
	s.Tenants = make([]TenantStats, 0, len(p.tenants))
	for _, t := range p.tenants {
		s.Tenants = append(s.Tenants, *t)
	}
	slices.SortFunc(s.Tenants, func(a, b TenantStats) int {
		return cmp.Or(cmp.Compare(a.Registration, b.Registration), cmp.Compare(a.ContextID, b.ContextID))
	})
	return s
}

// count adds one visit that has ended. Call it with mu held.
func (p *Poller) count(v *visiting, exchanges, requests int, failed bool, ended time.Time) {
	t := p.tenants[v.Tenant.Key]
	if t == nil {
		t = &TenantStats{Key: v.Tenant.Key}
		p.tenants[v.Tenant.Key] = t
	}
	took := ended.Sub(v.began)
	t.LastVisit, t.LastTook = ended, took
	t.Took += took
	p.stats.VisitTime += took
	t.Visits++
	p.stats.Visits++
	t.Exchanges += uint64(exchanges)
	p.stats.Exchanges += uint64(exchanges)
	p.stats.Requests += uint64(requests)
	v.environment.requests += uint64(requests)
	if failed {
		t.Failures++
		p.stats.Failures++
		return
	}
	t.LogOns++
	p.stats.LogOns++
}
