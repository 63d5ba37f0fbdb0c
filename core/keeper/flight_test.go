package keeper_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"partnerdesk/core/keeper"
	"partnerdesk/core/online"
	"partnerdesk/core/tenant"
)

func TestTwoProgramsRenewOnce(t *testing.T) {
	for _, as := range []tenant.Actor{tenant.LoginUser, tenant.SystemUser} {
		synctest.Test(t, func(t *testing.T) {
			s := newSetup(t)
			s.vault.login.AccessTokenExpiry = time.Now()
			s.provider.hold = make(chan struct{})
			other := s.program(t, slog.New(slog.DiscardHandler))
			var all sync.WaitGroup
			for range 20 {
				for _, k := range []*keeper.Keeper{s.Keeper, other} {
					all.Go(func() {
						if err := k.Call(t.Context(), s.subject, as, keeper.CallOptions{}, func(context.Context, online.Call) error { return nil }); err != nil {
							t.Error(err)
						}
					})
				}
			}
			synctest.Wait()
			close(s.provider.hold)
			all.Wait()
			if n := s.provider.exchanges.Load() + s.provider.refreshes.Load(); n != 1 {
				t.Errorf("%s: %d renewals", as, n)
			}
		})
	}
}

// The tenant has ended a credential that both programs hold.
func TestTwoProgramsThatAreRefusedRenewOnce(t *testing.T) {
	for _, as := range []tenant.Actor{tenant.LoginUser, tenant.SystemUser} {
		synctest.Test(t, func(t *testing.T) {
			s := newSetup(t)
			programs := []*keeper.Keeper{s.Keeper, s.program(t, slog.New(slog.DiscardHandler))}
			ended := ""
			use := func(_ context.Context, call online.Call) error {
				time.Sleep(time.Second) // both are refused before either renews
				if call.Credential.Text().Reveal() == ended {
					return refuse(http.StatusUnauthorized)
				}
				return nil
			}
			both := func() {
				var all sync.WaitGroup
				for _, k := range programs {
					all.Go(func() {
						if err := k.Call(t.Context(), s.subject, as, keeper.CallOptions{}, use); err != nil {
							t.Error(err)
						}
					})
				}
				all.Wait()
			}
			both()
			before := s.provider.exchanges.Load() + s.provider.refreshes.Load()
			ended = s.vault.ticket.Text.Reveal()
			if as == tenant.LoginUser {
				ended = s.vault.login.AccessToken.Reveal()
			}
			both()
			if n := s.provider.exchanges.Load() + s.provider.refreshes.Load() - before; n != 1 {
				t.Errorf("%s: %d renewals", as, n)
			}
		})
	}
}

func TestAProgramThatHangsDoesNotHoldTheOtherForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSetup(t)
		if _, err := s.call(t.Context(), tenant.SystemUser, keeper.CallOptions{}, well); err != nil {
			t.Fatal(err)
		}
		for _, lock := range s.vault.locks {
			lock <- struct{}{} // as a program would that was stopped in the middle of a renewal
		}
		began := time.Now()
		_, err := s.call(t.Context(), tenant.SystemUser, keeper.CallOptions{Fresh: true}, well)
		if !errors.Is(err, keeper.ErrProvider) || time.Since(began) != time.Minute {
			t.Errorf("after %s: %v", time.Since(began), err)
		}
		for _, lock := range s.vault.locks {
			<-lock
		}
		if _, err := s.call(t.Context(), tenant.SystemUser, keeper.CallOptions{Fresh: true}, well); err != nil {
			t.Error(err)
		}
	})
}

func TestWithoutLocksTheRenewalGoesOnAndTheLogSaysSoOnce(t *testing.T) {
	s := newSetup(t)
	s.vault.noLock = errors.New("function not implemented")
	var log bytes.Buffer
	k := s.program(t, slog.New(slog.NewTextHandler(&log, nil)))
	for range 3 {
		if err := k.Call(t.Context(), s.subject, tenant.SystemUser, keeper.CallOptions{Fresh: true}, func(context.Context, online.Call) error { return nil }); err != nil {
			t.Fatal(err)
		}
	}
	if n := strings.Count(log.String(), "has no locks"); n != 1 || s.provider.exchanges.Load() != 3 {
		t.Errorf("told %d times of %d exchanges:\n%s", n, s.provider.exchanges.Load(), log.String())
	}
}

