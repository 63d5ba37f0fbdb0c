package ui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/detail"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/registration"
	"partnerdesk/ui/signin"
	"partnerdesk/ui/tenants"
)

// focus moves the keyboard to an object.
func (w *Window) focus(o fyne.Focusable) { w.Canvas().Focus(o) }

// panelOptions is what the chosen tenant's panel is given.
func (w *Window) panelOptions(copy func(string)) detail.Options {
	desk := w.o.Desk
	// A failure belongs to the tenant that it is about: after another one was chosen it is not shown there.
	failFor := func(key tenant.Key) func(error) { return func(err error) { w.panel.Fail(key, err) } }
	return detail.Options{
		Desk: desk, Now: w.o.Now, Window: w.Window, OpenURL: w.o.OpenURL, Copy: copy, Companies: w.companies.Root(),
		Preferences: w.app.Preferences(),
		OnActive: func(key tenant.Key, on bool) {
			w.do(func(ctx context.Context) error { return desk.SetActive(ctx, key, on) }, failFor(key))
		},
		OnLogOn: func(key tenant.Key) {
			w.do(func(ctx context.Context) error { return desk.VisitNow(ctx, key) }, failFor(key))
		},
		OnSignIn: func(t workbench.TenantView, approve bool) {
			request := signin.Again(t)
			if approve {
				request.Prompt = workbench.PromptConsent
			}
			w.signIn.Start(request)
		},
		OnPoll:         func() { w.switchPoller(true) },
		OnRegistration: w.registrations.Edit,
		OnChanged:      w.refresh,
		OnElsewhere:    w.report,
	}
}

// overview is what the window shows of the store, nothing before its first picture.
func (w *Window) overview() workbench.Overview {
	if w.scene == nil {
		return workbench.Overview{}
	}
	return w.scene.overview
}

// useStored makes a new registration the current one: whoever has entered it wants to sign in with it.
func (w *Window) useStored(name string, isNew bool) {
	if isNew {
		w.useRegistration(name)
		return
	}
	w.refresh()
}

// newTenants makes the table of tenants. What it offers for one of them is done where that one is shown.
func (w *Window) newTenants(copy func(string)) *tenants.Pane {
	return tenants.New(w.run, tenants.Options{
		Desk: w.o.Desk, Preferences: w.app.Preferences(), Copy: copy,
		Facts: func(t workbench.TenantView) string { return detail.Facts(t, w.o.Now()) },
		OnSelect: func(key tenant.Key) {
			w.selected, w.wanted = key, tenant.Key{}
			w.showChosen()
		},
		OnOpen: func() { w.focus(w.panel.First()) },
		OnAct: func(act tenants.Act, t workbench.TenantView) {
			switch act {
			case tenants.SignIn:
				w.signIn.Start(signin.Again(t))
			case tenants.Doctor:
				w.panel.Check.Press()
			case tenants.SignOut:
				w.panel.SignOut()
			case tenants.Remove:
				w.panel.Remove()
			}
		},
		Barred: func(act tenants.Act, _ workbench.TenantView) string {
			switch act {
			case tenants.SignOut:
				return w.panel.SignOutReason()
			case tenants.Remove:
				return w.panel.RemoveReason()
			}
			return w.signInBarred()
		},
		OnChanged: w.refresh,
	})
}

// guideCommand shows the guide in the browser.
func (w *Window) guideCommand() command {
	return command{phrase: textGuide, key: &desktop.CustomShortcut{KeyName: fyne.KeyF1}, run: func() {
		kit.Act(w.run, func(context.Context) error { return w.o.OpenPage(w.o.Guide) }, func(err error) {
			if err != nil {
				w.fail(err)
			}
		})
	}, reason: func() string {
		if w.o.Guide == "" {
			return textNoGuide.String()
		}
		return ""
	}}
}

// editBarred says why the registration in use cannot be edited, "" where it can.
func (w *Window) editBarred() string {
	if current, found := w.scene.registration(); !found || !registration.Editable(current) {
		return textEditBarred.String()
	}
	return ""
}
