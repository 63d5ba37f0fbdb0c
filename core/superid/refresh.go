package superid

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

// assumedLife is how long an access token is used that came without expires_in; the shorter of the two
// times that SuperOffice documents.
const assumedLife = 20 * time.Minute

// Refresh renews an access token (RFC 6749 section 6). The result holds the old refresh token where no
// new one came, and no claims where no id token came. One that did come is validated like a sign-in's,
// but for the nonce, which belongs to the sign-in (OpenID Connect Core 1.0 section 12.2); the same
// section asks the caller to see that Claims.Subject and Claims.ContextID are still those of the login.
// ErrRefreshRefused means that only a new sign-in helps; any other error says nothing of the kind.
func (c *Client) Refresh(ctx context.Context, reg tenant.Registration, refreshToken secret.Text) (Tokens, error) {
	const op, what = "refresh the access token", "The login could not be renewed."
	if refreshToken.Empty() {
		return Tokens{}, &tenant.Problem{Op: op, Err: ErrRefreshRefused, Explanation: tenant.CauseNotSignedIn.Explain(what,
			"There is no refresh token.", "")}
	}
	ctx, clock := watchClock(ctx)
	base := baseOf(reg)
	m, err := c.metadata(ctx, base)
	if err != nil {
		return Tokens{}, err
	}
	// A server may replace the refresh token (RFC 9700 section 4.14.2): if its answer could not be validated for
	// want of a key, both would be lost.
	if err := c.haveKeys(ctx, reg); err != nil {
		return Tokens{}, err
	}
	call := tokenCall{op: op, what: what, reg: reg, refresh: true, clock: clock, secrets: append(clientSecrets(reg), refreshToken)}
	asked := c.now()
	source := oauthConfig(reg, m, "").TokenSource(c.oauthContext(ctx), &oauth2.Token{RefreshToken: refreshToken.Reveal()})
	answer, err := source.Token()
	if err != nil {
		return Tokens{}, c.tokenProblem(ctx, call, err)
	}
	t, idToken, err := call.read(answer, asked)
	if err != nil || idToken.Empty() {
		return t, err
	}
	v, err := c.validate(ctx, base, idToken, expectation{certificate: reg.Certificate, issuer: base, idToken: true,
		audience: func(object) string { return reg.ClientID }})
	t.Claims, t.Checks, t.Skew = v.claims, v.checks, clock.Skew()
	switch {
	case err != nil && ctx.Err() != nil:
		return Tokens{Checks: t.Checks}, cancelled(ctx, op)
	case err != nil:
		return Tokens{Checks: t.Checks, Skew: t.Skew}, refusedIDToken("validate the refreshed id token", what, err, t.Skew)
	}
	return t, nil
}

// oauthContext makes the OAuth library use our HTTP client.
func (c *Client) oauthContext(ctx context.Context) context.Context {
	return context.WithValue(ctx, oauth2.HTTPClient, c.http)
}

// tokenCall is what both calls of the token endpoint have in common.
type tokenCall struct {
	op, what string
	reg      tenant.Registration
	refresh  bool
	clock    *clockWatch
	secrets  []secret.Text
}

// read takes the token endpoint's answer (RFC 6749 section 5.1). The expiry is counted from our own
// clock at the time of asking.
func (t tokenCall) read(answer *oauth2.Token, asked time.Time) (Tokens, secret.Text, error) {
	if kind := answer.TokenType; kind != "" && !strings.EqualFold(kind, "bearer") {
		// RFC 6749 section 7.1: a token of an unknown type must not be used.
		return Tokens{}, secret.Text{}, unusableAnswer(t.op, t.what, "its access token is not of the type Bearer")
	}
	life := time.Duration(answer.ExpiresIn) * time.Second
	if life <= 0 {
		life = assumedLife
	}
	idToken, _ := answer.Extra("id_token").(string)
	return Tokens{
		AccessToken:       secret.New(answer.AccessToken),
		AccessTokenExpiry: asked.Add(life),
		RefreshToken:      secret.New(answer.RefreshToken),
		Skew:              t.clock.Skew(),
	}, secret.New(idToken), nil
}

// tokenProblem explains a failed call of the token endpoint. The library's own error can hold the whole
// body, tokens included, so it is taken apart and never wrapped.
func (c *Client) tokenProblem(ctx context.Context, t tokenCall, err error) error {
	if ctx.Err() != nil {
		return cancelled(ctx, t.op)
	}
	var answered *oauth2.RetrieveError
	wait := time.Duration(0)
	if errors.As(err, &answered) && answered.Response != nil {
		wait = c.retryAfter(answered.Response)
	}
	if answered != nil && oauthError(answered) {
		return tenant.WithRetryAfter(t.refusal(answered), wait)
	}
	c.forget(ctx, baseOf(t.reg)) // perhaps the endpoint has moved
	switch {
	case answered != nil && answered.Response != nil && !success(answered.Response.StatusCode):
		return tenant.WithRetryAfter(statusProblem(t.op, t.what, answered.Response.StatusCode, ""), wait)
	case isTransport(err):
		return networkProblem(ctx, t.op, t.what, err)
	}
	return unusableAnswer(t.op, t.what, "it is not the token answer that was expected")
}

// oauthError reports whether the answer names an OAuth error. The library believes the Content-Type, and
// so misses JSON that calls itself plain text.
func oauthError(answered *oauth2.RetrieveError) bool {
	if answered.ErrorCode != "" {
		return true
	}
	var body struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}
	if json.Unmarshal(answered.Body, &body) != nil {
		return false
	}
	answered.ErrorCode, answered.ErrorDescription = body.Error, body.Description
	return body.Error != ""
}

func success(status int) bool { return status >= 200 && status < 300 }

// refusal explains an OAuth error answer (RFC 6749 section 5.2).
func (t tokenCall) refusal(answered *oauth2.RetrieveError) error {
	name := serverWords(answered.ErrorCode, t.secrets...)
	status := 0
	if answered.Response != nil {
		status = answered.Response.StatusCode
	}
	err, cause, why, next := ErrAuthorization, tenant.CauseRequestRefused, "", ""
	switch {
	case name == "invalid_grant" && t.refresh:
		err, cause = ErrRefreshRefused, tenant.CauseLoginEnded
	case name == "invalid_grant":
		cause = tenant.CauseSignInAgain
		why = "SuperOffice did not accept the code that the browser brought back: it lives ten minutes and works once."
	case name == "invalid_client", name == "unauthorized_client":
		err, cause = ErrClientRefused, tenant.CauseClientRefused
	case name == "server_error", name == "temporarily_unavailable", status == http.StatusTooManyRequests, status >= 500:
		err, cause, next = ErrUnavailable, tenant.CauseProviderFailed, nextLater
	}
	e := cause.Explain(t.what, why, next)
	if e.Server = name; answered.ErrorDescription != "" {
		e.Server += ": " + serverWords(answered.ErrorDescription, t.secrets...)
	}
	return &tenant.Problem{Op: t.op, Explanation: e, Err: err}
}
