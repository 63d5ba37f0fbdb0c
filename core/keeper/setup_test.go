package keeper_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"partnerdesk/core/keeper"
	"partnerdesk/core/online"
	"partnerdesk/core/secret"
	"partnerdesk/core/superid"
	"partnerdesk/core/tenant"
)

var key = tenant.Key{Registration: "app", ContextID: "Cust1"}

// vault is a store in memory.
type vault struct {
	mu     sync.Mutex
	tenant tenant.Tenant
	login  tenant.Login
	ticket tenant.Ticket
	saves  int
	counts tenant.Exchanges
	locks  map[string]chan struct{}
	noLock error // the file system has no locks
}

func (v *vault) Tenant(context.Context, tenant.Key) (tenant.Tenant, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.tenant, nil
}

func (v *vault) Login(context.Context, tenant.Key) (tenant.Login, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.login.Key == (tenant.Key{}) {
		return tenant.Login{}, tenant.ErrNotFound
	}
	return v.login, nil
}

func (v *vault) RenewLogin(_ context.Context, l tenant.Login, used secret.Text) (tenant.Login, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.login.RefreshToken.Equal(used) {
		v.login = l
	}
	return v.login, nil
}

func (v *vault) CompleteTenant(_ context.Context, _ tenant.Key, companyName, serial string) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.tenant.CompanyName, v.tenant.Serial = companyName, serial
	return nil
}

func (v *vault) SlideTicket(_ context.Context, t tenant.Ticket) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.ticket.Text.Equal(t.Text) {
		v.ticket = t
		v.saves++
	}
	return nil
}

func (v *vault) Ticket(context.Context, tenant.Key) (tenant.Ticket, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.ticket.Text.Empty() {
		return tenant.Ticket{}, tenant.ErrNotFound
	}
	return v.ticket, nil
}

func (v *vault) Credentials(ctx context.Context, k tenant.Key) (tenant.Tenant, tenant.Ticket, error) {
	t, err := v.Tenant(ctx, k)
	if err != nil {
		return t, tenant.Ticket{}, err
	}
	ticket, err := v.Ticket(ctx, k)
	if errors.Is(err, tenant.ErrNotFound) {
		err = nil
	}
	return t, ticket, err
}

func (v *vault) SaveTicket(_ context.Context, t tenant.Ticket) (tenant.Exchanges, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.ticket = t
	v.saves++
	v.counts = v.counts.Add(time.Now())
	v.counts.Key = t.Key
	return v.counts, nil
}

