package tenant

import "time"

// HistoryLife is how far back the history of a tenant is told.
const HistoryLife = 24 * time.Hour

// mostChanges is how many changes are kept of a tenant that never comes to rest.
const mostChanges = 96

// Change is a moment at which a tenant began to fare otherwise.
type Change struct {
	At      time.Time `json:"at"`
	Verdict Verdict   `json:"verdict"`
	// Cause, What and Why are those of the failure; empty where it is well, inactive or unknown.
	Cause Cause  `json:"cause,omitempty"`
	What  string `json:"what,omitempty"`
	Why   string `json:"why,omitempty"`
}

// History is how a tenant fared lately: the times at which that changed, and those at which somebody looked.
type History struct {
	Key
	// Changes are the oldest first. The first may lie before the time that was asked for, as it says how that began.
	Changes []Change `json:"changes"`
	// Polled are the stretches in which a poller was at work, whichever program's, the oldest first.
	Polled []Stretch `json:"polled"`
}

// Stretch is a part of a day.
type Stretch struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// Fares is how the tenant fares after what is known of the visits, as a change without its time. Unlike
// [Tenant.Verdict] it knows no age, as a history has times of its own.
func (v Visit) Fares() Change {
	trouble := v.Trouble
	if v.Company.barred() {
		trouble = v.Company.Trouble
	}
	switch {
	case trouble != nil && trouble.Temporary:
		return Change{Verdict: Resting, Cause: trouble.Cause, What: trouble.What, Why: trouble.Why}
	case trouble != nil:
		return Change{Verdict: NeedsAttention, Cause: trouble.Cause, What: trouble.What, Why: trouble.Why}
	case v.LogOnAt.IsZero() || v.FailedAt.After(v.LogOnAt): // never, or a person has answered a failure since
		return Change{Verdict: Unknown}
	}
	return Change{Verdict: Well}
}

// LookedAt is when the last visit ended; zero where there was none.
func (v Visit) LookedAt() time.Time {
	if v.FailedAt.After(v.LogOnAt) {
		return v.FailedAt
	}
	return v.LogOnAt
}

// Like reports whether two changes lead to the same.
func (c Change) Like(other Change) bool { return c.Verdict == other.Verdict && c.Cause == other.Cause }

// Then returns the history after another change, without what is too old to matter: of the changes before
// [HistoryLife] only the last one tells how the day began. A change to what it is already is none. Where a clock
// has jumped back, what lies ahead of the change goes: it was not so.
func (h History) Then(c Change) History {
	kept := make([]Change, 0, len(h.Changes)+1)
	for _, old := range h.Changes {
		if !old.At.After(c.At) {
			kept = append(kept, old)
		}
	}
	if n := len(kept); n > 0 && kept[n-1].Like(c) {
		h.Changes = kept
		return h
	}
	kept = append(kept, c)
	first := 0
	for first < len(kept)-1 && !kept[first+1].At.After(c.At.Add(-HistoryLife)) {
		first++
	}
	h.Changes = kept[max(first, len(kept)-mostChanges):]
	return h
}

// PolledStretches joins the times of ticks, the oldest first, to the stretches in which a poller was at work. pause is the
// longest time between two ticks that is no interruption.
func PolledStretches(ticks []time.Time, pause time.Duration) []Stretch {
	var spans []Stretch
	for _, at := range ticks {
		if n := len(spans); n > 0 && at.Sub(spans[n-1].To) <= pause {
			spans[n-1].To = at
			continue
		}
		spans = append(spans, Stretch{From: at, To: at})
	}
	return spans
}
