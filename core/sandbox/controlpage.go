package sandbox

import (
	"net/http"
	"strconv"
	"time"
)

// controlPage is the page of switches.
type controlPage struct {
	overviewPage
	Groups []faultGroup
	// On are the faults that are on somewhere.
	On      []faultRow
	Now     time.Time
	Offset  time.Duration
	Kid     string
	Former  int // how many former signing keys are still published
	Counted Totals
	Done    string
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

// chip is a fault that is on somewhere, with what switches it off there.
type chip struct {
	Fault, Ctx, Delay string
	Left              int
}

// maxSuggested bounds the tenants that a field offers.
const maxSuggested = 100

// serveControl shows the switches, or the tenants as JSON where JSON is asked for.
func (s *Sandbox) serveControl(w http.ResponseWriter, r *http.Request) {
	list, err := s.overview(pageNumber(r), r.URL.Query().Get("find"))
	if err != nil {
		s.fail(w, err)
		return
	}
	w.Header().Set(hCache, noStore)
	if wantsJSON(r) {
		s.answerJSON(w, http.StatusOK, map[string]any{
			"total": list.Total, "next_page": list.Next, "tenants": list.Rows, "clock": s.clockAnswer(),
		})
		return
	}
	done := r.URL.Query().Get("done")
	p := controlPage{
		overviewPage: list, Now: s.now(), Offset: s.clock.away(), Counted: s.counters.all().Total,
		Done: s.doneWords(done), Suggested: s.people.tenants[:min(maxSuggested, len(s.people.tenants))],
	}
	p.Kid, p.Former = s.keys.describe()
	for _, row := range s.faults.rows() {
		if n := len(p.Groups); n == 0 || p.Groups[n-1].Name != row.Group {
			p.Groups = append(p.Groups, faultGroup{Name: row.Group, ID: "group-" + strconv.Itoa(n+1)})
		}
		group := &p.Groups[len(p.Groups)-1]
		group.Faults = append(group.Faults, row)
		group.Open = group.Open || row.Name == done
		if row.On {
			group.On++
			p.On = append(p.On, row)
		}
	}
	s.page(w, http.StatusOK, pageControl, p)
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
