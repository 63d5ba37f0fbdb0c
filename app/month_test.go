package app

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"partnerdesk/core/keeper"
	"partnerdesk/core/online"
	"partnerdesk/core/poller"
	"partnerdesk/core/secret"
	"partnerdesk/core/superid"
	"partnerdesk/core/tenant"
)

// Thirty days of polling pass in a bubble of testing/synctest, with the real poller and the real keeper. The
// store and SuperOffice are made of maps, as time in a bubble stands still while a socket waits.

const (
	day        = 24 * time.Hour
	monthLong  = 30 * day
	fleet      = 5
	statusGood = 15 * time.Minute
)

// office is SuperOffice as the poller meets it: it issues tickets that live for six hours after each use,
// holds against everybody who shows one that has ended, and counts.
type office struct {
	mu      sync.Mutex
	issued  map[string]*issue // by the ticket's text
	tenants map[string]*books // by context identifier
	down    func(now time.Time) bool
}

type issue struct {
	ctx    string
	usedAt time.Time
}

// books are what a tenant could tell afterwards.
type books struct {
	exchanges, logOns int
	refused           int // log-ons with a ticket that had ended
	lastLogOn         time.Time
	// needed is how many exchanges six sliding hours leave no way around, with the margin before their end: one
	// for the first log-on, and one for each that comes too late after the one before.
	needed int
}

func newOffice() *office {
	o := &office{issued: map[string]*issue{}, tenants: map[string]*books{}, down: func(time.Time) bool { return false }}
	for n := range fleet {
		o.tenants[contextOf(n)] = &books{}
	}
	return o
}

func contextOf(n int) string { return fmt.Sprintf("Cust%d", n+1) }

func (o *office) Refresh(context.Context, tenant.Registration, secret.Text) (superid.Tokens, error) {
	return superid.Tokens{}, superid.ErrRefreshRefused // nobody is signed in
}

func (o *office) RequestTicket(_ context.Context, _ tenant.Registration, t tenant.Tenant) (superid.Granted, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.tenants[t.ContextID].exchanges++
	return superid.Granted{}, nil
}

func (o *office) ValidateTicket(_ context.Context, _ tenant.Registration, t tenant.Tenant, _ superid.Granted) (superid.Exchanged, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	text := fmt.Sprintf("7T:%s-%d", t.ContextID, o.tenants[t.ContextID].exchanges)
	o.issued[text] = &issue{ctx: t.ContextID, usedAt: time.Now()}
	return superid.Exchanged{Ticket: secret.New(text)}, nil
}

func (o *office) Status(_ context.Context, _, ctxID string, record func(online.Request)) (online.Status, error) {
	record(online.Request{Method: http.MethodGet, Status: http.StatusOK})
	s := online.Status{ContextID: ctxID, State: tenant.StateRunning, Running: true, API: ctxID, ValidUntil: time.Now().Add(statusGood)}
	if o.down(time.Now()) {
		s.State, s.Running = tenant.StateOfflineMaintenance, false
	}
	return s, nil
}

