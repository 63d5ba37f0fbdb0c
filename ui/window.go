package ui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetooltip "github.com/dweymouth/fyne-tooltip"
	"golang.org/x/text/language"

	"partnerdesk/assets"
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/about"
	"partnerdesk/ui/company"
	"partnerdesk/ui/damage"
	"partnerdesk/ui/data"
	"partnerdesk/ui/detail"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/logpane"
	"partnerdesk/ui/pollerline"
	"partnerdesk/ui/registration"
	"partnerdesk/ui/settings"
	"partnerdesk/ui/signin"
	"partnerdesk/ui/steps"
	"partnerdesk/ui/tenants"
	"partnerdesk/ui/updates"
	"partnerdesk/ui/words"
)

// Window is Partnerdesk's one window. Make it with [New], show it, and let [Window.Run] feed it.
type Window struct {
	fyne.Window
	app  fyne.App
	o    Options
	run  *kit.Runner
	kick chan struct{}
	// history belongs to watch.
	history pollerline.History

	bar       *signin.Bar
	poller    *pollerline.Line
	strip     *steps.Strip
	tracker   *steps.Tracker
	signIn    *signin.Flow
	general   *kit.Notice // what failed outside of sign-in and tenant
	dismiss   *kit.Button
	damage    *damage.Damage // records that cannot be trusted
	room      *kit.Notice    // the journal has outgrown its limit, or the disk is nearly full
	tenants   *tenants.Pane
	panel     *detail.Panel
	companies *company.Section
	log       *logpane.Pane
	place     *kit.Line // where the data lies, and what guards it
	protect   *kit.Button
	settings  *settings.Settings
	data      *data.Data
	about     *about.About
	updates   *updates.Updates
	shell     *fyne.Container
	float     *fyne.Container // the notices that lie over the shell
	across    *container.Split
	down      *container.Split

	registrations *registration.Forms
	// alphabet is what the tenants are sorted by.
	alphabet language.Tag

	// The rest belongs to the user interface's goroutine.
	scene    *scene
	selected tenant.Key
	// wanted is a tenant to select as soon as the store shows it.
	wanted tenant.Key
	// polling is whether this program's poller ran when the scene was shown: read once, so that all regions
	// tell the same.
	polling  bool
	takeOver pollerline.Watch
	// vain is what was told of the last take-over, if it came to nothing.
	vain kit.NoticeView
	// menuStates are what the main menu shows.
	menuStates []itemState
	attention  attention
	// tray is what the tray's menu shows, nil before it shows anything.
	tray *trayState
	// hidden is true while the window is closed and the poller goes on; inFront while the person looks at it.
	hidden, inFront bool
	// asking is the harmless answer to the question what becomes of the poller, nil before it was asked.
	asking *kit.Button
	// kept is the place that was remembered last.
	kept place
	// lent is the room that the log has while its search or its details are open, nil while they are not.
	lent *loan
	// storeTrouble is true while the general notice is about a store that cannot be read.
	storeTrouble bool
}

// New builds the window and sets the app's theme and icon. All that the window does beside the user
// interface's goroutine ends with ctx, and with [Window.Close]. New must run on that goroutine or before the
// app does.
func New(ctx context.Context, a fyne.App, o Options) *Window {
	o = o.withDefaults()
	w := &Window{app: a, o: o, run: kit.NewRunner(ctx, o.Do), kick: make(chan struct{}, 1), tracker: steps.NewTracker(o.Since),
		alphabet: words.Alphabet()}
	if w.o.Quit == nil {
		w.o.Quit = a.Quit
	}
	if w.o.Notify == nil {
		w.o.Notify = a.SendNotification
	}
	if o.Appearance == kit.FollowSystem {
		o.Appearance = settings.AppearanceOf(a.Preferences())
	}
	a.Settings().SetTheme(kit.NewTheme(o.Appearance))
	a.SetIcon(fyne.NewStaticResource("partnerdesk.svg", assets.Icon))
	w.Window = a.NewWindow(textTitle.String())
	w.SetIcon(fyne.NewStaticResource("partnerdesk.png", assets.IconPicture))
	w.makeRegions()
	w.SetPadded(false)
	w.kept = placeFrom(a.Preferences())
	w.SetContent(fynetooltip.AddWindowToolTipLayer(w.layOut(w.kept), w.Canvas()))
	w.showMenu()
	w.Resize(w.kept.size)
	w.Canvas().SetOnTypedKey(w.typedKey)
	w.SetCloseIntercept(w.closing)
	a.Lifecycle().SetOnEnteredForeground(func() { w.inFront = true })
	a.Lifecycle().SetOnExitedForeground(func() { w.inFront = false })
	w.showSteps()
	return w
}

