package ui

import (
	"context"
	"testing"
	"time"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit/kittest"
)

// countingDesk counts how often all tenants were read.
type countingDesk struct {
	*fakeDesk
	reads int
}

func (d *countingDesk) Overview(ctx context.Context) (workbench.Overview, error) {
	d.reads++
	return d.fakeDesk.Overview(ctx)
}

// TestAllTenantsAreReadOnlyWhenTheyMayHaveChanged looks at the store each second for a minute in which nothing is
// written, and then once for each reason that there is to read it.
func TestAllTenantsAreReadOnlyWhenTheyMayHaveChanged(t *testing.T) {
	now := kittest.Noon
	key := tenant.Key{Registration: "sandbox", ContextID: "Cust10001"}
	desk := &countingDesk{fakeDesk: newFakeDesk(workbench.Overview{Revision: 7,
		Tenants: []workbench.TenantView{{Key: key, LogOnAt: now}}})}
	w := &Window{o: Options{Desk: desk, Now: func() time.Time { return now }}.withDefaults()}
	var last *scene
	look := func() (next *scene) {
		t.Helper()
		next, err := w.look(t.Context(), last)
		if err != nil {
			t.Fatal(err)
		}
		if next != nil {
			last = next
		}
		return next
	}
	drawn := 0
	for range 60 {
		if look() != nil {
			drawn++
		}
		now = now.Add(time.Second)
	}
	if desk.reads != 1 || drawn != int(time.Minute/redrawAfter) {
		t.Errorf("in a minute without news all tenants were read %d times and drawn %d times", desk.reads, drawn)
	}
	if last.at.Before(now.Add(-redrawAfter)) {
		t.Errorf("the words are those of %v", last.at)
	}

	before := desk.reads
	now = last.read.Add(rereadAfter)
	if look() == nil || desk.reads != before+1 {
		t.Error("what grows old in a day was not read again")
	}

	before = desk.reads
	roster := last.roster
	desk.change(func(o *workbench.Overview) {
		o.Tenants[0].LogOnAt = now
		o.Poller.Settings.PollInterval = time.Minute
	})
	if look() == nil || desk.reads != before+1 || last.roster == roster {
		t.Error("another log-on was not read")
	}
	roster = last.roster
	lease := tenant.Lease{Owner: tenant.Owner{PID: 1}, Heartbeat: now, Until: now.Add(time.Minute)}
	for _, c := range []struct {
		what  string
		do    func(*workbench.PollerView)
		drawn bool
	}{
		{"a lease taken", func(p *workbench.PollerView) { p.Lease = lease }, true},
		{"a lease renewed", func(p *workbench.PollerView) { p.Lease.Heartbeat, p.Lease.Until = now, now.Add(time.Hour) }, false},
		{"a tick", func(p *workbench.PollerView) { p.Lease.Last = tenant.Tick{At: now, Active: 1} }, true},
		{"a lease asked for", func(p *workbench.PollerView) { p.AskedBy.PID, p.AskedUntil = 2, now.Add(time.Minute) }, true},
		{"a lease that has ended", func(p *workbench.PollerView) {
			p.Lease, p.AskedBy, p.AskedUntil = tenant.Lease{}, tenant.Owner{}, time.Time{}
		}, true},
	} {
		desk.poll(c.do)
		now = now.Add(100 * time.Millisecond)
		next := look()
		if (next != nil) != c.drawn || desk.reads != before+1 || last.roster != roster {
			t.Errorf("%s: drawn %t, and the tenants read %d times", c.what, next != nil, desk.reads-before-1)
		}
		if next != nil && pollingOf(next.overview.Poller) != pollingOf(desk.overview.Poller) {
			t.Errorf("%s: shown is %v", c.what, next.overview.Poller)
		}
	}
}
