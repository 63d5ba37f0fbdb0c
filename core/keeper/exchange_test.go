package keeper_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"partnerdesk/core/keeper"
	"partnerdesk/core/online"
	"partnerdesk/core/secret"
	"partnerdesk/core/superid"
	"partnerdesk/core/tenant"
)

// desk is a provider that notes by which protocol it is asked, and whose answers may be invalid.
type desk struct {
	*provider
	by      tenant.ExchangeProtocol
	invalid error
}

func (d *desk) RequestTicket(ctx context.Context, reg tenant.Registration, t tenant.Tenant) (superid.Granted, error) {
	d.by = reg.Exchange
	return d.provider.RequestTicket(ctx, reg, t)
}

func (d *desk) ValidateTicket(ctx context.Context, reg tenant.Registration, t tenant.Tenant, g superid.Granted) (superid.Exchanged, error) {
	if d.invalid != nil {
		return superid.Exchanged{Checks: []superid.Check{{Name: "audience", Err: d.invalid}}}, d.invalid
	}
	return d.provider.ValidateTicket(ctx, reg, t, g)
}

func TestAnExchangeOnRequestIsKeptForLaterCalls(t *testing.T) {
	s := newSetup(t)
	s.vault.ticket = tenant.Ticket{Key: key, Text: secret.New("still good"), UsedAt: time.Now()}
	s.subject.Registration.Exchange = tenant.SOAP
	d := &desk{provider: s.provider}
	s.SuperID = d
	exchanged, err := s.Exchange(t.Context(), s.subject)
	if err != nil || exchanged.Ticket.Reveal() != "ticket-1" || s.provider.exchanges.Load() != 1 {
		t.Fatalf("%d exchanges, %v", s.provider.exchanges.Load(), err)
	}
	if d.by != tenant.SOAP {
		t.Errorf("exchanged by %q", d.by)
	}
	if s.vault.ticket.Text.Reveal() != "ticket-1" {
		t.Error("the ticket was not stored")
	}
	_, err = s.call(t.Context(), tenant.SystemUser, keeper.CallOptions{Exchanged: func() { t.Error("exchanged again") }}, func(_ int, call online.Call) error {
		if call.Credential.Text().Reveal() != "ticket-1" {
			t.Error("the call has another ticket")
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestAFailedExchangeOnRequestLeavesTheTicket(t *testing.T) {
	s := newSetup(t)
	s.vault.ticket = tenant.Ticket{Key: key, Text: secret.New("still good"), UsedAt: time.Now()}
	e := tenant.CauseExchangeRefused.Explain("No.", "", "")
	e.Server = "what 7T:Y2FuYXJ5LXRpY2tldC1jYW5hcnk= is this"
	s.provider.fail = &tenant.Problem{Op: "x", Explanation: e}
	_, err := s.Exchange(t.Context(), s.subject)
	if e := tenant.Explain(err); e.Cause != tenant.CauseExchangeRefused || e.Server != "what [secret] is this" {
		t.Errorf("%+v", e)
	}
	if s.vault.ticket.Text.Reveal() != "still good" {
		t.Error("a ticket that nobody refused is gone")
	}
}

func TestTheChecksOfARefusedAnswerComeBack(t *testing.T) {
	s := newSetup(t)
	s.SuperID = &desk{provider: s.provider, invalid: &tenant.Problem{Op: "validate", Err: superid.ErrAudience, Explanation: tenant.CauseTokenRefused.Explain("No.", "", "")}}
	exchanged, err := s.Exchange(t.Context(), s.subject)
	if !errors.Is(err, superid.ErrAudience) || len(exchanged.Checks) != 1 || !exchanged.Ticket.Empty() {
		t.Errorf("%v, %d checks", err, len(exchanged.Checks))
	}
}

func TestAnExchangeOnRequestWaitsForTheOneUnderWay(t *testing.T) {
	for name, program := range map[string]func(*testing.T, *setup) *keeper.Keeper{
		"in the same program":  func(_ *testing.T, s *setup) *keeper.Keeper { return s.Keeper },
		"in the other program": func(t *testing.T, s *setup) *keeper.Keeper { return s.program(t, slog.New(slog.DiscardHandler)) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newSetup(t)
				s.provider.hold = make(chan struct{})
				asking := program(t, s)
				var both sync.WaitGroup
				both.Go(func() {
					if _, err := s.call(t.Context(), tenant.SystemUser, keeper.CallOptions{}, well); err != nil {
						t.Error(err)
					}
				})
				synctest.Wait()
				both.Go(func() {
					exchanged, err := asking.Exchange(t.Context(), s.subject)
					if err != nil || exchanged.Ticket.Reveal() != "ticket-2" {
						t.Errorf("got %s, %v", exchanged.Ticket.Reveal(), err)
					}
				})
				synctest.Wait()
				close(s.provider.hold)
				both.Wait()
				if n := s.provider.exchanges.Load(); n != 2 {
					t.Errorf("%d exchanges", n)
				}
			})
		})
	}
}

func TestACallTakesTheTicketOfTheExchangeOnRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSetup(t)
		s.provider.hold = make(chan struct{})
		var all sync.WaitGroup
		all.Go(func() {
			if _, err := s.Exchange(t.Context(), s.subject); err != nil {
				t.Error(err)
			}
		})
		synctest.Wait()
		for _, k := range []*keeper.Keeper{s.Keeper, s.program(t, slog.New(slog.DiscardHandler))} {
			all.Go(func() {
				o := keeper.CallOptions{Exchanged: func() { t.Error("the call counts an exchange that it did not cause") }}
				err := k.Call(t.Context(), s.subject, tenant.SystemUser, o, func(_ context.Context, call online.Call) error {
					return well(1, call)
				})
				if err != nil {
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

func TestManyExchangesOnRequestAreWorthAWarningToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSetup(t)
		var log bytes.Buffer
		k := s.program(t, slog.New(slog.NewTextHandler(&log, nil)))
		for range 12 {
			if _, err := k.Exchange(t.Context(), s.subject); err != nil {
				t.Fatal(err)
			}
		}
		if n := strings.Count(log.String(), "exchanged 11 times today"); n != 1 {
			t.Errorf("%d warnings", n)
		}
	})
}

func TestARefusedExchangeTellsOfTheClock(t *testing.T) {
	s := newSetup(t)
	s.provider.fail, s.provider.skew = errors.New("no"), time.Hour
	if exchanged, err := s.Exchange(t.Context(), s.subject); err == nil || exchanged.Skew != time.Hour {
		t.Errorf("%s, %v", exchanged.Skew, err)
	}
}

func TestAnExchangeOnRequestEndsWithItsCallerAndWithTheKeeper(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSetup(t)
		s.provider.hold = make(chan struct{})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 2)
		go func() { _, err := s.Exchange(ctx, s.subject); ended <- err }()
		synctest.Wait()
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) || errors.Is(err, keeper.ErrClosed) {
			t.Errorf("the caller left: %v", err)
		}
		go func() { _, err := s.Exchange(t.Context(), s.subject); ended <- err }()
		synctest.Wait()
		s.Close()
		if err := <-ended; !errors.Is(err, keeper.ErrClosed) {
			t.Errorf("the keeper left: %v", err)
		}
		if _, err := s.Exchange(t.Context(), s.subject); !errors.Is(err, keeper.ErrClosed) {
			t.Errorf("after the end: %v", err)
		}
	})
}
