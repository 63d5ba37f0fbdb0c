package ui

import (
	"testing"

	"fyne.io/fyne/v2"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
)

// troubled is a tenant that needs attention.
func troubled(v workbench.TenantView) workbench.TenantView {
	revoked := tenant.CauseRevoked.Explain("The system user token was refused.", "", "Ask for approval.")
	v.Verdict, v.Trouble = tenant.NeedsAttention, &revoked
	return v
}

func TestOnlyWhatNewlyNeedsAttentionIsNews(t *testing.T) {
	well, other := kittest.Nordlys(), kittest.Blomster()
	var a attention
	for i, c := range []struct {
		tenants []workbench.TenantView
		news    int
		count   int
	}{
		{[]workbench.TenantView{troubled(well), other}, 0, 1}, // so it was at the start
		{[]workbench.TenantView{troubled(well), other}, 0, 1},
		{[]workbench.TenantView{troubled(well), troubled(other)}, 1, 2},
		{[]workbench.TenantView{well, troubled(other)}, 0, 1},
		{[]workbench.TenantView{troubled(well), troubled(other)}, 1, 2}, // once more
		{nil, 0, 0},
		{[]workbench.TenantView{troubled(well), troubled(other)}, 2, 2},
	} {
		if got := a.see(c.tenants); len(got) != c.news || a.count() != c.count {
			t.Errorf("look %d: %d news, %d in all", i, len(got), a.count())
		}
	}
}

func TestANotificationSaysEnough(t *testing.T) {
	one := troubled(kittest.Nordlys())
	if title, text := notification([]workbench.TenantView{one}); title != "Nordlys Ærlig Handel AS needs attention" ||
		text != "The system user token was refused. Ask for approval." {
		t.Errorf("%q, %q", title, text)
	}
	many := []workbench.TenantView{one, troubled(kittest.Blomster()), one, one, one}
	if title, text := notification(many); title != "5 tenants need attention" ||
		text != "Nordlys Ærlig Handel AS, Blomster & Sønn, Nordlys Ærlig Handel AS, and 2 more" {
		t.Errorf("%q, %q", title, text)
	}
}

func TestTheSystemIsToldOfTroubleUnlessThePersonLooksOrSaysNo(t *testing.T) {
	b := open(t, kit.Light, kittest.StoreOf(kittest.Nordlys()))
	told := make(chan *fyne.Notification, 8)
	b.o.Notify = func(n *fyne.Notification) { told <- n }
	turn := func(bad bool) {
		b.update(func(o *workbench.Overview) {
			o.Tenants[0] = kittest.Nordlys()
			if bad {
				o.Tenants[0] = troubled(o.Tenants[0])
			}
		})
	}
	turn(true)
	if n := <-told; n.Title != "Nordlys Ærlig Handel AS needs attention" {
		t.Errorf("told %q", n.Title)
	}
	turn(false)
	b.inFront = true
	turn(true)
	turn(false)
	b.inFront = false
	b.app.Preferences().SetBool("window.notify", false)
	turn(true)
	b.Close() // waits for what is under way
	if len(told) != 0 {
		t.Errorf("told %q", (<-told).Title)
	}
}
