package workbench_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"partnerdesk/core/secret"
	"partnerdesk/core/superid"
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
)

// locker is a store with a login.
type locker struct {
	shelf
	login *tenant.Login
	newer bool // somebody signs in anew while SuperID is asked
}

func (l *locker) Login(context.Context, tenant.Key) (tenant.Login, error) {
	if l.login == nil {
		return tenant.Login{}, tenant.ErrNotFound
	}
	return *l.login, nil
}

func (l *locker) RemoveLogin(_ context.Context, _ tenant.Key, onlyIf secret.Text) (bool, error) {
	if l.newer || !l.login.RefreshToken.Equal(onlyIf) {
		return false, nil
	}
	l.login = nil
	return true, nil
}

// exit is a SuperID that ends tokens as it is told.
type exit struct {
	workbench.SuperID
	answers map[superid.TokenHint]error
	unknown bool
	asked   []string
}

func (x *exit) Revoke(_ context.Context, _ tenant.Registration, token secret.Text, hint superid.TokenHint) (superid.Revocation, error) {
	x.asked = append(x.asked, string(hint)+" "+token.Reveal())
	if x.unknown {
		return superid.TokenUnknown, nil
	}
	return superid.TokenRevoked, x.answers[hint]
}

func (x *exit) EndSessionURL(context.Context, tenant.Registration) (string, error) {
	return "https://sod.superoffice.com/login/logout", x.answers["page"]
}

// forgetful notes what the keeper forgets.
type forgetful struct {
	workbench.Keeper
	forgotten []tenant.Key
}

func (f *forgetful) Forget(k tenant.Key) { f.forgotten = append(f.forgotten, k) }

func newSignOut() (*locker, *exit, *forgetful, *workbench.Workbench) {
	l := &locker{login: &tenant.Login{Key: key, UserName: "kari@example.com", AccessToken: secret.New("canary-access"), RefreshToken: secret.New("canary-refresh")}}
	x, f := &exit{answers: map[superid.TokenHint]error{}}, &forgetful{}
	return l, x, f, workbench.New(workbench.Options{Store: l, SuperID: x, Keeper: f, Log: slog.New(slog.DiscardHandler)})
}

func problem(cause tenant.Cause, err error) error {
	return &tenant.Problem{Op: "revoke a token", Err: err, Explanation: cause.Explain("No.", "", "")}
}

func TestSigningOutEndsTheLoginThereAndHere(t *testing.T) {
	l, x, f, w := newSignOut()
	got, err := w.SignOut(t.Context(), workbench.SignOutRequest{Key: key})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Join(x.asked, ", ") != "refresh_token canary-refresh, access_token canary-access" {
		t.Errorf("asked for %d tokens in the wrong order or of the wrong kind", len(x.asked))
	}
	if got.RefreshToken.Outcome != workbench.TokenRevoked || got.AccessToken.Outcome != workbench.TokenRevoked || !got.Removed ||
		got.UserName != "kari@example.com" || got.EndSessionURL != "https://sod.superoffice.com/login/logout" || got.SystemUserStays {
		t.Errorf("%+v", got)
	}
	if l.login != nil || len(f.forgotten) != 1 || f.forgotten[0] != key {
		t.Errorf("the login is kept: %v; forgotten: %v", l.login != nil, f.forgotten)
	}
	_, err = w.SignOut(t.Context(), workbench.SignOutRequest{Key: key})
	if e := tenant.Explain(err); e.Cause != tenant.CauseNotSignedIn || len(x.asked) != 2 {
		t.Errorf("twice: %v", err)
	}
	if _, err = w.SignOut(t.Context(), workbench.SignOutRequest{Key: tenant.Key{Registration: "app", ContextID: "Cust9"}}); !errors.Is(err, tenant.ErrNotFound) {
		t.Errorf("another tenant: %v", err)
	}
}

func TestWhatBecomesOfALoginThatSuperIDDoesNotEnd(t *testing.T) {
	silence, no := problem(tenant.CauseUnreachable, superid.ErrUnavailable), problem(tenant.CauseRequestRefused, superid.ErrAnswer)
	for name, row := range map[string]struct {
		refresh, access error
		drop            bool
		want            [2]workbench.TokenOutcome
		kept            bool
		asked           int
	}{
		"nobody answers":                {silence, nil, false, [2]workbench.TokenOutcome{workbench.TokenNotReached, workbench.TokenNotTried}, true, 1},
		"nobody answers, dropped":       {silence, nil, true, [2]workbench.TokenOutcome{workbench.TokenNotReached, workbench.TokenNotTried}, false, 1},
		"silence after the first":       {nil, silence, false, [2]workbench.TokenOutcome{workbench.TokenRevoked, workbench.TokenNotReached}, true, 2},
		"a lasting no":                  {no, no, false, [2]workbench.TokenOutcome{workbench.TokenRefused, workbench.TokenRefused}, false, 2},
		"access tokens end with others": {nil, no, false, [2]workbench.TokenOutcome{workbench.TokenRevoked, workbench.TokenRefused}, false, 2},
		"cancelled, though to drop": {problem(tenant.CauseCancelled, context.Canceled), nil, true,
			[2]workbench.TokenOutcome{workbench.TokenNotReached, workbench.TokenNotTried}, true, 1},
	} {
		t.Run(name, func(t *testing.T) {
			l, x, f, w := newSignOut()
			x.answers[superid.HintRefreshToken], x.answers[superid.HintAccessToken] = row.refresh, row.access
			got, err := w.SignOut(t.Context(), workbench.SignOutRequest{Key: key, Drop: row.drop})
			if outcomes := [2]workbench.TokenOutcome{got.RefreshToken.Outcome, got.AccessToken.Outcome}; outcomes != row.want || len(x.asked) != row.asked {
				t.Errorf("%v after %d questions", outcomes, len(x.asked))
			}
			if (err != nil) != row.kept || (l.login != nil) != row.kept || got.Removed == row.kept || (len(f.forgotten) == 0) != row.kept {
				t.Errorf("%v; the login is kept: %v; %+v", err, l.login != nil, got)
			}
			if (row.refresh != nil) != (got.RefreshToken.Failure != nil) {
				t.Errorf("why: %v", got.RefreshToken.Failure)
			}
			if e := tenant.Explain(err); row.kept && e.Cause != tenant.CauseCancelled && (!strings.Contains(e.What, "The login was kept") || !e.Temporary) {
				t.Errorf("%+v", e)
			}
		})
	}
}

func TestWhatSigningOutLeavesAlone(t *testing.T) {
	l, x, _, w := newSignOut()
	x.unknown, l.newer = true, true
	got, err := w.SignOut(t.Context(), workbench.SignOutRequest{Key: key})
	if err != nil || got.RefreshToken.Outcome != workbench.TokenUnknown || got.Removed || l.login == nil {
		t.Errorf("a newer login: %+v, %v", got, err)
	}
	l, x, _, w = newSignOut()
	l.login.RefreshToken = secret.Text{}
	x.answers["page"] = errors.New("no page")
	got, err = w.SignOut(t.Context(), workbench.SignOutRequest{Key: key})
	if err != nil || got.RefreshToken.Outcome != workbench.TokenNotThere || got.AccessToken.Outcome != workbench.TokenRevoked || !got.Removed || len(x.asked) != 1 {
		t.Errorf("a login without a refresh token: %+v, %v", got, err)
	}
}
