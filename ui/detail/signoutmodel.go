package detail

import (
	"cmp"
	"context"
	"errors"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
)

// signOutQuestion asks before a login is ended.
func signOutQuestion(t workbench.TenantView) kit.NoticeView {
	v := kit.NoticeView{Tone: kit.ToneWarning, Title: textSignOutQuestion.With(tenant.OrDash(t.SignedInAs), cmp.Or(t.CompanyName, t.ContextID), t.ContextID),
		Lines: []string{textSignOutMeans.String()}}
	if t.HasSystemUser() {
		v.Lines = append(v.Lines, textSystemUserStays.String())
	}
	if t.Environment == tenant.Production {
		v.Tone = kit.ToneProduction
	}
	return v
}

// signOutReason says why nobody can be signed out; "" where somebody can.
func signOutReason(t workbench.TenantView, signingOut, removing bool) string {
	switch {
	case signingOut:
		return textSignOutUnderWay.String()
	case removing:
		return textRemovalUnderWay.String()
	case !t.SignedIn:
		return textNobodySignedIn.String()
	}
	return ""
}

func cancelled(err error) bool { return errors.Is(err, context.Canceled) }

// unreached reports whether the login was kept as nobody could be asked to end it.
func unreached(r workbench.SignedOut) bool {
	return r.RefreshToken.Outcome == workbench.TokenNotReached || r.AccessToken.Outcome == workbench.TokenNotReached
}

// begun reports whether the refresh token was ended, or the attempt was answered.
func begun(r workbench.SignedOut) bool {
	return r.RefreshToken.Outcome != workbench.TokenNotTried && r.RefreshToken.Outcome != workbench.TokenNotReached
}

// signedOutNotice says what became of a login. Where there is a page that ends the browser's session, its last
// line says so.
func signedOutNotice(t workbench.TenantView, r workbench.SignedOut, err error) kit.NoticeView {
	if err != nil {
		v := kit.Explain(tenant.Explain(err))
		if begun(r) {
			v.Lines = append(tokenLines(r), v.Lines...)
		}
		return v
	}
	v := kit.NoticeView{Tone: kit.ToneGood, Title: textSignedOut.With(tenant.OrDash(r.UserName), cmp.Or(t.CompanyName, t.ContextID), t.ContextID)}
	if !r.Removed {
		v.Tone, v.Title = kit.ToneWarning, textSignedInMeanwhile.String()
	}
	if r.RefreshToken.Failure != nil || r.AccessToken.Failure != nil {
		v.Tone = kit.ToneWarning
	}
	v.Lines = tokenLines(r)
	if r.SystemUserStays {
		v.Lines = append(v.Lines, textSystemUserStays.String())
	}
	if r.EndSessionURL != "" {
		v.Lines = append(v.Lines, textEndSessionOpened.String())
	}
	return v
}

// tokenLines say what became of both tokens: in one line where it is the same.
func tokenLines(r workbench.SignedOut) []string {
	if r.RefreshToken.Failure == nil && r.RefreshToken == r.AccessToken {
		return []string{textBothTokens.With(outcomeWords(r.RefreshToken))}
	}
	return []string{textRefreshToken.With(outcomeWords(r.RefreshToken)), textAccessToken.With(outcomeWords(r.AccessToken))}
}

// outcomeWords are what became of a token, and whether it lives on.
func outcomeWords(e workbench.TokenEnd) string {
	text := tokenOutcome(e.Outcome)
	if e.Failure == nil || e.Failure.Server == "" {
		return text
	}
	return textServerSays.With(text, e.Failure.Server)
}

func tokenOutcome(o workbench.TokenOutcome) string {
	switch o {
	case workbench.TokenRevoked:
		return textTokenRevoked.String()
	case workbench.TokenUnknown:
		return textTokenUnknown.String()
	case workbench.TokenNotThere:
		return textTokenNotThere.String()
	case workbench.TokenNotTried:
		return textTokenNotTried.String()
	case workbench.TokenRefused:
		return textTokenRefused.String()
	case workbench.TokenNotReached:
		return textTokenNotReached.String()
	}
	return string(o)
}
