package damage

import (
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/words"
)

// mostNamed is how many damaged things the notice names: it must leave room for the work.
const mostNamed = 3

// noticeOf names what cannot be trusted, and what to do; the zero view where all is well.
func noticeOf(damaged []workbench.DamageView) kit.NoticeView {
	switch len(damaged) {
	case 0:
		return kit.NoticeView{}
	case 1:
		v := kit.Explain(damaged[0].Trouble)
		v.Lines = append(v.Lines, textRecover.String())
		return v
	}
	v := kit.NoticeView{Tone: kit.ToneBad, Title: textPlaces.Of(len(damaged)), Lines: []string{words.Of(damaged[0].Trouble.Why)}}
	for _, d := range damaged[:min(len(damaged), mostNamed)] {
		v.Lines = append(v.Lines, "• "+words.Of(d.Trouble.What))
	}
	if more := len(damaged) - mostNamed; more > 0 {
		v.Lines = append(v.Lines, "• "+textMore.Of(more))
	}
	v.Lines = append(v.Lines, textOneByOne.String(), textRecover.String())
	return v
}

// kind is what is damaged.
type kind int

const (
	ofSettings kind = iota
	ofRegistration
	ofTenant
)

func kindOf(k tenant.Key) kind {
	switch {
	case k.ContextID != "":
		return ofTenant
	case k.Registration != "":
		return ofRegistration
	}
	return ofSettings
}

// next is what is put right first: tenants go before the registration that they belong to.
func next(damaged []workbench.DamageView) workbench.DamageView {
	best := damaged[0]
	for _, d := range damaged[1:] {
		if kindOf(d.Key) > kindOf(best.Key) {
			best = d
		}
	}
	return best
}

// deed is the words of the button that begins.
func deed(k tenant.Key) string {
	switch kindOf(k) {
	case ofTenant:
		return textRemoveThe.With(k.ContextID)
	case ofRegistration:
		return textRemoveThe.With(k.Registration)
	}
	return textResetSettings.String()
}

// question asks before anything is done.
func question(k tenant.Key) kit.NoticeView {
	v := kit.NoticeView{Tone: kit.ToneWarning}
	switch kindOf(k) {
	case ofTenant:
		v.Title = textAskTenant.With(k.ContextID, k.Registration)
		v.Lines = []string{textAskTenantWhat.String()}
	case ofRegistration:
		v.Title = textAskRegistration.With(k.Registration)
		v.Lines = []string{textAskRegistrationWhat.String()}
	default:
		v.Title = textAskSettings.String()
		v.Lines = []string{textAskSettingsWhat.String()}
	}
	return v
}
