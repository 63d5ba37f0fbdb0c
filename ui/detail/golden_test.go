package detail

import (
	"fmt"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/software"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
)

// scene is a picture of the panel.
type scene struct {
	shown workbench.TenantView
	// arrange, where it is set, brings the panel into the state to be seen.
	arrange func(b *bench)
	height  float32 // zero for the room that the panel has in the window
}

// troubled is a tenant whose approval was withdrawn.
func troubled() workbench.TenantView {
	t := kittest.Blomster()
	trouble := tenant.CauseRevoked.Explain("The system user token was refused.", "", "")
	trouble.Server = "The system user token is revoked for this application."
	t.Verdict, t.Failures, t.Trouble, t.RetryAt = tenant.NeedsAttention, 3, &trouble, kittest.Noon.Add(50*time.Minute)
	failed := tenant.Visit{State: tenant.StateRunning, StateAt: kittest.Noon.Add(-12 * time.Second), LogOnAt: kittest.Noon.Add(-2 * time.Hour),
		LogOnAs: "System user 20871", FailedAt: kittest.Noon.Add(-12 * time.Second), FailedStep: tenant.VisitExchange, Trouble: &trouble}
	t.Proofs = tenant.ProofsOf(failed, tenant.Exchanges{Last: kittest.Noon.Add(-8 * time.Hour)}).All()
	return t
}

// live is a tenant of a customer in production.
func live() workbench.TenantView {
	t := kittest.Nordlys()
	t.Environment, t.Registration = tenant.Production, "our app"
	return t
}

// eventful is a day with all that there can be in one.
func eventful(k tenant.Key) (tenant.History, error) {
	ago := func(hours, minutes int) time.Time {
		return kittest.Noon.Add(-time.Duration(hours)*time.Hour - time.Duration(minutes)*time.Minute)
	}
	return tenant.History{Key: k,
		Changes: []tenant.Change{
			{At: ago(22, 10), Verdict: tenant.Well},
			{At: ago(7, 40), Verdict: tenant.Resting, Cause: tenant.CauseTenantSuspended, What: "The tenant is suspended."},
			{At: ago(7, 26), Verdict: tenant.Well},
			{At: ago(5, 0), Verdict: tenant.Inactive},
			{At: ago(4, 0), Verdict: tenant.Unknown},
			{At: ago(3, 59), Verdict: tenant.Well},
			{At: ago(2, 0), Verdict: tenant.NeedsAttention, Cause: tenant.CauseRevoked, What: "The system user token was refused."},
		},
		Polled: []tenant.Stretch{{From: ago(24, 0), To: ago(15, 0)}, {From: ago(11, 30), To: kittest.Noon}},
	}, nil
}

func scenes() map[string]scene {
	opened := func(b *bench) {
		b.tap(b.claims.head)
		b.until("the claims", func() bool { return b.claims.view.Copy != "" })
	}
	check := func(cause *tenant.Explanation) func(b *bench) {
		return func(b *bench) {
			b.desk.diagnose = diagnosing(cause, nil)
			b.Check.Press()
			b.until("the answer", func() bool { return b.answered() })
		}
	}
	revoked := tenant.CauseRevoked.Explain("The system user token was refused.", "", "")
	revoked.Server = "The system user token is revoked for this application."
	return map[string]scene{
		"healthy": {shown: kittest.Nordlys()},
		"never":   {shown: kittest.Blomster()},
		"trouble": {shown: troubled(), arrange: func(b *bench) {
			b.desk.history = eventful
			b.now = b.now.Add(time.Minute) // it is read anew
			b.show(troubled())
			b.until("the eventful day", func() bool { return len(b.history.view.Segments) > 1 })
		}, height: 700},
		"production": {shown: live(), arrange: func(b *bench) { b.offboard.ask(b.shown) }},
		"idtoken":    {shown: kittest.Nordlys(), arrange: opened, height: 900},
		"checking": {shown: kittest.Nordlys(), arrange: func(b *bench) {
			gate := make(chan struct{})
			b.desk.diagnose = diagnosing(nil, gate)
			b.Check.Press()
			for range 6 {
				gate <- struct{}{}
			}
			b.until("six steps", func() bool { return len(b.doctor.checkups[b.shown.Key].gone) == 6 })
		}, height: 620},
		"checked":     {shown: kittest.Nordlys(), arrange: check(nil), height: 620},
		"checkfailed": {shown: live(), arrange: check(&revoked), height: 620},
	}
}

// answered reports whether the shown tenant's checkup has ended.
func (b *bench) answered() bool {
	c := b.doctor.checkups[b.shown.Key]
	return c != nil && c.ended
}

func TestPictures(t *testing.T) {
	for name, s := range scenes() {
		for _, look := range []struct {
			name       string
			appearance kit.Appearance
			scale      float32
		}{{"light", kit.Light, 1}, {"dark", kit.Dark, 1}, {"light2x", kit.Light, 2}} {
			if look.scale == 2 && name != "trouble" && name != "checkfailed" {
				continue
			}
			t.Run(fmt.Sprint(name, " ", look.name), func(t *testing.T) {
				b := open(t, look.appearance, s.shown)
				b.until("the history", func() bool { return b.history.view.Sentence != "" })
				if s.height != 0 {
					b.window.Resize(fyne.NewSize(roomWidth, s.height))
				}
				if s.arrange != nil {
					s.arrange(b)
				}
				if b.until("the history", func() bool { return b.history.view.Sentence != "" }); look.scale != 1 {
					b.canvas().(software.WindowlessCanvas).SetScale(look.scale)
				}
				b.q.Drain()
				kittest.AssertPicture(t, name+"_"+look.name+".png", b.canvas())
			})
		}
	}
}
