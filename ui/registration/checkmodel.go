package registration

import (
	"slices"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/words"
)

// checkPhase is where the check of what was entered stands.
type checkPhase int

const (
	unchecked checkPhase = iota
	checking
	checkStopped
	checkBroken // the check itself could not be made
	checkEnded
)

// checkState is what the form shows of its check.
type checkState struct {
	phase checkPhase
	// steps are those that were gone.
	steps []workbench.DiagnosedStep
	cause *tenant.Explanation
	// noSecret is true where no client secret was there to be checked.
	noSecret bool
	// stale is true when something was changed after the check had ended.
	stale bool
}

// passed reports whether what is in the form now was found to be well.
func (s checkState) passed() bool { return s.phase == checkEnded && s.cause == nil && !s.stale }

// sentence sums the state up.
func (s checkState) sentence() (string, kit.Tone) {
	switch {
	case s.stale:
		return textChangedSince.String(), kit.ToneMuted
	case s.phase == checking:
		return textChecking.String(), kit.ToneAccent
	case s.phase == checkStopped:
		return textCheckStopped.String(), kit.ToneMuted
	case s.phase == checkEnded && s.cause != nil:
		return textCheckFailed.String(), kit.ToneBad
	case s.phase == checkEnded && slices.ContainsFunc(s.steps, func(step workbench.DiagnosedStep) bool { return step.Warning != "" }):
		return textCheckWarned.String(), kit.ToneWarning
	case s.phase == checkEnded && s.skipped(workbench.DiagnoseClient) && s.noSecret, s.phase == checkEnded && s.skipped(workbench.DiagnoseKeyPair):
		return textCheckPartly.String(), kit.ToneWarning
	case s.phase == checkEnded && s.skipped(workbench.DiagnoseClient):
		return textCheckUnproven.String(), kit.ToneWarning
	case s.phase == checkEnded:
		return textCheckPassed.String(), kit.ToneGood
	}
	return textNotChecked.String(), kit.ToneMuted
}

// skipped reports whether there was nothing that a step could prove.
func (s checkState) skipped(name workbench.DiagnosisStep) bool {
	return slices.ContainsFunc(s.steps, func(step workbench.DiagnosedStep) bool {
		return step.Name == name && step.Result == workbench.StepSkipped
	})
}

// tick is how a step of the check is marked.
type tick int

const (
	tickAhead tick = iota
	tickRunning
	tickPassed
	tickWarning
	tickSkipped
	tickFailed
)

// checkRow is a step as the form shows it.
type checkRow struct {
	Tick          tick
	Label, Detail string
}

// rows are all steps: those that were gone, the one that is under way, and those that are ahead.
func (s checkState) rows() []checkRow {
	planned := workbench.RegistrationSteps()
	rows := make([]checkRow, 0, len(planned))
	for i, step := range planned {
		row := checkRow{Label: words.Of(step.Label)}
		switch {
		case i < len(s.steps):
			row.Tick, row.Detail = tickOf(s.steps[i]), words.Of(s.steps[i].Detail)
			if s.steps[i].Warning != "" {
				row.Detail += "\n" + words.Of(s.steps[i].Warning)
			}
		case s.phase == checking && i == len(s.steps):
			row.Tick, row.Detail = tickRunning, words.Of(step.Proves)
		case s.phase != checking:
			row.Detail = textStepNotReached.String()
		}
		rows = append(rows, row)
	}
	return rows
}

func tickOf(step workbench.DiagnosedStep) tick {
	switch {
	case step.Result == workbench.StepFailed:
		return tickFailed
	case step.Result == workbench.StepSkipped:
		return tickSkipped
	case step.Warning != "":
		return tickWarning
	}
	return tickPassed
}

// concerns says at which place of the form what a check found is to be put right.
func (s checkState) concerns() place {
	if s.cause == nil || len(s.steps) == 0 {
		return nowhere
	}
	switch s.steps[len(s.steps)-1].Name {
	case workbench.DiagnoseClient:
		if s.cause.Fault == tenant.FaultRegistration {
			return atSecret
		}
	case workbench.DiagnoseKeyPair:
		return atKey
	case workbench.DiagnoseKeySet:
		if s.cause.Fault == tenant.FaultRegistration {
			return atCertificate
		}
	case workbench.DiagnoseName, workbench.DiagnoseTLS, workbench.DiagnoseMetadata:
		return atAddress
	}
	return nowhere
}