func (w *Window) makeRegions() {
	w.registrations = registration.New(w.run, registration.Options{Window: w.Window, Desk: w.o.Desk, Overview: w.overview, Now: w.o.Now,
		Clipboard: w.app.Clipboard(), OpenURL: w.o.OpenURL, Preferences: w.app.Preferences(), OnStored: w.useStored})
	w.SetOnDropped(func(_ fyne.Position, files []fyne.URI) { w.registrations.Drop(files) })
	copy := func(text string) { w.app.Clipboard().SetContent(text) }
	w.bar, w.poller = w.newBar(), pollerline.New(w.askToTakeOver)
	w.strip = steps.NewStrip()
	w.signIn = w.newSignIn(copy)
	w.general = kit.NewNotice()
	w.dismiss = kit.NewButton(kit.TextDismiss.String(), nil, "", func() { w.report(kit.NoticeView{}) })
	w.room = kit.NewNotice()
	w.damage = damage.New(w.run, damage.Options{Desk: w.o.Desk, OnFocus: w.focus,
		OnResize: func() { w.shell.Refresh() }, OnChanged: w.refresh, OnReceipt: func(r workbench.Receipt) { w.panel.ShowReceipt(r) }})
	w.tenants = w.newTenants(copy)
	w.companies = company.New(w.run, company.Options{Desk: w.o.Desk, Now: w.o.Now, OpenURL: w.o.OpenURL, SandboxURL: w.o.SandboxURL,
		Copy: copy, OnResize: func() { w.panel.Relayout() }, OnFocus: w.focus, OnFail: w.fail})
	w.panel = detail.New(w.run, w.panelOptions(copy))
	w.log = logpane.New(logpane.Options{Run: w.run, Journal: w.o.Journal, MaxLines: w.o.MaxLines, FallbackFonts: w.o.FallbackFonts,
		Copy: copy, Window: w.Window, Now: w.o.Now, OpenFolder: w.o.OpenFolder, OnFail: w.fail, Crowd: w.lendRoom})
	w.place = kit.NewLine(textData.With(kit.FromHome(w.o.DataDir)), kit.LookCaption())
	w.protect = kit.NewQuietButton(textProtect.String(), textProtectTip.String(), func() { w.settings.OpenProtection() })
	w.settings = settings.New(w.run, settings.Options{Desk: w.o.Desk, Window: w.Window, Preferences: w.app.Preferences(), Now: w.o.Now,
		OnAppearance: func(a kit.Appearance) { w.app.Settings().SetTheme(kit.NewTheme(a)) }, OnChanged: w.refresh, OnFail: w.fail})
	w.updates = updates.New(w.run, updates.Options{Desk: w.o.Desk, Preferences: w.app.Preferences(), Now: w.o.Now, OpenURL: w.o.OpenURL,
		OnSettings: w.settings.OpenUpdates, OnResize: w.layNotices, OnFail: w.fail})
	w.about = about.New(w.run, about.Options{Desk: w.o.Desk, Window: w.Window, Build: about.ReadBuild(w.o.Version), DataDir: w.o.DataDir,
		JournalDir: w.o.JournalDir, OpenFolder: w.o.OpenFolder, Copy: copy, Newest: func() string { return w.updates.Line(w.o.Now()) }, OnFail: w.fail})
	w.data = data.New(w.run, data.Options{Desk: w.o.Desk, Window: w.Window, Now: w.o.Now, Registrations: func() []workbench.RegistrationView { return w.overview().Registrations }, OpenFolder: w.o.OpenFolder,
		OnChanged: w.refresh, OnFail: w.fail})
}

// footerHeight is how much of the window's foot the notices leave free.
const footerHeight = 32

func (w *Window) layOut(p place) fyne.CanvasObject {
	w.across = container.NewHSplit(kit.NewInsetOf(8, 0, 4, 0, w.tenants.Root), kit.NewInsetOf(8, 0, 2, 0, w.panel.Root()))
	w.across.Offset = float64(p.across)
	w.down = container.NewVSplit(w.across, kit.NewInsetOf(8, 4, 8, 0, w.log.Root))
	w.down.Offset = float64(p.down)
	w.strip.Root.Hidden = !w.app.Preferences().BoolWithFallback(keySteps, true)
	status := kit.NewOver(w.poller.Root, w.signIn.Line) // a sign-in takes the place of the line on the poller
	top := kit.NewInset(8, 6, kit.NewColumn(5, w.bar.Root, status, w.strip.Root, w.damage.Root(), w.room.Container))
	w.shell = kit.NewShell(0, w.down, top, w.down, kit.NewInset(10, 1, w.footer()))
	w.float = kit.NewFloat(footerHeight, w.updates.Notice, w.signIn.Notice, w.general)
	return container.NewStack(w.shell, w.float)
}

func (w *Window) footer() fyne.CanvasObject {
	return kit.NewBar(12, w.place, w.place, w.protect, kit.NewWord(textTitle.String()+" "+w.o.Version, kit.LookCaption()))
}

// Run feeds the window from the store and the journal until the context of [New] ends, and waits for all that
// the window has under way.
func (w *Window) Run() {
	w.run.Spawn(w.watch)
	w.run.Spawn(w.listen)
	<-w.run.Ctx.Done()
	w.run.Close()
}

// Close ends all that the window has under way and waits for it. Call it on the user interface's goroutine
// or after the app has ended.
func (w *Window) Close() {
	w.run.Close()
	w.log.Close()
	fynetooltip.DestroyWindowToolTipLayer(w.Canvas())
}

// signedIn brings the window forward with the new tenant chosen.
func (w *Window) signedIn(done workbench.SignedIn) {
	w.wanted = done.Tenant.Key
	w.panel.Forget(w.wanted) // what an earlier action came to, a sign-out perhaps, is no longer so
	w.tenants.Reveal()
	w.unhide()
}
