package ui

import (
	"fmt"
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

// tenantFacts are what the panel shows of a tenant, in reading order for three columns.
func tenantFacts(t workbench.TenantView, now time.Time) []kit.Fact {
	return []kit.Fact{
		{Caption: "Serial number", Value: tenant.OrDash(t.Serial)},
		{Caption: "Signed in as", Value: loginFact(t), Tone: loginTone(t)},
		{Caption: signedInCaption(t), Value: tenant.Moment(t.SignedInAt, now.Location())},
		{Caption: "Ticket", Value: tenant.Remaining(t.TicketUntil, now)},
		{Caption: "System user token", Value: tokenFact(t), Tone: tokenTone(t)},
		{Caption: "Exchanges today", Value: tenant.Thousands(t.ExchangesToday)},
	}
}

// loginFact names who is signed in. After a sign-out it is nobody, whoever it was.
func loginFact(t workbench.TenantView) string {
	if !t.SignedIn {
		return textNobody.String()
	}
	return tenant.OrDash(t.SignedInAs)
}

func signedInCaption(t workbench.TenantView) string {
	if !t.SignedIn {
		return "Last sign-in"
	}
	return "Signed in"
}

func loginTone(t workbench.TenantView) kit.Tone {
	if !t.SignedIn {
		return kit.ToneWarning
	}
	return kit.TonePlain
}

// placeOf says which tenant it is, where, and through which registration, unless that goes without saying.
func placeOf(t workbench.TenantView) string {
	place := t.ContextID + " · " + t.Environment.Label()
	if strings.EqualFold(t.Registration, string(t.Environment)) || strings.EqualFold(t.Registration, t.Environment.Label()) {
		return place
	}
	return place + " · " + t.Registration
}

func tokenFact(t workbench.TenantView) string {
	if !t.HasSystemUser() {
		return "none: not approved"
	}
	return "fingerprint " + t.TokenFingerprint
}

func tokenTone(t workbench.TenantView) kit.Tone {
	if !t.HasSystemUser() {
		return kit.ToneWarning
	}
	return kit.TonePlain
}

// tenantText is the tenant as text for the clipboard. It holds no secret: the view has none.
func tenantText(t workbench.TenantView, now time.Time) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", tenant.OrDash(t.CompanyName))
	for _, f := range append([]kit.Fact{
		{Caption: "Context identifier", Value: t.ContextID},
		{Caption: "Environment", Value: t.Environment.Label()},
		{Caption: "Registration", Value: t.Registration},
		{Caption: "Verdict", Value: kit.VerdictWord(t.Verdict)},
	}, tenantFacts(t, now)...) {
		fmt.Fprintf(&b, "%s: %s\n", f.Caption, f.Value)
	}
	for _, p := range proofViews(t.Proofs, now) {
		fmt.Fprintf(&b, "%s: %s\n", p.Name, p.sentence())
	}
	if t.Trouble != nil {
		fmt.Fprintf(&b, "Failures in a row: %s\n", tenant.Thousands(t.Failures))
		fmt.Fprintf(&b, "Trouble: %s\n", t.Trouble.Sentence())
	}
	return b.String()
}

// logOnNowReason says why a tenant cannot be logged on to at once; "" when it can.
func logOnNowReason(t workbench.TenantView, p workbench.PollerView, running bool, now time.Time) string {
	switch {
	case !t.Active:
		return "The tenant is not active: switch Active on first"
	case !running:
		return "The poller is off: switch Poll on at the top first"
	case p.Lease.Held(now) && !p.Here:
		return fmt.Sprintf("The %s polls this data directory, and visits the tenant at its next tick", p.Lease.Program)
	}
	return ""
}
