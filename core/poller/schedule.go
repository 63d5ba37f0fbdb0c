package poller

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"partnerdesk/core/keeper"
	"partnerdesk/core/tenant"
)

// entry is an active tenant in the schedule. Guarded by the poller's mu.
type entry struct {
	keeper.Subject
	visit tenant.Visit
	// turn is the regular tick in which the tenant last had a visit, or, before it had one here, its last log-on.
	turn time.Time
	// asked says that a person waits for a visit: by a sign-in, by switching the tenant on, or by "Log on now".
	asked    bool
	underWay bool
}

// load makes the schedule anew from the store, and keeps what the store cannot know: who had a visit in which
// tick, and results that are not yet saved.
func (s *shift) load(ctx context.Context) error {
	began := s.Now()
	defer func() { s.loaded, s.loadTook = s.Now(), s.Now().Sub(began) }()
	bounded, cancel := s.storing()
	defer cancel()
	roster, err := s.Store.Roster(bounded)
	if err != nil {
		return fmt.Errorf("read the roster: %w", err)
	}
	registrations := make(map[string]tenant.Registration, len(roster.Registrations))
	for _, reg := range roster.Registrations {
		registrations[reg.Name] = reg
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	entries := make(map[tenant.Key]*entry, len(roster.Tenants))
	for _, t := range roster.Tenants {
		if t.Active {
			entries[t.Key] = s.renewed(t, registrations[t.Registration], roster.Visits[t.Key])
		}
	}
	for k, e := range s.entries {
		if entries[k] == nil && e.underWay {
			s.switchedOff[k] = e
		}
	}
	s.entries, s.settings, s.revision, s.signals.Roster = entries, roster.Settings, roster.Revision, roster.Revision
	known := func(k tenant.Key) bool { return entries[k] != nil }
	maps.DeleteFunc(s.tenants, func(k tenant.Key, _ *TenantStats) bool { return !known(k) })
	s.useBudget()
	return nil
}

// renewed returns the entry of a tenant as the roster has it. Call it with mu held.
func (s *shift) renewed(t tenant.Tenant, reg tenant.Registration, stored tenant.Visit) *entry {
	stored.Key = t.Key
	e := s.entries[t.Key]
	if off := s.switchedOff[t.Key]; off != nil && off.Tenant.SignedInAt.Equal(t.SignedInAt) {
		e = off // the visit under way is the one that the person waits for
	}
	delete(s.switchedOff, t.Key)
	if e == nil {
		// Who appears while the schedule stands was added or switched on by a person just now.
		e = &entry{visit: stored, turn: stored.LogOnAt, asked: s.entries != nil}
	}
	e.Subject = keeper.Subject{Registration: reg, Tenant: t}
	if stored.Forgiven != e.visit.Forgiven {
		e.asked = true
	}
	switch r := s.unsaved.results[t.Key]; {
	case r == nil:
	case stands(r.visit, stored): // it is newer than what is stored
		forgiven := stored.Forgiven
		stored = r.visit
		stored.Forgiven = forgiven
	default:
		delete(s.unsaved.results, t.Key)
	}
	e.visit = stored
	return e
}

// plan finds out who is due, environment by environment, and puts them in order.
func (s *shift) plan(k kind, began time.Time) *round {
	r := &round{shift: s, kind: k, began: began, due: map[*environment][]*entry{}}
	r.demonstration = s.settings.Demonstration || s.Demonstration
	late := s.cadence.Add(-s.interval() * 3 / 4) // a tick may begin somewhat early
	resting := s.resting(began)
	s.mu.Lock()
	defer s.mu.Unlock()
	r.tick = tenant.Tick{At: began, Active: len(s.entries)}
	for _, e := range s.entries {
		switch {
		case e.underWay:
		case e.Registration.Base == "": // its registration is gone
			r.tick.Resting++
		case e.rests(began) && e.visit.Trouble != nil && !e.visit.Trouble.Temporary: // planned maintenance or not
			r.tick.Attention++
		case !e.asked && resting.paused(e.Registration):
			r.tick.Resting++
			r.tick.Paused++
		case e.rests(began):
			r.tick.Resting++
		case e.asked || k == single || !e.visit.RetryAt.IsZero() || !e.turn.After(late) || e.turn.After(began):
			at := s.environment(e.Registration.Base)
			r.due[at] = append(r.due[at], e)
		}
	}
	for _, due := range r.due {
		slices.SortFunc(due, inTurn)
	}
	return r
}

// rests reports whether the tenant backs off after a failure. A failure from a time that has not come yet bears
// the time of a clock that was wrong.
func (e *entry) rests(now time.Time) bool {
	return now.Before(e.visit.RetryAt) && !e.visit.FailedAt.After(now)
}

// inTurn puts those first whom a person waits for, then those that have never been visited, then whoever had no
// visit for the longest time, so that a budget smaller than the fleet lets everyone have a turn. Visits that
// failed count too: else a host that is down would bring its tenants forward again and again, and all others wait.
func inTurn(a, b *entry) int {
	return cmp.Or(cmp.Compare(a.rank(), b.rank()), a.lastVisit().Compare(b.lastVisit()),
		cmp.Compare(a.Tenant.Registration, b.Tenant.Registration), cmp.Compare(a.Tenant.ContextID, b.Tenant.ContextID))
}

func (e *entry) rank() int {
	switch {
	case e.asked:
		return 0
	case e.lastVisit().IsZero():
		return 1
	}
	return 2
}

func (e *entry) lastVisit() time.Time {
	if e.visit.FailedAt.After(e.visit.LogOnAt) {
		return e.visit.FailedAt
	}
	return e.visit.LogOnAt
}
