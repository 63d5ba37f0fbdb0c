package keeper_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
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
	return nil
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
	return superid.Granted{}, p.fail
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
	s.Keeper = keeper.New(t.Context(), keeper.Options{Store: s.vault, SuperID: s.provider, Status: s.statuses, Log: slog.New(slog.DiscardHandler)})
	t.Cleanup(s.Close)
	return s
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

func TestATicketIsExchangedOnceAndThenCached(t *testing.T) {
	s := newSetup(t)
	exchanged := 0
	for range 10 {
		if _, err := s.call(t.Context(), tenant.SystemUser, keeper.CallOptions{Exchanged: func() { exchanged++ }}, well); err != nil {
			t.Fatal(err)
		}
	}
	if s.provider.exchanges.Load() != 1 || exchanged != 1 || s.vault.ticket.Text.Reveal() != "ticket-1" {
		t.Errorf("%d exchanges, %d told", s.provider.exchanges.Load(), exchanged)
	}
}

func TestOneExchangeHoweverManyAsk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSetup(t)
		s.provider.hold = make(chan struct{})
		var all sync.WaitGroup
		for range 50 {
			all.Go(func() {
				if _, err := s.call(t.Context(), tenant.SystemUser, keeper.CallOptions{}, well); err != nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		close(s.provider.hold)
		all.Wait()
		if n := s.provider.exchanges.Load(); n != 1 {
			t.Errorf("%d exchanges", n)
		}
	})
}

func TestTheFirstWhoGivesUpDoesNotFailTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSetup(t)
		s.provider.hold = make(chan struct{})
		impatient, giveUp := context.WithCancel(t.Context())
		var both sync.WaitGroup
		both.Go(func() {
			if _, err := s.call(impatient, tenant.SystemUser, keeper.CallOptions{}, well); !errors.Is(err, context.Canceled) {
				t.Errorf("the impatient got %v", err)
			}
		})
		synctest.Wait()
		both.Go(func() {
			if _, err := s.call(t.Context(), tenant.SystemUser, keeper.CallOptions{}, well); err != nil {
				t.Errorf("the patient got %v", err)
			}
		})
		synctest.Wait()
		giveUp()
		synctest.Wait()
		close(s.provider.hold)
		both.Wait()
	})
}

func TestSixSlidingHours(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSetup(t)
		use := func() {
			t.Helper()
			if _, err := s.call(t.Context(), tenant.SystemUser, keeper.CallOptions{}, well); err != nil {
				t.Fatal(err)
			}
		}
		for range 100 { // each use starts the six hours anew
			use()
			time.Sleep(5*time.Hour + 49*time.Minute)
		}
		if n := s.provider.exchanges.Load(); n != 1 {
			t.Errorf("%d exchanges while the ticket was in use", n)
		}
		time.Sleep(2 * time.Minute) // now it was idle for longer than six hours less the margin
		use()
		if n := s.provider.exchanges.Load(); n != 2 {
			t.Errorf("%d exchanges after six idle hours", n)
		}
	})
}

func TestUsesAreWrittenDownNowAndThen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSetup(t)
		for range 4 * 60 { // an hour of ticks
			if _, err := s.call(t.Context(), tenant.SystemUser, keeper.CallOptions{}, well); err != nil {
				t.Fatal(err)
			}
			time.Sleep(15 * time.Second)
		}
		if s.vault.saves < 4 || s.vault.saves > 5 {
			t.Errorf("%d writes in an hour", s.vault.saves)
		}
	})
}

func TestATicketOfTheOtherProgramIsTaken(t *testing.T) {
	s := newSetup(t)
	s.vault.ticket = tenant.Ticket{Key: key, Text: secret.New("theirs"), UsedAt: time.Now().Add(-time.Hour)}
	var shown string
	_, err := s.call(t.Context(), tenant.SystemUser, keeper.CallOptions{}, func(_ int, call online.Call) error {
		shown = call.Credential.Text().Reveal()
		return nil
	})
	if err != nil || shown != "theirs" || s.provider.exchanges.Load() != 0 {
		t.Errorf("showed %q after %d exchanges, %v", shown, s.provider.exchanges.Load(), err)
	}
}

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

