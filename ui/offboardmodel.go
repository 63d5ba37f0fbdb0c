package ui

import (
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
)

// removeQuestion asks before a tenant is offboarded.
func removeQuestion(t workbench.TenantView) noticeView {
	v := noticeView{Tone: toneWarning, Title: "Remove " + tenant.OrDash(t.CompanyName) + " (" + t.ContextID + ") from this data directory?",
		Lines: []string{textRemoveEnds}}
	if t.HasSystemUser() {
		v.Lines[0] += " " + textRemoveProves
	}
	v.Lines[0] += " " + textRemoveDeletes
	v.Lines = append(v.Lines, textApprovalStays)
	if t.Environment == tenant.Production {
		v.Tone = toneProduction
	}
	return v
}

// removeReason says why the tenant cannot be removed; "" where it can.
func removeReason(signingOut, removing bool) string {
	switch {
	case removing:
		return "a removal is under way"
	case signingOut:
		return "a sign-out is under way"
	}
	return ""
}

// mayRemoveAnyway reports whether what stopped a removal is that SuperOffice could not be reached.
func mayRemoveAnyway(r workbench.Receipt) bool {
	return r.RefreshToken.Outcome == workbench.TokenNotReached || r.AccessToken.Outcome == workbench.TokenNotReached ||
		r.SystemUser.Outcome == workbench.ProofNotReached
}

// keptNotice says why a tenant was kept. What was ended by then is said too.
func keptNotice(r workbench.Receipt, err error) noticeView {
	v := explain(tenant.Explain(err))
	if ended(r.RefreshToken) || ended(r.AccessToken) {
		v.Lines = append([]string{textEndedByThen}, v.Lines...)
	}
	return v
}

// ended reports whether a token is no longer good.
func ended(e workbench.TokenEnd) bool {
	return e.Outcome == workbench.TokenRevoked || e.Outcome == workbench.TokenUnknown
}
