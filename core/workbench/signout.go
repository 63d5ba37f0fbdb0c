package workbench

import (
	"context"
	"errors"
	"log/slog"

	"partnerdesk/core/journal"
	"partnerdesk/core/secret"
	"partnerdesk/core/superid"
	"partnerdesk/core/tenant"
)

// SignOutRequest asks to end the login user's login to a tenant.
type SignOutRequest struct {
	tenant.Key
	// Drop deletes the login from this computer even where SuperID could not be asked to end it.
	Drop bool
}

// TokenOutcome is what became of a token.
type TokenOutcome string

// The outcomes.
const (
	TokenRevoked    TokenOutcome = "revoked"         // SuperID has ended it
	TokenUnknown    TokenOutcome = "already unknown" // SuperID knew no such token
	TokenRefused    TokenOutcome = "refused"         // SuperID answered, and will not end it
	TokenNotReached TokenOutcome = "not reached"     // nobody answered, or not now
	TokenNotTried   TokenOutcome = "not tried"       // as SuperID was not reached before
	TokenNotThere   TokenOutcome = "not there"       // the login had none
)

// TokenEnd is what became of a token, and why where it did not end.
type TokenEnd struct {
	Outcome TokenOutcome        `json:"outcome"`
	Failure *tenant.Explanation `json:"failure,omitempty"`
}

// SignedOut is what came of a [SignOutRequest]. It holds no secret.
type SignedOut struct {
	tenant.Key
	// UserName is the SuperID user name of the login that was ended.
	UserName     string   `json:"user_name"`
	RefreshToken TokenEnd `json:"refresh_token"`
	AccessToken  TokenEnd `json:"access_token"`
	// Removed is true where the login was deleted from this computer. It is false after an error, and where
	// somebody has signed in anew meanwhile: that login stays.
	Removed bool `json:"removed"`
	// EndSessionURL is the page on which the browser's own session with SuperID ends; empty where SuperID
	// could not be asked for it.
	EndSessionURL string `json:"end_session_url,omitempty"`
	// SystemUserStays is true where there is a system user token, which nobody here has ended: it lives until
	// the customer's administrator withdraws it. SuperOffice does not document whether the end of a login
	// touches it; [Workbench.Exchange] proves it.
	SystemUserStays bool `json:"system_user_stays"`
}

// SignOut ends the login user's login to a tenant at SuperID and deletes it here. Where SuperID cannot be
// reached, the login is kept, so that it can be ended later, unless the request says to drop it. Where
// SuperID answers that it will not, waiting would not help, and the login is deleted all the same. The
// result says what became of each token, after an error too.
func (w *Workbench) SignOut(ctx context.Context, req SignOutRequest) (SignedOut, error) {
	result := SignedOut{Key: req.Key, RefreshToken: TokenEnd{Outcome: TokenNotTried}, AccessToken: TokenEnd{Outcome: TokenNotTried}}
	s, err := w.subject(ctx, req.Key)
	if err != nil {
		return result, err
	}
	result.SystemUserStays = !s.Tenant.SystemUserToken.Empty()
	login, err := w.Store.Login(ctx, req.Key)
	if errors.Is(err, tenant.ErrNotFound) {
		return result, &tenant.Problem{Op: "sign out of " + req.Key.String(), Err: err, Explanation: tenant.CauseNotSignedIn.Explain(
			"Nobody is signed in to "+s.Tenant.Name()+" here.", "There is no login that could be ended.", "There is nothing to do.")}
	}
	if err != nil {
		return result, err
	}
	result.UserName = login.UserName
	e := ending{Workbench: w, reg: s.Registration, key: req.Key}
	// The refresh token goes first: as long as it lives, new access tokens can be had for it.
	result.RefreshToken = e.revoke(ctx, login.RefreshToken, superid.HintRefreshToken)
	result.AccessToken = e.revoke(ctx, login.AccessToken, superid.HintAccessToken)
	if e.unreached != nil && (!req.Drop || errors.Is(e.unreached, context.Canceled)) {
		return result, keptLogin(req.Key, e.unreached)
	}
	if result.Removed, err = w.Store.RemoveLogin(ctx, req.Key, login.RefreshToken); err != nil {
		return result, err
	}
	w.Keeper.Forget(req.Key)
	message := "Signed out: the login is no longer on this computer"
	if !result.Removed {
		message = "Signed out, but somebody has signed in anew meanwhile: that login stays"
	}
	w.Log.InfoContext(ctx, message, journal.Tenant(req.Key), journal.User(login.UserName),
		slog.Bool("removed", result.Removed), slog.String("refresh", string(result.RefreshToken.Outcome)),
		slog.String("access", string(result.AccessToken.Outcome)), slog.Bool("system_user_stays", result.SystemUserStays))
	result.EndSessionURL = e.endSessionURL(ctx)
	return result, nil
}

// ending is the end of one login on its way.
type ending struct {
	*Workbench
	reg tenant.Registration
	key tenant.Key
	// unreached is why SuperID could not be asked; nil as long as it answers.
	unreached error
}

// revoke has one token ended. Once nobody has answered, nobody is asked again: each silence lasts long.
func (e *ending) revoke(ctx context.Context, token secret.Text, hint superid.TokenHint) TokenEnd {
	switch {
	case token.Empty():
		return TokenEnd{Outcome: TokenNotThere}
	case e.unreached != nil:
		return TokenEnd{Outcome: TokenNotTried}
	}
	log := e.Log.With(journal.Tenant(e.key), journal.Remote(journal.Host(e.reg.Base)), slog.String("token_fingerprint", token.Fingerprint()))
	what := "access token"
	if hint == superid.HintRefreshToken {
		what = "refresh token"
	}
	answer, err := e.SuperID.Revoke(ctx, e.reg, token, hint)
	if err == nil {
		log.InfoContext(ctx, "SuperID was asked to end the login user's "+what, slog.String("answer", string(answer)))
		if answer == superid.TokenUnknown {
			return TokenEnd{Outcome: TokenUnknown}
		}
		return TokenEnd{Outcome: TokenRevoked}
	}
	log.WarnContext(context.WithoutCancel(ctx), "SuperID did not end the login user's "+what, journal.Failure(err))
	why := tenant.Explain(err)
	why.Server = journal.Redact(why.Server)
	if !why.Temporary {
		return TokenEnd{TokenRefused, &why}
	}
	e.unreached = err
	return TokenEnd{TokenNotReached, &why}
}

// keptLogin explains that nothing was deleted here. A person who has cancelled knows why.
func keptLogin(k tenant.Key, err error) error {
	e := tenant.Explain(err)
	if e.Cause != tenant.CauseCancelled {
		e.What = "The login was kept, as SuperID could not be asked to end it."
		e.Next = "Try again later, or drop the login: it is then deleted from this computer only, and its tokens live on at SuperID until they end by themselves."
	}
	return &tenant.Problem{Op: "sign out of " + k.String(), Explanation: e, Err: err}
}

// endSessionURL is a convenience at the end, so its failure is no failure of the whole.
func (e *ending) endSessionURL(ctx context.Context) string {
	address, err := e.SuperID.EndSessionURL(ctx, e.reg)
	if err != nil {
		e.Log.WarnContext(ctx, "Could not find the page that ends the browser's session with SuperID", journal.Tenant(e.key), journal.Failure(err))
	}
	return address
}