func TestAMovedTenantIsFoundAgain(t *testing.T) {
	s := newSetup(t)
	s.statuses.list = []online.Status{running("https://old/api"), running("https://new/api")}
	var hosts []string
	_, err := s.call(t.Context(), tenant.SystemUser, keeper.CallOptions{Writes: true}, func(n int, call online.Call) error {
		hosts = append(hosts, call.API)
		if n == 1 {
			return refuse(http.StatusMisdirectedRequest)
		}
		return nil
	})
	if err != nil || fmt.Sprint(hosts) != "[https://old/api https://new/api]" || s.statuses.asked.Load() != 2 {
		t.Errorf("went to %v, %v", hosts, err)
	}
}

func TestTheStatusIsAskedAgainOnlyWhenItHasEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSetup(t)
		for range 3 * 60 {
			if _, err := s.call(t.Context(), tenant.SystemUser, keeper.CallOptions{}, well); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Minute)
			s.statuses.list = []online.Status{running("https://x/api")}
		}
		if n := s.statuses.asked.Load(); n < 3 || n > 4 {
			t.Errorf("asked %d times in three hours of one-hour statuses", n)
		}
	})
}

func TestATenantThatDoesNotRunIsNotCalled(t *testing.T) {
	for state, heals := range map[tenant.State]bool{tenant.StateSuspended: true, tenant.StateOfflineMaintenance: true, tenant.StateDeleted: false} {
		s := newSetup(t)
		s.statuses.list = []online.Status{{State: state, ValidUntil: time.Now().Add(time.Hour)}}
		attempts, err := s.call(t.Context(), tenant.LoginUser, keeper.CallOptions{}, well)
		stopped, ok := errors.AsType[*keeper.NotRunning](err)
		if attempts != 0 || !ok || stopped.State != state || tenant.Explain(err).Temporary != heals {
			t.Errorf("%s: %d attempts, %v", state, attempts, err)
		}
	}
}

func TestATenantThatHasStoppedIsNotTakenForABrokenOne(t *testing.T) {
	s := newSetup(t)
	s.statuses.list = []online.Status{running("https://x/api"), {State: tenant.StateSuspended, ValidUntil: time.Now().Add(time.Hour)}}
	_, err := s.call(t.Context(), tenant.SystemUser, keeper.CallOptions{}, func(int, online.Call) error { return refuse(http.StatusServiceUnavailable) })
	if stopped, ok := errors.AsType[*keeper.NotRunning](err); !ok || stopped.State != tenant.StateSuspended {
		t.Errorf("got %v", err)
	}
	// It runs again: nobody waits for the old status to end.
	s.statuses.list = append(s.statuses.list, running("https://x/api"))
	if attempts, err := s.call(t.Context(), tenant.SystemUser, keeper.CallOptions{}, well); err != nil || attempts != 1 {
		t.Errorf("after %d attempts %v", attempts, err)
	}
	// One that is broken stays what it is.
	_, err = s.call(t.Context(), tenant.SystemUser, keeper.CallOptions{}, func(int, online.Call) error { return refuse(http.StatusServiceUnavailable) })
	if online.StatusOf(err) != http.StatusServiceUnavailable {
		t.Errorf("got %v", err)
	}
}

func TestAnAccessTokenIsRefreshedBeforeItEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSetup(t)
		var shown []string
		show := func(_ int, call online.Call) error {
			shown = append(shown, call.Credential.Text().Reveal())
			return nil
		}
		for range 3 {
			if _, err := s.call(t.Context(), tenant.LoginUser, keeper.CallOptions{}, show); err != nil {
				t.Fatal(err)
			}
			time.Sleep(59*time.Minute + time.Second)
		}
		if fmt.Sprint(shown) != "[access-0 access-1 access-2]" || s.vault.login.AccessToken.Reveal() != "access-2" {
			t.Errorf("showed %v", shown)
		}
	})
}

