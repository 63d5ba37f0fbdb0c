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
	"partnerdesk/ui/tenants"
)

const (
	// redrawAfter is how long words like "20 s ago" may stand before they are worked out anew: for each new word, all of
	// the window is painted.
	redrawAfter = 10 * time.Second
	// rereadAfter is how long what was read may stand that is made by the time: verdicts grow old in a day.
	rereadAfter = 5 * time.Minute
)

// watch reads the store when it has changed, and hands what it read over as a scene; now and then it does so again
// because words like "20 s ago" grow old. Who polls, and whether the store has changed, costs next to nothing to ask;
// thousands of tenants cost something to read.
func (w *Window) watch(ctx context.Context) {
	ticker := time.NewTicker(w.o.Every)
	defer ticker.Stop()
	var last *scene // nil while something new must be drawn
	for {
		next, err := w.look(ctx, last)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			last = nil
			w.run.Hop(func() { w.storeFailed(err) })
		case next != nil:
			last = next
			w.run.Hop(func() { w.show(next) })
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		case <-w.kick:
			last = nil
		}
	}
}

// look makes the scene that follows last, nil while that may stand.
func (w *Window) look(ctx context.Context, last *scene) (*scene, error) {
	pulse, err := w.o.Desk.Pulse(ctx)
	if err != nil {
		return nil, err
	}
	now := w.o.Now()
	if last == nil || pulse.Revision != last.overview.Revision || last.outdated(now) {
		return w.read(ctx, now)
	}
	poller := pulse.Poller
	poller.Settings = last.overview.Poller.Settings
	if now.Sub(last.at).Abs() < redrawAfter && pollingOf(poller) == pollingOf(last.overview.Poller) {
		return nil, nil
	}
	return w.complete(ctx, last.polled(poller, now))
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
	next := newScene(overview, w.alphabet, now)
	next.protection = protection
	return w.complete(ctx, next)
}

// complete adds to a scene what the overview does not tell: the room of the journal, and the ticks of the day.
func (w *Window) complete(ctx context.Context, s *scene) (*scene, error) {
	if err := w.history.Update(ctx, w.o.Desk, s.at); err != nil {
		return nil, err
	}
	s.warning, s.chart = w.o.Warning(), pollerline.ChartOf(w.history.Ticks, s.at)
	return s, nil
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
		w.log.Append(events)
		found := make([]journal.Event, 0, len(events))
		for _, e := range events {
			if e.Step != 0 && !e.Time.Before(w.o.Since) {
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
	// "Ready to sign in" is no sooner to be seen than it is true: the first scene shows what has come until then.
	if any && w.scene != nil {
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
	w.watchAttention(s)
	w.updates.Show(s.overview.Poller.Settings.UpdateAddress, s.at)
	if w.hidden {
		return // it is drawn when the window comes back
	}
	w.remember()
	if _, there := s.tenant(w.wanted); there {
		w.selected, w.wanted = w.wanted, tenant.Key{}
	}
	if _, there := s.tenant(w.selected); !there {
		w.selected = tenant.Key{}
		if len(s.overview.Tenants) > 0 {
			w.selected = s.overview.Tenants[0].Key
		}
	}
	w.polling = w.o.Poller.Running()
	w.tenants.Show(tenants.View{Roster: s.roster, At: s.at, Chosen: w.selected, Poller: s.overview.Poller, Polling: w.polling})
	w.showPoller()
	place, tip := placeSentence(kit.FromHome(w.o.DataDir), s.protection)
	w.place.Tip = tip
	w.place.SetText(place)
	w.showTrouble()
	w.drawSignIn()
	w.drawChosen()
	w.showMenu()
}

// showTrouble shows what is wrong with the data file and with the room that the journal takes, as long as it is.
func (w *Window) showTrouble() {
	w.damage.Show(w.scene.overview.Damaged)
	if w.room.Set(warningNotice(w.scene.warning)) {
		w.shell.Refresh()
	}
}

// showChosen draws all that depends on which tenant is chosen.
func (w *Window) showChosen() {
	w.drawChosen()
	w.showMenu()
}

func (w *Window) drawChosen() {
	now := w.o.Now()
	w.log.Choose(w.selected)
	w.showSteps()
	t, there := w.scene.tenant(w.selected)
	if !there {
		current, found := w.scene.registration()
		w.panel.ShowWelcome(current, found)
	} else {
		w.panel.Show(detail.View{Tenant: t, Poller: w.scene.overview.Poller, Polling: w.polling})
		w.companies.Show(t, w.scene.overview.Revision, now)
	}
}

// showSignIn draws all that depends on whether a sign-in is under way.
func (w *Window) showSignIn() {
	w.drawSignIn()
	w.showMenu()
}

func (w *Window) drawSignIn() {
	busy := w.signIn.Busy()
	anyRegistration, anyTenant := true, false
	if w.scene != nil {
		_, anyRegistration = w.scene.registration()
		anyTenant = len(w.scene.overview.Tenants) > 0
	}
	w.bar.ShowSignIn(busy, anyTenant, anyRegistration)
	w.panel.AllowSignIn(w.signInBarred())
	if busy {
		w.poller.Root.Hide() // the sign-in takes its place
	} else {
		w.poller.Root.Show()
	}
}

// signInBarred says why no sign-in can begin now, "" where one can.
func (w *Window) signInBarred() string {
	if w.signIn.Busy() {
		return signin.TextBusy.String()
	}
	return ""
}
