package tenants

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	fynetooltip "github.com/dweymouth/fyne-tooltip"
	"golang.org/x/text/language"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
)

func TestMain(m *testing.M) { kittest.Main(m) }

// desk is a workbench that switches tenants, and waits or fails where the test says so.
type desk struct {
	mu       sync.Mutex
	switched map[tenant.Key]bool
	visited  []tenant.Key
	pieces   int                         // pieces of work
	before   func(context.Context) error // what happens before each
}

func (d *desk) begin(ctx context.Context) error {
	if d.before != nil {
		return d.before(ctx)
	}
	return nil
}

func (d *desk) SetActiveAll(ctx context.Context, keys []tenant.Key, active bool) ([]tenant.Key, error) {
	if err := d.begin(ctx); err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.pieces++
	for _, k := range keys {
		d.switched[k] = active
	}
	return keys, nil
}

func (d *desk) VisitAll(ctx context.Context, keys []tenant.Key) ([]tenant.Key, error) {
	if err := d.begin(ctx); err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.visited = append(d.visited, keys...)
	return keys, nil
}

func (d *desk) count(active bool) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := 0
	for _, on := range d.switched {
		if on == active {
			n++
		}
	}
	return n
}

// stand is a table in a window, with everything outside of it in the test's hands.
type stand struct {
	*Pane
	t    *testing.T
	app  fyne.App
	w    fyne.Window
	q    *kittest.Queue
	desk *desk

	chosen  tenant.Key
	opened  int
	changed int
	copied  string
	acts    []Act
	barred  string
	keys    fyne.KeyModifier
}

// size is the room that the table has in a window of 1280 by 800.
func size() fyne.Size { return fyne.NewSize(478, 460) }

func newStand(t *testing.T, appearance kit.Appearance, views ...workbench.TenantView) *stand {
	t.Helper()
	s := &stand{t: t, app: test.NewTempApp(t), q: kittest.NewQueue(), desk: &desk{switched: map[tenant.Key]bool{}}}
	s.app.Settings().SetTheme(kit.NewTheme(appearance))
	s.make()
	s.show(views...)
	return s
}

// make puts a new table into a new window, as the next start of the program does.
func (s *stand) make() {
	run := kit.NewRunner(s.t.Context(), s.q.Do)
	s.t.Cleanup(run.Close)
	s.Pane = New(run, Options{
		Desk: s.desk, Preferences: s.app.Preferences(), Copy: func(text string) { s.copied = text },
		Facts:    func(v workbench.TenantView) string { return "facts of " + v.CompanyName },
		OnSelect: func(k tenant.Key) { s.chosen = k }, OnOpen: func() { s.opened++ },
		OnAct:     func(a Act, _ workbench.TenantView) { s.acts = append(s.acts, a) },
		Barred:    func(Act, workbench.TenantView) string { return s.barred },
		OnChanged: func() { s.changed++ },
	})
	s.Table.modifiers = func() fyne.KeyModifier { return s.keys }
	s.w = test.NewTempWindow(s.t, container.NewStack())
	s.w.SetPadded(false)
	s.w.SetContent(fynetooltip.AddWindowToolTipLayer(s.Root, s.w.Canvas()))
	s.t.Cleanup(func() { fynetooltip.DestroyWindowToolTipLayer(s.w.Canvas()) })
	s.w.Resize(size())
}

// show draws tenants as the window does: sorted by name, with one of them chosen.
func (s *stand) show(views ...workbench.TenantView) {
	s.t.Helper()
	views = slices.Clone(views)
	Sort(views, language.Make("nn")) // these customers are Norwegian
	at := slices.IndexFunc(views, func(v workbench.TenantView) bool { return v.Key == s.chosen })
	if at < 0 && len(views) > 0 {
		s.chosen = views[0].Key
	}
	s.Show(View{Roster: NewRoster(views), At: kittest.Noon, Chosen: s.chosen,
		Poller: kittest.EmptyStore().Poller, Polling: true})
}

func (s *stand) key(names ...fyne.KeyName) {
	for _, n := range names {
		s.Table.TypedKey(&fyne.KeyEvent{Name: n})
	}
	s.q.Drain()
}

// click presses a mouse button on a row.
func (s *stand) click(row int, button desktop.MouseButton, with fyne.KeyModifier) {
	e := &desktop.MouseEvent{Button: button, Modifier: with}
	e.Position = fyne.NewPos(100, (float32(row)+0.5)*s.Table.rowHeight())
	s.Table.MouseDown(e)
	s.Table.MouseUp(e)
	s.q.Drain()
}

// names are those of the rows, from the top.
func (s *stand) names() []string {
	var names []string
	for i := range s.Table.keys {
		names = append(names, s.Table.row(i).cells[colName])
	}
	return names
}

// many are tenants of every kind, as many as asked for.
func many(n int) []workbench.TenantView {
	first := []string{"Nordlys", "Fjord", "Blåfjell", "Havørn", "Granit", "Kyst", "Ålesund"}
	second := []string{"Handel", "Teknikk", "Eiendom", "Transport", "Logistikk og Spedisjon"}
	all := make([]workbench.TenantView, n)
	for i := range all {
		v := kittest.Nordlys()
		v.CompanyName = fmt.Sprintf("%s %s %d AS", first[i%len(first)], second[i/7%len(second)], i)
		v.ContextID = fmt.Sprintf("Cust%d", 10001+i*7)
		v.LogOnAt, v.TicketUntil = kittest.Noon.Add(-time.Duration(i%1800)*time.Second), kittest.Noon.Add(time.Duration(i%350)*time.Minute)
		switch {
		case i%3 == 0:
			v.Environment, v.Registration = tenant.Production, "our app"
		case i%3 == 1:
			v.Environment, v.Registration = tenant.Stage, "our app (stage)"
		}
		switch i % 11 {
		case 3:
			e := tenant.CauseRevoked.Explain("", "", "")
			v.Verdict, v.Failures, v.TicketUntil, v.Trouble = tenant.NeedsAttention, 1+i%40, time.Time{}, &e
		case 5:
			v.Verdict, v.Failures = tenant.Resting, 1
		case 7:
			v.Verdict, v.Active, v.LogOnAt, v.TicketUntil = tenant.Inactive, false, time.Time{}, time.Time{}
		case 9:
			v.Awaited = true
		}
		all[i] = v
	}
	return all
}
