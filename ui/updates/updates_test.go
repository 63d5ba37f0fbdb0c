package updates

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
)

func TestMain(m *testing.M) { kittest.Main(m) }

const address = "https://example.com/newest.json"

// desk answers for the address in its settings, and counts who asks.
type desk struct {
	mu      sync.Mutex
	address string
	newest  string
	failure error
	wait    chan struct{} // nil where an answer comes at once
	asked   int
}

func (d *desk) CheckForUpdate(ctx context.Context) (workbench.UpdateCheck, error) {
	d.mu.Lock()
	wait := d.wait
	d.asked++
	d.mu.Unlock()
	if wait != nil {
		select {
		case <-wait:
		case <-ctx.Done():
			return workbench.UpdateCheck{Address: address}, ctx.Err()
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	c := workbench.UpdateCheck{Version: "0.1.0", Comparable: true, Address: d.address}
	if d.address == "" || d.failure != nil {
		return c, d.failure
	}
	c.Newest, c.Page, c.Newer = d.newest, "https://example.com/"+d.newest, d.newest != "0.1.0"
	return c, nil
}

func (d *desk) times() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.asked
}

func (d *desk) set(change func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	change()
}

type bench struct {
	*Updates
	t        *testing.T
	q        *kittest.Queue
	desk     *desk
	now      time.Time
	opened   chan string
	settings int
	failed   []error
}

func newBench(t *testing.T, p fyne.Preferences) *bench {
	t.Helper()
	b := &bench{t: t, q: kittest.NewQueue(), desk: &desk{address: address, newest: "0.2.0"}, now: kittest.Noon, opened: make(chan string, 1)}
	run := kit.NewRunner(t.Context(), b.q.Do)
	t.Cleanup(run.Close)
	b.Updates = New(run, Options{Desk: b.desk, Preferences: p, Now: func() time.Time { return b.now }, OnResize: func() {},
		OpenURL: func(url string) error { b.opened <- url; return nil }, OnSettings: func() { b.settings++ },
		OnFail: func(err error) { b.failed = append(b.failed, err) }})
	return b
}

// answer waits for the answer to all that is under way.
func (b *bench) answer() {
	b.t.Helper()
	b.q.Await(b.t, "the answer", func() bool { return b.job == nil || b.job.Finished })
}

// pass lets time pass as the window does: it shows what the settings say every ten seconds.
func (b *bench) pass(d time.Duration) {
	b.t.Helper()
	for end := b.now.Add(d); b.now.Before(end); {
		b.now = b.now.Add(10 * time.Second)
		b.Show(address, b.now)
		b.answer()
	}
}

func TestItIsAskedAtTheStartAndOnceADay(t *testing.T) {
	b := newBench(t, test.NewTempApp(t).Preferences())
	for range 3 {
		b.Show(address, b.now)
		b.answer()
	}
	if b.desk.times() != 1 {
		t.Fatalf("asked %d times at the start", b.desk.times())
	}
	b.pass(24*time.Hour - 10*time.Second)
	if b.desk.times() != 1 {
		t.Errorf("asked %d times within a day", b.desk.times())
	}
	b.pass(10 * time.Second)
	if b.desk.times() != 2 {
		t.Errorf("asked %d times in a day", b.desk.times())
	}
	b.now = b.now.Add(30 * time.Hour) // the computer slept
	b.pass(10 * time.Second)
	if b.desk.times() != 3 {
		t.Errorf("asked %d times after a long sleep", b.desk.times())
	}
	b.now = b.now.AddDate(-1, 0, 0) // the clock was a year ahead
	b.pass(10 * time.Second)
	if b.desk.times() != 4 {
		t.Errorf("asked %d times after the clock was set", b.desk.times())
	}
}

func TestNobodyIsAskedWhileItIsOff(t *testing.T) {
	b := newBench(t, test.NewTempApp(t).Preferences())
	b.desk.set(func() { b.desk.address = "" })
	for range 100 {
		b.now = b.now.Add(time.Hour)
		b.Show("", b.now)
		b.q.Drain()
	}
	if b.desk.times() != 0 || b.Notice.Visible() || b.Line(b.now) != textOff.String() {
		t.Errorf("asked %d times, About says %q", b.desk.times(), b.Line(b.now))
	}
	b.CheckNow()
	b.answer()
	if b.settings != 1 || b.Notice.Visible() {
		t.Error("the settings do not open for a person who asks")
	}
}

func TestANewerVersionIsToldOnceAndStaysDismissed(t *testing.T) {
	p := test.NewTempApp(t).Preferences()
	b := newBench(t, p)
	b.Show(address, b.now)
	b.answer()
	if b.Notice.Shown.Title != "There is a newer version: Partnerdesk 0.2.0." || !strings.Contains(b.Notice.Shown.Lines[0], "This is 0.1.0.") {
		t.Fatalf("it says %+v", b.Notice.Shown)
	}
	test.Tap(b.open)
	if got := <-b.opened; got != "https://example.com/0.2.0" || b.Notice.Visible() {
		t.Errorf("opened %s", got)
	}
	b.pass(25 * time.Hour)
	if b.Notice.Visible() || b.desk.times() != 2 {
		t.Error("the same run tells of it a second time")
	}

	b = newBench(t, p) // the next start
	b.Show(address, b.now)
	b.answer()
	test.Tap(b.dismiss)
	b = newBench(t, p)
	b.Show(address, b.now)
	b.answer()
	if b.Notice.Visible() {
		t.Error("it was dismissed, and is back at the next start")
	}
	if got := b.Line(b.now.Add(3 * time.Hour)); got != "0.2.0, asked 3 h ago" {
		t.Errorf("About says %q", got)
	}
	b.CheckNow()
	b.answer()
	if !b.Notice.Holds(b.open) {
		t.Error("a person who asks is not told of what was dismissed")
	}
	test.Tap(b.dismiss)
	b.desk.set(func() { b.desk.newest = "0.3.0" })
	b.pass(25 * time.Hour)
	if b.Notice.Shown.Title != "There is a newer version: Partnerdesk 0.3.0." {
		t.Errorf("of a still newer one it says %+v", b.Notice.Shown)
	}
}

func TestAFailureIsToldWhoAsksAndAbout(t *testing.T) {
	b := newBench(t, test.NewTempApp(t).Preferences())
	b.desk.set(func() {
		b.desk.failure = &tenant.Problem{Op: "ask", Explanation: tenant.CauseUnreachable.Explain("There was no answer from example.com.", "", "")}
	})
	b.Show(address, b.now)
	if got := b.Line(b.now); got != textNotYet.String() {
		t.Errorf("before the answer About says %q", got)
	}
	b.answer()
	if b.Notice.Visible() || len(b.failed) > 0 {
		t.Error("nobody asked, and the failure pops up")
	}
	if got := b.Line(b.now.Add(time.Hour)); got != "Not known, asked 1 h ago. The connection failed." {
		t.Errorf("About says %q", got)
	}
	b.CheckNow()
	b.answer()
	if b.Notice.Shown.Title != "There was no answer from example.com." {
		t.Errorf("who asks is told %+v", b.Notice.Shown)
	}
	test.Tap(b.hide)
	b.desk.set(func() { b.desk.failure, b.desk.newest = nil, "0.1.0" })
	b.CheckNow()
	b.answer()
	if b.Notice.Shown.Title != "There is nothing newer than Partnerdesk 0.1.0." {
		t.Errorf("who asks is told %+v", b.Notice.Shown)
	}
}

func TestASlowQuestionCanBeGivenUp(t *testing.T) {
	b := newBench(t, test.NewTempApp(t).Preferences())
	b.desk.set(func() { b.desk.wait = make(chan struct{}) })
	b.CheckNow()
	b.q.Await(t, "the offer to give up", func() bool { return b.Notice.Holds(b.cancel) })
	test.Tap(b.cancel)
	b.answer()
	if b.Notice.Visible() {
		t.Errorf("given up, it says %+v", b.Notice.Shown)
	}
	b.Show(address, b.now.Add(25*time.Hour)) // the question of the day, which a person then waits for too
	b.CheckNow()
	if !b.Notice.Holds(b.cancel) {
		t.Error("who asks during the question of the day is told nothing")
	}
	test.Tap(b.cancel)
	b.answer()
	if b.Notice.Visible() || b.desk.times() != 2 {
		t.Errorf("asked %d times, it says %+v", b.desk.times(), b.Notice.Shown)
	}
}

// What an address says that the settings no longer name is nothing to tell.
func TestTheAnswerOfAFormerAddressIsForgotten(t *testing.T) {
	b := newBench(t, test.NewTempApp(t).Preferences())
	b.Show(address, b.now)
	b.answer()
	b.Show("", b.now)
	if b.Notice.Visible() || b.Line(b.now) != textOff.String() {
		t.Error("it was switched off, and the notice stays")
	}
	wait := make(chan struct{})
	b.desk.set(func() { b.desk.wait = wait })
	b.Show(address, b.now)
	b.Show("", b.now)
	close(wait)
	b.answer()
	if b.Notice.Visible() || b.Line(b.now) != textOff.String() {
		t.Error("an answer that comes after it was switched off is told")
	}
	b.desk.set(func() { b.desk.wait = nil })
	b.Show(address, b.now)
	b.answer()
	if !b.Notice.Visible() {
		t.Error("switched on again, it tells nothing")
	}
}

func TestABrowserThatDoesNotOpenIsTold(t *testing.T) {
	b := newBench(t, test.NewTempApp(t).Preferences())
	b.o.OpenURL = func(string) error { return errors.New("no browser") }
	b.Show(address, b.now)
	b.answer()
	test.Tap(b.open)
	b.q.Await(t, "the failure", func() bool { return len(b.failed) == 1 })
}

func TestABuildWithoutANumberSaysSo(t *testing.T) {
	v := nothingNew(workbench.UpdateCheck{Version: "devel", Newest: "0.2.0"})
	if v.Title != "The newest version is 0.2.0." || !strings.Contains(v.Lines[0], "devel") {
		t.Errorf("it says %+v", v)
	}
}

func TestPictures(t *testing.T) {
	kittest.Pictures(t, "newer", fyne.NewSize(760, 90), func(t *testing.T) fyne.CanvasObject {
		b := newBench(t, fyne.CurrentApp().Preferences())
		b.Show(address, b.now)
		b.answer()
		return b.Notice.Container
	})
}
