package detail

import (
	"cmp"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
)

// removeQuestion asks before a tenant is offboarded.
func removeQuestion(t workbench.TenantView) kit.NoticeView {
	v := kit.NoticeView{Tone: kit.ToneWarning, Title: textRemoveQuestion.With(cmp.Or(t.CompanyName, t.ContextID), t.ContextID),
		Lines: []string{textRemoveEnds.String()}}
	if t.HasSystemUser() {
		v.Lines[0] += " " + textRemoveProves.String()
	}
	v.Lines[0] += " " + textRemoveDeletes.String()
	v.Lines = append(v.Lines, textApprovalStays.String())
	if t.Environment == tenant.Production {
		v.Tone = kit.ToneProduction
	}
	return v
}

// removeReason says why the tenant cannot be removed; "" where it can.
func removeReason(signingOut, removing bool) string {
	switch {
	case removing:
		return textRemovalUnderWay.String()
	case signingOut:
		return textSignOutUnderWay.String()
	}
	return ""
}

// mayRemoveAnyway reports whether what stopped a removal is that SuperOffice could not be reached.
func mayRemoveAnyway(r workbench.Receipt) bool {
	return r.RefreshToken.Outcome == workbench.TokenNotReached || r.AccessToken.Outcome == workbench.TokenNotReached ||
		r.SystemUser.Outcome == workbench.ProofNotReached
}

// keptNotice says why a tenant was kept. What was ended by then is said too.
func keptNotice(r workbench.Receipt, err error) kit.NoticeView {
	v := kit.Explain(tenant.Explain(err))
	if ended(r.RefreshToken) || ended(r.AccessToken) {
		v.Lines = append([]string{textEndedByThen.String()}, v.Lines...)
	}
	return v
}

// ended reports whether a token is no longer good.
func ended(e workbench.TokenEnd) bool {
	return e.Outcome == workbench.TokenRevoked || e.Outcome == workbench.TokenUnknown
}
