// Package keeper keeps what calling a tenant takes: its status and address, the login user's access token
// and the system user's ticket. Each is cached, renewed before it ends, and renewed once however many ask
// at the same time.
//
// [Keeper.Call] is the one way to a tenant's web services: it repeats a call when the answer proves that
// nothing was carried out, once for each reason (401 credential refused, 421 tenant moved). A call of the
// login user's that only reads is repeated after a 403 too; one that only reads and got no answer, at the
// tenant's new address where it has one; and none after anything else. (Requests that only read are made
// again by core/online itself after failures of the moment; see CallOptions.Once.)
//
// Desktop and console share the credentials through the store, and a renewal is under way in one of them at
// a time: whoever comes second finds what the first has stored.
package keeper

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
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
	// RenewLogin stores a renewed login if the stored one still has the refresh token that was used, and
	// returns what is stored then: a sign-in that came meanwhile wins.
	RenewLogin(ctx context.Context, l tenant.Login, used secret.Text) (tenant.Login, error)
	Ticket(ctx context.Context, k tenant.Key) (tenant.Ticket, error)
	// Credentials returns a tenant and its ticket, in one piece; the zero ticket where there is none.
	Credentials(ctx context.Context, k tenant.Key) (tenant.Tenant, tenant.Ticket, error)
	// SaveTicket stores the ticket that an exchange has brought, and counts the exchange.
	SaveTicket(ctx context.Context, t tenant.Ticket) (tenant.Exchanges, error)
	// SlideTicket notes a use of a ticket, if it is still the stored one.
	SlideTicket(ctx context.Context, t tenant.Ticket) error
	RemoveTicket(ctx context.Context, k tenant.Key, onlyIf secret.Text) error
	ReplaceSystemUserToken(ctx context.Context, k tenant.Key, old, new secret.Text) error
	// CompleteTenant stores name and serial number of a tenant that was imported without them.
	CompleteTenant(ctx context.Context, k tenant.Key, companyName, serial string) error
	// Exclusive takes a lock that all programs on the store share, and returns the func that gives it back.
	Exclusive(ctx context.Context, name string) (release func(), err error)
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
	lockless sync.Once // so that a file system without locks is told of once

	mu       sync.Mutex
	closed   bool
	warned   map[tenant.Key]time.Time // the day of the last warning about a tenant's exchanges
	tickets  map[identity]cachedTicket
	statuses map[identity]cachedStatus
}

// identity is what a cached thing belongs to. A registration of the same name may be another app in another
// environment by now, as the other program can remove and add it: what was cached for the old one must
// never be shown to the new one's tenants.
type identity struct {
	key            tenant.Key
	base, clientID string
}

func (s Subject) identity() identity {
	return identity{key: s.Tenant.Key, base: s.Registration.Base, clientID: s.Registration.ClientID}
}

// String tells all parts, for the names of flights.
func (i identity) String() string { return fmt.Sprintf("%q %q %q", i.key, i.base, i.clientID) }

type cachedTicket struct {
	tenant.Ticket
	saved time.Time // the UsedAt that the store knows
}

// New makes a keeper whose renewals end with ctx.
func New(ctx context.Context, o Options) *Keeper {
	now := o.Now
	if now == nil {
		now = time.Now
	}
	// The wall clock's time only: Go would rather compare monotonic times, which stand still while the machine
	// sleeps, and do not show that the clock was set. Tickets and statuses end all the same.
	o.Now = func() time.Time { return now().Round(0) }
	k := &Keeper{Options: o, tickets: map[identity]cachedTicket{}, statuses: map[identity]cachedStatus{}, warned: map[tenant.Key]time.Time{}}
	k.Log = o.Log.With(journal.Component("keeper"))
	k.root, k.cancel = context.WithCancel(ctx)
	return k
}

// Close cancels renewals under way and waits for them. Later ones fail.
func (k *Keeper) Close() {
	k.mu.Lock()
	k.closed = true
	k.mu.Unlock()
	k.cancel()
	k.work.Wait()
}

// ErrClosed is the error of a renewal after Close.
var ErrClosed = errors.New("the keeper is closed")

