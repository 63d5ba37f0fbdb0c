package sandbox

import (
	"net/http"
	"net/url"
	"slices"
)

// fault is one way in which the sandbox can misbehave on demand. A row of the tables behind allFaults says
// all there is to say of it: its name, its sentence, and what it does to which part of the wire.
type fault struct {
	name, group, about string
	// everybody marks a fault that cannot be set for single tenants, because it shows where none is known.
	everybody bool
	// delayed marks a fault that takes a delay.
	delayed bool

	// What the fault does. A fault with none of these is asked for by its name, where the strict code has
	// two ways to go.

	// wire stands around the handlers of the places in at.
	wire effect
	at   []place
	// refuse ends a sign-in that would have succeeded.
	refuse *oauthError
	// callback changes the parameters that go back to the app.
	callback func(*Sandbox, url.Values)
	// granted changes a successful answer to a token request of this grant.
	granted func(grant string, a *tokenAnswer)
	// idToken and exchanged change a token before it is signed: that of a sign-in, or that of an exchange.
	idToken, exchanged twist
	// denied refuses an exchange that would have succeeded, and worded changes how any refusal is told.
	denied *exchangeRefusal
	worded func(*exchangeRefusal)
	// metadata, keySet and status change these documents.
	metadata func(*Sandbox, map[string]any)
	keySet   func(*Sandbox, []map[string]any) ([]map[string]any, error)
	status   func(*Sandbox, tenant, map[string]any)
	// unknown answers a status request for a tenant that there is not.
	unknown func(s *Sandbox, w http.ResponseWriter, ctx string)
	// caller changes who a tenant takes a caller for.
	caller func(*caller)
}

// The groups of faults, as the control page and the list name them.
const (
	groupAuthorize     = "authorize"
	groupConsent       = "consent"
	groupTokens        = "tokens"
	groupRevocation    = "revocation"
	groupIDToken       = "id token"
	groupExchange      = "exchange"
	groupExchangeToken = "exchange token"
	groupKeys          = "keys and metadata"
	groupStatus        = "status"
	groupServices      = "web services"
	groupProvider      = "provider"
)

// allFaults is every fault, group by group. Where several are on, they act in this order.
func allFaults() []fault {
	return slices.Concat(
		inGroup(groupAuthorize, authorizeFaults()),
		inGroup(groupConsent, consentFaults()),
		inGroup(groupTokens, tokenFaults()),
		inGroup(groupRevocation, revocationFaults()),
		inGroup(groupIDToken, idTokenFaults()),
		inGroup(groupExchange, exchangeFaults()),
		inGroup(groupExchangeToken, exchangeTokenFaults()),
		inGroup(groupKeys, keyFaults()),
		inGroup(groupStatus, statusFaults()),
		inGroup(groupServices, serviceFaults()),
		inGroup(groupProvider, providerFaults()),
	)
}

func inGroup(group string, rows []fault) []fault {
	for i := range rows {
		rows[i].group = group
	}
	return rows
}
