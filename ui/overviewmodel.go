package ui

import (
	"slices"
	"time"

	"golang.org/x/text/language"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/pollerline"
	"partnerdesk/ui/tenants"
)

// scene is an overview prepared for drawing. It is made off the user interface's goroutine, and never
// changed afterwards.
type scene struct {
	overview workbench.Overview
	roster   *tenants.Roster
	byKey    map[tenant.Key]int // index into overview.Tenants
	at       time.Time
	// read is when the overview was read: at, or before it where only who polls is newer.
	read time.Time
	// protection is what guards the data file's key, and warning what is wrong with the journal's room, if anything.
	protection tenant.Protection
	warning    error
	chart      pollerline.Chart
}

// newScene sorts the tenants by their names, as an alphabet has them, and makes their rows.
func newScene(o workbench.Overview, alphabet language.Tag, now time.Time) *scene {
	o.Tenants = slices.Clone(o.Tenants)
	tenants.Sort(o.Tenants, alphabet)
	s := &scene{overview: o, at: now, read: now, roster: tenants.NewRoster(o.Tenants), byKey: make(map[tenant.Key]int, len(o.Tenants))}
	for i, t := range o.Tenants {
		s.byKey[t.Key] = i
	}
	return s
}

// polled is the same scene later, with who polls by then.
func (s *scene) polled(p workbench.PollerView, now time.Time) *scene {
	next := *s
	next.at, next.overview.Poller = now, p
	return &next
}

// pollingOf is what of the poller can be seen at once: that the lease was renewed cannot.
func pollingOf(p workbench.PollerView) workbench.PollerView {
	p.Lease.Heartbeat, p.Lease.Until = time.Time{}, time.Time{}
	return p
}

// outdated reports whether the overview must be read anew though nothing was written since: long enough has passed for a
// verdict to be another one.
func (s *scene) outdated(now time.Time) bool { return now.Sub(s.read).Abs() >= rereadAfter }

// tenant returns one tenant of the scene.
func (s *scene) tenant(key tenant.Key) (workbench.TenantView, bool) {
	if s == nil {
		return workbench.TenantView{}, false
	}
	i, ok := s.byKey[key]
	if !ok {
		return workbench.TenantView{}, false
	}
	return s.overview.Tenants[i], true
}

// registration returns the current registration; false while there is none.
func (s *scene) registration() (workbench.RegistrationView, bool) {
	if s == nil {
		return workbench.RegistrationView{}, false
	}
	for _, r := range s.overview.Registrations {
		if r.Current {
			return r, true
		}
	}
	return workbench.RegistrationView{}, false
}
