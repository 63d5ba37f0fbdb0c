package ui

import (
	"context"
	"errors"
	"fmt"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
	fynetooltip "github.com/dweymouth/fyne-tooltip"

	"partnerdesk/assets"
	"partnerdesk/core/journal"
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/settings"
)

// redrawAfter is how long words like "20 s ago" may stand before they are worked out anew.
const redrawAfter = 5 * time.Second

// The size of the window at its first start.
const (
	windowWidth  = 1280
	windowHeight = 800
)

// Window is Partnerdesk's one window. Make it with [New], show it, and let [Window.Run] feed it.
type Window struct {
	fyne.Window
	app  fyne.App
	o    Options
	run  *kit.Runner
	kick chan struct{}
	// history belongs to watch.
	history tickHistory

	bar      *topBar
	poller   *pollerLine
	strip    *stepStrip
	tracker  *stepTracker
	signIn   *signInFlow
	general  *kit.Notice // what failed outside of sign-in and tenant
	dismiss  *kit.Button
	damage   *kit.Notice // records that cannot be trusted
	room     *kit.Notice // the journal has outgrown its limit, or the disk is nearly full
	tenants  *tenantPane
	panel    *tenantPanel
	signOut  *signOutFlow
	log      *logPanel
	place    *kit.Line // where the data lies, and what guards it
	protect  *kit.Button
	settings *settings.Settings
	shell    *fyne.Container

	offboard *offboardFlow
	receipt  *receiptDialog // the last one, nil before

	// The rest belongs to the user interface's goroutine.
	scene    *scene
	selected tenant.Key
	// wanted is a tenant to select as soon as the store shows it.
	wanted tenant.Key
	// polling is whether this program's poller ran when the scene was shown: read once, so that all regions
	// tell the same.
	polling  bool
	takeOver takeOverWatch
	// vain is what was told of the last take-over, if it came to nothing.
	vain kit.NoticeView
	// storeTrouble is true while the general notice is about a store that cannot be read.
	storeTrouble bool
}

// New builds the window and sets the app's theme and icon. All that the window does beside the user
// interface's goroutine ends with ctx, and with [Window.Close]. New must run on that goroutine or before the
// app does.
func New(ctx context.Context, a fyne.App, o Options) *Window {
	o = o.withDefaults()
	w := &Window{app: a, o: o, run: kit.NewRunner(ctx, o.Do), kick: make(chan struct{}, 1), tracker: newStepTracker(o.Since)}
	icon := fyne.NewStaticResource("partnerdesk.svg", assets.Icon)
	a.Settings().SetTheme(kit.NewTheme(o.Appearance))
	a.SetIcon(icon)
	w.Window = a.NewWindow(textTitle.String())
	w.SetIcon(icon)
	w.makeRegions()
	w.wire()
	w.SetPadded(false)
	w.SetContent(fynetooltip.AddWindowToolTipLayer(w.layOut(), w.Canvas()))
	w.Resize(fyne.NewSize(windowWidth, windowHeight))
	w.addShortcuts()
	w.strip.show(w.tracker.views(tenant.Key{}, o.Now()))
	return w
}

func (w *Window) makeRegions() {
	copy := func(text string) { w.app.Clipboard().SetContent(text) }
	w.bar, w.poller = newTopBar(), newPollerLine()
	w.strip = newStepStrip()
	w.signIn = newSignInFlow(w.run, w.o, copy)
	w.general = kit.NewNotice()
	w.dismiss = kit.NewButton(textDismiss.String(), nil, "", func() { w.report(kit.NoticeView{}) })
	w.damage, w.room = kit.NewNotice(), kit.NewNotice()
	w.tenants = newTenantPane()
	w.panel = newTenantPanel(newCompanySection(w.run, w.o, copy))
	w.panel.onCopy = copy
	w.signOut = newSignOutFlow(w.run, w.o, copy, w.panel)
	w.offboard = newOffboardFlow(w.run, w.o.Desk, w.panel)
	w.log = newLogPanel(w.run, w.o.MaxLines)
	w.log.view.SetFallbackFonts(w.o.FallbackFonts...)
	w.place = kit.NewLine(placeSentence(w.o.DataDir, tenant.Protection{}), kit.LookCaption())
	w.protect = kit.NewButton(textProtect.String(), nil, textProtectTip.String(), w.changeProtection)
	w.settings = settings.New(w.run, settings.Options{Desk: w.o.Desk, Window: w.Window, OnChanged: w.refresh, OnLate: w.fail})
	w.protect.Importance = widget.LowImportance
}

func (w *Window) layOut() fyne.CanvasObject {
	across := container.NewHSplit(kit.NewInsetOf(8, 0, 4, 0, w.tenants.root), kit.NewInsetOf(8, 0, 2, 0, w.panel.root))
	across.Offset = 0.235
	down := container.NewVSplit(across, kit.NewInsetOf(8, 4, 8, 0, w.log.root))
	down.Offset = 0.745
	top := kit.NewInset(8, 8, kit.NewColumn(6, w.bar.root, w.poller.root, w.strip.root, w.signIn.notice.Container, w.general.Container,
		w.damage.Container, w.room.Container))
	w.shell = kit.NewShell(0, down, top, down, kit.NewInset(10, 1, w.footer()))
	return w.shell
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
	w.log.close()
	fynetooltip.DestroyWindowToolTipLayer(w.Canvas())
}

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
	if err := w.history.update(ctx, w.o.Desk, now); err != nil {
		return nil, err
	}
	next := newScene(overview, now)
	next.protection, next.warning, next.chart = protection, w.o.Warning(), chartOf(w.history.ticks, now)
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
		var steps []journal.Event
		for _, e := range events {
			if e.Step != 0 {
				steps = append(steps, e)
			}
		}
		if len(steps) > 0 {
			w.run.Hop(func() { w.step(steps) })
		}
	})
	if err != nil && ctx.Err() == nil {
		w.run.Hop(func() { w.fail(err) })
	}
}

