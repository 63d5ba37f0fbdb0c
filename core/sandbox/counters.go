package sandbox

import (
	"maps"
	"net/http"
	"sync"
)

// Counters count what the sandbox was asked since it started.
type Counters struct {
	Exchanges      int `json:"exchanges"`
	StatusCalls    int `json:"status_calls"`
	PrincipalCalls int `json:"principal_calls"`
	ContactPosts   int `json:"contact_posts"`
}

// counters hold one Counters a tenant that was asked for; their number is bounded by that of the tenants.
type counters struct {
	mu    sync.Mutex
	byCtx map[string]Counters
}

func newCounters() *counters { return &counters{byCtx: map[string]Counters{}} }

func (c *counters) add(ctx string, count func(*Counters)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := c.byCtx[ctx]
	count(&n)
	c.byCtx[ctx] = n
}

// all copies the counters.
func (c *counters) all() map[string]Counters {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.byCtx)
}

// countersAnswer is the counters as JSON.
type countersAnswer struct {
	Total   Counters            `json:"total"`
	Tenants map[string]Counters `json:"tenants"`
}

// serveCounters answers all counters.
func (s *Sandbox) serveCounters(w http.ResponseWriter, _ *http.Request) {
	answer := countersAnswer{Tenants: s.counters.all()}
	for _, n := range answer.Tenants {
		answer.Total.Exchanges += n.Exchanges
		answer.Total.StatusCalls += n.StatusCalls
		answer.Total.PrincipalCalls += n.PrincipalCalls
		answer.Total.ContactPosts += n.ContactPosts
	}
	w.Header().Set(hCache, noStore)
	s.answerJSON(w, http.StatusOK, answer)
}

func (c *counters) of(ctx string) Counters {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.byCtx[ctx]
}
