package signin

import (
	"strings"
	"time"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/words"
)

// phase is where a sign-in stands.
type phase int

const (
	phaseIdle phase = iota
	phaseStarting
	phaseWaiting
	phaseReturned
	phaseFailed
	// phaseWithout is a sign-in that worked, without a system user token.
	phaseWithout
)

// state is all that is shown of a sign-in.
type state struct {
	phase       phase
	until       time.Time
	browserLost bool
	linkCopied  bool
	explanation tenant.Explanation
	// without is the tenant that came without a system user token.
	without workbench.TenantView
	// checks are the steps of the id token's validation, where a failed sign-in came as far as that. allChecks is
	// true while they are all shown.
	checks    []workbench.Check
	allChecks bool
}

// busy reports whether a sign-in is under way.
func (s state) busy() bool {
	return s.phase == phaseStarting || s.phase == phaseWaiting || s.phase == phaseReturned
}

// line says on one line how a sign-in goes that is under way; "" while none is.
func (s state) line(now time.Time) (string, kit.Tone) {
	switch s.phase {
	case phaseStarting:
		return textPreparing.String(), kit.ToneAccent
	case phaseReturned:
		return textReturned.String(), kit.ToneAccent
	case phaseWaiting:
		switch left := kit.Countdown(s.until, now); {
		case s.browserLost:
			return textBrowserLost.With(left), kit.ToneWarning
		case s.linkCopied:
			return textLinkCopied.With(left), kit.ToneAccent
		default:
			return textWaiting.With(left), kit.ToneAccent
		}
	}
	return "", kit.ToneAccent
}

// outcome is what there is to read after a sign-in; the zero view is nothing.
func (s state) outcome() kit.NoticeView {
	switch s.phase {
	case phaseFailed:
		v := kit.Explain(s.explanation)
		if failed := failedCheck(s.checks); failed != "" {
			v.Lines = append([]string{failed}, v.Lines...)
		}
		if s.allChecks {
			v.Lines = append(v.Lines, checkLines(s.checks)...)
		}
		return v
	case phaseWithout:
		v := kit.Explain(s.explanation)
		v.Tone = kit.ToneWarning
		return v
	}
	return kit.NoticeView{}
}

// Again is a new sign-in to a tenant. Where there is no system user token, the approval page is asked for,
// which would be passed over where the app itself is approved already.
func Again(t workbench.TenantView) workbench.SignInRequest {
	r := workbench.SignInRequest{Registration: t.Registration, ContextID: t.ContextID, LoginHint: t.SignedInAs}
	if !t.HasSystemUser() {
		r.Prompt = workbench.PromptConsent
	}
	return r
}

// failedCheck names the check that failed first; "" where none did.
func failedCheck(checks []workbench.Check) string {
	for i, c := range checks {
		if c.Checked && !c.Passed {
			return textCheckFailed.With(i+1, len(checks), words.Of(c.Name))
		}
	}
	return ""
}

// checkLines are all checks in their order, each with a mark: passed, failed, or left out. Neighbours that came
// to the same share a line, as the list stands above everything else.
func checkLines(checks []workbench.Check) []string {
	var lines []string
	for i := 0; i < len(checks); {
		c, names := checks[i], []string{}
		for ; i < len(checks) && checks[i].Passed == c.Passed && checks[i].Checked == c.Checked && checks[i].Reason == c.Reason; i++ {
			names = append(names, words.Of(checks[i].Name))
		}
		all := strings.Join(names, ", ")
		if c.Reason != "" {
			all = textCheckReason.With(all, c.Reason)
		}
		lines = append(lines, checkMark(c)+" "+all)
	}
	return lines
}

func checkMark(c workbench.Check) string {
	switch {
	case !c.Checked:
		return "–"
	case !c.Passed:
		return "✗"
	}
	return "✓"
}
