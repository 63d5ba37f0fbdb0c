package ui

import (
	"context"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"partnerdesk/core/journal"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
)

func TestMain(m *testing.M) { kittest.Main(m) }

// bench is a window in a test, with everything outside of it in the test's hands.
type bench struct {
	*Window
	t       *testing.T
	q       *kittest.Queue
	desk    *fakeDesk
	polling *fakePoller
	events  chan []journal.Event
	opened  chan string
}

// open starts a window on a store, and waits for its first picture.
func open(t *testing.T, appearance kit.Appearance, o workbench.Overview) *bench {
	t.Helper()
	return openOn(t, test.NewTempApp(t), appearance, o, func(*Options) {})
}

// openOn starts a window as open does, on an app of the test's own and with other options.
func openOn(t *testing.T, a fyne.App, appearance kit.Appearance, o workbench.Overview, change func(*Options)) *bench {
	t.Helper()
	b := &bench{t: t, q: kittest.NewQueue(), desk: newFakeDesk(o), polling: &fakePoller{running: true},
		events: make(chan []journal.Event, 8), opened: make(chan string, 8)}
	ctx, cancel := context.WithCancel(t.Context())
	options := Options{
		Desk: b.desk, Poller: b.polling, Do: b.q.Do, Now: func() time.Time { return kittest.Noon }, Every: time.Hour,
		Since: kittest.Noon.Add(-time.Hour), Appearance: appearance,
		Events: func(ctx context.Context, deliver func([]journal.Event)) error {
			for {
				select {
				case <-ctx.Done():
					return nil
				case batch := <-b.events:
					deliver(batch)
				}
			}
		},
		Journal:    journal.Folder(t.TempDir()),
		OpenURL:    func(url string) error { b.opened <- url; return nil },
		SandboxURL: func() string { return "http://127.0.0.1:4711/tenants" },
		DataDir:    "/home/ada/.local/share/partnerdesk", Version: "0.1.0", Warning: b.desk.warning,
	}
	change(&options)
	b.Window = New(ctx, a, options)
	done := make(chan struct{})
	go func() {
		defer close(done)
		b.Run()
	}()
	t.Cleanup(func() {
		cancel()
		<-done
		b.Close()
	})
	b.q.Await(t, "the first picture", func() bool { return b.scene != nil })
	return b
}

// until waits for a condition while the window works.
func (b *bench) until(what string, holds func() bool) {
	b.t.Helper()
	b.q.Await(b.t, what, holds)
}

// update changes the store, as the other program would, and waits for the window to show it.
func (b *bench) update(change func(*workbench.Overview)) {
	b.t.Helper()
	before := b.scene
	b.desk.change(change)
	b.refresh()
	b.until("the change to be shown", func() bool { return b.scene != before })
}

func (b *bench) tap(o fyne.Tappable) {
	b.t.Helper()
	test.Tap(o)
	b.q.Drain()
}

// button finds a button that is to be seen, by its name; nil where there is none.
func button(in fyne.CanvasObject, name string) *kit.Button {
	if !in.Visible() {
		return nil
	}
	switch o := in.(type) {
	case *kit.Button:
		if o.Text == name {
			return o
		}
	case *fyne.Container:
		for _, inside := range o.Objects {
			if found := button(inside, name); found != nil {
				return found
			}
		}
	}
	return nil
}

// press presses a button by its name.
func (b *bench) press(in fyne.CanvasObject, name string) {
	b.t.Helper()
	found := button(in, name)
	if found == nil {
		b.t.Fatalf("there is no button %q", name)
	}
	b.tap(found)
}

// pick chooses the tenant in a row of the table, as the keyboard does.
func (b *bench) pick(row int) {
	b.t.Helper()
	b.tenants.Table.TypedKey(&fyne.KeyEvent{Name: fyne.KeyHome})
	for range row {
		b.tenants.Table.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	}
	b.q.Drain()
}

// choose opens the panel's menu and chooses an item by keys, as many steps down.
func (b *bench) choose(down int) {
	b.t.Helper()
	b.panel.OpenMenu()
	b.q.Drain()
	for range down {
		b.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	}
	b.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	b.q.Drain()
}

// reads reports whether a line of the log's region says a text.
func (b *bench) reads(text string) bool {
	for _, o := range test.LaidOutObjects(b.log.Root) {
		if line, ok := o.(*kit.Line); ok && line.Text == text {
			return true
		}
	}
	return false
}
