package workbench

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"partnerdesk/core/journal"
	"partnerdesk/core/keeper"
	"partnerdesk/core/secret"
	"partnerdesk/core/superid"
	"partnerdesk/core/tenant"
)

// OffboardRequest asks to end what can be ended of a tenant, and to delete it here.
type OffboardRequest struct {
	tenant.Key
	// Offline goes on where SuperOffice cannot be reached. What was not ended stands in the receipt.
	Offline bool
}

// stepTime bounds each step of an offboarding.
const stepTime = time.Minute

// Offboard ends a tenant: SuperID is asked to end the login's tokens, one exchange proves whether the system
// user token still works, and all that is stored here about the tenant is deleted. Where SuperOffice cannot be
// reached everything is kept, so that the tokens can be ended later, unless the request says otherwise.
// Whoever ends ctx before the deletion keeps everything too. The receipt is there after an error as well,
// and the journal gets the same as one event. That the system user may no longer act is beyond anybody here:
// only the customer's administrator can withdraw the approval of the app.
func (w *Workbench) Offboard(ctx context.Context, req OffboardRequest) (Receipt, error) {
	none := TokenEnd{Outcome: TokenNotTried}
	o := &offboarding{Workbench: w, receipt: Receipt{Key: req.Key, BeganAt: w.Now(), RefreshToken: none, AccessToken: none,
		SystemUser: Proof{Outcome: ProofNotTried}, LeftToDo: []string{}}}
	s, err := w.subject(ctx, req.Key)
	damaged := untrusted(err)
	if damaged {
		// Its token cannot be read, so nothing can be proved; its login may still be ended.
		s.Tenant.Key = req.Key
		s.Registration, err = w.registration(ctx, req.Registration)
	}
	silent := untrusted(err)
	if err != nil && !silent {
		return o.receipt, err
	}
	o.subject = s
	o.receipt.CompanyName, o.receipt.Environment = s.Tenant.CompanyName, s.Registration.Environment
	o.receipt.Base, o.receipt.ClientID = s.Registration.Base, s.Registration.ClientID
	if silent {
		err = o.endNothing(ctx, req.Offline, err)
	} else {
		err = o.end(ctx, req.Offline)
	}
	if damaged {
		o.receipt.SystemUser.Outcome = ProofNotTried
	}
	if err == nil {
		err = o.wipe(ctx)
	}
	o.receipt.LeftToDo = o.receipt.leftToDo()
	o.log(ctx, err)
	return o.receipt, err
}

// untrusted reports whether err is about a record that does not hold together. It can still be deleted.
func untrusted(err error) bool { return tenant.Explain(err).Cause == tenant.CauseFilesBroken }

// offboarding is the end of one tenant on its way.
type offboarding struct {
	*Workbench
	subject keeper.Subject
	// used is the refresh token of the login that was ended; empty where there was none.
	used    secret.Text
	receipt Receipt
}

// end asks SuperOffice to end what it can end, and then for the proof. Its error is why the tenant must be kept.
func (o *offboarding) end(ctx context.Context, offline bool) error {
	goOn := func(unreached error) bool {
		return unreached == nil || offline && !errors.Is(unreached, context.Canceled)
	}
	unreached, err := o.endLogin(ctx)
	if err != nil {
		return err
	}
	if !goOn(unreached) {
		return keptTenant(o.receipt.Key, "The tenant was kept, as SuperID could not be asked to end its login.", unreached)
	}
	if o.subject.Tenant.SystemUserToken.Empty() {
		o.receipt.SystemUser.Outcome = ProofNotThere
		return nil
	}
	if unreached != nil && tenant.Explain(unreached).Fault == tenant.FaultNetwork {
		return nil // the same silence once more would only take long
	}
	if unreached = o.prove(ctx); !goOn(unreached) {
		return keptTenant(o.receipt.Key, "The tenant was kept, as SuperOffice could not be asked whether its system user token still works.", unreached)
	}
	return nil
}