func TestARefreshThatIsAboutSomebodyElseIsRefused(t *testing.T) {
	for claims, good := range map[[2]string]bool{
		{"tony", "Cust1"}: true, {"eve", "Cust1"}: false, {"tony", "Cust2"}: false,
	} {
		s := newSetup(t)
		s.vault.login.UserName = "tony"
		s.vault.login.AccessTokenExpiry = time.Now()
		s.provider.refreshed = superid.Claims{Subject: claims[0], ContextID: claims[1]}
		if _, err := s.call(t.Context(), tenant.LoginUser, keeper.CallOptions{}, well); (err == nil) != good {
			t.Errorf("%v: %v", claims, err)
		}
	}
}

func TestWithoutALoginThePersonIsAskedToSignIn(t *testing.T) {
	s := newSetup(t)
	s.vault.login = tenant.Login{}
	if _, err := s.call(t.Context(), tenant.LoginUser, keeper.CallOptions{}, well); tenant.Explain(err).Fault != tenant.FaultPerson || tenant.Explain(err).Next == "" {
		t.Errorf("got %v", err)
	}
	s.vault.tenant.SystemUserToken = secret.Text{}
	if _, err := s.call(t.Context(), tenant.SystemUser, keeper.CallOptions{}, well); tenant.Explain(err).Fault != tenant.FaultConsent {
		t.Errorf("got %v", err)
	}
}

