package detail

import (
	"cmp"
	"time"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/words"
)

// checkup is a diagnosis of a tenant: under way, or what came of it.
type checkup struct {
	// exchange is true where an exchange was asked for.
	exchange bool
	plan     []workbench.DiagnosedStep
	gone     []workbench.DiagnosedStep
	at       time.Time
	took     time.Duration
	remark   string
	// ended is true once no more steps come; cause is then why it failed, nil where all is well or it was cancelled.
	ended, cancelled bool
	cause            *tenant.Explanation

	job *kit.Job
}

// checkState is how far a step of the checkup has come.
type checkState int

const (
	checkPending checkState = iota
	checkRunning
	checkPassed
	checkSkipped
	checkFailed
	checkWarned // passed, with a word of warning
)

// checkRow is a step as a line.
type checkRow struct {
	State checkState
	Label string
	// Text is what was found, or what the step will prove. Warning is there where something is not quite well.
	Text, Warning string
	Took          string
	// Tip says what the step proves, and whether it did.
	Tip string
}

// rows are the steps in their order: those that were gone, the one under way, and those to come.
func (c *checkup) rows() []checkRow {
	rows := make([]checkRow, 0, len(c.plan))
	for i, planned := range c.plan {
		row := checkRow{Label: words.Of(planned.Label), Text: words.Of(planned.Proves), Tip: words.Of(planned.Proves)}
		switch {
		case i < len(c.gone):
			row.goneAs(c.gone[i])
		case i == len(c.gone) && !c.ended:
			row.State = checkRunning
		case c.ended:
			continue // it stopped before
		}
		rows = append(rows, row)
	}
	return rows
}

func (r *checkRow) goneAs(s workbench.DiagnosedStep) {
	r.Text, r.Warning, r.Took = words.Of(s.Detail), words.Of(s.Warning), words.Took(s.Took)
	switch {
	case s.Result == workbench.StepFailed:
		r.State, r.Tip = checkFailed, textStepFailed.With(r.Tip)
	case s.Result == workbench.StepSkipped:
		r.State, r.Took, r.Tip = checkSkipped, "", textStepSkipped.With(r.Tip)
	case s.Warning != "":
		r.State, r.Tip = checkWarned, textStepPassed.With(r.Tip)
	default:
		r.State, r.Tip = checkPassed, textStepPassed.With(r.Tip)
	}
	for _, check := range s.Checks {
		if check.Checked && !check.Passed {
			r.Text = textCheckFailed.With(r.Text, words.Of(check.Name), check.Reason)
			return
		}
	}
}

// title says what is going on, or what came of it.
func (c *checkup) title(t workbench.TenantView, zone *time.Location) string {
	switch {
	case !c.ended:
		return textChecking.With(cmp.Or(t.CompanyName, t.ContextID))
	case c.cancelled:
		return textCheckCancelled.String()
	}
	return textChecked.With(cmp.Or(t.CompanyName, t.ContextID), clock(c.at, zone), words.Took(c.took))
}

// answer is the notice for what came of it; the zero view as long as nothing has.
func (c *checkup) answer() kit.NoticeView {
	switch {
	case !c.ended || c.cancelled:
		return kit.NoticeView{}
	case c.cause != nil:
		return kit.Explain(*c.cause)
	}
	v := kit.NoticeView{Tone: kit.ToneGood, Title: words.Plural{One: "All is well: %s step.", Other: "All is well: %s steps."}.Of(len(c.gone))}
	if c.remark != "" {
		v.Lines = append(v.Lines, words.Of(c.remark))
	}
	return v
}

// tells reports whether the answer says the same as a tenant's trouble.
func (c *checkup) tells(trouble *tenant.Explanation) bool {
	return c != nil && c.ended && c.cause != nil && trouble != nil && c.cause.Cause == trouble.Cause && c.cause.What == trouble.What
}

// act is what a person can do next.
func (c *checkup) act(t workbench.TenantView, polling, elsewhere bool) act {
	switch {
	case !c.ended || c.cancelled:
		return ""
	case c.cause != nil:
		return actOn(c.cause, t)
	}
	if a := visitAct(t, polling, elsewhere); a != actRetry {
		return a
	}
	return ""
}

// exchangeQuestion asks before a row is written in a production tenant's database.
func exchangeQuestion(t workbench.TenantView) kit.NoticeView {
	return kit.NoticeView{Tone: kit.ToneProduction, Title: textExchangeInProduction.With(cmp.Or(t.CompanyName, t.ContextID)),
		Lines: []string{textExchangeWrites.String()}}
}
