package detail

import (
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/words"
)

// act is what a person can do about a failure with one press.
type act string

// The acts. The zero act is none.
const (
	actSignIn       act = "sign-in"
	actApprove      act = "approval"
	actActivate     act = "activate"
	actPoll         act = "poll"
	actRegistration act = "registration"
	actRetry        act = "retry"
	actRemove       act = "remove"
)

// actFor is the act that does what the taxonomy advises for a cause; none where the advice is to wait, to read, or to
// do something outside of this program.
func actFor(c tenant.Cause) act {
	switch c {
	case tenant.CauseNoAnswer, tenant.CauseOtherTenant, tenant.CauseSignInAgain, tenant.CauseNotSignedIn, tenant.CauseLoginEnded,
		tenant.CauseCredentialRefused:
		return actSignIn
	case tenant.CauseRevoked, tenant.CauseExpired, tenant.CauseDenied, tenant.CauseReapproval, tenant.CauseNotApproved,
		tenant.CauseNotAdministrator, tenant.CauseOptionMissing:
		return actApprove
	case tenant.CauseIncomplete, tenant.CauseAddress, tenant.CauseClientRefused, tenant.CauseRedirectURI, tenant.CauseSigningKey,
		tenant.CauseKeyUnusable, tenant.CauseRequestRefused, tenant.CauseExchangeRefused, tenant.CauseOtherApp,
		tenant.CauseCertificateStale, tenant.CausePort:
		return actRegistration
	case tenant.CauseTenantGone:
		return actRemove
	case tenant.CauseCancelled, tenant.CauseClock, tenant.CauseFilesBusy, tenant.CauseSecretStore, tenant.CauseSandbox,
		tenant.CauseUnexpected, tenant.CauseTenantSuspended, tenant.CauseMaintenance, tenant.CauseTenantMoved,
		tenant.CauseTenantFailed, tenant.CauseProviderFailed, tenant.CauseAnswerUnusable, tenant.CauseTokenRefused,
		tenant.CauseKeyUnknown, tenant.CauseTokenTimes, tenant.CauseWrongTenant, tenant.CauseUnreachable,
		tenant.CauseNameUnknown, tenant.CauseTimedOut, tenant.CauseUntrustedTLS:
		return actRetry
	}
	return ""
}

// actOn is the act for a tenant's trouble. The sandbox's registration belongs to the program and is not for people to
// change.
func actOn(trouble *tenant.Explanation, t workbench.TenantView) act {
	if trouble == nil {
		return ""
	}
	a := actFor(trouble.Cause)
	if a == actRegistration && t.Environment == tenant.Sandbox {
		return actRetry
	}
	return a
}

// visitAct is what lets the poller visit a tenant again: retry means that it does so at once, where nothing stands in
// the way.
func visitAct(t workbench.TenantView, polling, elsewhere bool) act {
	switch {
	case !t.Active:
		return actActivate
	case !polling && !elsewhere:
		return actPoll
	}
	return actRetry
}

// actWords name an act on its button, and tell in the tool tip what it does.
func actWords(a act) (label, tip words.Phrase) {
	switch a {
	case actSignIn:
		return textSignInAgain, textSignInAgainTip
	case actApprove:
		return textShowApproval, textShowApprovalTip
	case actActivate:
		return textActivate, textActiveTip
	case actPoll:
		return textSwitchPollOn, textSwitchPollOnTip
	case actRegistration:
		return textOpenRegistration, textOpenRegistrationTip
	case actRemove:
		return textRemove, textRemoveTip
	case actRetry:
		return textRetry, textRetryTip
	}
	return "", ""
}
