package ui

import (
	"context"
	"time"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/signin"
)

// newBar makes the bar at the top, and connects it with the workbench.
func (w *Window) newBar() *signin.Bar {
	return signin.NewBar(signin.BarOptions{
		OnUse:    w.useRegistration,
		OnAdd:    w.registrations.Add,
		OnRemove: w.askRemoveRegistration,
		OnSignIn: func(registration string) { w.signIn.Start(workbench.SignInRequest{Registration: registration}) },
		OnPoll:   w.switchPoller,
		OnEvery:  func(d time.Duration) { w.set(func(s *tenant.Settings) { s.PollInterval = d }) },
		OnDemo:   func(on bool) { w.set(func(s *tenant.Settings) { s.Demonstration = on }) },
	})
}

func (w *Window) newSignIn(copy func(string)) *signin.Flow {
	return signin.New(w.run, signin.Options{
		Desk: w.o.Desk, OpenURL: w.o.OpenURL, Now: w.o.Now, Copy: copy,
		OnChange: func(moved bool) {
			w.tracker.Follow(w.signIn.Busy())
			w.showSteps()
			w.showSignIn()
			if moved {
				w.layNotices()
			}
		},
		OnDone:    w.signedIn,
		OnFailed:  w.unhide, // the reason is to be read here
		OnDismiss: w.tracker.ForgetSignIn,
	})
}

func (w *Window) useRegistration(name string) {
	w.do(func(ctx context.Context) error { return w.o.Desk.UseRegistration(ctx, name) }, w.fail)
}

// switchPoller starts or stops this program's poller.
func (w *Window) switchPoller(on bool) {
	w.do(func(context.Context) error {
		if on {
			w.o.Poller.Start()
		} else {
			w.o.Poller.Stop()
		}
		return nil
	}, w.fail)
}

// set changes the poller's settings.
func (w *Window) set(change func(*tenant.Settings)) {
	w.do(func(ctx context.Context) error {
		return w.o.Desk.UpdateSettings(ctx, func(s *tenant.Settings) error {
			change(s)
			return nil
		})
	}, w.fail)
}

// showPoller shows who polls, and tells how a take-over ended that was asked for here.
func (w *Window) showPoller() {
	poller := w.scene.overview.Poller
	w.bar.Show(w.scene.overview.Registrations, poller.Settings, w.polling)
	w.poller.Show(poller, w.scene.chart, w.polling, w.scene.at)
	if v := w.takeOver.See(poller, w.scene.at); !v.Empty() {
		w.vain = v
		w.report(v)
	}
}

// askToTakeOver asks whoever polls to let this window poll.
func (w *Window) askToTakeOver() {
	if !w.vain.Empty() && w.general.Shown.Equal(w.vain) {
		w.report(kit.NoticeView{}) // the next try is under way
	}
	w.do(func(ctx context.Context) error {
		w.o.Poller.Start() // who asks for the lease must be there to take it
		return w.o.Desk.TakeOver(ctx)
	}, w.fail)
}
