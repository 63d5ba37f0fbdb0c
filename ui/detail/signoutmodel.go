package detail

import (
	"context"
	"errors"
	"fmt"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
)

// signOutQuestion asks before a login is ended.
func signOutQuestion(t workbench.TenantView) kit.NoticeView {
	v := kit.NoticeView{Tone: kit.ToneWarning, Title: "Sign " + tenant.OrDash(t.SignedInAs) + " out of " + tenant.OrDash(t.CompanyName) + " (" + t.ContextID + ")?",
		Lines: []string{"SuperOffice is asked to end the login's tokens, and they are deleted here. Your browser then opens the page that ends its own session."}}
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
		return "a sign-out is under way"
	case removing:
		return "a removal is under way"
	case !t.SignedIn:
		return "nobody is signed in"
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
	v := kit.NoticeView{Tone: kit.ToneGood, Title: tenant.OrDash(r.UserName) + " is signed out of " + tenant.OrDash(t.CompanyName) + " (" + t.ContextID + ")."}
	if !r.Removed {
		v.Tone, v.Title = kit.ToneWarning, "Signed out, but somebody has signed in anew meanwhile: that login stays."
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
		return []string{"Refresh token and access token: " + outcomeWords(r.RefreshToken) + "."}
	}
	return []string{
		"Refresh token: " + outcomeWords(r.RefreshToken) + ".",
		"Access token: " + outcomeWords(r.AccessToken) + ".",
	}
}

// outcomeWords are what became of a token, and whether it lives on.
func outcomeWords(e workbench.TokenEnd) string {
	words := ""
	switch e.Outcome {
	case workbench.TokenRevoked:
		return "revoked at SuperOffice"
	case workbench.TokenUnknown:
		return "SuperOffice did not know it any more"
	case workbench.TokenNotThere:
		return "there was none"
	case workbench.TokenNotTried:
		return "not tried, it lives on until it ends by itself"
	case workbench.TokenRefused:
		words = "SuperOffice refused to end it"
	case workbench.TokenNotReached:
		words = "SuperOffice could not be reached, it lives on until it ends by itself"
	}
	if e.Failure == nil || e.Failure.Server == "" {
		return words
	}
	return fmt.Sprintf("%s (the server says: “%s”)", words, e.Failure.Server)
}