// endNothing is for a tenant whose registration cannot be read: without the app's id and secret SuperOffice cannot be
// asked for anything. A backup may bring the registration back, so that the tenant is kept unless the person says
// otherwise.
func (o *offboarding) endNothing(ctx context.Context, offline bool, damage error) error {
	if !offline {
		return keptTenant(o.receipt.Key, "The tenant was kept, as its registration cannot be read and so its login cannot be ended.", damage)
	}
	login, err := o.Store.Login(ctx, o.receipt.Key)
	switch {
	case errors.Is(err, tenant.ErrNotFound):
		o.receipt.RefreshToken.Outcome, o.receipt.AccessToken.Outcome = TokenNotThere, TokenNotThere
	case err != nil && !untrusted(err):
		return err
	}
	o.receipt.UserName, o.used = login.UserName, login.RefreshToken
	return nil
}

// endLogin has the login's tokens ended. unreached is why SuperID could not be asked.
func (o *offboarding) endLogin(ctx context.Context) (unreached, err error) {
	r := &o.receipt
	login, err := o.Store.Login(ctx, r.Key)
	switch {
	case errors.Is(err, tenant.ErrNotFound):
		r.RefreshToken.Outcome, r.AccessToken.Outcome = TokenNotThere, TokenNotThere
		return nil, nil
	case untrusted(err):
		return nil, nil
	case err != nil:
		return nil, err
	}
	r.UserName, o.used = login.UserName, login.RefreshToken
	ctx, cancel := context.WithTimeout(ctx, stepTime)
	defer cancel()
	e := ending{Workbench: o.Workbench, reg: o.subject.Registration, key: r.Key}
	r.RefreshToken = e.revoke(ctx, login.RefreshToken, superid.HintRefreshToken)
	r.AccessToken = e.revoke(ctx, login.AccessToken, superid.HintAccessToken)
	r.LoginAskedAt = o.Now()
	return e.unreached, nil
}

// prove learns by one exchange whether the system user token still works. Its error is why nobody could be
// asked; that nobody needs to be asked, or that the answer is a no, is none.
func (o *offboarding) prove(ctx context.Context) error {
	_, err := o.Keeper.Prove(ctx, o.subject)
	p := &o.receipt.SystemUser
	p.At = o.Now()
	if err == nil {
		p.Outcome = ProofWorks
		return nil
	}
	why := tenant.Explain(err)
	why.Why, why.Server = journal.Redact(why.Why), journal.Redact(why.Server)
	p.Failure = &why
	refusal, refused := errors.AsType[*superid.ExchangeRefusal](err)
	_, stopped := errors.AsType[*keeper.NotRunning](err)
	switch {
	case stopped:
		p.Outcome = ProofNotRunning
	case why.Temporary:
		p.Outcome = ProofNotReached
		return err
	case refused:
		p.Outcome = ProofRefused
		if refusal.Code != 0 {
			p.Code = fmt.Sprintf("%d (%s)", int(refusal.Code), refusal.Code)
		}
	default:
		p.Outcome = ProofUnclear
	}
	return nil
}

// wipe deletes the tenant here, unless somebody has left, or signed in anew: that login has not been ended.
// Once begun it is carried out whatever happens to ctx.
func (o *offboarding) wipe(ctx context.Context) error {
	k := o.receipt.Key
	login, err := o.Store.Login(ctx, k)
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("remove tenant %s: %w", k, ctx.Err())
	case err != nil && !errors.Is(err, tenant.ErrNotFound) && !untrusted(err):
		return err
	case err == nil && !login.RefreshToken.Equal(o.used):
		return &tenant.Problem{Op: "remove tenant " + k.String(), Explanation: tenant.CauseElsewhere.Explain(
			"The tenant was kept.", "Its login has changed meanwhile: somebody has signed in anew, and that login was not ended.", "Remove it once more.")}
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stepTime)
	defer cancel()
	if err := o.Store.RemoveTenant(ctx, k); err != nil {
		return explainNoTenant(k, err)
	}
	o.Keeper.Forget(k)
	o.receipt.Wiped, o.receipt.WipedAt = true, o.Now()
	return nil
}

