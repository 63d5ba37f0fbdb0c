// Package keeper keeps what calling a tenant takes: its status and address, the login user's access token
// and the system user's ticket. Each is cached, renewed before it ends, and renewed once however many ask
// at the same time.
//
// [Keeper.Call] is the one way to a tenant's web services: it repeats a call when the answer proves that
// nothing was carried out, once for each reason (401 credential refused, 421 tenant moved). A call that only
// reads is repeated after a 403 too, and none after anything else.
package keeper

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"partnerdesk/core/journal"
	"partnerdesk/core/online"
	"partnerdesk/core/secret"
	"partnerdesk/core/superid"
	"partnerdesk/core/tenant"
)

// Store is where credentials survive a restart, and where the other program finds them.
type Store interface {
	Tenant(ctx context.Context, k tenant.Key) (tenant.Tenant, error)
	Login(ctx context.Context, k tenant.Key) (tenant.Login, error)
	SaveLogin(ctx context.Context, l tenant.Login) error
	Ticket(ctx context.Context, k tenant.Key) (tenant.Ticket, error)
	SaveTicket(ctx context.Context, t tenant.Ticket) error
	RemoveTicket(ctx context.Context, k tenant.Key, onlyIf secret.Text) error
	ReplaceSystemUserToken(ctx context.Context, k tenant.Key, old, new secret.Text) error
}

// SuperID renews credentials.
type SuperID interface {
	Refresh(ctx context.Context, reg tenant.Registration, refreshToken secret.Text) (superid.Tokens, error)
	RequestTicket(ctx context.Context, reg tenant.Registration, t tenant.Tenant) (superid.Granted, error)
	ValidateTicket(ctx context.Context, reg tenant.Registration, t tenant.Tenant, g superid.Granted) (superid.Exchanged, error)
}

// StatusService tells where a tenant is.
type StatusService interface {
	Status(ctx context.Context, base, ctxID string, record func(online.Request)) (online.Status, error)
}

// Options are a keeper's parts.
type Options struct {
	Store   Store
	SuperID SuperID
	Status  StatusService
	Log     *slog.Logger
	Now     func() time.Time
}

// Keeper is safe for many goroutines. Close it to end the renewals that nobody waits for any more.
type Keeper struct {
	Options
	inflight singleflight.Group
	root     context.Context
	cancel   context.CancelFunc
	work     sync.WaitGroup

	mu       sync.Mutex
	tickets  map[tenant.Key]tenant.Ticket
	saved    map[tenant.Key]time.Time // the UsedAt that the store knows
	statuses map[tenant.Key]online.Status
}

// New makes a keeper whose renewals end with ctx.
func New(ctx context.Context, o Options) *Keeper {
	if o.Now == nil {
		o.Now = time.Now
	}
	k := &Keeper{
		Options: o, tickets: map[tenant.Key]tenant.Ticket{},
		saved: map[tenant.Key]time.Time{}, statuses: map[tenant.Key]online.Status{},
	}
	k.Log = o.Log.With(journal.Component("keeper"))
	k.root, k.cancel = context.WithCancel(ctx)
	return k
}

// Close cancels renewals under way and waits for them.
func (k *Keeper) Close() {
	k.cancel()
	k.work.Wait()
}

// Subject is a tenant together with the registration through which it is called.
type Subject struct {
	Registration tenant.Registration
	Tenant       tenant.Tenant
}

// CallOptions say how a call is to be made.
type CallOptions struct {
	// Record, where it is set, is told of each request to the tenant.
	Record func(online.Request)
	// Exchanged, where it is set, is called when this call caused an exchange.
	Exchanged func()
	// Fresh asks for a new ticket even where the cached one would do (the tutorial's way).
	Fresh bool
	// Writes marks a call that changes something: it is not repeated after a 403.
	Writes bool
}

// Call calls a tenant as an actor. do may run twice: again with a renewed credential after a 401 (and,
// unless it writes, after a 403: SuperOffice's documents differ on which of the two an expired access
// token gets), and again at the tenant's new address after a 421.
func (k *Keeper) Call(ctx context.Context, s Subject, as tenant.Actor, o CallOptions, do func(context.Context, online.Call) error) error {
	renewed, moved := false, false
	status, err := k.Status(ctx, s, o.Record)
	if err != nil {
		return err
	}
	credential, err := k.credential(ctx, s, as, o, secret.Text{})
	for {
		if err != nil {
			return err
		}
		if !status.Running {
			return notRunning(s.Tenant, status)
		}
		err = do(ctx, online.Call{API: status.API, Credential: credential, Record: o.Record})
		switch refusal := online.StatusOf(err); {
		case err == nil:
			k.used(ctx, s.Tenant.Key, as, credential)
			return nil
		case refusal == http.StatusMisdirectedRequest && !moved:
			moved = true
			k.Log.WarnContext(ctx, "The tenant has moved; asking for its address again", journal.Tenant(s.Tenant.Key))
			k.forgetStatus(s.Tenant.Key)
			status, err = k.Status(ctx, s, o.Record)
		case (refusal == http.StatusUnauthorized || refusal == http.StatusForbidden && !o.Writes) && !renewed:
			renewed = true
			k.Log.InfoContext(ctx, "The tenant refused the credential; renewing it once",
				journal.Tenant(s.Tenant.Key), slog.String("as", as.Label()), slog.Int("http_status", refusal))
			credential, err = k.credential(ctx, s, as, o, credential.Text())
		default:
			return err
		}
	}
}