func TestATokenThatIsIssuedAnewIsStored(t *testing.T) {
	s := newSetup(t)
	s.provider.reissue = secret.New("App-klmnopqrst")
	if _, err := s.call(t.Context(), tenant.SystemUser, keeper.CallOptions{}, well); err != nil {
		t.Fatal(err)
	}
	if s.vault.tenant.SystemUserToken.Reveal() != "App-klmnopqrst" {
		t.Error("the new token is lost")
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

func TestASystemUsersMissingRightCostsNoExchange(t *testing.T) {
	s := newSetup(t)
	for range 3 {
		attempts, err := s.call(t.Context(), tenant.SystemUser, keeper.CallOptions{}, func(int, online.Call) error { return refuse(http.StatusForbidden) })
		if attempts != 1 || online.StatusOf(err) != http.StatusForbidden {
			t.Errorf("%d attempts, %v", attempts, err)
		}
	}
	if n := s.provider.exchanges.Load(); n != 1 {
		t.Errorf("%d exchanges", n)
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

func TestTwoAppsOfOneNameShareNoFlight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSetup(t)
		s.provider.hold = make(chan struct{})
		var both sync.WaitGroup
		for _, base := range []string{"https://sod.superoffice.com", "https://online.superoffice.com"} {
			subject := s.subject
			subject.Registration.Base = base
			both.Go(func() {
				if err := s.Call(t.Context(), subject, tenant.SystemUser, keeper.CallOptions{Fresh: true}, func(context.Context, online.Call) error { return nil }); err != nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		close(s.provider.hold)
		both.Wait()
		if n := s.provider.exchanges.Load(); n != 2 {
			t.Errorf("%d exchanges for two apps", n)
		}
	})
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

func TestATenantThatDoesNotRunCostsOneStatusAndNoExchange(t *testing.T) {
	s := newSetup(t)
	s.statuses.list = []online.Status{{State: tenant.StateDeleted, ValidUntil: time.Now().Add(time.Hour)}}
	var told online.Status
	_, err := s.call(t.Context(), tenant.SystemUser, keeper.CallOptions{Status: func(st online.Status) { told = st }}, well)
	if err == nil || told.State != tenant.StateDeleted || s.statuses.asked.Load() != 1 || s.provider.exchanges.Load() != 0 {
		t.Errorf("told %v after %d status requests and %d exchanges, %v", told.State, s.statuses.asked.Load(), s.provider.exchanges.Load(), err)
	}
}

func TestASignInDuringARefreshWins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSetup(t)
		s.vault.login.AccessTokenExpiry = time.Now()
		s.provider.hold = make(chan struct{})
		var shown string
		var call sync.WaitGroup
		call.Go(func() {
			_, err := s.call(t.Context(), tenant.LoginUser, keeper.CallOptions{}, func(_ int, call online.Call) error {
				shown = call.Credential.Text().Reveal()
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
		synctest.Wait()
		s.vault.mu.Lock()
		s.vault.login = tenant.Login{Key: key, UserName: "second", AccessToken: secret.New("second's"), AccessTokenExpiry: time.Now().Add(time.Hour), RefreshToken: secret.New("second's refresh")}
		s.vault.mu.Unlock()
		close(s.provider.hold)
		call.Wait()
		if shown != "second's" || s.vault.login.UserName != "second" {
			t.Errorf("showed %q, stored is %q", shown, s.vault.login.UserName)
		}
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

func TestAGoodTicketOutlivesARenewalThatFails(t *testing.T) {
	s := newSetup(t)
	if _, err := s.call(t.Context(), tenant.SystemUser, keeper.CallOptions{}, well); err != nil {
		t.Fatal(err)
	}
	s.provider.fail = temporaryTrouble()
	if _, err := s.call(t.Context(), tenant.SystemUser, keeper.CallOptions{Fresh: true}, well); err == nil {
		t.Error("the renewal did not fail")
	}
	if s.vault.ticket.Text.Empty() {
		t.Error("the good ticket is lost")
	}
	s.provider.fail = &tenant.Problem{Op: "exchange", Explanation: tenant.Explanation{What: "Revoked.", Fault: tenant.FaultConsent}}
	if _, err := s.call(t.Context(), tenant.SystemUser, keeper.CallOptions{Fresh: true}, well); err == nil {
		t.Error("the renewal did not fail")
	}
	if !s.vault.ticket.Text.Empty() {
		t.Error("the ticket outlives the consent")
	}
}

func TestATicketOfAClockThatWasAheadIsNotTrusted(t *testing.T) {
	s := newSetup(t)
	s.vault.ticket = tenant.Ticket{Key: key, Text: secret.New("old"), UsedAt: time.Now().Add(24 * time.Hour)}
	if _, err := s.call(t.Context(), tenant.SystemUser, keeper.CallOptions{}, well); err != nil || s.provider.exchanges.Load() != 1 {
		t.Errorf("%d exchanges, %v", s.provider.exchanges.Load(), err)
	}
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

func TestFreshExchangesAnew(t *testing.T) {
	s := newSetup(t)
	for range 3 {
		if _, err := s.call(t.Context(), tenant.SystemUser, keeper.CallOptions{Fresh: true}, well); err != nil {
			t.Fatal(err)
		}
	}
	if n := s.provider.exchanges.Load(); n != 3 {
		t.Errorf("%d exchanges", n)
	}
}

// The keeper and the real client together, over real HTTP: a 401 from a real server renews the ticket.
func TestARealServersRefusalRenewsTheTicket(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "SOTicket ticket-2" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		_, _ = io.WriteString(w, `{"Associate":"api-user"}`)
	}))
	defer server.Close()
	s := newSetup(t)
	s.statuses.list = []online.Status{running(server.URL)}
	client := online.New(online.Options{})
	defer client.CloseIdleConnections()
	var principal tenant.Principal
	err := s.Call(t.Context(), s.subject, tenant.SystemUser, keeper.CallOptions{}, func(ctx context.Context, call online.Call) (err error) {
		principal, err = client.Principal(ctx, call)
		return err
	})
	if err != nil || principal.Associate != "api-user" {
		t.Errorf("got %+v, %v", principal, err)
	}
}
