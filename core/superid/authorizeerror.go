package superid

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"partnerdesk/core/tenant"
)

// AuthorizeErrorCode is why SuperOffice refuses an app (docs.superoffice.com, "AuthorizeErrorCode").
type AuthorizeErrorCode int

// The reasons with SuperOffice's own numbers.
const (
	Revoked            AuthorizeErrorCode = 1
	InvalidRedirectURL AuthorizeErrorCode = 2
	Expired            AuthorizeErrorCode = 3
	Denied             AuthorizeErrorCode = 4
	NeedsReapproval    AuthorizeErrorCode = 5
	InvalidTimestamp   AuthorizeErrorCode = 6
	InvalidSignature   AuthorizeErrorCode = 7
)

// String returns SuperOffice's name of the reason.
func (a AuthorizeErrorCode) String() string {
	switch a {
	case Revoked:
		return "Revoked"
	case InvalidRedirectURL:
		return "InvalidRedirectUrl"
	case Expired:
		return "Expired"
	case Denied:
		return "Denied"
	case NeedsReapproval:
		return "NeedsReapproval"
	case InvalidTimestamp:
		return "InvalidTimestamp"
	case InvalidSignature:
		return "InvalidSignature"
	}
	return "no known reason"
}

// cause is the reason's entry in the taxonomy, which says who must act.
func (a AuthorizeErrorCode) cause() tenant.Cause {
	switch a {
	case Revoked:
		return tenant.CauseRevoked
	case InvalidRedirectURL:
		return tenant.CauseRedirectURI
	case Expired:
		return tenant.CauseExpired
	case Denied:
		return tenant.CauseDenied
	case NeedsReapproval:
		return tenant.CauseReapproval
	case InvalidTimestamp:
		return tenant.CauseClock
	case InvalidSignature:
		return tenant.CauseSigningKey
	}
	return tenant.CauseExchangeRefused
}

// explain makes the words for people. Where the time in the signature was refused, they say how far the
// clocks are apart.
func (a AuthorizeErrorCode) explain(what, server string, skew time.Duration) tenant.Explanation {
	why := ""
	if a == InvalidTimestamp {
		why = strings.TrimSpace("SuperOffice found the time in the signature wrong. " + clockSentence(skew))
	}
	e := a.cause().Explain(what, why, "")
	e.Server = server
	return e
}

var (
	// authorizeErrorNames find a name inside any sentence; the compounds come first, as nobody writes
	// them by chance.
	authorizeErrorNames = []*regexp.Regexp{
		regexp.MustCompile(`(?i)\b(InvalidRedirectUrl|NeedsReapproval|InvalidTimestamp|InvalidSignature)\b`),
		regexp.MustCompile(`(?i)\b(Revoked|Expired|Denied)\b`),
	}
	// authorizeErrorNumber finds a number that is called a code, or stands alone or in parentheses.
	authorizeErrorNumber = regexp.MustCompile(`(?i)(?:AuthorizeErrorCode|error ?code|reason|code)\W{0,4}([1-7])\b|^\W*([1-7])\W*$|\(([1-7])\)|^([1-7]):`)
)

// findAuthorizeError reads the reason out of a server's words, by name or by number; zero where there is
// none.
func findAuthorizeError(words string) AuthorizeErrorCode {
	for _, names := range authorizeErrorNames {
		found := names.FindString(words)
		for code := Revoked; found != "" && code <= InvalidSignature; code++ {
			if strings.EqualFold(found, code.String()) {
				return code
			}
		}
	}
	for _, group := range authorizeErrorNumber.FindStringSubmatch(words) {
		if n, err := strconv.Atoi(group); err == nil && len(group) == 1 {
			return AuthorizeErrorCode(n)
		}
	}
	return 0
}
