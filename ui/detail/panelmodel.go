package detail

import (
	"cmp"
	"strings"
	"time"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/words"
)

// tenantFacts are what the panel shows of a tenant, in reading order for three columns.
func tenantFacts(t workbench.TenantView, now time.Time) []kit.Fact {
	fact := func(caption words.Phrase, value string, tone kit.Tone) kit.Fact {
		return kit.Fact{Caption: caption.String(), Value: value, Tone: tone}
	}
	return []kit.Fact{
		fact(factSerial, tenant.OrDash(t.Serial), kit.TonePlain),
		fact(factLogin, loginFact(t), loginTone(t)),
		fact(signedInCaption(t), words.Moment(t.SignedInAt, now.Location()), kit.TonePlain),
		fact(factTicket, words.Remaining(t.TicketUntil, now), kit.TonePlain),
		fact(factToken, tokenFact(t), tokenTone(t)),
		fact(factExchanges, words.Thousands(t.ExchangesToday), kit.TonePlain),
	}
}

// loginFact names who is signed in. After a sign-out it is nobody, whoever it was.
func loginFact(t workbench.TenantView) string {
	if !t.SignedIn {
		return textNobody.String()
	}
	return tenant.OrDash(t.SignedInAs)
}

func signedInCaption(t workbench.TenantView) words.Phrase {
	if !t.SignedIn {
		return factLastSignIn
	}
	return factSignedIn
}

func loginTone(t workbench.TenantView) kit.Tone {
	if !t.SignedIn {
		return kit.ToneWarning
	}
	return kit.TonePlain
}

// placeOf says which tenant it is, where, and through which registration, unless that goes without saying.
func placeOf(t workbench.TenantView) string {
	place := []string{t.ContextID, words.Of(t.Environment.Label())}
	if !strings.EqualFold(t.Registration, string(t.Environment)) && !strings.EqualFold(t.Registration, t.Environment.Label()) {
		place = append(place, t.Registration)
	}
	return strings.Join(place, " · ")
}

func tokenFact(t workbench.TenantView) string {
	if !t.HasSystemUser() {
		return textNotApproved.String()
	}
	return textFingerprint.With(t.TokenFingerprint)
}

func tokenTone(t workbench.TenantView) kit.Tone {
	if !t.HasSystemUser() {
		return kit.ToneWarning
	}
	return kit.TonePlain
}

// tenantText is the tenant as text for the clipboard. It holds no secret: the view has none.
func tenantText(t workbench.TenantView, now time.Time) string {
	lines := []string{cmp.Or(t.CompanyName, t.ContextID),
		textNamed.With(factContextID, t.ContextID), textNamed.With(factEnvironment, words.Of(t.Environment.Label())),
		textNamed.With(factRegistration, t.Registration), textNamed.With(factVerdict, kit.VerdictWord(t.Verdict))}
	for _, f := range tenantFacts(t, now) {
		lines = append(lines, textNamed.With(f.Caption, f.Value))
	}
	for _, p := range proofViews(t.Proofs, now) {
		lines = append(lines, textNamed.With(p.Name, p.sentence()))
	}
	if t.Trouble != nil {
		trouble := append([]string{words.Of(t.Trouble.What)}, kit.ExplanationLines(*t.Trouble)...)
		lines = append(lines, textNamed.With(factFailures, words.Thousands(t.Failures)), textNamed.With(factTrouble, strings.Join(trouble, " ")))
	}
	return strings.Join(lines, "\n") + "\n"
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
