package steps

import (
	"log/slog"
	"strings"
	"time"

	"partnerdesk/core/journal"
	"partnerdesk/core/tenant"
	"partnerdesk/ui/words"
)

// State is how far a step has come.
type State int

// The states of a step.
const (
	Pending State = iota
	// Running is the step that a sign-in waits for.
	Running
	Done
	Warned
	Failed
)

// label is the name of a step and its state in words, as colour alone must not carry it.
func (s State) label() words.Phrase {
	switch s {
	case Running:
		return textRunning
	case Done:
		return textDone
	case Warned:
		return textWarned
	case Failed:
		return textFailed
	}
	return textPending
}

// View is one step of the strip.
type View struct {
	Step  tenant.Step
	State State
	// Tip is its tool tip: the state in words, when, and what the journal says.
	Tip string
}

// note is what the journal last said about a step.
type note struct {
	state   State
	at      time.Time
	message string
}

// tenantSteps is how many steps happen for each tenant.
const tenantSteps = tenant.StepWebServices - tenant.StepExchange + 1

// Tracker follows the ten steps through the journal. Steps 1 to 7 happen once for the window; 8 to 10
// happen for each tenant, so the strip shows those of the chosen one: with hundreds of tenants one that
// fails must neither hide behind the others nor paint the strip red for all.
//
// Its methods are called from the user interface's goroutine.
type Tracker struct {
	since  time.Time
	shared map[tenant.Step]note
	// tenants has the steps of each tenant's own, from StepExchange on. There may be thousands of tenants.
	tenants map[tenant.Key]*[tenantSteps]note
	// latest is the tenant of the newest step of a tenant's own, shown while none is chosen.
	latest tenant.Key
	// signingIn is true from the click to the end of a sign-in.
	signingIn bool
}

// NewTracker makes a tracker that leaves out what happened before since.
func NewTracker(since time.Time) *Tracker {
	return &Tracker{since: since, shared: map[tenant.Step]note{}, tenants: map[tenant.Key]*[tenantSteps]note{}}
}

// Apply takes an event in, and reports whether it was about a step.
func (s *Tracker) Apply(e journal.Event) bool {
	if e.Step < tenant.StepStart || e.Step > tenant.StepWebServices || e.Time.Before(s.since) {
		return false
	}
	// The event's texts are parts of its line: without copies, thousands of lines would be kept whole for their sake.
	n := note{state: levelState(e.Level), at: e.Time, message: strings.Clone(e.Message)}
	if e.Step < tenant.StepExchange {
		s.shared[e.Step] = n
		return true
	}
	key := tenant.Key{Registration: e.Registration, ContextID: e.Tenant}
	own := s.tenants[key]
	if own == nil {
		own = new([tenantSteps]note)
		s.tenants[tenant.Key{Registration: strings.Clone(e.Registration), ContextID: strings.Clone(e.Tenant)}] = own
	}
	own[e.Step-tenant.StepExchange] = n
	s.latest = key
	return true
}

func levelState(level slog.Level) State {
	switch {
	case level >= slog.LevelError:
		return Failed
	case level >= slog.LevelWarn:
		return Warned
	}
	return Done
}

// Follow notes whether a sign-in is under way. As one begins, the steps of the last are forgotten.
func (s *Tracker) Follow(busy bool) {
	if busy && !s.signingIn {
		s.ForgetSignIn()
	}
	s.signingIn = busy
}

// ForgetSignIn puts out the steps of the last sign-in.
func (s *Tracker) ForgetSignIn() {
	for step := tenant.StepAuthorize; step <= tenant.StepStore; step++ {
		delete(s.shared, step)
	}
}

// Views are the ten steps as the strip shows them for a chosen tenant; the zero key means none is.
func (s *Tracker) Views(chosen tenant.Key, now time.Time) []View {
	if chosen == (tenant.Key{}) {
		chosen = s.latest
	}
	steps := tenant.Steps()
	views, notes := make([]View, len(steps)), make([]note, len(steps))
	for i, step := range steps {
		notes[i] = s.shared[step]
		if own := s.tenants[chosen]; own != nil && step >= tenant.StepExchange {
			notes[i] = own[step-tenant.StepExchange]
		}
		views[i] = View{Step: step, State: notes[i].state}
	}
	s.markRunning(views)
	for i, v := range views {
		views[i].Tip = tipOf(v, notes[i], now)
	}
	return views
}

// markRunning lights the step that a sign-in is waiting for: the first of its four that has not happened.
func (s *Tracker) markRunning(views []View) {
	if !s.signingIn {
		return
	}
	for i := range views {
		if step := views[i].Step; step < tenant.StepAuthorize || step > tenant.StepStore {
			continue
		}
		switch views[i].State {
		case Pending:
			views[i].State = Running
			return
		case Failed:
			return
		}
	}
}

// tipOf says the state of a step in words, when that was, and what the journal says.
func tipOf(v View, n note, now time.Time) string {
	tip := v.State.label().With(words.Of(v.Step.Label()))
	if !n.at.IsZero() {
		tip += " · " + n.at.In(now.Location()).Format(time.TimeOnly)
	}
	if n.message != "" {
		tip += "\n" + n.message
	}
	return tip
}
