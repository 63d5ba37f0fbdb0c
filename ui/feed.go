package ui

import (
	"context"
	"time"

	"partnerdesk/core/journal"
	"partnerdesk/core/tenant"
	"partnerdesk/ui/detail"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/pollerline"
	"partnerdesk/ui/signin"
)

// watch reads the store when it has changed, and now and then because words like "20 s ago" grow old, and
// hands what it read over as a scene. Whether it has changed costs next to nothing to ask, thousands of
// tenants cost something to read.
func (w *Window) watch(ctx context.Context) {
	ticker := time.NewTicker(w.o.Every)
	defer ticker.Stop()
	var shown uint64
	var drawn time.Time // zero while something new must be drawn
	for {
		revision, err := w.o.Desk.Revision(ctx)
		if now := w.o.Now(); err == nil && (revision != shown || drawn.IsZero() || now.Sub(drawn) >= redrawAfter) {
			var next *scene
			if next, err = w.read(ctx, now); err == nil {
				shown, drawn = next.overview.Revision, now
				w.run.Hop(func() { w.show(next) })
			}
		}
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			drawn = time.Time{}
			w.run.Hop(func() { w.storeFailed(err) })
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		case <-w.kick:
			drawn = time.Time{}
		}
	}
}

// read makes a scene of what the store and the journal say now.
func (w *Window) read(ctx context.Context, now time.Time) (*scene, error) {
	overview, err := w.o.Desk.Overview(ctx)
	if err != nil {
		return nil, err
	}
	protection, err := w.o.Desk.Protection(ctx)
	if err != nil {
		return nil, err
	}
	if err := w.history.Update(ctx, w.o.Desk, now); err != nil {
		return nil, err
	}
	next := newScene(overview, now)
	next.protection, next.warning, next.chart = protection, w.o.Warning(), pollerline.ChartOf(w.history.Ticks, now)
	return next, nil
}

// refresh makes watch read the store at once.
func (w *Window) refresh() {
	select {
	case w.kick <- struct{}{}:
	default: // one is on its way
	}
}

// listen takes the journal's events to the log, and its steps to the strip.
func (w *Window) listen(ctx context.Context) {
	err := w.o.Events(ctx, func(events []journal.Event) {
		w.log.append(events)
		var found []journal.Event
		for _, e := range events {
			if e.Step != 0 {
				found = append(found, e)
			}
		}
		if len(found) > 0 {
			w.run.Hop(func() { w.step(found) })
		}
	})
	if err != nil && ctx.Err() == nil {
		w.run.Hop(func() { w.fail(err) })
	}
}

func (w *Window) step(events []journal.Event) {
	any := false
	for _, e := range events {
		any = w.tracker.Apply(e) || any
	}
	if any {
		w.showSteps()
	}
}

func (w *Window) showSteps() { w.strip.Show(w.tracker.Views(w.selected, w.o.Now())) }

// show draws a scene. The chosen tenant stays chosen as long as it is there.
func (w *Window) show(s *scene) {
	if w.storeTrouble {
		w.storeTrouble = false
		w.report(kit.NoticeView{})
	}
	w.scene = s
	if _, there := s.tenant(w.wanted); there {
		w.selected, w.wanted = w.wanted, tenant.Key{}
	}
	if _, there := s.tenant(w.selected); !there {
		w.selected = tenant.Key{}
		if len(s.rows) > 0 {
			w.selected = s.rows[0].Key
		}
	}
	w.tenants.Show(s.rows, w.selected)
	w.polling = w.o.Poller.Running()
	w.showPoller()
	w.place.SetText(placeSentence(w.o.DataDir, s.protection))
	w.showTrouble()
	w.showSignIn()
	w.showChosen()
}

// showTrouble shows what is wrong with the data file and with the room that the journal takes, as long as it is.
func (w *Window) showTrouble() {
	moved := w.damage.Set(damageNotice(w.scene.overview.Damaged))
	if w.room.Set(warningNotice(w.scene.warning)) || moved {
		w.shell.Refresh()
	}
}

// showChosen draws all that depends on which tenant is chosen.
func (w *Window) showChosen() {
	now := w.o.Now()
	w.log.choose(w.selected)
	w.showSteps()
	t, there := w.scene.tenant(w.selected)
	if !there {
		current, found := w.scene.registration()
		w.panel.ShowWelcome(current, found)
		return
	}
	w.panel.Show(detail.View{Tenant: t, Poller: w.scene.overview.Poller, Polling: w.polling})
	w.companies.Show(t, now)
}

func (w *Window) showSignIn() {
	busy := w.signIn.Busy()
	anyRegistration, anyTenant := true, false
	if w.scene != nil {
		_, anyRegistration = w.scene.registration()
		anyTenant = len(w.scene.rows) > 0
	}
	w.bar.ShowSignIn(busy, anyTenant, anyRegistration)
	reason := ""
	if busy {
		reason = signin.TextBusy.String()
	}
	w.panel.AllowSignIn(reason)
}
