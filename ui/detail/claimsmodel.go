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
	var b strings.Builder
	b.WriteString(textIDTokenOf.With(words.Moment(v.At, zone)) + "\n")
	passed := 0
	for _, c := range v.Checks {
		view.Checks = append(view.Checks, checkView{c.Name, c.Passed, c.Detail})
		mark, detail := "–", ": "+c.Detail
		if c.Passed {
			passed++
			mark, detail = "✓", ""
		}
		b.WriteString(mark + " " + c.Name + detail + "\n")
	}
	for _, c := range v.Claims {
		view.Claims = append(view.Claims, kit.Fact{Caption: strings.TrimPrefix(c.Name, identityPrefix), Value: claimWords(c, zone)})
		b.WriteString(c.Name + ": " + claimWords(c, zone) + "\n")
	}
	if passed < len(v.Checks) {
		view.Summary = textSomePassed.With(words.Thousands(passed), words.Thousands(len(v.Checks)), words.Moment(v.At, zone))
		view.Copy = b.String()
		return view
	}
	view.Summary = words.Plural{One: "%s check passed, at %s", Other: "All %s checks passed, at %s"}.Of(passed, words.Moment(v.At, zone))
	view.Copy = b.String()
	return view
}

// claimWords are a claim's value for people: with the moment that a number of seconds stands for.
func claimWords(c tenant.ValidationClaim, zone *time.Location) string {
	switch c.Name {
	case "exp", "iat", "nbf", "auth_time":
		if seconds, err := strconv.ParseInt(c.Value, 10, 64); err == nil {
			return words.Moment(time.Unix(seconds, 0), zone) + " (" + c.Value + ")"
		}
	}
	if c.Fingerprint != "" {
		return textFingerprint.With(c.Fingerprint)
	}
	return c.Value
}
