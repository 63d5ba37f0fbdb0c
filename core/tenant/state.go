package tenant

import (
	"strconv"
	"strings"
)

// State is what the status service says of a tenant.
type State int

// The states with SuperOffice's own numbers (docs.superoffice.com, tenant status).
const (
	StateUnknown            State = 0
	StateProvisioning       State = 1
	StateRunning            State = 2
	StateDeleted            State = 3
	StateSuspended          State = 4
	StateOnlineMaintenance  State = 5
	StateOfflineMaintenance State = 6
	StateProvisioningFailed State = 8
	StateDeleting           State = 10
	StateDeleteFailed       State = 11
	StateMigrationPending   State = 12
)

var stateNames = map[State]string{
	StateUnknown:            "Unknown",
	StateProvisioning:       "Provisioning",
	StateRunning:            "Running",
	StateDeleted:            "Deleted",
	StateSuspended:          "Suspended",
	StateOnlineMaintenance:  "OnlineMaintenance",
	StateOfflineMaintenance: "OfflineMaintenance",
	StateProvisioningFailed: "ProvisioningFailed",
	StateDeleting:           "Deleting",
	StateDeleteFailed:       "DeleteFailed",
	StateMigrationPending:   "MigrationPending",
}

// String returns SuperOffice's name of the state, and the number of one that it has not published.
func (s State) String() string {
	if name, ok := stateNames[s]; ok {
		return name
	}
	return "state " + strconv.Itoa(int(s))
}

// Running reports whether the tenant's web services answer in this state.
func (s State) Running() bool { return s == StateRunning || s == StateOnlineMaintenance }

// ParseState reads a state by name or by number. A name that SuperOffice has not published is
// StateUnknown and false, never an error: new states must not stop an app.
func ParseState(s string) (State, bool) {
	s = strings.TrimSpace(s)
	if n, err := strconv.Atoi(s); err == nil {
		_, known := stateNames[State(n)]
		return State(n), known
	}
	for state, name := range stateNames {
		if strings.EqualFold(name, s) {
			return state, true
		}
	}
	return StateUnknown, false
}
