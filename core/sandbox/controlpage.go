package sandbox

import (
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// controlPage is the page of switches.
type controlPage struct {
	overviewPage
	// Here is the address that the page's forms post to, and come back to.
	Here string
	// For is the tenant that the page's fields for one name already; empty for none.
	For    tenant
	Groups []faultGroup
	// On are the faults that are on somewhere.
	On      []faultOn
	Now     time.Time
	Offset  time.Duration
	Kid     string
	Former  int // how many former signing keys are still published
	Counted totals
	// Done says what was changed, Refused why nothing was.
	Done, Refused string
	// Suggested are the tenants that a fault's field offers: a browser need not list ten thousand.
	Suggested []tenant
}

// faultGroup is the faults of one group.
type faultGroup struct {
	Name string
	ID   string
	On   int
	// Open shows its faults: that of the fault which was switched last.
	Open   bool
	Faults []faultRow
}

// faultOn is a fault that is on, with the places where it is.
type faultOn struct {
	Name, Description string
	Chips             []chip
	More              int // how many tenants the chips leave out
}

// chip is a place where a fault is on, with what switches it off there.
type chip struct {
	Here, Fault, Ctx, Delay string
	Left                    int
}

const (
	// maxChips is how many tenants of a fault the page names.
	maxChips = 12
	// maxSuggested bounds the tenants that a field offers.
	maxSuggested = 100
)

// serveControl shows the switches, or the tenants as JSON where JSON is asked for.
func (s *Sandbox) serveControl(w http.ResponseWriter, r *http.Request) {
	if !wantsJSON(r) {
		s.showControl(w, r, http.StatusOK, "")
		return
	}
	list, err := s.overview(pageNumber(r), r.URL.Query().Get("find"))
	if err != nil {
		s.fail(w, err)
		return
	}
	w.Header().Set(hCache, noStore)
	s.answerJSON(w, http.StatusOK, map[string]any{
		"total": list.Total, "next_page": list.Next, "tenants": list.Rows, "clock": s.clockAnswer(),
	})
}

// showControl shows the page of switches, with the words of a refusal where there was one.
func (s *Sandbox) showControl(w http.ResponseWriter, r *http.Request, status int, refused string) {
	list, err := s.overview(pageNumber(r), r.URL.Query().Get("find"))
	if err != nil {
		s.fail(w, err)
		return
	}
	done := r.URL.Query().Get("done")
	p := controlPage{
		overviewPage: list, Here: s.controlAddress(r, ""), Now: s.now(), Offset: s.clock.away(),
		Counted: s.counters.all().Total, Refused: refused,
		Suggested: s.people.tenants[:min(maxSuggested, len(s.people.tenants))],
	}
	if refused == "" {
		p.Done = s.doneWords(done)
	}
	p.For, _ = s.people.tenant(r.URL.Query().Get("for"))
	p.Kid, p.Former = s.keys.describe()
	p.addFaults(s.faults.rows(), done)
	s.page(w, status, pageControl, p)
}

// controlAddress is the page as the request has it, with what was done since.
func (s *Sandbox) controlAddress(r *http.Request, done string) string {
	query := url.Values{"page": {strconv.Itoa(pageNumber(r))}}
	for _, name := range []string{"find", "for"} {
		if value := r.URL.Query().Get(name); value != "" {
			query.Set(name, value)
		}
	}
	if done != "" {
		query.Set("done", done)
	}
	return pathControl + "?" + query.Encode()
}

// addFaults puts the faults into their groups, and those that are on to the top. The group of the one that
// was switched last is open.
func (p *controlPage) addFaults(rows []faultRow, switched string) {
	for _, row := range rows {
		if n := len(p.Groups); n == 0 || p.Groups[n-1].Name != row.Group {
			p.Groups = append(p.Groups, faultGroup{Name: row.Group, ID: "group-" + strconv.Itoa(n+1)})
		}
		group := &p.Groups[len(p.Groups)-1]
		group.Faults = append(group.Faults, row)
		group.Open = group.Open || row.Name == switched
		if row.On {
			group.On++
			p.On = append(p.On, row.spread(p.Here))
		}
	}
}

// spread is a fault that is on, with a chip for each of the first tenants or one for all.
func (r faultRow) spread(here string) faultOn {
	places := r.Tenants
	if r.All {
		places = []string{""}
	}
	on := faultOn{Name: r.Name, Description: r.Description, More: max(0, len(places)-maxChips)}
	for _, ctx := range places[:len(places)-on.More] {
		c := r.courses[ctx]
		on.Chips = append(on.Chips, chip{Here: here, Fault: r.Name, Ctx: ctx, Delay: c.delayText(), Left: c.left})
	}
	return on
}

// doneWords says what was changed. It repeats nothing that the sandbox does not know.
func (s *Sandbox) doneWords(done string) string {
	switch done {
	case actionClear:
		return "All faults are off, and the clock is right."
	case actionClock:
		return "The clock was changed."
	case actionRotate:
		return "The provider signs with a new key."
	case actionReset:
		return "The counters begin again."
	case actionExpire:
		return "The credentials of all tenants have ended."
	}
	if s.faults.byName[done] != nil {
		return "The fault " + done + " was switched."
	}
	if t, known := s.people.tenant(done); known {
		return t.Ctx + " was changed."
	}
	return ""
}
