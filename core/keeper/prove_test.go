package keeper_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"partnerdesk/core/keeper"
	"partnerdesk/core/online"
	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

func TestTheTicketOfAProofIsThrownAway(t *testing.T) {
	s := newSetup(t)
	s.vault.ticket = tenant.Ticket{Key: key, Text: secret.New("still good"), UsedAt: time.Now()}
	exchanged, err := s.Prove(t.Context(), s.subject)
	if err != nil || exchanged.Ticket.Empty() || s.provider.exchanges.Load() != 1 || s.statuses.asked.Load() != 1 {
		t.Fatalf("%d exchanges after %d questions, %v", s.provider.exchanges.Load(), s.statuses.asked.Load(), err)
	}
	if s.vault.ticket.Text.Reveal() != "still good" || s.vault.saves != 0 {
		t.Error("the proof's ticket was stored")
	}
	_, err = s.call(t.Context(), tenant.SystemUser, keeper.CallOptions{}, func(_ int, call online.Call) error {
		if call.Credential.Text().Reveal() != "still good" {
			t.Error("a call has the proof's ticket")
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestATenantThatDoesNotRunIsNotAskedForAProof(t *testing.T) {
	s := newSetup(t)
	s.statuses.list = []online.Status{{State: tenant.StateDeleted}}
	_, err := s.Prove(t.Context(), s.subject)
	if _, stopped := errors.AsType[*keeper.NotRunning](err); !stopped || s.provider.exchanges.Load() != 0 {
		t.Errorf("%d exchanges, %v", s.provider.exchanges.Load(), err)
	}
}

func TestAProofEndsWithItsCallerWithTheKeeperAndByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSetup(t)
		s.provider.hold = make(chan struct{})
		ended := make(chan error, 1)
		prove := func(ctx context.Context) {
			go func() { _, err := s.Prove(ctx, s.subject); ended <- err }()
			synctest.Wait()
		}
		ctx, cancel := context.WithCancel(t.Context())
		prove(ctx)
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("the caller left: %v", err)
		}
		prove(t.Context())
		if err := <-ended; !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("nobody left: %v", err)
		}
		prove(t.Context())
		s.Close()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("the keeper left: %v", err)
		}
		if _, err := s.Prove(t.Context(), s.subject); !errors.Is(err, keeper.ErrClosed) {
			t.Errorf("after the end: %v", err)
		}
	})
}
