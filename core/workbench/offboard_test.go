package workbench_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"partnerdesk/core/keeper"
	"partnerdesk/core/secret"
	"partnerdesk/core/superid"
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
)

// estate is a store with a tenant that can be removed.
type estate struct {
	locker
	token   secret.Text
	removed bool
	busy    error // why it cannot be removed
	// visited, where it is set, is called each time that the login is read.
	visited func(e *estate)
}

func (e *estate) Tenant(ctx context.Context, k tenant.Key) (tenant.Tenant, error) {
	t, err := e.locker.Tenant(ctx, k)
	t.CompanyName, t.SystemUserToken = "Fjellfisk &\nSønner", e.token
	return t, err
}

func (e *estate) Registration(context.Context, string) (tenant.Registration, error) {
	return tenant.Registration{Name: "app", Environment: tenant.Stage, Base: "https://qaonline.superoffice.com", ClientID: "c0ffee"}, nil
}

func (e *estate) Login(ctx context.Context, k tenant.Key) (tenant.Login, error) {
	if e.visited != nil {
		e.visited(e)
	}
	return e.locker.Login(ctx, k)
}

func (e *estate) RemoveTenant(ctx context.Context, k tenant.Key) error {
	if e.busy != nil || ctx.Err() != nil {
		return errors.Join(e.busy, ctx.Err())
	}
	e.removed = true
	return nil
}

// notary is a keeper that proves what it is told.
type notary struct {
	forgetful
	err   error
	asked int
}

func (n *notary) Prove(context.Context, keeper.Subject) (superid.Exchanged, error) {
	n.asked++
	return superid.Exchanged{Ticket: secret.New("7T:canary-ticket")}, n.err
}

type offboarding struct {
	*workbench.Workbench
	estate *estate
	exit   *exit
	notary *notary
	log    *bytes.Buffer
}

func newOffboarding() *offboarding {
	o := &offboarding{exit: &exit{answers: map[superid.TokenHint]error{}}, notary: &notary{}, log: &bytes.Buffer{}}
	o.estate = &estate{token: secret.New("App-canary1234")}
	o.estate.login = &tenant.Login{Key: key, UserName: "kari@example.com", AccessToken: secret.New("canary-access"), RefreshToken: secret.New("canary-refresh")}
	o.Workbench = workbench.New(workbench.Options{Store: o.estate, SuperID: o.exit, Keeper: o.notary, Log: slog.New(slog.NewJSONHandler(o.log, nil)),
		Now: func() time.Time { return time.Date(2026, 3, 14, 12, 0, 0, 0, time.FixedZone("", 3600)) }})
	return o
}

// refusedExchange is a no of SuperOffice's, in its own words.
func refusedExchange(cause tenant.Cause, code superid.AuthorizeErrorCode) error {
	e := cause.Explain("No.", "", "")
	e.Server = "Not\nauthorized: 7T:Y2FuYXJ5LXRpY2tldC1jYW5hcnk="
	return &tenant.Problem{Op: "exchange", Explanation: e, Err: &superid.ExchangeRefusal{Code: code, Status: 200}}
}

const receiptOfAll = `Receipt: this tenant was offboarded
===================================
  Customer:       Fjellfisk & Sønner (Cust1)
  Environment:    Stage (qaonline), https://qaonline.superoffice.com
  App:            client id c0ffee, here called app
  Began:          2026-03-14 11:00:00 UTC

Login of kari@example.com
  Refresh token:  revoked at SuperOffice
  Access token:   revoked at SuperOffice
  Asked at:       2026-03-14 11:00:00 UTC

System user
  Proof:          the token still works: SuperOffice exchanged it for a ticket, which was thrown away
  Asked at:       2026-03-14 11:00:00 UTC
  Tickets:        each ends by itself at SuperOffice, six hours after its last use

This computer
  Deleted:        the tenant, its tokens and ticket, what its visits brought, its counts of exchanges
  Deleted at:     2026-03-14 11:00:00 UTC

Left to do
  - The system user token lives on: only the customer's administrator can withdraw the approval of the app, in SuperOffice, where the customer manages its apps.
  - Backups of this data directory may still hold what was deleted here, sealed: delete them when they are no longer needed.
`

