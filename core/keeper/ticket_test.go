package keeper_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"partnerdesk/core/keeper"
	"partnerdesk/core/online"
	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

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
			time.Sleep(5*time.Hour + 29*time.Minute)
		}
		if n := s.provider.exchanges.Load(); n != 1 {
			t.Errorf("%d exchanges while the ticket was in use", n)
		}
		time.Sleep(22 * time.Minute) // now it was idle for longer than six hours less the least margin
		use()
		if n := s.provider.exchanges.Load(); n != 2 {
			t.Errorf("%d exchanges after six idle hours", n)
		}
	})
}

// Tickets that were bought at one time are not all renewed at one time, and none is used beyond its six hours.
func TestRenewalsAreSpread(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const fleet = 50
		spread := map[time.Duration]int{}
		for n := range fleet {
			s := newSetup(t)
			s.subject.Tenant.ContextID = fmt.Sprintf("Cust%d", n+1)
			use := func() {
				if _, err := s.call(t.Context(), tenant.SystemUser, keeper.CallOptions{}, well); err != nil {
					t.Fatal(err)
				}
			}
			use()
			ticket := s.vault.ticket // as it was bought
			lasts := tenant.TicketLife
			for step := time.Duration(0); step <= 21*time.Minute; step += time.Minute {
				// A ticket of this age, in a program that has just started.
				fresh := newSetup(t)
				fresh.subject, fresh.vault.ticket = s.subject, ticket
				fresh.vault.ticket.UsedAt = time.Now().Add(-tenant.TicketLife + 9*time.Minute + 30*time.Second + step)
				if _, err := fresh.call(t.Context(), tenant.SystemUser, keeper.CallOptions{}, well); err != nil {
					t.Fatal(err)
				}
				if fresh.provider.exchanges.Load() == 0 {
					lasts = 9*time.Minute + 30*time.Second + step
					break
				}
			}
			if lasts < 10*time.Minute || lasts > 31*time.Minute {
				t.Fatalf("given up %s before its end", lasts)
			}
			spread[lasts]++
		}
		for at, n := range spread {
			if n > fleet/5 {
				t.Errorf("%d of %d are renewed %s before their end", n, fleet, at)
			}
		}
	})
}

// Go compares monotonic times where it has them, and those stand still while a laptop sleeps.
func TestATicketEndsWhileTheMachineSleeps(t *testing.T) {
	s := newSetup(t)
	if _, err := s.call(t.Context(), tenant.SystemUser, keeper.CallOptions{}, well); err != nil {
		t.Fatal(err)
	}
	if at := s.vault.ticket.UsedAt; at != at.Round(0) {
		t.Errorf("the time of the last use is not the wall clock's: %s", at)
	}
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

func TestARefusedTicketDoesNotOutliveARenewalThatFails(t *testing.T) {
	s := newSetup(t)
	if _, err := s.call(t.Context(), tenant.SystemUser, keeper.CallOptions{}, well); err != nil {
		t.Fatal(err)
	}
	s.provider.fail = temporaryTrouble()
	if attempts, err := s.call(t.Context(), tenant.SystemUser, keeper.CallOptions{}, func(int, online.Call) error { return refuse(401) }); err == nil || attempts != 1 {
		t.Errorf("%d attempts, %v", attempts, err)
	}
	if attempts, _ := s.call(t.Context(), tenant.SystemUser, keeper.CallOptions{}, well); attempts != 0 || !s.vault.ticket.Text.Empty() {
		t.Errorf("the refused ticket was shown %d times more", attempts)
	}
}

func TestATicketOfAClockThatWasAheadIsNotTrusted(t *testing.T) {
	s := newSetup(t)
	s.vault.ticket = tenant.Ticket{Key: key, Text: secret.New("old"), UsedAt: time.Now().Add(24 * time.Hour)}
	if _, err := s.call(t.Context(), tenant.SystemUser, keeper.CallOptions{}, well); err != nil || s.provider.exchanges.Load() != 1 {
		t.Errorf("%d exchanges, %v", s.provider.exchanges.Load(), err)
	}
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
