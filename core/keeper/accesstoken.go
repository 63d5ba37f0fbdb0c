package keeper

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"partnerdesk/core/journal"
	"partnerdesk/core/secret"
	"partnerdesk/core/superid"
	"partnerdesk/core/tenant"
)

// accessTokenMargin is how long before its expiry an access token is given up.
const accessTokenMargin = time.Minute

// accessToken returns an access token that is good for now, refreshed where it has to be.
func (k *Keeper) accessToken(ctx context.Context, s Subject, refused secret.Text) (secret.Text, error) {
	r, err := k.once(ctx, "access token", s, refused, func(ctx context.Context) (renewal, error) {
		login, err := k.Store.Login(ctx, s.Tenant.Key)
		if errors.Is(err, tenant.ErrNotFound) {
			return renewal{}, noLogin(s.Tenant, err)
		}
		if err != nil {
			return renewal{}, err
		}
		if login.AccessToken.Equal(refused) || !k.Now().Before(login.AccessTokenExpiry.Add(-accessTokenMargin)) {
			login, err = k.refresh(ctx, s, login)
		}
		return renewal{text: login.AccessToken}, err
	})
	return r.text, err
}

// refresh renews a login and returns what is stored then: the renewed one, or that of a sign-in which came
// meanwhile.
func (k *Keeper) refresh(ctx context.Context, s Subject, login tenant.Login) (tenant.Login, error) {
	used := login.RefreshToken
	if used.Empty() {
		return tenant.Login{}, noLogin(s.Tenant, errors.New("there is no refresh token"))
	}
	tokens, err := k.SuperID.Refresh(ctx, s.Registration, used)
	if err != nil {
		return tenant.Login{}, atProvider(err)
	}
	if err := sameLogin(login, tokens.Claims); err != nil {
		return tenant.Login{}, err
	}
	login.AccessToken, login.AccessTokenExpiry, login.RefreshToken = tokens.AccessToken, tokens.AccessTokenExpiry, tokens.RefreshToken
	login, err = k.Store.RenewLogin(ctx, login, used)
	if err != nil {
		return tenant.Login{}, err
	}
	k.Log.InfoContext(ctx, "Refreshed the login user's access token", journal.Tenant(s.Tenant.Key), journal.User(login.UserName),
		journal.Remote(journal.Host(s.Registration.Base)), slog.Time("expires_at", login.AccessTokenExpiry))
	return login, nil
}

// sameLogin sees that a renewed login is still the one that was stored (OpenID Connect Core 1.0 section
// 12.2). An answer without an id token says nothing about it.
func sameLogin(login tenant.Login, c superid.Claims) error {
	if c.Subject == "" || c.ContextID == login.ContextID && c.Subject == login.UserName {
		return nil
	}
	return &tenant.Problem{Op: "refresh access token", Err: errors.New("the new id token is about " + c.Subject + " in " + c.ContextID),
		Explanation: tenant.CauseTokenRefused.Explain("The login could not be renewed.",
			"The answer is about another user or another tenant.", "Sign in to the tenant again.")}
}

func noLogin(t tenant.Tenant, err error) error {
	return &tenant.Problem{Op: "find the login user's access token", Err: err,
		Explanation: tenant.CauseNotSignedIn.Explain("Nobody is signed in to "+t.Name()+" any more.", "", "")}
}