// begin counts one piece of work that Close must wait for.
func (k *Keeper) begin() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.closed {
		return ErrClosed
	}
	k.work.Add(1)
	return nil
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
	// Status, where it is set, is told of the status that the call went by, and when it was asked for.
	Status func(s online.Status, asked time.Time)
	// Exchanged, where it is set, is called when this call caused an exchange.
	Exchanged func()
	// Fresh asks for a new ticket even where the cached one would do (the tutorial's way).
	Fresh bool
	// Kept calls with the ticket that is kept, or not at all: where there is no good one the call ends with
	// [ErrNoTicket], and where the tenant refuses it with that refusal. No exchange is made.
	Kept bool
	// Writes marks a call that changes something: it is repeated after a 401 and a 421 only.
	Writes bool
	// Once has each request to the tenant and to the status service made once, also where it only reads. The
	// poller asks for it: its visits come back by themselves, after pauses that grow, and a tenant in trouble
	// must not get three requests for each. A person who waits for an answer is better served by the repeats.
	Once bool
}

// Call calls a tenant as an actor. do may run twice: again with a renewed credential after a 401 (and, for
// the login user and unless it writes, after a 403: SuperOffice's documents differ on which of the two an
// expired access token gets), and again at the tenant's new address after a 421.
func (k *Keeper) Call(ctx context.Context, s Subject, as tenant.Actor, o CallOptions, do func(context.Context, online.Call) error) error {
	renewed, moved := false, false
	if o.Once {
		ctx = online.Once(ctx)
	}
	status, err := k.running(ctx, s, o, false)
	if err != nil {
		return err
	}
	credential, err := k.credential(ctx, s, as, o, secret.Text{})
	for {
		if err != nil {
			return err
		}
		err = redacted(do(ctx, online.Call{API: status.API, Credential: credential, Record: o.Record}))
		switch refusal := online.StatusOf(err); {
		case err == nil:
			k.used(ctx, s, as, credential)
			return nil
		case refusal == http.StatusMisdirectedRequest && !moved:
			moved = true
			k.Log.WarnContext(ctx, "The tenant has moved; asking for its address again", journal.Tenant(s.Tenant.Key))
			status, err = k.running(ctx, s, o, true)
		case refusal >= http.StatusInternalServerError && !o.Writes:
			// A tenant that has stopped meanwhile answers like one that is broken: its status tells which.
			if _, statusErr := k.running(ctx, s, o, true); isNotRunning(statusErr) {
				return statusErr
			}
			return err
		case errors.Is(err, online.ErrNoAnswer) && ctx.Err() == nil && !moved:
			moved = true
			status, err = k.elsewhere(ctx, s, o, status, err)
		case mayBeExpired(refusal, as, o) && !renewed:
			renewed = true
			k.Log.InfoContext(ctx, "The tenant refused the credential; renewing it once",
				journal.Tenant(s.Tenant.Key), slog.String("as", as.Label()), slog.Int("http_status", refusal))
			credential, err = k.credential(ctx, s, as, o, credential.Text())
		default:
			return err
		}
	}
}

// mayBeExpired reports whether an answer may mean that the credential has ended. A system user's 403 never
// does: each exchange writes a row in the customer's database.
func mayBeExpired(status int, as tenant.Actor, o CallOptions) bool {
	if o.Kept {
		return false
	}
	return status == http.StatusUnauthorized || status == http.StatusForbidden && as == tenant.LoginUser && !o.Writes
}

// Forget drops what is cached for a tenant: it was removed, or signed in to again.
func (k *Keeper) Forget(key tenant.Key) {
	k.mu.Lock()
	defer k.mu.Unlock()
	maps.DeleteFunc(k.statuses, func(i identity, _ cachedStatus) bool { return i.key == key })
	maps.DeleteFunc(k.tickets, func(i identity, _ cachedTicket) bool { return i.key == key })
}

// redacted masks once more what looks like a secret in the words that will be stored and shown. It changes
// the error, so call it while nobody else holds it.
func redacted(err error) error {
	if p, ok := errors.AsType[*tenant.Problem](err); ok {
		p.Why, p.Server = journal.Redact(p.Why), journal.Redact(p.Server)
	}
	return err
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
