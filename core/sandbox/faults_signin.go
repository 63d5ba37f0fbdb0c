package sandbox

import (
	"net/http"
	"net/url"
	"strings"
	"unicode"
)

// The faults that the strict code of sign-in and tokens asks for by name.
const (
	faultPageOnly         = "authorize-page-only"
	faultIssSent          = "authorize-iss"
	faultIssWrong         = "authorize-iss-wrong"
	faultIssMissing       = "authorize-iss-missing"
	faultNotApproved      = "consent-not-approved"
	faultAskedAgain       = "consent-asked-again"
	faultNoSystemUser     = "consent-no-system-user"
	faultBasicOnly        = "tokens-basic-only"
	faultPublicClient     = "tokens-public-client"
	faultTwentyMinutes    = "tokens-twenty-minutes"
	faultRefreshRotates   = "refresh-rotates"
	faultRevokeEndsSystem = "revoke-ends-system-user"
)

// kebab writes a name of .NET with hyphens: InvalidRedirectUrl becomes invalid-redirect-url.
func kebab(name string) string {
	var out strings.Builder
	for i, letter := range name {
		if i > 0 && unicode.IsUpper(letter) {
			out.WriteByte('-')
		}
		out.WriteRune(unicode.ToLower(letter))
	}
	return out.String()
}

// authorizeFaults are about what comes back from the authorize address.
func authorizeFaults() []fault {
	rows := []fault{
		{name: "authorize-access-denied", about: "The callback brings the error access_denied.",
			refuse: &oauthError{errAccessDenied, "the sign-in was refused"}},
		{name: "authorize-server-error", about: "The callback brings the error server_error.",
			refuse: &oauthError{"server_error", faultMessage}},
		{name: "authorize-temporarily-unavailable", about: "The callback brings the error temporarily_unavailable.",
			refuse: &oauthError{"temporarily_unavailable", faultMessage}},
	}
	for _, code := range authorizeErrorCodes() {
		rows = append(rows, fault{
			name:   "authorize-refused-" + kebab(code.String()),
			about:  "The callback brings access_denied with the reason " + code.String() + ".",
			refuse: &oauthError{errAccessDenied, code.says(faultMessage)},
		})
	}
	announced := func(_ *Sandbox, m map[string]any) { m["authorization_response_iss_parameter_supported"] = true }
	return append(rows,
		// Behind the other refusals, so that theirs is the one on the page.
		fault{name: faultPageOnly, about: "A refusal is shown in the browser only, so the callback never comes; without another one it is access_denied.",
			refuse: &oauthError{errAccessDenied, "the sign-in was refused"}},
		fault{name: faultIssSent, everybody: true, about: "The callback brings the issuer as iss, and the metadata says so.",
			metadata: announced, callback: func(s *Sandbox, q url.Values) { q.Set("iss", s.base) }},
		fault{name: faultIssWrong, everybody: true, about: "The metadata promises iss, and the callback brings another issuer's.",
			metadata: announced, callback: func(s *Sandbox, q url.Values) { q.Set("iss", s.base+"/login") }},
		fault{name: faultIssMissing, everybody: true, about: "The metadata promises iss, and the callback has none.",
			metadata: announced, callback: func(_ *Sandbox, q url.Values) { q.Del("iss") }},
		fault{name: "authorize-state-wrong", about: "The callback brings another state.",
			callback: func(_ *Sandbox, q url.Values) { q.Set(paramState, "another sign-in's state") }},
		fault{name: "authorize-state-missing", about: "The callback brings no state.",
			callback: func(_ *Sandbox, q url.Values) { q.Del(paramState) }},
		fault{name: "authorize-code-missing", about: "The callback brings the state and no code.",
			callback: func(_ *Sandbox, q url.Values) { q.Del(paramCode) }},
		fault{name: "authorize-code-wrong", about: "The callback brings a code that the token endpoint does not know.",
			callback: func(_ *Sandbox, q url.Values) { q.Set(paramCode, randomHex(32)) }},
	)
}

