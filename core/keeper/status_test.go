package keeper_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"partnerdesk/core/keeper"
	"partnerdesk/core/online"
	"partnerdesk/core/tenant"
)

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

func TestATenantThatKeepsMovingIsGivenUp(t *testing.T) {
	for _, writes := range []bool{false, true} {
		s := newSetup(t)
		var statuses int
		attempts, err := s.call(t.Context(), tenant.SystemUser, keeper.CallOptions{Writes: writes, Status: func(online.Status, time.Time) { statuses++ }},
			func(int, online.Call) error { return refuse(http.StatusMisdirectedRequest) })
		if attempts != 2 || statuses != 2 || s.statuses.asked.Load() != 2 || online.StatusOf(err) != http.StatusMisdirectedRequest {
			t.Errorf("%d attempts after %d statuses, %v", attempts, s.statuses.asked.Load(), err)
		}
		// Moved and refused at once: each is answered once, and then it is over.
		attempts, err = s.call(t.Context(), tenant.SystemUser, keeper.CallOptions{Writes: writes}, func(n int, _ online.Call) error {
			return refuse([]int{http.StatusMisdirectedRequest, http.StatusUnauthorized}[n%2])
		})
		if attempts != 3 || err == nil {
			t.Errorf("%d attempts, %v", attempts, err)
		}
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
	for state, cause := range map[tenant.State]tenant.Cause{
		tenant.StateSuspended: tenant.CauseTenantSuspended, tenant.StateOfflineMaintenance: tenant.CauseMaintenance,
		tenant.StateMigrationPending: tenant.CauseMaintenance, tenant.StateUnknown: tenant.CauseMaintenance, 99: tenant.CauseMaintenance,
		tenant.StateDeleted: tenant.CauseTenantGone, tenant.StateDeleting: tenant.CauseTenantGone, tenant.StateDeleteFailed: tenant.CauseTenantGone,
	} {
		s := newSetup(t)
		s.statuses.list = []online.Status{{State: state, ValidUntil: time.Now().Add(time.Hour)}}
		attempts, err := s.call(t.Context(), tenant.LoginUser, keeper.CallOptions{}, well)
		stopped, ok := errors.AsType[*keeper.NotRunning](err)
		if attempts != 0 || !ok || stopped.State != state || tenant.Explain(err).Cause != cause {
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

func TestATenantThatDoesNotRunCostsOneStatusAndNoExchange(t *testing.T) {
	s := newSetup(t)
	s.statuses.list = []online.Status{{State: tenant.StateDeleted, ValidUntil: time.Now().Add(time.Hour)}}
	var told online.Status
	_, err := s.call(t.Context(), tenant.SystemUser, keeper.CallOptions{Status: func(st online.Status, _ time.Time) { told = st }}, well)
	if err == nil || told.State != tenant.StateDeleted || s.statuses.asked.Load() != 1 || s.provider.exchanges.Load() != 0 {
		t.Errorf("told %v after %d status requests and %d exchanges, %v", told.State, s.statuses.asked.Load(), s.provider.exchanges.Load(), err)
	}
}

// A save that ended in the server's trouble may have been carried out. That the tenant has stopped meanwhile
// must not take the place of that answer.
func TestAStoppedTenantDoesNotHideTheAnswerToAWrite(t *testing.T) {
	s := newSetup(t)
	s.statuses.list = []online.Status{running("https://x/api"), {State: tenant.StateOfflineMaintenance, ValidUntil: time.Now().Add(time.Hour)}}
	_, err := s.call(t.Context(), tenant.LoginUser, keeper.CallOptions{Writes: true}, func(int, online.Call) error { return refuse(http.StatusServiceUnavailable) })
	if online.StatusOf(err) != http.StatusServiceUnavailable || s.statuses.asked.Load() != 1 {
		t.Errorf("asked %d times, %v", s.statuses.asked.Load(), err)
	}
}

func TestAStatusOfAClockThatWasAheadIsAskedForAgain(t *testing.T) {
	now := time.Now()
	s := newSetup(t)
	k := keeper.New(t.Context(), keeper.Options{Store: s.vault, SuperID: s.provider, Status: s.statuses, Log: slog.New(slog.DiscardHandler),
		Now: func() time.Time { return now }})
	t.Cleanup(k.Close)
	s.statuses.list = []online.Status{{State: tenant.StateRunning, Running: true, API: "https://x/api", ValidUntil: now.Add(24 * time.Hour)}}
	for range 2 {
		if err := k.Call(t.Context(), s.subject, tenant.LoginUser, keeper.CallOptions{}, func(context.Context, online.Call) error { return nil }); err != nil {
			t.Fatal(err)
		}
		now = now.Add(-12 * time.Hour)
	}
	if n := s.statuses.asked.Load(); n != 2 {
		t.Errorf("asked %d times", n)
	}
}