func TestOffboardingEndsProvesDeletesAndLeavesAReceipt(t *testing.T) {
	o := newOffboarding()
	got, err := o.Offboard(t.Context(), workbench.OffboardRequest{Key: key})
	if err != nil || !got.Wiped || !o.estate.removed || len(o.notary.forgotten) != 1 || o.notary.asked != 1 {
		t.Fatalf("removed %v, forgotten %v, %d proofs, %v", o.estate.removed, o.notary.forgotten, o.notary.asked, err)
	}
	if strings.Join(o.exit.asked, ", ") != "refresh_token canary-refresh, access_token canary-access" {
		t.Errorf("asked for %d tokens in the wrong order or of the wrong kind", len(o.exit.asked))
	}
	if got.Text() != receiptOfAll {
		t.Errorf("the receipt:\n%s", got.Text())
	}
	asJSON, err := json.Marshal(got)
	if err != nil || !strings.Contains(string(asJSON), `"refresh_token":{"outcome":"revoked"}`) || !strings.Contains(string(asJSON), `"system_user":{"outcome":"still works","at":"2026-03-14T12:00:00+01:00"}`) {
		t.Errorf("%s, %v", asJSON, err)
	}
	for _, want := range []string{`"refresh":"revoked"`, `"system_user":"still works"`, `"wiped":true`, `"wiped_at":"2026-03-14T12:00:00+01:00"`} {
		if strings.Count(o.log.String(), want) != 1 {
			t.Errorf("the log does not say %s once:\n%s", want, o.log.String())
		}
	}
	if all := o.log.String() + string(asJSON) + got.Text(); strings.Contains(all, "canary") {
		t.Error("a secret stands in receipt or log")
	}
	if _, err = o.Offboard(t.Context(), workbench.OffboardRequest{Key: tenant.Key{Registration: "app", ContextID: "Cust9"}}); !errors.Is(err, tenant.ErrNotFound) {
		t.Errorf("another tenant: %v", err)
	}
}

func TestWhatOneExchangeProvesOfTheSystemUser(t *testing.T) {
	stopped := &tenant.Problem{Op: "enter tenant", Explanation: tenant.CauseTenantGone.Explain("No.", "It is deleted.", ""), Err: &keeper.NotRunning{State: tenant.StateDeleted}}
	suspended := &tenant.Problem{Op: "enter tenant", Explanation: tenant.CauseTenantSuspended.Explain("No.", "", ""), Err: &keeper.NotRunning{State: tenant.StateSuspended}}
	for name, row := range map[string]struct {
		err     error
		offline bool
		want    workbench.ProofOutcome
		code    string
		wiped   bool
		text    string
	}{
		"a yes":                  {nil, false, workbench.ProofWorks, "", true, "still works: SuperOffice exchanged it"},
		"a no":                   {refusedExchange(tenant.CauseRevoked, superid.Revoked), false, workbench.ProofRefused, "1 (Revoked)", true, "with the code 1 (Revoked). The server says: “Not authorized: [secret]”"},
		"a no without a reason":  {refusedExchange(tenant.CauseExchangeRefused, 0), false, workbench.ProofRefused, "", true, "SuperOffice refused to exchange the token. The server"},
		"a clock that is off":    {refusedExchange(tenant.CauseClock, superid.InvalidTimestamp), false, workbench.ProofNotReached, "", false, "not known"},
		"a tenant that is gone":  {stopped, false, workbench.ProofNotRunning, "", true, "not asked, as the tenant does not run: whether the token still works is not known. It is deleted."},
		"a suspended tenant":     {suspended, false, workbench.ProofNotRunning, "", true, "not asked"},
		"silence":                {problem(tenant.CauseUnreachable, errors.New("silence")), false, workbench.ProofNotReached, "", false, "could not be asked"},
		"silence, go on":         {problem(tenant.CauseUnreachable, errors.New("silence")), true, workbench.ProofNotReached, "", true, "could not be asked"},
		"cancelled, though sure": {problem(tenant.CauseCancelled, context.Canceled), true, workbench.ProofNotReached, "", false, "could not be asked"},
		"nothing to ask with":    {problem(tenant.CauseIncomplete, errors.New("no key")), false, workbench.ProofUnclear, "", true, "could not be proved"},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffboarding()
			o.notary.err = row.err
			got, err := o.Offboard(t.Context(), workbench.OffboardRequest{Key: key, Offline: row.offline})
			if got.SystemUser.Outcome != row.want || got.SystemUser.Code != row.code || (got.SystemUser.Failure != nil) != (row.err != nil) {
				t.Errorf("%q with the code %q", got.SystemUser.Outcome, got.SystemUser.Code)
			}
			if got.Wiped != row.wiped || o.estate.removed != row.wiped || (err == nil) != row.wiped || got.WipedAt.IsZero() == row.wiped {
				t.Errorf("deleted: %v and %v, %v", got.Wiped, o.estate.removed, err)
			}
			if text := got.Text(); !strings.Contains(text, row.text) || strings.Contains(text, "canary") || strings.Contains(text, "offboarded\n") != row.wiped {
				t.Errorf("the receipt:\n%s", text)
			}
			if (len(got.LeftToDo) == 0) || row.wiped && !strings.Contains(got.LeftToDo[0], "customer's administrator") {
				t.Errorf("left to do: %q", got.LeftToDo)
			}
		})
	}
	o := newOffboarding()
	o.estate.token = secret.Text{}
	if got, err := o.Offboard(t.Context(), workbench.OffboardRequest{Key: key}); err != nil || got.SystemUser.Outcome != workbench.ProofNotThere || o.notary.asked != 0 || strings.Contains(got.Text(), "Tickets") {
		t.Errorf("without a token: %q after %d questions, %v", got.SystemUser.Outcome, o.notary.asked, err)
	}
}

