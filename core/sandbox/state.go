package sandbox

import (
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
)

// The states a tenant can be in.
const (
	stateUnknown            = "Unknown"
	stateRunning            = "Running"
	stateDeleted            = "Deleted"
	stateOnlineMaintenance  = "OnlineMaintenance"
	versionOfTenants        = "Release_11.10_2026.11.20-01"
	retryAfterStoppedTenant = "60"
)

// tenantStates are all states, in the order of their numbers.
func tenantStates() []string {
	return []string{
		stateUnknown, "Provisioning", stateRunning, stateDeleted, "Suspended", stateOnlineMaintenance,
		"OfflineMaintenance", "ProvisioningFailed", "Deleting", "DeleteFailed", "MigrationPending",
	}
}

// stateNamed returns the state as the wire writes it, however the name is cased.
func stateNamed(name string) (string, bool) {
	states := tenantStates()
	i := slices.IndexFunc(states, func(s string) bool { return strings.EqualFold(s, name) })
	if i < 0 {
		return "", false
	}
	return states[i], true
}

// stateNumber is the number of a state on the wire. 7 and 9 are no states.
func stateNumber(state string) int {
	number := slices.Index(tenantStates(), state)
	switch {
	case number < 7:
		return number
	case number == 7:
		return 8
	}
	return number + 2
}

// runs reports whether a tenant in this state answers.
func runs(state string) bool { return state == stateRunning || state == stateOnlineMaintenance }

// serveState answers a tenant's status, to anybody.
func (s *Sandbox) serveState(w http.ResponseWriter, r *http.Request) {
	t, ok := s.people.tenant(r.PathValue("ctx"))
	if !ok {
		s.answerUnknown(w, asAsked(r))
		return
	}
	state, err := s.store.state(t.Ctx)
	if err != nil {
		s.fail(w, err)
		return
	}
	if state == stateDeleted && s.faults.is(faultDeletedAs404, t.Ctx) {
		s.answerUnknown(w, t.Ctx)
		return
	}
	s.answerJSON(w, http.StatusOK, s.twistStatus(t, map[string]any{
		"ContextIdentifier": t.Ctx,
		"Endpoint":          s.endpoint(t),
		"State":             state,
		"IsRunning":         runs(state),
		"ValidUntil":        s.now().UTC().Add(statusLife).Format(sevenDigit),
		"Api":               s.endpoint(t) + "/api",
		"Version":           versionOfTenants,
	}))
}

// twistStatus lets the faults change a status.
func (s *Sandbox) twistStatus(t tenant, status map[string]any) map[string]any {
	for _, f := range s.faults.on(t.Ctx) {
		if f.status != nil {
			f.status(s, t, status)
		}
	}
	return status
}

// asAsked is the last part of the path as it was sent: guard folds its case.
func asAsked(r *http.Request) string {
	u, err := url.ParseRequestURI(r.RequestURI)
	if err != nil {
		return r.PathValue("ctx")
	}
	return path.Base(u.Path)
}

// answerUnknown answers for a tenant that there is not. What the real service says then, no document
// tells: 404 is the strict form, and faults have the others.
func (s *Sandbox) answerUnknown(w http.ResponseWriter, ctx string) {
	for _, f := range s.faults.on("") {
		if f.unknown != nil {
			f.unknown(s, w, ctx)
			return
		}
	}
	s.answerJSON(w, http.StatusNotFound, map[string]string{"Message": "There is no such context identifier."})
}