func (w *Window) step(events []journal.Event) {
	any := false
	for _, e := range events {
		any = w.tracker.apply(e) || any
	}
	if any {
		w.showSteps()
	}
}

func (w *Window) showSteps() { w.strip.show(w.tracker.views(w.selected, w.o.Now())) }

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
	w.tenants.show(s.rows, w.selected)
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
		w.panel.showWelcome(welcomeOf(current, found))
		return
	}
	w.panel.show(t, w.scene.overview.Poller, w.polling, now)
}

func (w *Window) showSignIn() {
	busy := w.signIn.state.busy()
	anyRegistration, anyTenant := true, false
	if w.scene != nil {
		_, anyRegistration = w.scene.registration()
		anyTenant = len(w.scene.rows) > 0
	}
	w.bar.showSignIn(busy, anyTenant, anyRegistration)
	reason := ""
	if busy {
		reason = textSignInBusy.String()
	}
	w.panel.allowSignIn(reason)
}

// report shows a notice below the steps; the zero view takes it away.
func (w *Window) report(v kit.NoticeView) {
	w.ask(v, w.dismiss)
}

// Tell says something that has happened before the window was there, until it is dismissed.
func (w *Window) Tell(title string, lines ...string) {
	w.report(kit.NoticeView{Tone: kit.ToneWarning, Title: title, Lines: lines})
}

func (w *Window) fail(err error) {
	if !errors.Is(err, context.Canceled) {
		w.report(kit.Explain(tenant.Explain(err)))
	}
}

func (w *Window) storeFailed(err error) {
	w.storeTrouble = true
	w.report(kit.Explain(tenant.Explain(err)))
}

// removalQuestion asks before a registration is removed.
func removalQuestion(name string) kit.NoticeView {
	return kit.NoticeView{Tone: kit.ToneWarning, Title: fmt.Sprintf("Remove the registration “%s”?", name),
		Lines: []string{"Its client secret and private key are forgotten here. The app at SuperOffice stays as it is."}}
}

// askRemoveRegistration asks inline.
func (w *Window) askRemoveRegistration(name string) {
	yes := kit.NewButton(textRemoveNow.String(), nil, "", func() {
		w.report(kit.NoticeView{})
		w.do(func(ctx context.Context) error { return w.o.Desk.RemoveRegistration(ctx, name) }, w.fail)
	})
	yes.Importance = widget.DangerImportance
	no := kit.NewButton(textKeep.String(), nil, "", func() { w.report(kit.NoticeView{}) })
	w.ask(removalQuestion(name), yes, no)
	w.Canvas().Focus(no)
}

// do runs a change of the store and reads the store anew; a failure goes to failed. A change that waits for
// the other program, which may hold the store, says so and can be given up.
func (w *Window) do(change func(context.Context) error, failed func(error)) {
	var j *kit.Job
	giveUp := kit.NewButton(textCancel.String(), nil, "", func() { j.Cancel() })
	j = kit.Perform(w.run, func(ctx context.Context) (struct{}, error) { return struct{}{}, change(ctx) },
		func() {
			if w.general.Shown.Empty() { // what stands there is not pushed aside
				w.ask(kit.NoticeView{Title: textStillWorking.String()}, giveUp)
			}
		},
		func(_ struct{}, err error) {
			if w.general.Holds(giveUp) {
				w.report(kit.NoticeView{})
			}
			if err != nil {
				failed(err)
			}
			w.refresh()
		})
}

// ask shows a notice with buttons of its own.
func (w *Window) ask(v kit.NoticeView, buttons ...fyne.CanvasObject) {
	if w.general.Set(v, buttons...) {
		w.shell.Refresh()
	}
}

func (w *Window) addShortcuts() {
	focus := func(o fyne.Focusable) func(fyne.Shortcut) {
		return func(fyne.Shortcut) { w.Canvas().Focus(o) }
	}
	add := func(key fyne.KeyName, handler func(fyne.Shortcut)) {
		w.Canvas().AddShortcut(&desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierShortcutDefault}, handler)
	}
	add(fyne.KeyF, focus(w.log.find))
	add(fyne.KeyT, focus(w.tenants.filter))
	add(fyne.KeyN, func(fyne.Shortcut) { w.addRegistration() })
}

// signedIn brings the window forward with the new tenant chosen.
func (w *Window) signedIn(done workbench.SignedIn) {
	w.wanted = done.Tenant.Key
	if w.panel.shown.Key == w.wanted {
		w.panel.say(kit.NoticeView{}) // what an earlier action came to, a sign-out perhaps, is no longer so
	}
	w.tenants.filter.SetText("")
	w.refresh()
	w.RequestFocus()
}
