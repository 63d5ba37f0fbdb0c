// Package updates is the window's notice of a newer version of Partnerdesk. Where the settings name an address to ask,
// it has that asked at the start and once a day; where they do not, nobody is ever asked. It opens a page at most:
// nothing is downloaded or installed.
package updates

import (
	"context"
	"errors"
	"time"

	"fyne.io/fyne/v2"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
)

// Desk is what the notice asks of the workbench. Its method may wait, and is called off the user interface's goroutine.
type Desk interface {
	CheckForUpdate(ctx context.Context) (workbench.UpdateCheck, error)
}

// Options are what the notice needs from outside.
type Options struct {
	Desk        Desk
	Preferences fyne.Preferences
	Now         func() time.Time
	// OpenURL opens the system browser. It is called off the user interface's goroutine.
	OpenURL func(url string) error
	// OnSettings opens the settings, where an address can be named.
	OnSettings func()
	// OnResize is called when the notice has another height.
	OnResize func()
	// OnFail takes the failure to open a page.
	OnFail func(error)
}

const (
	// keyDismissed is where the version is remembered that a person does not want to hear of again.
	keyDismissed = "updates.dismissed"
	// askAgainAfter is how long an answer, or a failure, is good for.
	askAgainAfter = 24 * time.Hour
)

// Updates is the notice. All of it belongs to the user interface's goroutine.
type Updates struct {
	Notice *kit.Notice
	run    *kit.Runner
	o      Options

	// address is whom the settings name, "" for nobody.
	address string
	// asked is when somebody was asked last, without the reading of the monotonic clock: that one stands still while
	// the computer sleeps. last and trouble are what came of it.
	asked   time.Time
	last    workbench.UpdateCheck
	trouble error
	// job is the last question, nil before, and awaited whether a person waits for its answer.
	job     *kit.Job
	awaited bool
	// told is the version that this run has told of: once is enough.
	told string

	open, dismiss, hide, cancel *kit.Button
}

// New makes the notice, which is hidden as long as there is nothing to tell.
func New(run *kit.Runner, o Options) *Updates {
	u := &Updates{Notice: kit.NewNotice(), run: run, o: o}
	u.open = kit.NewButton(textOpenPage.String(), nil, "", u.openPage)
	u.dismiss = kit.NewButton(kit.TextDismiss.String(), nil, textDismissTip.String(), u.forget)
	u.hide = kit.NewButton(kit.TextDismiss.String(), nil, "", func() { u.tell(kit.NoticeView{}) })
	u.cancel = kit.NewButton(kit.TextCancel.String(), nil, "", func() { u.job.Cancel() })
	return u
}

// Show takes in whom the settings name at a time, and has that one asked when it is new or a day has gone by. The
// window calls it every few seconds.
func (u *Updates) Show(address string, now time.Time) {
	if address != u.address {
		u.address, u.asked, u.told = address, time.Time{}, ""
		u.last, u.trouble = workbench.UpdateCheck{}, nil
		u.tell(kit.NoticeView{}) // the former address has said it
	}
	if u.address != "" && now.Round(0).Sub(u.asked).Abs() >= askAgainAfter {
		u.ask()
	}
}

// CheckNow asks for a person, who is told whatever comes of it. Where nobody is named to ask, the settings open.
func (u *Updates) CheckNow() {
	u.awaited = true
	if u.busy() {
		u.tellAsking()
		return
	}
	u.ask()
}

func (u *Updates) busy() bool { return u.job != nil && !u.job.Finished }

func (u *Updates) tellAsking() {
	u.tell(kit.NoticeView{Tone: kit.ToneAccent, Title: textAsking.String()}, u.cancel)
}

// ask asks, unless that is under way.
func (u *Updates) ask() {
	if u.busy() {
		return
	}
	u.asked = u.o.Now().Round(0)
	u.job = kit.Perform(u.run, u.o.Desk.CheckForUpdate, func() {
		if u.awaited {
			u.tellAsking()
		}
	}, u.answered)
}

// answered tells of a newer version, once and unless it was dismissed, and a person who asked of all else too. Of a
// failure nobody else is told here: About and the journal do that.
func (u *Updates) answered(c workbench.UpdateCheck, err error) {
	awaited := u.awaited
	u.awaited = false
	if u.Notice.Holds(u.cancel) {
		u.tell(kit.NoticeView{})
	}
	if errors.Is(err, context.Canceled) || c.Address != u.address && !awaited {
		return // given up, or about an address that the settings no longer name
	}
	off := c.Address == "" && err == nil
	if !off {
		u.last, u.trouble = c, err
	}
	switch {
	case off && awaited:
		u.o.OnSettings()
	case off:
	case err != nil && awaited:
		u.tell(kit.Explain(tenant.Explain(err)), u.hide)
	case err != nil:
	case c.Newer && (awaited || c.Newest != u.told && c.Newest != u.o.Preferences.String(keyDismissed)):
		u.told = c.Newest
		u.tell(newer(c), u.open, u.dismiss)
	case awaited:
		u.tell(nothingNew(c), u.hide)
	}
}

// openPage opens the page about the version that is told of.
func (u *Updates) openPage() {
	page := u.last.Page
	u.tell(kit.NoticeView{})
	kit.Act(u.run, func(context.Context) error { return u.o.OpenURL(page) }, func(err error) {
		if err != nil {
			u.o.OnFail(err)
		}
	})
}

// forget takes the notice away, and does not tell of the version again.
func (u *Updates) forget() {
	u.o.Preferences.SetString(keyDismissed, u.told)
	u.tell(kit.NoticeView{})
}

func (u *Updates) tell(v kit.NoticeView, buttons ...fyne.CanvasObject) {
	if u.Notice.Set(v, buttons...) {
		u.o.OnResize()
	}
}
