package sandbox

import (
	"net/http"
	"slices"
	"strings"
)

// The states a tenant can be in.
const (
	stateRunning            = "Running"
	stateOnlineMaintenance  = "OnlineMaintenance"
	versionOfTenants        = "Release_11.10_2026.11.20-01"
	retryAfterStoppedTenant = "60"
)

// tenantStates are all states, in the order of their numbers.
func tenantStates() []string {
	return []string{
		"Unknown", "Provisioning", stateRunning, "Deleted", "Suspended", stateOnlineMaintenance,
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

// runs reports whether a tenant in this state answers.
func runs(state string) bool { return state == stateRunning || state == stateOnlineMaintenance }

// statusAnswer is the answer about a tenant's status.
type statusAnswer struct {
	ContextIdentifier string
	Endpoint          string
	State             string
	IsRunning         bool
	ValidUntil        string
	API               string `json:"Api"`
	Version           string
}

// serveState answers a tenant's status, to anybody.
func (s *Sandbox) serveState(w http.ResponseWriter, r *http.Request) {
	t, ok := s.people.tenant(r.PathValue("ctx"))
	if !ok {
		s.answerJSON(w, http.StatusNotFound, map[string]string{"Message": "There is no such context identifier."})
		return
	}
	s.counters.add(t.Ctx, func(c *Counters) { c.StatusCalls++ })
	state, err := s.store.state(t.Ctx)
	if err != nil {
		s.fail(w, err)
		return
	}
	s.answerJSON(w, http.StatusOK, statusAnswer{
		ContextIdentifier: t.Ctx,
		Endpoint:          s.endpoint(t),
		State:             state,
		IsRunning:         runs(state),
		ValidUntil:        s.now().UTC().Add(statusLife).Format(sevenDigit),
		API:               s.endpoint(t) + "/api",
		Version:           versionOfTenants,
	})
}
