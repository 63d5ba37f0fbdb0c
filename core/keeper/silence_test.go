package keeper_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"partnerdesk/core/keeper"
	"partnerdesk/core/online"
	"partnerdesk/core/tenant"
)

var errSilence = fmt.Errorf("%w: connection refused", online.ErrNoAnswer)

func TestATenantThatDoesNotAnswerMayHaveMoved(t *testing.T) {
	stopped := online.Status{State: tenant.StateSuspended, ValidUntil: time.Now().Add(time.Hour)}
	for name, row := range map[string]struct {
		statuses []online.Status
		silent   string // the address at which nobody answers; "all" for any
		writes   bool
		hosts    string
		asked    int32 // for the status, by the call
		again    int32 // for the status, by the next call
		fails    bool
	}{
		"it has":                    {[]online.Status{running("https://old/api"), running("https://new/api")}, "https://old/api", false, "[https://old/api https://new/api]", 2, 0, false},
		"it is where it was":        {[]online.Status{running("https://old/api")}, "all", false, "[https://old/api]", 2, 0, true},
		"nor does it answer there":  {[]online.Status{running("https://old/api"), running("https://new/api")}, "all", false, "[https://old/api https://new/api]", 2, 0, true},
		"it has stopped":            {[]online.Status{running("https://old/api"), stopped}, "all", false, "[https://old/api]", 2, 1, true},
		"a write is not made again": {[]online.Status{running("https://old/api"), running("https://new/api")}, "https://old/api", true, "[https://old/api]", 1, 1, true},
		"a write that is answered":  {[]online.Status{running("https://new/api")}, "https://old/api", true, "[https://new/api]", 1, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSetup(t)
			s.statuses.list = row.statuses
			var hosts []string
			_, err := s.call(t.Context(), tenant.SystemUser, keeper.CallOptions{Writes: row.writes}, func(_ int, call online.Call) error {
				hosts = append(hosts, call.API)
				if row.silent == "all" || row.silent == call.API {
					return errSilence
				}
				return nil
			})
			asked := s.statuses.asked.Load()
			if fmt.Sprint(hosts) != row.hosts || asked != row.asked || (err != nil) != row.fails {
				t.Errorf("went to %v after %d statuses, %v", hosts, asked, err)
			}
			if _, isStopped := errors.AsType[*keeper.NotRunning](err); row.fails && isStopped != (name == "it has stopped") {
				t.Errorf("got %v", err)
			}
			_, _ = s.call(t.Context(), tenant.SystemUser, keeper.CallOptions{}, well)
			if again := s.statuses.asked.Load() - asked; again != row.again {
				t.Errorf("the next call asked for %d statuses", again)
			}
		})
	}
}

func TestACallerWhoGivesUpSaysNothingAboutTheAddress(t *testing.T) {
	s := newSetup(t)
	ctx, cancel := context.WithCancel(t.Context())
	attempts, err := s.call(ctx, tenant.SystemUser, keeper.CallOptions{}, func(int, online.Call) error {
		cancel()
		return fmt.Errorf("%w: %w", online.ErrNoAnswer, context.Canceled)
	})
	if attempts != 1 || !errors.Is(err, context.Canceled) || s.statuses.asked.Load() != 1 {
		t.Errorf("%d attempts after %d statuses, %v", attempts, s.statuses.asked.Load(), err)
	}
	if _, err := s.call(t.Context(), tenant.SystemUser, keeper.CallOptions{}, well); err != nil || s.statuses.asked.Load() != 1 {
		t.Errorf("the status was forgotten: asked %d times, %v", s.statuses.asked.Load(), err)
	}
}

// A sandbox that was restarted has other ports.
func TestAServerThatIsGoneIsLookedForElsewhere(t *testing.T) {
	answers := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"Associate":"SYS","UserType":"SystemAssociate","DatabaseContextIdentifier":"Cust1"}`))
	})
	gone, here := httptest.NewServer(answers), httptest.NewServer(answers)
	defer here.Close()
	gone.Close()
	s := newSetup(t)
	s.statuses.list = []online.Status{running(gone.URL), running(here.URL)}
	client := online.New(online.Options{})
	defer client.CloseIdleConnections()
	var principal tenant.Principal
	err := s.Call(t.Context(), s.subject, tenant.SystemUser, keeper.CallOptions{Once: true}, func(ctx context.Context, call online.Call) error {
		var err error
		principal, err = client.Principal(ctx, call)
		return err
	})
	if err != nil || principal.Associate != "SYS" {
		t.Errorf("%+v, %v", principal, err)
	}
}
