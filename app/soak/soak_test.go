package soak

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"partnerdesk/core/poller"
	"partnerdesk/core/tenant"
)

var (
	soakTenants = flag.Int("tenants", 40, "how many tenants the soak has")
	soakHours   = flag.Int("hours", 2, "how many virtual hours it lasts")
	soakSeed    = flag.Uint64("seed", 5, "what its troubles are drawn from")
)

// plan is what is to happen, and what is to come of it.
type plan struct {
	tenants  []string
	long     time.Duration
	episodes []episode
	// outage is the time in which the identity provider is down.
	outageBegin, outageEnd time.Duration
	// cycle is how long the poller takes to visit all tenants once, by its budget.
	cycle time.Duration
}

// result is what came of it.
type result struct {
	logOns map[string][]time.Duration
	counts map[string]counted
	stats  poller.Stats
	// breaker are the lines about the identity provider.
	breaker []string
	// worked are the ticks in which somebody was visited, and summaries the lines that tell of ticks.
	worked, summaries int
	// told are the lines about tenants' troubles by tenant.
	told map[string]int
}

const budget = 10

// TestADayOfTroubles is the soak under faults: every tenant is logged on to as often as the budget lets it while it
// is well, none is forgotten, no token is exchanged without need, the breaker opens and closes once, and the journal
// tells it all.
func TestADayOfTroubles(t *testing.T) {
	p, r := soak(t)
	p.checkLogOns(t, r)
	p.checkExchanges(t, r)
	p.checkJournal(t, r)
	total := 0
	for _, c := range r.counts {
		total += c.PrincipalCalls
	}
	t.Logf("%d tenants, %s: %d episodes, %d ticks, %d log-ons asked for, a cycle of %s", len(p.tenants), p.long, len(p.episodes), r.stats.Ticks, total, p.cycle)
}

// TestTheSameSeedGivesTheSameDay is what makes a soak that failed worth looking into. The same is what came of the
// day for each tenant; the moments differ by some milliseconds, for which goroutines of the same moment wait for
// each other's commits.
func TestTheSameSeedGivesTheSameDay(t *testing.T) {
	_, a := soak(t)
	_, b := soak(t)
	for _, ctx := range slices.Sorted(maps.Keys(a.logOns)) {
		if a, b := fmt.Sprint(len(a.logOns[ctx]), a.counts[ctx], a.told[ctx]), fmt.Sprint(len(b.logOns[ctx]), b.counts[ctx], b.told[ctx]); a != b {
			t.Errorf("%s: %s, and then %s", ctx, a, b)
		}
	}
}

func soak(t *testing.T) (plan, result) {
	var p plan
	var r result
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, *soakTenants)
		p = newPlan(w)
		r = w.carryOut(p)
		w.close()
	})
	return p, r
}

func newPlan(w *world) plan {
	p := plan{long: time.Duration(*soakHours) * time.Hour}
	for _, t := range w.ready.Tenants {
		p.tenants = append(p.tenants, t.Ctx)
	}
	p.episodes = planTrouble(rand.New(rand.NewPCG(*soakSeed, 0)), p.tenants, p.long)
	p.outageBegin = p.long/2 + 7*time.Second
	p.outageEnd = p.outageBegin + min(p.long/4, time.Hour)
	// A visit is one request, and one more when the status has ended, every five minutes. Visits begin within 80 %
	// of each interval.
	n := float64(len(p.tenants))
	p.cycle = max(time.Duration(n/(0.8*budget-n/300)*float64(time.Second)), tenant.DefaultPollInterval)
	return p
}

