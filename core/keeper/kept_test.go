package keeper_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"partnerdesk/core/keeper"
	"partnerdesk/core/online"
	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

// A diagnosis must not write a row in the customer's database where a ticket is kept.
func TestACallWithTheKeptTicketNeverExchanges(t *testing.T) {
	kept := keeper.CallOptions{Kept: true}
	for name, row := range map[string]struct {
		ticket   tenant.Ticket
		answer   error
		want     error
		status   int
		attempts int
	}{
		"none is kept":             {want: keeper.ErrNoTicket},
		"one that has ended":       {ticket: tenant.Ticket{Text: secret.New("old"), UsedAt: time.Now().Add(-7 * time.Hour)}, want: keeper.ErrNoTicket},
		"one that is good":         {ticket: tenant.Ticket{Text: secret.New("good"), UsedAt: time.Now()}, attempts: 1},
		"one that is refused":      {ticket: tenant.Ticket{Text: secret.New("good"), UsedAt: time.Now()}, answer: refuse(401), status: http.StatusUnauthorized, attempts: 1},
		"the tenant's own refusal": {ticket: tenant.Ticket{Text: secret.New("good"), UsedAt: time.Now()}, answer: refuse(403), status: http.StatusForbidden, attempts: 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSetup(t)
			s.vault.ticket = row.ticket
			attempts, err := s.call(t.Context(), tenant.SystemUser, kept, func(_ int, call online.Call) error {
				if !call.Credential.Text().Equal(row.ticket.Text) {
					t.Error("another ticket than the kept one is shown")
				}
				return row.answer
			})
			if attempts != row.attempts || row.want != nil && !errors.Is(err, row.want) || online.StatusOf(err) != row.status || row.want == nil && row.status == 0 && err != nil || s.provider.exchanges.Load() != 0 {
				t.Errorf("%d attempts, %d exchanges, %v", attempts, s.provider.exchanges.Load(), err)
			}
		})
	}
}

func TestTheStatusIsAskedForAnewForAPerson(t *testing.T) {
	s := newSetup(t)
	s.statuses.list = []online.Status{running("https://x/api"), {State: tenant.StateSuspended}}
	if status, err := s.Running(t.Context(), s.subject); err != nil || status.API != "https://x/api" {
		t.Fatalf("%+v, %v", status, err)
	}
	status, err := s.Running(t.Context(), s.subject)
	if _, stopped := errors.AsType[*keeper.NotRunning](err); !stopped || status.State != tenant.StateSuspended || s.statuses.asked.Load() != 2 {
		t.Errorf("%+v after %d questions, %v", status, s.statuses.asked.Load(), err)
	}
}