func (o *office) Principal(_ context.Context, call online.Call) (tenant.Principal, error) {
	call.Record(online.Request{Method: http.MethodGet})
	now := time.Now()
	if o.down(now) {
		return tenant.Principal{}, &online.Refusal{Status: http.StatusServiceUnavailable}
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	ticket, b := o.issued[call.Credential.Text().Reveal()], o.tenants[call.API]
	if ticket == nil || ticket.ctx != call.API || now.Sub(ticket.usedAt) > tenant.TicketLife {
		b.refused++
		return tenant.Principal{}, &online.Refusal{Status: http.StatusUnauthorized}
	}
	if b.logOns == 0 || now.Sub(b.lastLogOn) >= tenant.TicketLife-10*time.Minute {
		b.needed++
	}
	ticket.usedAt, b.lastLogOn = now, now
	b.logOns++
	return tenant.Principal{Associate: "SYS-PD", ContextID: call.API}, nil
}

// shelf is a store that outlives the programs on it.
type shelf struct {
	mu      sync.Mutex
	lock    chan struct{} // of Exclusive
	tickets map[tenant.Key]tenant.Ticket
	counts  map[tenant.Key]tenant.Exchanges
	visits  map[tenant.Key]tenant.Visit
	lease   tenant.Lease
}

func newShelf() *shelf {
	return &shelf{
		lock: make(chan struct{}, 1), tickets: map[tenant.Key]tenant.Ticket{}, counts: map[tenant.Key]tenant.Exchanges{},
		visits: map[tenant.Key]tenant.Visit{},
	}
}

func (s *shelf) Tenant(_ context.Context, k tenant.Key) (tenant.Tenant, error) {
	return tenant.Tenant{Key: k, CompanyName: k.ContextID, Active: true, SystemUserToken: secret.New("App-" + k.ContextID)}, nil
}

func (s *shelf) Roster(ctx context.Context) (tenant.Roster, error) {
	r := tenant.Roster{Settings: tenant.DefaultSettings(), Registrations: []tenant.Registration{
		{Name: "app", Environment: tenant.Development, Base: tenant.Development.BaseURL()},
	}}
	r.Settings.Maintenance = "" // the office has its own
	for n := range fleet {
		t, _ := s.Tenant(ctx, tenant.Key{Registration: "app", ContextID: contextOf(n)})
		r.Tenants = append(r.Tenants, t)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	r.Visits = maps.Clone(s.visits)
	return r, nil
}

func (s *shelf) Signals(context.Context) (tenant.Signals, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return tenant.Signals{Lease: s.lease}, nil
}

func (s *shelf) Login(context.Context, tenant.Key) (tenant.Login, error) {
	return tenant.Login{}, tenant.ErrNotFound
}

func (s *shelf) RenewLogin(context.Context, tenant.Login, secret.Text) (tenant.Login, error) {
	return tenant.Login{}, tenant.ErrNotFound
}

func (s *shelf) Ticket(_ context.Context, k tenant.Key) (tenant.Ticket, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t, ok := s.tickets[k]; ok {
		return t, nil
	}
	return tenant.Ticket{}, tenant.ErrNotFound
}

func (s *shelf) Credentials(ctx context.Context, k tenant.Key) (tenant.Tenant, tenant.Ticket, error) {
	t, err := s.Tenant(ctx, k)
	s.mu.Lock()
	defer s.mu.Unlock()
	return t, s.tickets[k], err
}

func (s *shelf) SaveTicket(_ context.Context, t tenant.Ticket) (tenant.Exchanges, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tickets[t.Key] = t
	s.counts[t.Key] = s.counts[t.Key].Add(time.Now())
	return s.counts[t.Key], nil
}

func (s *shelf) SlideTicket(_ context.Context, t tenant.Ticket) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tickets[t.Key].Text.Equal(t.Text) {
		s.tickets[t.Key] = t
	}
	return nil
}

func (s *shelf) CompleteTenant(context.Context, tenant.Key, string, string) error { return nil }

func (s *shelf) RemoveTicket(_ context.Context, k tenant.Key, onlyIf secret.Text) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tickets[k].Text.Equal(onlyIf) {
		delete(s.tickets, k)
	}
	return nil
}

func (s *shelf) ReplaceSystemUserToken(context.Context, tenant.Key, secret.Text, secret.Text) error {
	return nil
}

func (s *shelf) Exclusive(context.Context, string) (func(), error) {
	s.lock <- struct{}{}
	return func() { <-s.lock }, nil
}

func (s *shelf) SaveVisits(_ context.Context, visits []tenant.Visit) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, v := range visits {
		s.visits[v.Key] = v
	}
	return nil
}

func (s *shelf) TakeLease(_ context.Context, o tenant.Owner, d time.Duration) (tenant.Lease, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lease = tenant.Lease{Owner: o, Until: time.Now().Add(d)}
	return s.lease, true, nil
}

