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
	if desk.reads != 2 || drawn != 12 {
		t.Errorf("in a minute without news all tenants were read %d times and drawn %d times", desk.reads, drawn)
	}
	if last.at.Before(now.Add(-redrawAfter)) {
		t.Errorf("the words are those of %v", last.at)
	}

	until := now.Add(3 * time.Second)
	for name, change := range map[string]func(*workbench.Overview){
		"another log-on": func(o *workbench.Overview) { o.Tenants[0].LogOnAt = now },
		"a lease": func(o *workbench.Overview) {
			o.Poller.Lease = tenant.Lease{Owner: tenant.Owner{PID: 1}, Until: until}
		},
	} {
		before := desk.reads
		desk.change(change)
		if look() == nil || desk.reads != before+1 {
			t.Errorf("%s was not read", name)
		}
	}
	before := desk.reads
	now = until
	if look() == nil || desk.reads != before+1 {
		t.Error("a lease that nobody renewed still stands")
	}
}