// keptTenant explains that nothing was deleted. A person who has cancelled knows why.
func keptTenant(k tenant.Key, what string, err error) error {
	e := tenant.Explain(err)
	if e.Cause != tenant.CauseCancelled {
		server := e.Server
		e = e.Cause.Explain(what, e.Why, "Try again later, or remove it anyway: it is then deleted from this computer, and the receipt says what was not ended.")
		e.Server = server
	}
	return &tenant.Problem{Op: "remove tenant " + k.String(), Explanation: e, Err: err}
}

// leftToDo is what nobody can do here.
func (r Receipt) leftToDo() []string {
	if !r.Wiped {
		return []string{"Remove the tenant again: it is still stored here, and what was not ended lives on."}
	}
	list := make([]string, 0, 3)
	switch r.SystemUser.Outcome {
	case ProofWorks:
		list = append(list, "The system user token lives on: only the customer's administrator can withdraw the approval of the app, in SuperOffice, where the customer manages its apps.")
	case ProofRefused:
		list = append(list, "SuperOffice no longer exchanges the system user token for this app. Only the customer's administrator can see whether an approval of the app is left, and withdraw it, in SuperOffice, where the customer manages its apps.")
	default:
		list = append(list, "If the app was approved as system user, that approval stands: only the customer's administrator can withdraw it, in SuperOffice, where the customer manages its apps.")
	}
	if r.RefreshToken.lives() || r.AccessToken.lives() {
		list = append(list, "The login's tokens were not all ended: the refresh token lives until the customer's administrator withdraws the approval of the app.")
	}
	return append(list, "Backups of this data directory may still hold what was deleted here, sealed: delete them when they are no longer needed.")
}

// lives reports whether a token may still be good.
func (e TokenEnd) lives() bool {
	return e.Outcome == TokenNotTried || e.Outcome == TokenNotReached || e.Outcome == TokenRefused
}

// log writes the receipt as one event. None of its keys names a secret, as the journal would hide its value.
func (o *offboarding) log(ctx context.Context, err error) {
	r := o.receipt
	level, message := slog.LevelInfo, "Offboarded the tenant: it is no longer on this computer"
	if !r.Wiped {
		level, message = slog.LevelWarn, "The tenant was not offboarded: it is kept as it was"
	}
	server := func(e *tenant.Explanation) string {
		if e == nil {
			return ""
		}
		return e.Server
	}
	when := func(key string, t time.Time) slog.Attr {
		if t.IsZero() {
			return slog.Attr{}
		}
		return slog.Time(key, t)
	}
	o.Log.LogAttrs(context.WithoutCancel(ctx), level, message, journal.Tenant(r.Key), journal.User(r.UserName), slog.Group("receipt",
		slog.String("company", r.CompanyName), slog.String("client_id", r.ClientID), slog.Time("began_at", r.BeganAt),
		slog.String("refresh", string(r.RefreshToken.Outcome)), slog.String("refresh_answer", server(r.RefreshToken.Failure)),
		slog.String("access", string(r.AccessToken.Outcome)), slog.String("access_answer", server(r.AccessToken.Failure)),
		when("login_asked_at", r.LoginAskedAt),
		slog.String("system_user", string(r.SystemUser.Outcome)), slog.String("system_user_code", r.SystemUser.Code),
		slog.String("system_user_answer", server(r.SystemUser.Failure)), when("system_user_asked_at", r.SystemUser.At),
		slog.Bool("wiped", r.Wiped), when("wiped_at", r.WipedAt), slog.String("left_to_do", strings.Join(r.LeftToDo, " "))),
		journal.Failure(err))
}
