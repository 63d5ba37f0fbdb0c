package ui

import (
	"log/slog"
	"time"

	"partnerdesk/core/journal"
	"partnerdesk/core/tenant"
)

// stepState is how far a step has come.
type stepState int

const (
	stepPending stepState = iota
	stepRunning
	stepDone
	stepWarned
	stepFailed
)

// word is the state in words, as colour alone must not carry it.
func (s stepState) word() string {
	switch s {
	case stepRunning:
		return "under way"
	case stepDone:
		return "done"
	case stepWarned:
		return "done with a warning"
	case stepFailed:
		return "failed"
	}
	return "not yet"
}

// stepView is one step of the strip.
type stepView struct {
	Step  tenant.Step
	State stepState
	// Tip is its tool tip: the state in words, when, and what the journal says.
	Tip string
}

// stepNote is what the journal last said about a step.
type stepNote struct {
	state   stepState
	at      time.Time
	message string
}

// stepTracker follows the ten steps through the journal. Steps 1 to 7 happen once for the window; 8 to 10
// happen for each tenant, so the strip shows those of the chosen one: with hundreds of tenants one that
// fails must neither hide behind the others nor paint the strip red for all.
//
// Its methods are called from the user interface's goroutine.
type stepTracker struct {
	since   time.Time
	shared  map[tenant.Step]stepNote
	tenants map[tenant.Key]map[tenant.Step]stepNote
	// latest is the tenant of the newest step of a tenant's own, shown while none is chosen.
	latest tenant.Key
	// signingIn is true from the click to the end of a sign-in.
	signingIn bool
}

func newStepTracker(since time.Time) *stepTracker {
	return &stepTracker{since: since, shared: map[tenant.Step]stepNote{}, tenants: map[tenant.Key]map[tenant.Step]stepNote{}}
}

// apply takes an event in, and reports whether it was about a step.
func (s *stepTracker) apply(e journal.Event) bool {
	if e.Step < tenant.StepStart || e.Step > tenant.StepWebServices || e.Time.Before(s.since) {
		return false
	}
	note := stepNote{state: levelState(e.Level), at: e.Time, message: e.Message}
	if e.Step < tenant.StepExchange {
		s.shared[e.Step] = note
		return true
	}
	key := tenant.Key{Registration: e.Registration, ContextID: e.Tenant}
	if s.tenants[key] == nil {
		s.tenants[key] = map[tenant.Step]stepNote{}
	}
	s.tenants[key][e.Step] = note
	s.latest = key
	return true
}

func levelState(level slog.Level) stepState {
	switch {
	case level >= slog.LevelError:
		return stepFailed
	case level >= slog.LevelWarn:
		return stepWarned
	}
	return stepDone
}

// follow notes whether a sign-in is under way. As one begins, the steps of the last are forgotten.
func (s *stepTracker) follow(busy bool) {
	if busy && !s.signingIn {
		s.forgetSignIn()
	}
	s.signingIn = busy
}

// forgetSignIn puts out the steps of the last sign-in.
func (s *stepTracker) forgetSignIn() {
	for step := tenant.StepAuthorize; step <= tenant.StepStore; step++ {
		delete(s.shared, step)
	}
}

// views are the ten steps as the strip shows them for a chosen tenant; the zero key means none is.
func (s *stepTracker) views(chosen tenant.Key, now time.Time) []stepView {
	if chosen == (tenant.Key{}) {
		chosen = s.latest
	}
	steps := tenant.Steps()
	views, notes := make([]stepView, len(steps)), make([]stepNote, len(steps))
	for i, step := range steps {
		notes[i] = s.shared[step]
		if step >= tenant.StepExchange {
			notes[i] = s.tenants[chosen][step]
		}
		views[i] = stepView{Step: step, State: notes[i].state}
	}
	s.markRunning(views)
	for i, v := range views {
		views[i].Tip = stepTip(v, notes[i], now)
	}
	return views
}

// markRunning lights the step that a sign-in is waiting for: the first of its four that has not happened.
func (s *stepTracker) markRunning(views []stepView) {
	if !s.signingIn {
		return
	}
	for i := range views {
		if step := views[i].Step; step < tenant.StepAuthorize || step > tenant.StepStore {
			continue
		}
		switch views[i].State {
		case stepPending:
			views[i].State = stepRunning
			return
		case stepFailed:
			return
		}
	}
}

func stepTip(v stepView, note stepNote, now time.Time) string {
	tip := v.Step.Label() + ": " + v.State.word()
	if !note.at.IsZero() {
		tip += " at " + note.at.In(now.Location()).Format("15:04:05")
	}
	if note.message != "" {
		tip += "\n" + note.message
	}
	return tip
}
