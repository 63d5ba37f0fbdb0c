package workbench

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"partnerdesk/core/journal"
	"partnerdesk/core/keeper"
	"partnerdesk/core/online"
	"partnerdesk/core/tenant"
)

// logOnProof is what became of a try to log on.
type logOnProof struct {
	principal tenant.Principal
	took      time.Duration
	err       error
}

// tenantStages are what must hold in the tenant, for the system user.
func (e *examination) tenantStages() []stage {
	return []stage{
		{DiagnoseStatus, "Status", "The tenant runs.", stepTimeout, e.status},
		{DiagnoseAPIName, "Name resolution, tenant", "The name of the tenant's host is known.", stepTimeout,
			func(ctx context.Context) (finding, error) { return e.elsewhere(ctx, e.resolve) }},
		{DiagnoseAPITLS, "TLS, tenant", "The connection with the tenant's host can be trusted.", stepTimeout,
			func(ctx context.Context) (finding, error) { return e.elsewhere(ctx, e.handshake) }},
		{DiagnoseExchange, "Exchange", "SuperOffice takes the system user token as the app signs it.", exchangeTimeout, e.exchange},
		{DiagnoseToken, "Returned token", "The answer to the exchange is genuine, and about this tenant.", stepTimeout, e.returnedToken},
		{DiagnoseLogOn, "Log on", "The tenant takes the ticket, and is the right one.", stepTimeout, e.logOnStep},
		{DiagnoseRight, "Right to create companies", "The system user may begin a company. None is created.", stepTimeout, e.companyRight},
	}
}

func (e *examination) status(ctx context.Context) (finding, error) {
	status, err := e.Keeper.Running(ctx, e.subject)
	if err != nil {
		return finding{}, err
	}
	e.api = status.API
	f := passed(fmt.Sprintf("%s, at %s, version %s.", status.State, status.API, tenant.OrDash(status.Version)))
	if status.State != tenant.StateRunning {
		f.warning = "It runs, but is in another state than Running; calls may fail for a while."
	}
	return f, nil
}

// elsewhere looks at the tenant's own host, where that is another than the sign-in's.
func (e *examination) elsewhere(ctx context.Context, look func(ctx context.Context, address string) (finding, error)) (finding, error) {
	if journal.Host(e.api) == journal.Host(e.subject.Registration.Base) {
		return skipped("The tenant is called at the sign-in host."), nil
	}
	return look(ctx, e.api)
}

// exchange makes an exchange only where it must: each writes a row in the customer's database. Where a ticket is
// kept that the tenant takes, the log-on has been made here already. An exchange that is made leaves its ticket
// for later calls, which then need none.
func (e *examination) exchange(ctx context.Context) (finding, error) {
	reason := "It was asked for."
	if !e.req.Exchange {
		proof := e.tryLogOn(ctx)
		switch {
		case errors.Is(proof.err, keeper.ErrNoTicket):
			reason = "No ticket was kept."
		case online.StatusOf(proof.err) == http.StatusUnauthorized:
			reason = "The tenant refused the ticket that was kept."
		default:
			e.logOn = &proof
			f := skipped("A ticket is kept, and each exchange writes a row in the customer's database: none was made, so the key pair was not put to the proof.")
			f.saved = proof.took
			return f, nil
		}
	}
	x, err := e.Keeper.Exchange(ctx, e.subject)
	e.checks = checksOf(x.Checks)
	if err != nil && len(e.checks) == 0 {
		return finding{}, err
	}
	// An answer came. If it did not pass its checks, that is the next step's.
	e.exchanged, e.validating = true, err
	by := strings.ToUpper(string(cmp.Or(e.subject.Registration.Exchange, tenant.REST)))
	return passed(reason + " SuperOffice answered the exchange, by " + by + ", with a token. Key and client secret are the app's."), nil
}

func (e *examination) returnedToken(context.Context) (finding, error) {
	switch {
	case !e.exchanged:
		return skipped("No exchange was made."), nil
	case e.validating != nil:
		return finding{checks: e.checks}, e.validating
	}
	return finding{detail: fmt.Sprintf("It passed all %d checks; its ticket is kept for six hours after each use.", len(e.checks)), checks: e.checks}, nil
}

// tryLogOn asks the tenant, with the ticket that is kept, for whom it takes the system user.
func (e *examination) tryLogOn(ctx context.Context) (proof logOnProof) {
	began := e.Now()
	proof.err = e.withTicket(ctx, func(ctx context.Context, call online.Call) (err error) {
		proof.principal, err = e.Principals.Principal(ctx, call)
		return err
	})
	proof.took = e.Now().Sub(began)
	return proof
}

func (e *examination) withTicket(ctx context.Context, do func(context.Context, online.Call) error) error {
	return e.Keeper.Call(ctx, e.subject, tenant.SystemUser, keeper.CallOptions{Kept: true}, do)
}

func (e *examination) logOnStep(ctx context.Context) (finding, error) {
	f := finding{}
	if e.logOn == nil {
		proof := e.tryLogOn(ctx)
		e.logOn = &proof
	} else {
		f.took = e.logOn.took
	}
	p, want := e.logOn.principal, e.subject.Tenant.ContextID
	switch {
	case e.logOn.err != nil:
		return f, e.logOn.err
	case p.ContextID != "" && p.ContextID != want:
		return f, &tenant.Problem{Op: "log on to the tenant", Explanation: tenant.CauseWrongTenant.Explain("Another tenant answered.",
			"The log-on to "+want+" was answered by "+p.ContextID+".", "")}
	case p.ContextID == "":
		f.warning = "The answer does not say to which tenant the user belongs."
	}
	f.detail = journal.Redact(fmt.Sprintf("Logged on to %s as %s (%s).", cmp.Or(p.ContextID, want),
		cmp.Or(p.Associate, p.FullName, p.UserName), cmp.Or(p.UserType, "of no named kind")))
	return f, nil
}

// companyRight fetches a new company as the tenant would begin it (Contact/default), and leaves it at that.
func (e *examination) companyRight(ctx context.Context) (finding, error) {
	err := e.withTicket(ctx, func(ctx context.Context, call online.Call) error {
		_, err := e.Contacts.NewContact(ctx, call, "Partnerdesk")
		return err
	})
	if online.StatusOf(err) == http.StatusForbidden {
		explained := tenant.CauseRightMissing.Explain("The system user may not create companies.", "",
			"Ask the customer's administrator to look at the rights of the app's system user.")
		explained.Server = tenant.Explain(err).Server
		err = &tenant.Problem{Op: "look at the right to create companies", Err: err, Explanation: explained}
	}
	if err != nil {
		return finding{}, err
	}
	return passed("The tenant handed out the beginning of a company. Nothing was saved; only a save proves the last of it."), nil
}
