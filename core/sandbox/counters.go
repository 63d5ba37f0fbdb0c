package sandbox

import (
	"maps"
	"net/http"
	"sync"
)

// Counters count what the sandbox was asked about a tenant since it started, or since they were reset.
// Requests that were refused count too.
type Counters struct {
	Exchanges      int `json:"exchanges"`
	StatusCalls    int `json:"status_calls"`
	PrincipalCalls int `json:"principal_calls"`
	ContactPosts   int `json:"contact_posts"`
	// ContactGets are the reads of a default company and the searches.
	ContactGets int `json:"contact_gets"`
	// CodeGrants and RefreshGrants are token requests by what they brought: a code or a refresh token.
	CodeGrants    int `json:"code_grants"`
	RefreshGrants int `json:"refresh_grants"`
	Revocations   int `json:"revocations"`
}

// plus adds two of them up.
func (c Counters) plus(d Counters) Counters {
	return Counters{
		Exchanges: c.Exchanges + d.Exchanges, StatusCalls: c.StatusCalls + d.StatusCalls,
		PrincipalCalls: c.PrincipalCalls + d.PrincipalCalls, ContactPosts: c.ContactPosts + d.ContactPosts,
		ContactGets: c.ContactGets + d.ContactGets, CodeGrants: c.CodeGrants + d.CodeGrants,
		RefreshGrants: c.RefreshGrants + d.RefreshGrants, Revocations: c.Revocations + d.Revocations,
	}
}

// totals are the counters of all tenants, of requests that named none, and of what belongs to no tenant.
type totals struct {
	Counters
	MetadataReads int `json:"metadata_reads"`
	KeySetReads   int `json:"key_set_reads"`
	// TokenRequests are all requests for tokens, whatever they brought.
	TokenRequests int `json:"token_requests"`
	// SlowAnswers are the requests that a fault has kept, or keeps, waiting.
	SlowAnswers int `json:"slow_answers"`
}

// counters hold one Counters a tenant that was asked for; their number is bounded by that of the tenants.
type counters struct {
	mu    sync.Mutex
	byCtx map[string]Counters // "" for requests that named no tenant
	whole totals              // its Counters stay empty until they are read
}

func newCounters() *counters { return &counters{byCtx: map[string]Counters{}} }

// count counts a request.
func (c *counters) count(e errand) {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := c.byCtx[e.ctx]
	switch e.place {
	case placeMetadata:
		c.whole.MetadataReads++
	case placeKeys:
		c.whole.KeySetReads++
	case placeTokens:
		c.whole.TokenRequests++
		switch e.grant {
		case grantCode:
			n.CodeGrants++
		case grantRefresh:
			n.RefreshGrants++
		}
	case placeRevoke:
		n.Revocations++
	case placeExchange:
		n.Exchanges++
	case placeStatus:
		n.StatusCalls++
	case placePrincipal:
		n.PrincipalCalls++
	case placeContactGet:
		n.ContactGets++
	case placeSave:
		n.ContactPosts++
	}
	if n != (Counters{}) {
		c.byCtx[e.ctx] = n
	}
}

// slowed counts a request that a fault keeps waiting.
func (c *counters) slowed() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.whole.SlowAnswers++
}

// reset begins again: for the tenant, or with an empty ctx for everything.
func (c *counters) reset(ctx string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if ctx != "" {
		delete(c.byCtx, ctx)
		return
	}
	clear(c.byCtx)
	c.whole = totals{}
}

func (c *counters) of(ctx string) Counters {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.byCtx[ctx]
}

// countersAnswer is the counters as JSON.
type countersAnswer struct {
	Total   totals              `json:"total"`
	Tenants map[string]Counters `json:"tenants"`
}

// all copies the counters and adds them up.
func (c *counters) all() countersAnswer {
	c.mu.Lock()
	defer c.mu.Unlock()
	answer := countersAnswer{Total: c.whole, Tenants: maps.Clone(c.byCtx)}
	for _, n := range answer.Tenants {
		answer.Total.Counters = answer.Total.plus(n)
	}
	delete(answer.Tenants, "")
	return answer
}

// serveCounters answers all counters.
func (s *Sandbox) serveCounters(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set(hCache, noStore)
	s.answerJSON(w, http.StatusOK, s.counters.all())
}
