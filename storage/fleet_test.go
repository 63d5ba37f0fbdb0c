package storage

import (
	"slices"
	"testing"
	"time"

	"partnerdesk/core/tenant"
)

func TestManyTenantsAreSwitchedInOnePieceOfWork(t *testing.T) {
	ctx, s := t.Context(), openTest(t, t.TempDir(), newMemoryKeyring())
	key := fill(t, s)
	gone := tenant.Key{Registration: key.Registration, ContextID: "Cust999"}
	done, err := s.SetActiveAll(ctx, []tenant.Key{gone, key}, false)
	must(t, err)
	if kept, err := s.Tenant(ctx, key); err != nil || kept.Active || !slices.Equal(done, []tenant.Key{key}) {
		t.Errorf("switched off %v: active %t, %v", done, kept.Active, err)
	}
	done, err = s.ForgiveAll(ctx, []tenant.Key{key})
	must(t, err)
	if visits, err := s.Visits(ctx); err != nil || visits[key].Awaited() || len(done) != 0 {
		t.Errorf("a visit to a tenant that is switched off is awaited: %v, %v", done, err)
	}
	before := revisionOf(t, s)
	if done, err = s.SetActiveAll(ctx, []tenant.Key{gone}, true); err != nil || len(done) != 0 {
		t.Errorf("a tenant that is gone: %v, %v", done, err)
	}
	if after := revisionOf(t, s); after != before {
		t.Errorf("nothing was done, and the revision went from %d to %d, %v", before, after, err)
	}
}

func TestAVisitIsAwaitedUntilOneKnowsOfIt(t *testing.T) {
	ctx, s := t.Context(), openTest(t, t.TempDir(), newMemoryKeyring())
	key := fill(t, s)
	awaited := func() bool {
		visits, err := s.Visits(ctx)
		must(t, err)
		return visits[key].Awaited()
	}
	visits, err := s.Visits(ctx)
	must(t, err)
	underWay := visits[key]
	underWay.Trouble, underWay.LogOnAt = nil, underWay.LogOnAt.Add(time.Hour)
	_, err = s.ForgiveAll(ctx, []tenant.Key{key})
	must(t, err)
	if !awaited() {
		t.Fatal("nobody waits for the visit that was asked for")
	}
	must(t, s.SaveVisits(ctx, []tenant.Visit{underWay}))
	if !awaited() {
		t.Error("a visit that began before has answered what was asked for later")
	}
	next := underWay
	next.Forgiven++
	must(t, s.SaveVisits(ctx, []tenant.Visit{next}))
	if awaited() {
		t.Error("the visit was there, and is still waited for")
	}
}

func TestTenantsAreCounted(t *testing.T) {
	ctx, s := t.Context(), openTest(t, t.TempDir(), newMemoryKeyring())
	for _, c := range []struct {
		do   func()
		want int
	}{
		{func() {}, 0},
		{func() { fillPages(t, s) }, 1 + manyTenants},
	} {
		c.do()
		shot, err := s.Snapshot(ctx)
		must(t, err)
		if n, err := s.CountTenants(ctx); err != nil || n != c.want || n != len(shot.Tenants) {
			t.Errorf("%d tenants, %v, and %d in the snapshot; want %d", n, err, len(shot.Tenants), c.want)
		}
	}
}