// consentFaults are about approval.
func consentFaults() []fault {
	return []fault{
		{name: faultNotApproved, about: "The administrator signs in without being asked to approve: the id token holds no system user token.",
			idToken: dropClaims("system_token")},
		{name: faultNoSystemUser, about: "The app is registered without the system user option: no system user token for anybody, and exchanges are refused.",
			idToken: dropClaims("system_token"),
			denied:  refusedExchange(codeDenied, "the app has not the system user option.")},
		{name: faultAskedAgain, about: "The app's rights have changed: the administrator is asked to approve again at each sign-in."},
	}
}

// tokenFaults are about the token endpoint.
func tokenFaults() []fault {
	at := []place{placeTokens}
	methods := func(methods ...string) func(*Sandbox, map[string]any) {
		return func(_ *Sandbox, m map[string]any) { m["token_endpoint_auth_methods_supported"] = methods }
	}
	return []fault{
		{name: "tokens-invalid-client", at: at, about: "Every token request is refused with invalid_client.", wire: insteadOAuth(errInvalidClient)},
		{name: "tokens-invalid-grant", at: at, about: "Every token request is refused with invalid_grant.", wire: insteadOAuth(errInvalidGrant)},
		{name: "tokens-500", at: at, about: "The token endpoint answers 500.", wire: instead(http.StatusInternalServerError)},
		{name: "tokens-html", at: at, about: "Refusals of the token endpoint come as HTML, with their status.", wire: errorsAsHTML},
		{name: "tokens-text-plain", at: at, about: "The token endpoint calls its JSON text/plain.", wire: plainText},
		{name: "tokens-dropped", at: at, about: "The connection ends before the tokens are sent; the code is used up.", wire: afterwards(dropped)},
		{name: faultBasicOnly, everybody: true, about: "The client secret is taken in the Authorization header only, and the metadata says so.",
			metadata: methods("client_secret_basic")},
		{name: faultPublicClient, everybody: true, about: "The registration has no secret: client_id is enough, and the metadata says none.",
			metadata: methods("none")},
		{name: "tokens-no-expires-in", about: "The answer does not say how long the access token lives.",
			granted: func(_ string, a *tokenAnswer) { a.ExpiresIn = 0 }},
		{name: faultTwentyMinutes, about: "An access token lives twenty minutes instead of an hour, and the answer says so."},
		{name: "tokens-no-refresh-token", about: "A code brings no refresh token.",
			granted: func(_ string, a *tokenAnswer) { a.RefreshToken = "" }},
		{name: "tokens-no-id-token", about: "A code brings no id token.",
			granted: func(grant string, a *tokenAnswer) {
				if grant == grantCode {
					a.IDToken = ""
				}
			}},
		{name: "refresh-no-id-token", about: "A refresh brings no id token.",
			granted: func(grant string, a *tokenAnswer) {
				if grant == grantRefresh {
					a.IDToken = ""
				}
			}},
		{name: faultRefreshRotates, about: "A refresh brings a new refresh token, and the old one ends."},
	}
}

// revocationFaults are about the revocation endpoint.
func revocationFaults() []fault {
	at := []place{placeRevoke}
	return []fault{
		{name: faultRevokeEndsSystem, about: "Revoking a refresh token ends the tenant's consent too, and with it the system user token."},
		{name: "revoke-500", at: at, about: "The revocation endpoint answers 500.", wire: instead(http.StatusInternalServerError)},
		{name: "revoke-unsupported", at: at, about: "The revocation endpoint is not there: 404.", wire: insteadHTML(http.StatusNotFound)},
		{name: "revoke-unannounced", everybody: true, about: "The metadata names no revocation endpoint.",
			metadata: func(_ *Sandbox, m map[string]any) { delete(m, "revocation_endpoint") }},
	}
}