func TestARestartFindsTheTicket(t *testing.T) {
	s := newSetup(t)
	for range 5 {
		k := s.program(t, slog.New(slog.DiscardHandler))
		if err := k.Call(t.Context(), s.subject, tenant.SystemUser, keeper.CallOptions{}, func(context.Context, online.Call) error { return nil }); err != nil {
			t.Fatal(err)
		}
		k.Close()
	}
	if n := s.provider.exchanges.Load(); n != 1 {
		t.Errorf("%d exchanges", n)
	}
}

func TestACallThatIsToBeMadeOnceIsNotRepeatedBelow(t *testing.T) {
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked++
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	defer server.Close()
	s := newSetup(t)
	s.statuses.list = []online.Status{running(server.URL)}
	client := online.New(online.Options{})
	defer client.CloseIdleConnections()
	err := s.Call(t.Context(), s.subject, tenant.SystemUser, keeper.CallOptions{Once: true}, func(ctx context.Context, call online.Call) error {
		_, err := client.Principal(ctx, call)
		return err
	})
	if online.StatusOf(err) != http.StatusServiceUnavailable || asked != 1 {
		t.Errorf("%d requests, %v", asked, err)
	}
}

func TestTooManyExchangesInADayAreWorthAWarning(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSetup(t)
		var log bytes.Buffer
		k := s.program(t, slog.New(slog.NewTextHandler(&log, nil)))
		warnings := func() int { return strings.Count(log.String(), "was exchanged") }
		exchange := func(o keeper.CallOptions) {
			t.Helper()
			refused := false // the tenant ends each ticket at its next use
			err := k.Call(t.Context(), s.subject, tenant.SystemUser, o, func(context.Context, online.Call) error {
				if refused || o.Fresh {
					return nil
				}
				refused = true
				return refuse(http.StatusUnauthorized)
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		s.vault.ticket = tenant.Ticket{Key: key, Text: s.vault.login.RefreshToken, UsedAt: time.Now()}
		for range 10 {
			exchange(keeper.CallOptions{})
		}
		if n := s.provider.exchanges.Load(); n != 10 || warnings() != 0 {
			t.Errorf("%d warnings after %d exchanges", warnings(), n)
		}
		for range 5 {
			exchange(keeper.CallOptions{})
		}
		if warnings() != 1 || !strings.Contains(log.String(), "exchanged 11 times today") || !strings.Contains(log.String(), "level=WARN") {
			t.Errorf("%d warnings:\n%s", warnings(), log.String())
		}
		time.Sleep(24 * time.Hour)
		for range 30 {
			exchange(keeper.CallOptions{Fresh: true}) // the tutorial's way
		}
		if warnings() != 1 {
			t.Errorf("demonstration mode is worth %d warnings", warnings()-1)
		}
		time.Sleep(24 * time.Hour)
		for range 12 {
			exchange(keeper.CallOptions{})
		}
		if warnings() != 2 {
			t.Errorf("%d warnings on another day", warnings()-1)
		}
	})
}

// Whoever begins a renewal does not know what the tenant has just refused to somebody else. Who joins must not be
// handed the same credential again.
func TestARefusedCredentialDoesNotComeBackWithSomebodyElsesRenewal(t *testing.T) {
	for _, as := range []tenant.Actor{tenant.LoginUser, tenant.SystemUser} {
		t.Run(as.Label(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newSetup(t)
				var others sync.WaitGroup
				refused := ""
				attempts, err := s.call(t.Context(), as, keeper.CallOptions{}, func(n int, call online.Call) error {
					if n > 1 {
						if call.Credential.Text().Reveal() == refused {
							return refuse(401)
						}
						return nil
					}
					refused = call.Credential.Text().Reveal()
					release := s.vault.lockAll(t)
					s.Forget(key) // as another sign-in does, so that the other one looks in the store
					others.Go(func() {
						if _, err := s.call(t.Context(), as, keeper.CallOptions{}, well); err != nil {
							t.Error(err)
						}
					})
					synctest.Wait() // the other one's renewal has begun
					others.Go(func() {
						synctest.Wait() // and ends when this one has joined it
						release()
					})
					return refuse(401)
				})
				others.Wait()
				if attempts != 2 || err != nil {
					t.Errorf("%d attempts, %v", attempts, err)
				}
			})
		})
	}
}