// carryOut polls while the troubles come and go.
func (w *world) carryOut(p plan) result {
	began := time.Now()
	ctx, cancel := context.WithTimeout(w.t.Context(), p.long)
	defer cancel()
	polled := make(chan poller.Stats)
	go func() { polled <- w.poll(ctx, budget) }()
	all := changes(p.episodes)
	all = append(all, change{p.outageBegin, []map[string]any{{"action": "fault", "fault": "provider-dropped", "on": true}}},
		change{p.outageEnd, []map[string]any{{"action": "fault", "fault": "provider-dropped", "on": false}}})
	slices.SortStableFunc(all, func(a, b change) int { return int(a.at - b.at) })
	for _, c := range all {
		if c.at >= p.long {
			break
		}
		time.Sleep(time.Until(began.Add(c.at)))
		for _, o := range c.orders {
			w.order(o)
		}
	}
	r := result{stats: <-polled, worked: w.worked, counts: w.counters(), logOns: map[string][]time.Duration{}, told: map[string]int{}}
	for ctx, times := range w.logOns {
		for _, at := range times {
			r.logOns[ctx] = append(r.logOns[ctx], at.Sub(began))
		}
	}
	for _, e := range w.events("poller") {
		switch {
		case strings.HasPrefix(e.Message, "Polled "):
			r.summaries++
		case strings.Contains(e.Message, "identity provider"):
			r.breaker = append(r.breaker, e.Message)
		case strings.HasPrefix(e.Message, "Could not log on"):
			r.told[e.Tenant]++
		}
	}
	return r
}

// excused reports whether a tenant need not be logged on to at some moment between from and to.
func (p plan) excused(ctx string, from, to time.Duration) bool {
	overlaps := func(begin, end time.Duration) bool { return from < end && to > begin }
	if overlaps(p.outageBegin, p.outageEnd+2*time.Minute+p.cycle) {
		return true
	}
	return slices.ContainsFunc(p.episodes, func(e episode) bool {
		return e.ctx == ctx && e.kind != moves && overlaps(e.begin, e.end+e.kind.recovery()+p.cycle)
	})
}

func (p plan) checkLogOns(t *testing.T, r result) {
	longest := 2*p.cycle + tenant.DefaultPollInterval
	// The first round costs three requests a tenant.
	last := time.Duration(float64(3*len(p.tenants))/(0.8*budget)*float64(time.Second)) + tenant.DefaultPollInterval
	for _, ctx := range p.tenants {
		times := append(append([]time.Duration{last}, r.logOns[ctx]...), p.long)
		for i, at := range times[1:] {
			if before := times[i]; at-before > longest && !p.excused(ctx, before, at) {
				t.Errorf("%s was not logged on to from %s to %s", ctx, before, at)
			}
		}
	}
	for _, ctx := range p.tenants[:len(p.tenants)/4] { // never in trouble
		well := p.long - (p.outageEnd - p.outageBegin) - last
		if n := len(r.logOns[ctx]); float64(n) < 0.8*float64(well)/float64(p.cycle) {
			t.Errorf("%s, which was always well, was logged on to %d times in %s", ctx, n, p.long)
		}
	}
}

// checkExchanges allows each tenant its first exchange; where its ticket was ended and its token refused, one for
// noticing, one for each slow retry, and one when all is well again.
func (p plan) checkExchanges(t *testing.T, r result) {
	allowed := map[string]int{}
	for _, ctx := range p.tenants {
		allowed[ctx] = 1
	}
	for _, e := range p.episodes {
		if e.kind == revoked {
			allowed[e.ctx] += 2
		}
	}
	for _, ctx := range p.tenants {
		if n := r.counts[ctx].Exchanges; n > allowed[ctx] || n == 0 {
			t.Errorf("%s: %d exchanges, %d are planned", ctx, n, allowed[ctx])
		}
	}
}

func (p plan) checkJournal(t *testing.T, r result) {
	if len(r.breaker) != 2 {
		t.Errorf("the breaker opens and closes once, and says so; got %q", r.breaker)
	}
	if r.summaries < r.worked || r.summaries > r.worked+1 { // the last one is cut off by the end
		t.Errorf("%d ticks with visits, and %d summaries in the journal", r.worked, r.summaries)
	}
	for _, e := range p.episodes {
		noticed := e.end-e.begin > 2*p.cycle+tenant.DefaultPollInterval && e.end < p.outageBegin
		if e.kind != moves && noticed && r.told[e.ctx] == 0 {
			t.Errorf("the journal does not tell that %s %s", e.ctx, e.kind)
		}
	}
}
