package tenants

import (
	"slices"
	"strings"
	"time"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
)

// Row is a tenant as the list shows it, ready to be drawn.
type Row struct {
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

// RowOf makes the row of a tenant.
func RowOf(t workbench.TenantView, now time.Time) Row {
	r := Row{
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

// matching returns the rows in which every word of the filter occurs.
func matching(rows []Row, filter string) []Row {
	words := strings.Fields(strings.ToLower(filter))
	if len(words) == 0 {
		return rows
	}
	var found []Row
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
