package detail

import (
	"strconv"
	"strings"
	"time"

	"partnerdesk/core/tenant"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/words"
)

// claimsView is the section about the id token, ready to be drawn.
type claimsView struct {
	// Summary stands in the section's head.
	Summary string
	Checks  []checkView
	Claims  []kit.Fact
	// Copy is all of it as text.
	Copy string
}

// checkView is a step of the validation.
type checkView struct {
	Name   string
	Passed bool
	Detail string // why it was left out
}

// identityPrefix begins the names of SuperOffice's own claims; on the screen it says nothing.
const identityPrefix = "http://schemes.superoffice.net/identity/"

// claimsOf prepares what is kept of a sign-in's id token.
func claimsOf(v tenant.Validation, zone *time.Location) claimsView {
	if v.At.IsZero() {
		return claimsView{Summary: textNothingKept.String()}
	}
	view := claimsView{}
	lines := []string{textIDTokenOf.With(words.Moment(v.At, zone))}
	passed := 0
	for _, c := range v.Checks {
		check := checkView{words.Of(c.Name), c.Passed, c.Detail}
		view.Checks = append(view.Checks, check)
		if c.Passed {
			passed++
			lines = append(lines, textClaimPassed.With(check.Name))
			continue
		}
		lines = append(lines, textClaimLeftOut.With(check.Name, c.Detail))
	}
	for _, c := range v.Claims {
		view.Claims = append(view.Claims, kit.Fact{Caption: strings.TrimPrefix(c.Name, identityPrefix), Value: claimWords(c, zone)})
		lines = append(lines, textNamed.With(c.Name, claimWords(c, zone)))
	}
	view.Copy = strings.Join(lines, "\n") + "\n"
	if passed < len(v.Checks) {
		view.Summary = textSomePassed.With(words.Thousands(passed), words.Thousands(len(v.Checks)), words.Moment(v.At, zone))
		return view
	}
	view.Summary = textAllPassed.Of(passed, words.Moment(v.At, zone))
	return view
}

// claimWords are a claim's value for people: with the moment that a number of seconds stands for.
func claimWords(c tenant.ValidationClaim, zone *time.Location) string {
	switch c.Name {
	case "exp", "iat", "nbf", "auth_time":
		if seconds, err := strconv.ParseInt(c.Value, 10, 64); err == nil {
			return textMomentOf.With(words.Moment(time.Unix(seconds, 0), zone), c.Value)
		}
	}
	if c.Fingerprint != "" {
		return textFingerprint.With(c.Fingerprint)
	}
	return c.Value
}
