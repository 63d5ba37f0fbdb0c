package tenant

import (
	"cmp"
	"time"
)

// Portable is what can move from one data directory to another. What was cached or learned (tickets, leases,
// what the poller had against a tenant) stays behind.
type Portable struct {
	Registrations []Registration
	Tenants       []PortableTenant
	// Settings is nil where none move.
	Settings *Settings
}

// PortableTenant is a tenant with what moves along with it.
type PortableTenant struct {
	Tenant
	// Login is nil where nobody is signed in.
	Login *Login
	// LogOnAt is the last successful log-on; zero where there was none.
	LogOnAt time.Time
}

// ImportOptions say how to take a [Portable] in.
type ImportOptions struct {
	// Replace puts what comes in the place of what is stored; without it what is stored stays.
	Replace bool
	// DryRun only tells what would be done.
	DryRun bool
}

// ImportOutcome is what became of one thing that came.
type ImportOutcome string

// The outcomes.
const (
	ImportAdded     ImportOutcome = "added"
	ImportReplaced  ImportOutcome = "replaced"
	ImportUnchanged ImportOutcome = "unchanged" // it was stored already, and just so
	ImportKept      ImportOutcome = "kept"      // another is stored, and stays
	// ImportLeftOut is a tenant whose registration is another app here, which must not see its tokens.
	ImportLeftOut ImportOutcome = "left-out"
)

// ImportOutcomes tell what became of a [Portable], in its order. Settings is empty where none came.
type ImportOutcomes struct {
	Registrations, Tenants []ImportOutcome
	Settings               ImportOutcome
}

// SameApp reports whether both are one app in one environment. All the sandbox's are: it may be made anew.
func (r Registration) SameApp(other Registration) bool {
	if r.Environment == Sandbox && other.Environment == Sandbox {
		return true
	}
	return r.Environment == other.Environment && r.Base == other.Base && r.ClientID == other.ClientID
}

// Name is what the tenant calls itself. Until somebody has signed in to it, or its token was exchanged for
// the first time, only its context identifier is known.
func (t Tenant) Name() string { return cmp.Or(t.CompanyName, t.ContextID) }
