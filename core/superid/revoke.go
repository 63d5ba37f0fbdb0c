package superid

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/oauth2"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

const (
	// revokePath and logoutPath are SuperOffice's, for metadata that names no endpoint
	// (docs.superoffice.com, "Revoke token" and "Sign out").
	revokePath = "/login/common/oauth/Revoke"
	logoutPath = "/login/logout"

	opRevoke   = "revoke a token"
	whatRevoke = "The token could not be revoked."
)

// TokenHint tells the server where to look for a token first (RFC 7009 section 2.1).
type TokenHint string

// The hints.
const (
	HintRefreshToken TokenHint = "refresh_token"
	HintAccessToken  TokenHint = "access_token"
)

// Revocation is how the server took the wish to revoke a token.
type Revocation string

// The ways. A server that follows RFC 7009 to the letter answers TokenRevoked for a token that it does not
// know, too.
const (
	TokenRevoked Revocation = "revoked"
	TokenUnknown Revocation = "already unknown"
)

// Revoke has SuperID end a token (RFC 7009). Whether a refresh token's end also ends the access tokens
// that came of it is the server's choice, so revoke both. Whether it touches the system user token is not
// documented; an exchange proves it. After an error nobody knows of the token's end; a temporary one is worth
// a second try.
func (c *Client) Revoke(ctx context.Context, reg tenant.Registration, token secret.Text, hint TokenHint) (Revocation, error) {
	base := baseOf(reg)
	m, err := c.metadata(ctx, base)
	if err != nil {
		return "", err
	}
	r, err := revocationRequest(ctx, reg, m, token, hint)
	if err != nil {
		return "", err
	}
	resp, err := c.http.Do(r)
	if err != nil {
		c.forget(ctx, base) // perhaps the endpoint has moved
		return "", networkProblem(ctx, opRevoke, whatRevoke, err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return "", networkProblem(ctx, opRevoke, whatRevoke, err)
	}
	answer, err := revocationAnswer(resp.StatusCode, body, append(clientSecrets(reg), token)...)
	return answer, tenant.WithRetryAfter(err, c.retryAfter(resp))
}

// revocationRequest names the app in the way that the token endpoint wants it, which by RFC 7009 section 2.1
// is the way here too.
func revocationRequest(ctx context.Context, reg tenant.Registration, m metadata, token secret.Text, hint TokenHint) (*http.Request, error) {
	form := url.Values{"token": {token.Reveal()}, "token_type_hint": {string(hint)}}
	r, err := clientRequest(ctx, reg, m, cmp.Or(m.RevocationEndpoint, baseOf(reg)+revokePath), form)
	if err != nil {
		return nil, unusableRegistration(opRevoke, "Its address is not usable.", "Correct the registration's address.")
	}
	return r, nil
}

// clientRequest is a form that goes to the provider with the app's id and secret, where it has one: in the body
// or in the header, as the metadata wants it.
func clientRequest(ctx context.Context, reg tenant.Registration, m metadata, address string, form url.Values) (*http.Request, error) {
	inHeader := m.authStyle() == oauth2.AuthStyleInHeader && !reg.ClientSecret.Empty()
	if !inHeader {
		form.Set("client_id", reg.ClientID)
	}
	if !inHeader && !reg.ClientSecret.Empty() {
		form.Set("client_secret", reg.ClientSecret.Reveal())
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if inHeader {
		r.SetBasicAuth(basicUser(reg), basicPassword(reg))
	}
	return r, nil
}

// RFC 6749 section 2.3.1: both halves of the header are encoded like a form's values first.
func basicUser(reg tenant.Registration) string     { return url.QueryEscape(reg.ClientID) }
func basicPassword(reg tenant.Registration) string { return url.QueryEscape(reg.ClientSecret.Reveal()) }

// clientSecrets are what of an app's secret must not come back in a server's words: the secret itself, and with the
// app's id before it, as the header has it in base64.
func clientSecrets(reg tenant.Registration) []secret.Text {
	if reg.ClientSecret.Empty() {
		return nil
	}
	return []secret.Text{secret.New(basicUser(reg) + ":" + basicPassword(reg)), reg.ClientSecret}
}

// revocationAnswer reads what the server says (RFC 7009 section 2.2): the body first, as for every other
// answer.
func revocationAnswer(status int, body []byte, secrets ...secret.Text) (Revocation, error) {
	var answer struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}
	if json.Unmarshal(body, &answer) != nil || answer.Error == "" {
		if success(status) {
			return TokenRevoked, nil
		}
		return "", statusProblem(opRevoke, whatRevoke, status, "")
	}
	name := serverWords(answer.Error, secrets...)
	cause, err, next := tenant.CauseRequestRefused, ErrAnswer, ""
	switch {
	case name == "invalid_token", name == "invalid_grant":
		// Not by the letter of RFC 7009, which wants a success here; what it means is clear all the same.
		return TokenUnknown, nil
	case name == "invalid_client", name == "unauthorized_client":
		cause, err = tenant.CauseClientRefused, ErrClientRefused
	case name == "server_error", name == "temporarily_unavailable", status == http.StatusTooManyRequests, status >= 500:
		cause, err, next = tenant.CauseProviderFailed, ErrUnavailable, nextLater
	}
	e := cause.Explain(whatRevoke, "", next)
	if e.Server = name; answer.Description != "" {
		e.Server += ": " + serverWords(answer.Description, secrets...)
	}
	return "", &tenant.Problem{Op: opRevoke, Explanation: e, Err: fmt.Errorf("%w: HTTP status %d", err, status)}
}

// EndSessionURL is the page on which a person ends the browser's session with SuperID, so that the next
// sign-in asks who signs in. It holds no secret.
func (c *Client) EndSessionURL(ctx context.Context, reg tenant.Registration) (string, error) {
	base := baseOf(reg)
	m, err := c.metadata(ctx, base)
	if err != nil {
		return "", err
	}
	return cmp.Or(m.EndSessionEndpoint, base+logoutPath), nil
}