func TestATenantIsKeptWhoseLoginCouldNotBeEnded(t *testing.T) {
	silence, trouble := problem(tenant.CauseUnreachable, superid.ErrUnavailable), problem(tenant.CauseProviderFailed, superid.ErrUnavailable)
	no, cancelled := problem(tenant.CauseRequestRefused, superid.ErrAnswer), problem(tenant.CauseCancelled, context.Canceled)
	for name, row := range map[string]struct {
		refresh error
		offline bool
		want    workbench.TokenOutcome
		wiped   bool
		proofs  int
	}{
		"nobody answers":              {silence, false, workbench.TokenNotReached, false, 0},
		"nobody answers, go on":       {silence, true, workbench.TokenNotReached, true, 0},
		"trouble at SuperID":          {trouble, false, workbench.TokenNotReached, false, 0},
		"trouble at SuperID, go on":   {trouble, true, workbench.TokenNotReached, true, 1},
		"a lasting no":                {no, false, workbench.TokenRefused, true, 1},
		"cancelled, though to go on":  {cancelled, true, workbench.TokenNotReached, false, 0},
		"SuperID knows no such token": {nil, false, workbench.TokenUnknown, true, 1},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffboarding()
			o.exit.answers[superid.HintRefreshToken], o.exit.unknown = row.refresh, row.refresh == nil
			got, err := o.Offboard(t.Context(), workbench.OffboardRequest{Key: key, Offline: row.offline})
			if got.RefreshToken.Outcome != row.want || o.estate.removed != row.wiped || got.Wiped != row.wiped || o.notary.asked != row.proofs || (err == nil) != row.wiped {
				t.Errorf("%q; deleted: %v; %d proofs; %v", got.RefreshToken.Outcome, o.estate.removed, o.notary.asked, err)
			}
			lives := row.refresh != nil && row.wiped
			if strings.Contains(got.Text(), "were not all ended") != lives {
				t.Errorf("the receipt:\n%s", got.Text())
			}
			if e := tenant.Explain(err); !row.wiped && e.Cause != tenant.CauseCancelled && (!strings.Contains(e.What, "The tenant was kept") || !e.Temporary) {
				t.Errorf("%q", e.What)
			}
		})
	}
}

func TestWhoLeavesBeforeTheDeletionKeepsTheTenantAndLaterDoesNot(t *testing.T) {
	o := newOffboarding()
	ctx, cancel := context.WithCancel(t.Context())
	reads := 0
	o.estate.visited = func(*estate) {
		if reads++; reads == 2 {
			cancel()
		}
	}
	got, err := o.Offboard(ctx, workbench.OffboardRequest{Key: key, Offline: true})
	if !errors.Is(err, context.Canceled) || got.Wiped || o.estate.removed || !strings.Contains(o.log.String(), "it is kept as it was") {
		t.Errorf("deleted: %v, %v", o.estate.removed, err)
	}
}

func TestALoginThatIsNewIsNotDeletedUnended(t *testing.T) {
	o := newOffboarding()
	reads := 0
	o.estate.visited = func(e *estate) {
		if reads++; reads == 2 {
			e.login = &tenant.Login{Key: key, RefreshToken: secret.New("canary-newer")}
		}
	}
	got, err := o.Offboard(t.Context(), workbench.OffboardRequest{Key: key})
	if e := tenant.Explain(err); e.Cause != tenant.CauseElsewhere || got.Wiped || o.estate.removed {
		t.Errorf("deleted: %v, %v", o.estate.removed, err)
	}
	if got, err = o.Offboard(t.Context(), workbench.OffboardRequest{Key: key}); err != nil || !got.Wiped || o.exit.asked[2] != "refresh_token canary-newer" {
		t.Errorf("once more: %v", err)
	}
}

func TestATenantWithoutALoginAndAStoreThatIsBusy(t *testing.T) {
	o := newOffboarding()
	o.estate.login = nil
	o.estate.busy = errors.New("busy")
	got, err := o.Offboard(t.Context(), workbench.OffboardRequest{Key: key})
	if !errors.Is(err, o.estate.busy) || got.Wiped || got.RefreshToken.Outcome != workbench.TokenNotThere || len(o.exit.asked) != 0 || len(o.notary.forgotten) != 0 {
		t.Errorf("%q, %v", got.RefreshToken.Outcome, err)
	}
	o.estate.busy = nil
	if got, err = o.Offboard(t.Context(), workbench.OffboardRequest{Key: key}); err != nil || !got.Wiped || got.SystemUser.Outcome != workbench.ProofWorks {
		t.Errorf("%q, %v", got.SystemUser.Outcome, err)
	}
}
