package keeper_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
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

func (v *vault) Tenant(context.Context, tenant.Key) (tenant.Tenant, error) { return v.tenant, nil }

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

func (v *vault) SaveTicket(_ context.Context, t tenant.Ticket) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.ticket = t
	v.saves++
	v.counts = v.counts.Add(time.Now())
	return nil
}

func (v *vault) Exchanges(context.Context, tenant.Key) (tenant.Exchanges, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
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
	return superid.Exchanged{
		Ticket: secret.New(fmt.Sprintf("ticket-%d", p.exchanges.Load())), Claims: superid.Claims{SystemUserToken: p.reissue},
	}, nil
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

func TestARefusedCredentialIsRenewedOnce(t *testing.T) {
	for _, as := range []tenant.Actor{tenant.LoginUser, tenant.SystemUser} {
		s := newSetup(t)
		attempts, err := s.call(t.Context(), as, keeper.CallOptions{}, func(n int, _ online.Call) error {
			if n == 1 {
				return refuse(http.StatusUnauthorized)
			}
			return nil
		})
		if err != nil || attempts != 2 {
			t.Errorf("%s: %d attempts, %v", as, attempts, err)
		}
		attempts, err = s.call(t.Context(), as, keeper.CallOptions{}, func(int, online.Call) error { return refuse(http.StatusUnauthorized) })
		if online.StatusOf(err) != http.StatusUnauthorized || attempts != 2 {
			t.Errorf("%s: for ever refused after %d attempts, %v", as, attempts, err)
		}
		if n := s.provider.exchanges.Load() + s.provider.refreshes.Load(); n > 3 {
			t.Errorf("%s: %d renewals", as, n)
		}
	}
}

func TestAWriteIsRepeatedOnlyAfterProofThatNothingWasDone(t *testing.T) {
	for status, want := range map[int]int{401: 2, 421: 2, 403: 1, 400: 1, 429: 1, 500: 1, 503: 1, 0: 1} {
		s := newSetup(t)
		attempts, _ := s.call(t.Context(), tenant.LoginUser, keeper.CallOptions{Writes: true}, func(n int, _ online.Call) error {
			switch {
			case n > 1:
				return nil
			case status == 0:
				return io.ErrUnexpectedEOF
			}
			return refuse(status)
		})
		if attempts != want {
			t.Errorf("after %d: %d attempts", status, attempts)
		}
	}
}

func TestALoginUsersReadIsRenewedOnceAfterA403(t *testing.T) {
	s := newSetup(t)
	attempts, err := s.call(t.Context(), tenant.LoginUser, keeper.CallOptions{}, func(int, online.Call) error { return refuse(http.StatusForbidden) })
	if attempts != 2 || online.StatusOf(err) != http.StatusForbidden || s.provider.refreshes.Load() != 1 {
		t.Errorf("%d attempts and %d refreshes, %v", attempts, s.provider.refreshes.Load(), err)
	}
}

func TestTroubleAtTheProviderIsToldApart(t *testing.T) {
	for fault, provider := range map[tenant.Fault]bool{tenant.FaultNetwork: true, tenant.FaultSuperOffice: true, tenant.FaultConsent: false} {
		s := newSetup(t)
		s.provider.fail = &tenant.Problem{Op: "exchange", Explanation: tenant.Explanation{What: "x", Fault: fault, Temporary: true}}
		if _, err := s.call(t.Context(), tenant.SystemUser, keeper.CallOptions{}, well); errors.Is(err, keeper.ErrProvider) != provider {
			t.Errorf("%s: %v", fault, err)
		}
	}
}

// The other program has removed the registration and added another of the same name.
func TestWhatWasCachedForAnotherAppIsNotShown(t *testing.T) {
	s := newSetup(t)
	s.statuses.list = []online.Status{running("https://dev/api"), running("https://prod/api")}
	var shown []string
	show := func(_ int, call online.Call) error {
		shown = append(shown, call.API+" "+call.Credential.Text().Reveal())
		return nil
	}
	if _, err := s.call(t.Context(), tenant.SystemUser, keeper.CallOptions{}, show); err != nil {
		t.Fatal(err)
	}
	s.vault.ticket = tenant.Ticket{}
	s.subject.Registration.Base = "https://online.superoffice.com"
	if _, err := s.call(t.Context(), tenant.SystemUser, keeper.CallOptions{}, show); err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(shown) != "[https://dev/api ticket-1 https://prod/api ticket-2]" {
		t.Errorf("showed %v", shown)
	}
}

func TestAllWhoWaitMayReadTheFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSetup(t)
		s.provider.hold = make(chan struct{})
		s.provider.fail = temporaryTrouble()
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				_, err := s.call(t.Context(), tenant.SystemUser, keeper.CallOptions{}, well)
				if tenant.Explain(err).What != "x" {
					t.Errorf("got %v", err)
				}
			})
		}
		synctest.Wait()
		close(s.provider.hold)
		all.Wait()
	})
}

func TestAProviderThatHangsCountsAsDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSetup(t)
		s.provider.hold = make(chan struct{})
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		if _, err := s.call(ctx, tenant.SystemUser, keeper.CallOptions{}, well); !errors.Is(err, keeper.ErrProvider) {
			t.Errorf("got %v", err)
		}
		s.Close()
	})
}

func TestATenantsWordsAreRedacted(t *testing.T) {
	s := newSetup(t)
	_, err := s.call(t.Context(), tenant.SystemUser, keeper.CallOptions{}, func(int, online.Call) error {
		return &tenant.Problem{Op: "x", Explanation: tenant.Explanation{Server: "your ticket 7T:Q2FuYXJ5Q2FuYXJ5Q2FuYXJ5 is bad"}}
	})
	if words := tenant.Explain(err).Server; strings.Contains(words, "Q2FuYXJ5") {
		t.Errorf("the words are %q", words)
	}
}

func temporaryTrouble() error {
	return &tenant.Problem{Op: "exchange", Explanation: tenant.Explanation{What: "x", Fault: tenant.FaultSuperOffice, Temporary: true}}
}
