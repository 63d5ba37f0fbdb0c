package storage

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

// TestManySmallChangesShareACommit has a crowd save tickets at once: each hears of its own, and the file is
// written far fewer times.
func TestManySmallChangesShareACommit(t *testing.T) {
	ctx, dir, ring := t.Context(), t.TempDir(), newMemoryKeyring()
	s := openTest(t, dir, ring)
	fillPages(t, s)
	before := revisionOf(t, s)
	const crowd = manyTenants
	errs := make([]error, 2*crowd)
	var all sync.WaitGroup
	for n := range errs {
		key := tenant.Key{Registration: "Stage app", ContextID: fmt.Sprintf("Cust%d", 100+n%crowd)}
		if n >= crowd {
			key.ContextID = fmt.Sprintf("Cust%d", 9000+n) // nobody's
		}
		all.Go(func() {
			errs[n] = failure(s.SaveTicket(ctx, tenant.Ticket{Key: key, Text: secret.New(fmt.Sprint("canary-", n))}))
		})
	}
	all.Wait()
	for n, err := range errs {
		if n < crowd && err != nil || n >= crowd && !errors.Is(err, tenant.ErrNotFound) {
			t.Errorf("ticket %d: %v", n, err)
		}
	}
	again := openTest(t, dir, ring)
	for n := range crowd {
		key := tenant.Key{Registration: "Stage app", ContextID: fmt.Sprintf("Cust%d", 100+n)}
		if ticket, err := again.Ticket(ctx, key); err != nil || ticket.Text.Reveal() != fmt.Sprint("canary-", n) {
			t.Errorf("ticket %d: %v", n, err)
		}
	}
	after := revisionOf(t, s)
	if after == before || after-before >= crowd {
		t.Errorf("%d commits", after-before)
	}
}

func TestAChangeThatNobodyWaitsForIsTakenBack(t *testing.T) {
	s := openTest(t, t.TempDir(), newMemoryKeyring())
	key := fill(t, s)
	s.changes.baton <- struct{}{} // somebody else commits, and takes his time
	ctx, cancel := context.WithCancel(t.Context())
	gone := make(chan error)
	go func() { gone <- s.RemoveTicket(ctx, key, secret.New("canary-ticket")) }()
	cancel()
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	<-s.changes.baton
	must(t, s.SlideTicket(t.Context(), tenant.Ticket{Key: key}))
	if _, err := s.Ticket(t.Context(), key); err != nil {
		t.Error("the change was made all the same")
	}
}
