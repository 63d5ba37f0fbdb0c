package ui

import (
	"fmt"
	"strings"
	"time"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
)

// signInPhase is where a sign-in stands.
type signInPhase int

const (
	signInIdle signInPhase = iota
	signInStarting
	signInWaiting
	signInReturned
	signInFailed
	// signInWithout is a sign-in that worked, without a system user token.
	signInWithout
)

// signInState is all that the banner shows of a sign-in.
type signInState struct {
	phase       signInPhase
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
func (s signInState) busy() bool {
	return s.phase == signInStarting || s.phase == signInWaiting || s.phase == signInReturned
}

// banner is what the window says about the sign-in; the zero view is nothing.
func (s signInState) banner(now time.Time) kit.NoticeView {
	switch s.phase {
	case signInStarting:
		return kit.NoticeView{Tone: kit.ToneAccent, Title: "Preparing the sign-in…"}
	case signInWaiting:
		return s.waitingBanner(now)
	case signInReturned:
		return kit.NoticeView{Tone: kit.ToneAccent, Title: "The browser is back. Checking the answer…"}
	case signInFailed:
		v := kit.Explain(s.explanation)
		if failed := failedCheck(s.checks); failed != "" {
			v.Lines = append([]string{failed}, v.Lines...)
		}
		if s.allChecks {
			v.Lines = append(v.Lines, checkLines(s.checks)...)
		}
		return v
	case signInWithout:
		v := kit.Explain(s.explanation)
		v.Tone = kit.ToneWarning
		return v
	}
	return kit.NoticeView{}
}

func (s signInState) waitingBanner(now time.Time) kit.NoticeView {
	v := kit.NoticeView{Tone: kit.ToneAccent, Title: "Waiting for your approval in the browser… " + kit.Countdown(s.until, now) + " left"}
	switch {
	case s.browserLost:
		v.Tone = kit.ToneWarning
		v.Lines = []string{"The browser could not be opened from here. Copy the link and open it yourself."}
	case s.linkCopied:
		v.Lines = []string{"The link is on the clipboard. It is good for this sign-in only."}
	}
	return v
}

// askAgain is a new sign-in to a tenant. Where there is no system user token, the approval page is asked for,
// which would be passed over where the app itself is approved already.
func askAgain(t workbench.TenantView) workbench.SignInRequest {
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
			return fmt.Sprintf("Check %d of %d failed: %s.", i+1, len(checks), c.Name)
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
			names = append(names, checks[i].Name)
		}
		line := checkMark(c) + " " + strings.Join(names, ", ")
		if c.Reason != "" {
			line += ": " + c.Reason
		}
		lines = append(lines, line)
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
