package superid

import (
	"errors"
	"time"

	"partnerdesk/core/tenant"
)

// refusedIDToken explains why an id token was not accepted. Here the person, or the registration, may have
// caused what would otherwise be the server's fault.
func refusedIDToken(op, what string, err error, skew time.Duration) *tenant.Problem {
	p := refusedToken(op, what, err, skew)
	_, malformed := errors.AsType[typeError](err)
	switch {
	case malformed:
	case errors.Is(err, ErrTenant):
		p.Explanation = tenant.CauseOtherTenant.Explain(what, p.Why, "")
	case errors.Is(err, ErrAudience):
		p.Explanation = tenant.CauseOtherApp.Explain(what, p.Why, "")
	}
	return p
}

// refusedToken explains a failed validation by the first step that refused the token.
func refusedToken(op, what string, err error, skew time.Duration) *tenant.Problem {
	why := "The token's check failed: " + err.Error() + "."
	e := tenant.CauseTokenRefused.Explain(what, why, "")
	var inner *tenant.Problem
	var off timeError
	switch {
	case errors.As(err, &inner): // the keys could not be read: that is the cause worth naming
		e = inner.Explanation
		e.What = what
	case errors.Is(err, ErrCertificate):
		e = tenant.CauseCertificateStale.Explain(what, why, "")
	case errors.Is(err, ErrKey):
		e = tenant.CauseKeyUnknown.Explain(what, why, "")
	case errors.As(err, &off) && off.explainedBy(skew):
		e = tenant.CauseClock.Explain(what, why+" "+clockSentence(skew), "Set this machine's clock, then try again.")
	case errors.As(err, &off):
		e = tenant.CauseTokenTimes.Explain(what, why, "")
	case errors.Is(err, ErrTenant):
		e = tenant.CauseWrongTenant.Explain(what, why, "")
	}
	return &tenant.Problem{Op: op, Explanation: e, Err: err}
}

// explainedBy reports whether the step would have passed by the server's clock, which is skew ahead of ours.
// What is off by less than a minute is not worth naming.
func (e timeError) explainedBy(skew time.Duration) bool {
	if clockSentence(skew) == "" {
		return false
	}
	if e.off < 0 {
		return skew < e.off
	}
	return skew >= e.off
}
