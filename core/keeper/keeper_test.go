package keeper_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"partnerdesk/core/keeper"
	"partnerdesk/core/online"
	"partnerdesk/core/tenant"
)

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
