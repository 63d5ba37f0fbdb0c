package storage

import (
	"errors"
	"sync"
	"testing"
	"time"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

func TestExchangesOfBothProgramsAreCountedByDay(t *testing.T) {
	ctx, dir, ring, now := t.Context(), t.TempDir(), newMemoryKeyring(), newClock()
	a := openWith(t, Options{Dir: dir, Keyring: ring, Now: now.Now})
	b := openWith(t, Options{Dir: dir, Keyring: ring, Now: now.Now})
	key := fill(t, a) // with one exchange
	var both sync.WaitGroup
	errs := make([]error, 10)
	for n := range errs {
		both.Go(func() {
			errs[n] = failure([]*Store{a, b}[n%2].SaveTicket(ctx, tenant.Ticket{Key: key, Text: secret.New("canary-ticket"), UsedAt: now.Now()}))
		})
	}
	both.Wait()
	must(t, errors.Join(errs...))
	first := now.Now()
	now.advance(24 * time.Hour)
	before := revisionOf(t, a)
	must(t, failure(b.SaveTicket(ctx, tenant.Ticket{Key: key, Text: secret.New("canary-ticket"), UsedAt: now.Now()})))
	must(t, b.SlideTicket(ctx, tenant.Ticket{Key: key, Text: secret.New("canary-ticket"), UsedAt: now.Now().Add(time.Minute)})) // no exchange
	after := revisionOf(t, a)
	if after != before+2 {
		t.Errorf("a ticket and its count took %d commits", after-before-1)
	}
	restarted := openWith(t, Options{Dir: dir, Keyring: ring, Now: now.Now})
	e, err := restarted.Exchanges(ctx, key)
	must(t, err)
	shot, err := restarted.Snapshot(ctx)
	must(t, err)
	for name, e := range map[string]tenant.Exchanges{"alone": e, "in the snapshot": shot.Exchanges[key]} {
		if e.Key != key || e.On(first) != 11 || e.On(now.Now()) != 1 {
			t.Errorf("%s: %d and %d exchanges", name, e.On(first), e.On(now.Now()))
		}
	}
}

func TestARemovedTenantsExchangesAreForgotten(t *testing.T) {
	ctx, s := t.Context(), openTest(t, t.TempDir(), newMemoryKeyring())
	key := fill(t, s)
	must(t, s.RemoveTenant(ctx, key))
	if e, err := s.Exchanges(ctx, key); err != nil || len(e.Counts) != 0 {
		t.Errorf("%+v, %v", e, err)
	}
	// An exchange that ends late brings nothing back.
	if err := failure(s.SaveTicket(ctx, tenant.Ticket{Key: key, Text: secret.New("canary-ticket")})); !errors.Is(err, tenant.ErrNotFound) {
		t.Error(err)
	}
	if e, err := s.Exchanges(ctx, key); err != nil || len(e.Counts) != 0 {
		t.Errorf("%+v, %v", e, err)
	}
}
