package main

import (
	"context"
	"os"

	"fyne.io/fyne/v2"

	"partnerdesk/app"
	"partnerdesk/assets"
	"partnerdesk/core/journal"
	"partnerdesk/core/tenant"
	"partnerdesk/ui"
)

// metadata is what FyneApp.toml says, set in code, with the version of this build: Fyne finds that file at run time only
// beside the executable or under go run.
func metadata() fyne.AppMetadata {
	return fyne.AppMetadata{
		ID: "dev.partnerdesk.desktop", Name: "Partnerdesk", Version: app.Version(),
		Icon:       fyne.NewStaticResource("partnerdesk.svg", assets.Icon),
		Migrations: map[string]bool{"fyneDo": true},
	}
}

// eventsAtStart is how many events of earlier runs the live log begins with.
const eventsAtStart = 500

// options are the window's view of the parts.
func options(desk *app.App, tray *fyne.Menu, quit func()) ui.Options {
	guide := "" // as where the system does not know the program's place
	if program, err := os.Executable(); err == nil {
		guide = guidePage(program)
	}
	return ui.Options{
		Desk:   desk.Workbench,
		Poller: desk.Polling,
		Events: func(ctx context.Context, deliver func([]journal.Event)) error {
			return journal.Follow(ctx, app.JournalDir(desk.Data), journal.FollowOptions{Last: eventsAtStart, Wake: desk.Journal.Changed()}, deliver)
		},
		Journal: journal.Folder(app.JournalDir(desk.Data)),
		OpenURL: app.OpenBrowser, OpenFolder: app.OpenFolder, OpenPage: app.OpenPage,
		Guide:   guide,
		Do:      fyne.Do,
		Since:   desk.Started,
		DataDir: desk.Data, Version: app.Version(), JournalDir: app.JournalDir(desk.Data),
		Warning:       desk.Journal.Warning,
		SandboxURL:    desk.Sandbox.TenantsURL,
		FallbackFonts: fallbackFont(),
		Tray:          tray,
		Quit:          quit,
	}
}

// serve brings up what the window works with: the sandbox, so that the first sign-in needs no account, and
// the poller. A sandbox that cannot be served is in the log and stops nothing else.
func serve(ctx context.Context, desk *app.App) {
	if err := desk.Sandbox.Ensure(ctx); err != nil && ctx.Err() == nil {
		desk.Log.ErrorContext(ctx, "The sandbox could not be started", journal.Component("app"), journal.Failure(err))
	}
	if ctx.Err() != nil {
		return
	}
	announceReady(ctx, desk)
	desk.Polling.Start()
}

// announceReady says whether the next step is to sign in.
func announceReady(ctx context.Context, desk *app.App) {
	message := "Ready: nobody has signed in yet"
	if n, err := desk.Store.CountTenants(ctx); err == nil && n > 0 {
		message = "Ready: " + tenant.Plural(n, "connected tenant")
	}
	desk.Log.InfoContext(ctx, message, journal.Component("app"), journal.Step(tenant.StepNoSession))
}
