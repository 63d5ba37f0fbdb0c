package poller

import (
	"context"
	"log/slog"
	"time"

	"partnerdesk/core/journal"
	"partnerdesk/core/tenant"
)

// rest tells which environments are left alone, as SuperOffice works on them by plan.
type rest struct {
	until   time.Time
	planned bool
}

// resting reads the plan for the time now.
func (s *shift) resting(now time.Time) rest {
	until, planned := s.settings.Maintenance.Until(now)
	return rest{until, planned}
}

// paused reports whether the tenants of a registration are left alone. SuperOffice's plan is about its own
// environments.
func (r rest) paused(reg tenant.Registration) bool {
	return r.planned && reg.Environment != tenant.Sandbox && reg.Environment != tenant.Custom
}

// tellMaintenance says once for each environment that a window has begun, and once that it has ended.
func (s *shift) tellMaintenance(ctx context.Context, now time.Time) {
	resting := s.resting(now)
	s.mu.Lock()
	paused := map[*environment]bool{}
	if resting.planned {
		for _, e := range s.entries {
			if e.Registration.Base != "" && resting.paused(e.Registration) {
				paused[s.environment(e.Registration.Base)] = true
			}
		}
	}
	var begun, ended []*environment
	for _, e := range s.environments {
		switch {
		case paused[e] && !e.paused:
			begun = append(begun, e)
		case !resting.planned && e.paused:
			ended = append(ended, e)
		}
		e.paused = paused[e] || resting.planned && e.paused
	}
	s.mu.Unlock()
	for _, e := range begun {
		s.Log.InfoContext(ctx, "SuperOffice has planned maintenance of "+journal.Host(e.base)+"; its tenants are left alone",
			journal.Step(tenant.StepPoll), journal.Remote(journal.Host(e.base)), slog.Time("until", resting.until))
	}
	for _, e := range ended {
		s.Log.InfoContext(ctx, "The planned maintenance of "+journal.Host(e.base)+" is over; its tenants are visited again",
			journal.Step(tenant.StepPoll), journal.Remote(journal.Host(e.base)))
	}
}
