package ui

import (
	"slices"
	"strings"
	"time"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/pollerline"
)

// tenantRow is a tenant as the list shows it, ready to be drawn.
type tenantRow struct {
	Key         tenant.Key
	Name        string
	Ctx         string
	Environment string
	EnvTone     kit.Tone
	Verdict     string
	VerdictTone kit.Tone
	LogOn       string
	// search is what the filter looks through, in lower case.
	search string
}

func rowOf(t workbench.TenantView, now time.Time) tenantRow {
	r := tenantRow{
		Key:         t.Key,
		Name:        tenant.OrDash(t.CompanyName),
		Ctx:         t.ContextID,
		Environment: kit.EnvironmentShort(t.Environment),
		EnvTone:     kit.EnvironmentTone(t.Environment),
		Verdict:     kit.VerdictWord(t.Verdict),
		VerdictTone: kit.VerdictTone(t.Verdict),
		LogOn:       tenant.Ago(t.LogOnAt, now),
	}
	if t.LogOnAt.IsZero() {
		r.LogOn = ""
	}
	r.search = strings.ToLower(strings.Join([]string{
		r.Name, r.Ctx, r.Environment, string(t.Environment), t.Registration, r.Verdict, t.Serial, t.SignedInAs}, "\n"))
	return r
}

// scene is an overview prepared for drawing. It is made off the user interface's goroutine, and never
// changed afterwards.
type scene struct {
	overview workbench.Overview
	rows     []tenantRow
	byKey    map[tenant.Key]int // index into overview.Tenants, which is sorted like rows
	at       time.Time
	// protection is what guards the data file's key, and warning what is wrong with the journal's room, if anything.
	protection tenant.Protection
	warning    error
	chart      pollerline.Chart
}

// newScene sorts the tenants by name and makes their rows.
func newScene(o workbench.Overview, now time.Time) *scene {
	o.Tenants = slices.Clone(o.Tenants)
	slices.SortStableFunc(o.Tenants, func(a, b workbench.TenantView) int {
		return cmpFold(a.CompanyName, b.CompanyName, a.Key.String(), b.Key.String())
	})
	s := &scene{overview: o, at: now, rows: make([]tenantRow, len(o.Tenants)), byKey: make(map[tenant.Key]int, len(o.Tenants))}
	for i, t := range o.Tenants {
		s.rows[i] = rowOf(t, now)
		s.byKey[t.Key] = i
	}
	return s
}

func cmpFold(a, b, thenA, thenB string) int {
	if c := strings.Compare(strings.ToLower(a), strings.ToLower(b)); c != 0 {
		return c
	}
	return strings.Compare(thenA, thenB)
}

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

// matching returns the rows in which every word of the filter occurs.
func matching(rows []tenantRow, filter string) []tenantRow {
	words := strings.Fields(strings.ToLower(filter))
	if len(words) == 0 {
		return rows
	}
	var found []tenantRow
	for _, r := range rows {
		if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(r.search, w) }) {
			found = append(found, r)
		}
	}
	return found
}

// tenantCount is the heading's second half: how many there are, and how many the filter leaves.
func tenantCount(shown, all int) string {
	if shown == all {
		return tenant.Thousands(all)
	}
	return tenant.Thousands(shown) + " of " + tenant.Thousands(all)
}
