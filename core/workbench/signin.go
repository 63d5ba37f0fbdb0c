package workbench

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"partnerdesk/core/journal"
	"partnerdesk/core/superid"
	"partnerdesk/core/tenant"
)

// SignInRequest says where and how to sign in.
type SignInRequest struct {
	// Registration is the name of the app's registration; empty means the current one.
	Registration string
	// LoginHint is a SuperID user name to propose on the sign-in page.
	LoginHint string
	// ContextID asks for one tenant; if the answer is about another, the sign-in has failed.
	ContextID string
	// Timeout bounds the wait for the browser; zero means [superid.DefaultTimeout].
	Timeout time.Duration
	// FormPost has the browser bring the answer as a form, which no address bar or history shows.
	FormPost bool
	// Prompt asks for pages that would be passed over; see [PromptConsent].
	Prompt string
}

// PromptConsent is the Prompt that has the approval page shown also where the app is approved already.
const PromptConsent = superid.PromptConsent

// SignInHooks is how a sign-in talks to the person in front of it. A nil func is not called.
type SignInHooks struct {
	// Waiting is called once the loopback listener is up: the URL to open, and when the wait ends. The
	// URL carries the state and must not be logged.
	Waiting func(url string, until time.Time)
	// Returned is called when the browser has come back with an approval, before the code is exchanged.
	Returned func()
}

// SignedIn is what a sign-in achieved.
type SignedIn struct {
	Tenant TenantView `json:"tenant"`
	// Checks are the steps by which the id token was validated. They are there after a failure too, where
	// the sign-in came as far as an id token.
	Checks []Check `json:"checks"`
	// New is true for a tenant that was not stored before.
	New bool `json:"new"`
	// NoSystemUser says why the sign-in brought no system user token; nil when it brought one. An earlier
	// one of the tenant's is kept then, and the Tenant shows it: it may still work, and an exchange proves it.
	NoSystemUser *tenant.Explanation `json:"no_system_user,omitempty"`
}

// SignIn signs an administrator in to a tenant and stores what came of it. Nothing is stored unless every
// check of the id token passed. Cancelling ctx ends it at any point. After a failure only the Checks of the
// result say anything.
func (w *Workbench) SignIn(ctx context.Context, req SignInRequest, hooks SignInHooks) (SignedIn, error) {
	reg, err := w.registration(ctx, req.Registration)
	if err != nil {
		return SignedIn{}, err
	}
	log := w.Log.With(slog.String("registration", reg.Name))
	var result SignedIn
	step := tenant.StepAuthorize // the one under way: where a failure belongs
	signed, err := w.SuperID.SignIn(ctx, reg, superid.SignInRequest{
		LoginHint: req.LoginHint, ContextID: req.ContextID, Timeout: req.Timeout, FormPost: req.FormPost, Prompt: req.Prompt,
		Waiting: func(url string, until time.Time) {
			log.InfoContext(ctx, "Opening SuperID in the browser", journal.Step(step), journal.Remote(journal.Host(reg.Base)), slog.Time("until", until.Round(time.Second)))
			step = tenant.StepCallback
			if hooks.Waiting != nil {
				hooks.Waiting(url, until)
			}
		},
		Returned: func() {
			log.InfoContext(ctx, "The browser came back with an approval", journal.Step(step))
			step = tenant.StepIDToken
			if hooks.Returned != nil {
				hooks.Returned()
			}
		},
		Accept: func(ctx context.Context, s superid.SignedIn) error {
			key := tenant.Key{Registration: reg.Name, ContextID: s.Claims.ContextID}
			log.InfoContext(ctx, fmt.Sprintf("The id token passed all %d checks", len(s.Checks)), journal.Step(step),
				journal.Tenant(key), journal.User(s.Claims.Subject))
			step = tenant.StepStore
			var err error
			result, err = w.accept(ctx, reg, key, s)
			return err
		},
	})
	if err != nil {
		w.logSignInEnd(ctx, log, step, err)
		return SignedIn{Checks: checksOf(signed.Checks)}, err
	}
	result.Checks = checksOf(signed.Checks)
	w.due()
	return result, nil
}

// accept stores a validated sign-in.
func (w *Workbench) accept(ctx context.Context, reg tenant.Registration, key tenant.Key, s superid.SignedIn) (SignedIn, error) {
	now := w.Now()
	c := s.Claims
	isNew, err := w.Store.SaveSignIn(ctx,
		tenant.Tenant{
			Key: key, CompanyName: c.CompanyName, Serial: c.Serial, SystemUserToken: c.SystemUserToken,
			Active: true, AddedAt: now, SignedInAt: now, SignedInAs: c.Subject,
		},
		tenant.Login{
			Key: key, UserName: c.Subject, AssociateID: c.AssociateID, Administrator: c.Administrator != nil && *c.Administrator,
			AccessToken: s.AccessToken, AccessTokenExpiry: s.AccessTokenExpiry, RefreshToken: s.RefreshToken,
		})
	if err != nil {
		return SignedIn{}, err
	}
	w.keepValidation(ctx, key, now, s)
	w.Keeper.Forget(key)
	view, err := w.Tenant(ctx, key)
	if err != nil {
		return SignedIn{}, err
	}
	result := SignedIn{Tenant: view, New: isNew}
	message := "Stored the tenant " + c.CompanyName
	if c.SystemUserToken.Empty() {
		known, err := w.systemUserKnown(ctx, key)
		if err != nil {
			return SignedIn{}, err
		}
		result.NoSystemUser = superid.NoSystemUser(c, known)
		if known == superid.KnownHere {
			message += ". The sign-in brought no system user token; the stored one is kept until an exchange proves otherwise"
		} else {
			message += ", without a system user"
		}
	}
	w.Log.InfoContext(ctx, message, journal.Step(tenant.StepStore), journal.Tenant(key), journal.User(c.Subject),
		slog.Bool("new", isNew), slog.String("system_user_fingerprint", view.TokenFingerprint))
	return result, nil
}

// logSignInEnd notes why a sign-in ended. That a person changed their mind is not an error.
func (w *Workbench) logSignInEnd(ctx context.Context, log *slog.Logger, step tenant.Step, err error) {
	ctx = context.WithoutCancel(ctx)
	if errors.Is(err, context.Canceled) {
		log.InfoContext(ctx, "The sign-in was cancelled")
		return
	}
	log.ErrorContext(ctx, "The sign-in failed", journal.Step(step), journal.Failure(err))
}
