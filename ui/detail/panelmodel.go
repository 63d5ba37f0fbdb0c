package detail

import (
	"fmt"
	"strings"
	"time"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/words"
)

// tenantFacts are what the panel shows of a tenant, in reading order for three columns.
func tenantFacts(t workbench.TenantView, now time.Time) []kit.Fact {
	return []kit.Fact{
		{Caption: "Serial number", Value: tenant.OrDash(t.Serial)},
		{Caption: "Signed in as", Value: loginFact(t), Tone: loginTone(t)},
		{Caption: signedInCaption(t), Value: tenant.Moment(t.SignedInAt, now.Location())},
		{Caption: "Ticket", Value: tenant.Remaining(t.TicketUntil, now)},
		{Caption: "System user token", Value: tokenFact(t), Tone: tokenTone(t)},
		{Caption: "Exchanges today", Value: tenant.Thousands(t.ExchangesToday)},
	}
}

// loginFact names who is signed in. After a sign-out it is nobody, whoever it was.
func loginFact(t workbench.TenantView) string {
	if !t.SignedIn {
		return textNobody.String()
	}
	return tenant.OrDash(t.SignedInAs)
}

func signedInCaption(t workbench.TenantView) string {
	if !t.SignedIn {
		return "Last sign-in"
	}
	return "Signed in"
}

func loginTone(t workbench.TenantView) kit.Tone {
	if !t.SignedIn {
		return kit.ToneWarning
	}
	return kit.TonePlain
}

// placeOf says which tenant it is, where, and through which registration, unless that goes without saying.
func placeOf(t workbench.TenantView) string {
	place := t.ContextID + " · " + t.Environment.Label()
	if strings.EqualFold(t.Registration, string(t.Environment)) || strings.EqualFold(t.Registration, t.Environment.Label()) {
		return place
	}
	return place + " · " + t.Registration
}

func tokenFact(t workbench.TenantView) string {
	if !t.HasSystemUser() {
		return "none: not approved"
	}
	return "fingerprint " + t.TokenFingerprint
}

func tokenTone(t workbench.TenantView) kit.Tone {
	if !t.HasSystemUser() {
		return kit.ToneWarning
	}
	return kit.TonePlain
}

// tenantText is the tenant as text for the clipboard. It holds no secret: the view has none.
func tenantText(t workbench.TenantView, now time.Time) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", tenant.OrDash(t.CompanyName))
	for _, f := range append([]kit.Fact{
		{Caption: "Context identifier", Value: t.ContextID},
		{Caption: "Environment", Value: t.Environment.Label()},
		{Caption: "Registration", Value: t.Registration},
		{Caption: "Verdict", Value: kit.VerdictWord(t.Verdict)},
	}, tenantFacts(t, now)...) {
		fmt.Fprintf(&b, "%s: %s\n", f.Caption, f.Value)
	}
	for _, p := range proofViews(t.Proofs, now) {
		fmt.Fprintf(&b, "%s: %s\n", p.Name, p.sentence())
	}
	if t.Trouble != nil {
		fmt.Fprintf(&b, "Failures in a row: %s\n", tenant.Thousands(t.Failures))
		fmt.Fprintf(&b, "Trouble: %s\n", t.Trouble.Sentence())
	}
	return b.String()
}

// logOnNowReason says why a tenant cannot be logged on to at once; "" when it can. Another program that polls does
// it as well: it hears within a second what a person asks for here.
func logOnNowReason(t workbench.TenantView, p workbench.PollerView, running bool, now time.Time) string {
	switch {
	case !t.Active:
		return textNotActive.String()
	case !running && (p.Here || !p.Lease.Held(now)):
		return textPollerOff.String()
	}
	return ""
}

// troubleNotice is the notice for why the poller could not visit a tenant, with the time of its next try.
func troubleNotice(trouble *tenant.Explanation, retryAt, now time.Time) kit.NoticeView {
	if trouble == nil {
		return kit.NoticeView{}
	}
	v := kit.Explain(*trouble)
	if retryAt.After(now) {
		v.Lines = append(v.Lines, textTriesAgain.With(words.Until(retryAt, now)))
	}
	return v
}