func (s *shelf) EndTick(ctx context.Context, o tenant.Owner, d time.Duration, _ tenant.Tick) (tenant.Lease, bool, error) {
	return s.TakeLease(ctx, o, d)
}

func (s *shelf) ReleaseLease(context.Context, tenant.Owner) error { return nil }

// pollFor runs a program on the store for a while: a keeper and a poller that know nothing from before.
func pollFor(t *testing.T, d time.Duration, s *shelf, o *office, change func(*poller.Options)) {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	k := keeper.New(t.Context(), keeper.Options{Store: s, SuperID: o, Status: o, Log: log})
	defer k.Close()
	options := poller.Options{Store: s, Keeper: k, WebServices: o, Log: log, Owner: tenant.Owner{Program: "console", PID: 1}}
	change(&options)
	// Between its ticks the poller looks each second whether somebody wants something of it. Nobody does, and a
	// month has many seconds: it sleeps from tick to tick.
	began := time.Now()
	options.Wait = func(ctx context.Context, d time.Duration) error {
		if d == time.Second {
			d = options.Interval - time.Since(began)%options.Interval
		}
		select {
		case <-time.After(d):
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	poller.New(options).Run(ctx)
}

// check compares what happened with what six sliding hours allow.
func (o *office) check(t *testing.T, s *shelf, want int) {
	t.Helper()
	for ctx, b := range o.tenants {
		counted := 0
		for _, n := range s.counts[tenant.Key{Registration: "app", ContextID: ctx}].Counts {
			counted += n
		}
		if b.exchanges != b.needed || counted != b.exchanges || b.refused != 0 || want > 0 && b.exchanges != want {
			t.Errorf("%s: %d exchanges, %d counted, for %d log-ons that needed %d; %d tickets had ended",
				ctx, b.exchanges, counted, b.logOns, b.needed, b.refused)
		}
	}
}

func TestAMonthOfTicksTakesOneExchange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, o := newShelf(), newOffice()
		everyTick := func(p *poller.Options) { p.Interval = time.Minute }
		pollFor(t, monthLong/2, s, o, everyTick)
		pollFor(t, monthLong/2, s, o, everyTick) // after a restart
		o.check(t, s, 1)
		if n := o.tenants[contextOf(0)].logOns; n < int(monthLong/time.Minute)-2 {
			t.Errorf("%d log-ons in a month of ticks", n)
		}
	})
}

// Seven hours of maintenance each night end every ticket.
func TestAMonthOfNightsTakesAnExchangeEach(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, o := newShelf(), newOffice()
		o.down = func(now time.Time) bool { h := now.UTC().Hour(); return h >= 1 && h < 8 }
		pollFor(t, monthLong, s, o, func(p *poller.Options) { p.Interval = 5 * time.Minute })
		o.check(t, s, 1+30)
	})
}

// Five hours of maintenance each night end none.
func TestAMonthOfShortNightsTakesOneExchange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, o := newShelf(), newOffice()
		o.down = func(now time.Time) bool { h := now.UTC().Hour(); return h >= 1 && h < 6 }
		pollFor(t, monthLong, s, o, func(p *poller.Options) { p.Interval = 5 * time.Minute })
		o.check(t, s, 1)
	})
}

// A budget of three requests (status, exchange, log-on) for each of five tenants in seven hours: no ticket
// lives from one visit to the next.
func TestAMonthOnATinyBudgetExchangesForEachVisit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, o := newShelf(), newOffice()
		pollFor(t, monthLong, s, o, func(p *poller.Options) {
			p.Interval, p.Budget = time.Hour, fleet*3/(7*time.Hour).Seconds()
		})
		o.check(t, s, 0)
		for ctx, b := range o.tenants {
			if visits := int(monthLong / (7 * time.Hour)); b.exchanges != b.logOns || b.logOns < visits-3 || b.logOns > visits+3 {
				t.Errorf("%s: %d exchanges for %d log-ons, of about %d", ctx, b.exchanges, b.logOns, visits)
			}
		}
	})
}