// Status returns the tenant's status, asked for again when it is no longer valid.
func (k *Keeper) Status(ctx context.Context, s Subject, record func(online.Request)) (online.Status, error) {
	key := s.Tenant.Key
	k.mu.Lock()
	status, ok := k.statuses[key]
	k.mu.Unlock()
	if ok && k.Now().Before(status.ValidUntil) {
		return status, nil
	}
	status, err := k.Options.Status.Status(ctx, s.Registration.Base, key.ContextID, record)
	if err != nil {
		return online.Status{}, atProvider(err)
	}
	k.mu.Lock()
	k.statuses[key] = status
	k.mu.Unlock()
	k.Log.DebugContext(ctx, "Asked for the tenant's status", journal.Tenant(key),
		slog.String("tenant_state", status.State.String()), slog.Time("valid_until", status.ValidUntil))
	return status, nil
}

func (k *Keeper) forgetStatus(key tenant.Key) {
	k.mu.Lock()
	delete(k.statuses, key)
	k.mu.Unlock()
}

// Forget drops what is cached for a tenant: it was removed, or signed in to again.
func (k *Keeper) Forget(key tenant.Key) {
	k.mu.Lock()
	delete(k.statuses, key)
	delete(k.tickets, key)
	delete(k.saved, key)
	k.mu.Unlock()
}

// credential returns what the actor shows the tenant. refused, where it is not empty, is the text that the
// tenant has just refused, and is not returned again.
func (k *Keeper) credential(ctx context.Context, s Subject, as tenant.Actor, o CallOptions, refused secret.Text) (online.Credential, error) {
	if as == tenant.LoginUser {
		token, err := k.accessToken(ctx, s, refused)
		return online.Bearer(token), err
	}
	ticket, err := k.ticket(ctx, s, o, refused)
	return online.SOTicket(ticket, s.Registration.ClientSecret), err
}

// once runs renew for a key at most once at a time and lets all who ask have its result. The work goes on
// when the first who asked gives up, because the others still wait; it ends with the keeper.
func (k *Keeper) once(ctx context.Context, name string, renew func(context.Context) (secret.Text, error)) (secret.Text, error) {
	result := k.inflight.DoChan(name, func() (any, error) {
		k.work.Add(1)
		defer k.work.Done()
		bounded, cancel := context.WithTimeout(k.root, renewTimeout)
		defer cancel()
		return renew(bounded)
	})
	select {
	case r := <-result:
		if r.Err != nil {
			return secret.Text{}, r.Err
		}
		return r.Val.(secret.Text), nil
	case <-ctx.Done():
		return secret.Text{}, context.Cause(ctx)
	}
}

// renewTimeout bounds one renewal, lock waits and network together.
const renewTimeout = time.Minute

// ErrProvider marks a failure on the side of the identity provider (sign-in, status, exchange), as opposed
// to one of the tenant: when it is down, every tenant would fail alike.
var ErrProvider = errors.New("at the identity provider")

// atProvider marks err where the provider or the way to it is at fault.
func atProvider(err error) error {
	e := tenant.Explain(err)
	if e.Temporary && (e.Fault == tenant.FaultNetwork || e.Fault == tenant.FaultSuperOffice) {
		return fmt.Errorf("%w: %w", ErrProvider, err)
	}
	return err
}

// NotRunning is the error for a tenant whose state does not let it be called.
type NotRunning struct{ State tenant.State }

// Error names the state.
func (n *NotRunning) Error() string { return "the tenant's state is " + n.State.String() }

func notRunning(t tenant.Tenant, status online.Status) error {
	e := tenant.Explanation{
		What: "The tenant is not running.", Why: "SuperOffice reports its state as " + status.State.String() + ".",
		Next: "Wait; it is asked again by itself.", Fault: tenant.FaultTenant, Temporary: true,
	}
	switch status.State {
	case tenant.StateDeleted, tenant.StateDeleting, tenant.StateDeleteFailed:
		e.Next, e.Temporary = "Remove it here if the customer has left.", false
	case tenant.StateSuspended:
		e.Next = "Ask the customer, who may have to settle it with SuperOffice. It is asked again by itself."
	}
	return &tenant.Problem{Op: "enter tenant " + t.ContextID, Explanation: e, Err: &NotRunning{State: status.State}}
}