func (v *vault) Exclusive(ctx context.Context, name string) (func(), error) {
	if v.noLock != nil {
		return nil, v.noLock
	}
	v.mu.Lock()
	if v.locks == nil {
		v.locks = map[string]chan struct{}{}
	}
	lock := v.locks[name]
	if lock == nil {
		lock = make(chan struct{}, 1)
		v.locks[name] = lock
	}
	v.mu.Unlock()
	select {
	case lock <- struct{}{}:
		return func() { <-lock }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// lockAll takes every lock that there is, as another program would, and returns the func that gives them back.
func (v *vault) lockAll(t *testing.T) (release func()) {
	t.Helper()
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, lock := range v.locks {
		lock <- struct{}{}
	}
	return func() {
		v.mu.Lock()
		defer v.mu.Unlock()
		for _, lock := range v.locks {
			<-lock
		}
	}
}

func (v *vault) RemoveTicket(_ context.Context, _ tenant.Key, onlyIf secret.Text) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.ticket.Text.Equal(onlyIf) {
		v.ticket = tenant.Ticket{}
	}
	return nil
}

func (v *vault) ReplaceSystemUserToken(_ context.Context, _ tenant.Key, _, issued secret.Text) error {
	v.tenant.SystemUserToken = issued
	return nil
}

// provider issues numbered tickets and access tokens.
type provider struct {
	exchanges, refreshes atomic.Int32
	fail                 error
	skew                 time.Duration
	reissue              secret.Text
	claims               superid.Claims // of the token of an exchange, but for a token that is issued anew
	refreshed            superid.Claims // of the id token that comes with a refresh
	hold                 chan struct{}  // exchanges wait here
}

func (p *provider) RequestTicket(ctx context.Context, _ tenant.Registration, _ tenant.Tenant) (superid.Granted, error) {
	if p.hold != nil {
		select {
		case <-p.hold:
		case <-ctx.Done():
			return superid.Granted{}, ctx.Err()
		}
	}
	p.exchanges.Add(1)
	return superid.Granted{Skew: p.skew}, p.fail
}

func (p *provider) ValidateTicket(context.Context, tenant.Registration, tenant.Tenant, superid.Granted) (superid.Exchanged, error) {
	claims := p.claims
	claims.SystemUserToken = p.reissue
	return superid.Exchanged{Ticket: secret.New(fmt.Sprintf("ticket-%d", p.exchanges.Load())), Claims: claims}, nil
}

func (p *provider) Refresh(_ context.Context, _ tenant.Registration, refresh secret.Text) (superid.Tokens, error) {
	if p.hold != nil {
		<-p.hold
	}
	n := p.refreshes.Add(1)
	return superid.Tokens{
		AccessToken: secret.New(fmt.Sprintf("access-%d", n)), AccessTokenExpiry: time.Now().Add(time.Hour), RefreshToken: refresh,
		Claims: p.refreshed,
	}, p.fail
}

// statuses answers from a list, the last one for ever.
type statuses struct {
	list  []online.Status
	asked atomic.Int32
}

func (s *statuses) Status(context.Context, string, string, func(online.Request)) (online.Status, error) {
	n := int(s.asked.Add(1))
	return s.list[min(n, len(s.list))-1], nil
}

func running(api string) online.Status {
	return online.Status{State: tenant.StateRunning, Running: true, API: api, ValidUntil: time.Now().Add(time.Hour)}
}

type setup struct {
	*keeper.Keeper
	vault    *vault
	provider *provider
	statuses *statuses
	subject  keeper.Subject
}

func newSetup(t *testing.T) *setup {
	t.Helper()
	s := &setup{vault: &vault{}, provider: &provider{}, statuses: &statuses{list: []online.Status{running("https://x/api")}}}
	s.vault.tenant = tenant.Tenant{Key: key, SystemUserToken: secret.New("App-abcdefghij"), CompanyName: "C"}
	s.vault.login = tenant.Login{Key: key, AccessToken: secret.New("access-0"), AccessTokenExpiry: time.Now().Add(time.Hour), RefreshToken: secret.New("refresh")}
	s.subject = keeper.Subject{Registration: tenant.Registration{Name: "app", Base: "https://sod.superoffice.com", ClientSecret: secret.New("cs")}, Tenant: s.vault.tenant}
	s.Keeper = s.program(t, slog.New(slog.DiscardHandler))
	return s
}

// program makes a keeper as another program, or one after a restart, has it: on the same store.
func (s *setup) program(t *testing.T, log *slog.Logger) *keeper.Keeper {
	t.Helper()
	k := keeper.New(t.Context(), keeper.Options{Store: s.vault, SuperID: s.provider, Status: s.statuses, Log: log})
	t.Cleanup(k.Close)
	return k
}

// call calls the tenant; answer returns the error of the n-th attempt.
func (s *setup) call(ctx context.Context, as tenant.Actor, o keeper.CallOptions, answer func(n int, call online.Call) error) (attempts int, err error) {
	err = s.Call(ctx, s.subject, as, o, func(_ context.Context, call online.Call) error {
		attempts++
		return answer(attempts, call)
	})
	return attempts, err
}

func well(int, online.Call) error { return nil }

func refuse(status int) error { return &online.Refusal{Status: status} }

func temporaryTrouble() error {
	return &tenant.Problem{Op: "exchange", Explanation: tenant.Explanation{What: "x", Fault: tenant.FaultSuperOffice, Temporary: true}}
}
