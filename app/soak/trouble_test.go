package soak

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"time"
)

// kind is a way in which a tenant can be in trouble.
type kind string

const (
	moves     kind = "moves"     // to the other host
	suspended kind = "suspended" // its state says so
	revoked   kind = "revoked"   // its ticket has ended, and its token buys no other
	slow      kind = "slow"      // it answers after a minute
	drops     kind = "drops"     // it hangs up
	rubbish   kind = "rubbish"   // it answers with a page
	broken    kind = "broken"    // it answers 500
)

var kinds = []kind{moves, suspended, revoked, slow, drops, rubbish, broken}

// episode is one tenant's trouble, from its begin to its end.
type episode struct {
	ctx        string
	kind       kind
	begin, end time.Duration // since the soak's begin
}

// recovery is how long after an episode's end the poller may take to try again, by the rules that it goes by: the
// slow retry for what needs a person, the status that is valid for five minutes, the longest back-off with its
// jitter.
func (k kind) recovery() time.Duration {
	switch k {
	case moves:
		return 0
	case suspended:
		return 6 * time.Minute
	case revoked:
		return 65 * time.Minute
	}
	return 25 * time.Minute
}

// orders are what brings the trouble about, and what ends it.
func (e episode) orders() (begin, end []map[string]any) {
	fault := func(name string) ([]map[string]any, []map[string]any) {
		on := map[string]any{"action": "fault", "fault": name, "ctx": e.ctx, "on": true}
		if e.kind == slow {
			on["delay"] = "60s"
		}
		return []map[string]any{on}, []map[string]any{{"action": "fault", "fault": name, "ctx": e.ctx, "on": false}}
	}
	switch e.kind {
	case moves:
		return []map[string]any{{"action": "move", "ctx": e.ctx}}, nil
	case suspended:
		return []map[string]any{{"action": "state", "ctx": e.ctx, "state": "Suspended"}},
			[]map[string]any{{"action": "state", "ctx": e.ctx, "state": "Running"}}
	case revoked:
		begin, end = fault("exchange-refused-revoked")
		return append(begin, map[string]any{"action": "expire", "what": "tickets", "ctx": e.ctx}), end
	case slow:
		return fault("services-slow")
	case drops:
		return fault("services-dropped")
	case rubbish:
		return fault("services-html")
	}
	return fault("services-500")
}

// planTrouble has one in twenty tenants in trouble at any time. The first quarter of the tenants never is.
func planTrouble(r *rand.Rand, tenants []string, long time.Duration) []episode {
	var all []episode
	may := tenants[len(tenants)/4:]
	busyUntil := map[string]time.Duration{}
	var current []episode
	// At half a second past the half minute, when no tick begins.
	for at := 30*time.Second + 500*time.Millisecond; at < long; at += time.Minute {
		current = slices.DeleteFunc(current, func(e episode) bool { return e.end <= at })
		for len(current) < max(1, len(tenants)/20) {
			ctx := may[r.IntN(len(may))]
			if busyUntil[ctx] > at {
				continue
			}
			e := episode{ctx: ctx, kind: kinds[r.IntN(len(kinds))], begin: at, end: at + time.Duration(10+r.IntN(30))*time.Minute}
			busyUntil[ctx] = e.end + time.Minute
			current, all = append(current, e), append(all, e)
		}
	}
	return all
}

// change is an order at its time.
type change struct {
	at     time.Duration
	orders []map[string]any
}

// changes puts the orders of all episodes in their order.
func changes(episodes []episode) []change {
	var all []change
	for _, e := range episodes {
		begin, end := e.orders()
		all = append(all, change{e.begin, begin}, change{e.end, end})
	}
	slices.SortStableFunc(all, func(a, b change) int { return cmp.Compare(a.at, b.at) })
	return all
}
