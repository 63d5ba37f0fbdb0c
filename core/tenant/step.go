package tenant

import "strconv"

// Step is one of the ten steps of SuperOffice's tutorial, from a started app to a call that works. Every
// journal event that carries a step out names it, so that the log reads as the tutorial does.
type Step int

// The steps.
const (
	StepStart       Step = 1
	StepNoSession   Step = 2
	StepAuthorize   Step = 3
	StepCallback    Step = 4
	StepIDToken     Step = 5
	StepStore       Step = 6
	StepPoll        Step = 7
	StepExchange    Step = 8
	StepTicket      Step = 9
	StepWebServices Step = 10
)

var stepLabels = [...]string{
	"Start", "Ready to sign in", "Open the browser", "Approve", "Validate the id token",
	"Store the tenant", "Poll", "Exchange the token", "Validate the answer", "Call the tenant",
}

// Steps lists all ten in order.
func Steps() []Step {
	steps := make([]Step, len(stepLabels))
	for i := range steps {
		steps[i] = Step(i + 1)
	}
	return steps
}

// Label is the step's name for people, without its number.
func (s Step) Label() string {
	if s < 1 || int(s) > len(stepLabels) {
		return "step " + strconv.Itoa(int(s))
	}
	return stepLabels[s-1]
}
