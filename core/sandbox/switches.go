package sandbox

import (
	"maps"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Bounds of the delay of a slow fault.
const (
	defaultDelay = 3 * time.Second
	maxDelay     = 10 * time.Minute
)

// maxTimes bounds how many requests a fault can be told to strike.
const maxTimes = 1_000_000

// course is how a fault goes on once it is on.
type course struct {
	delay time.Duration
	// left is how many requests it strikes before it is off; 0 means that it stays on.
	left int
}

// setting is where a fault is on.
type setting struct {
	all   bool
	whole course            // of all
	ctxs  map[string]course // by the context identifier, while it is not on for all
}

// activeFault is a fault that is on.
type activeFault struct {
	*fault
	delay time.Duration
}

// faults keeps which faults are on, in memory only: a restart is a cure.
type faults struct {
	list   []fault
	byName map[string]*fault
	busy   atomic.Int32 // how many faults are on somewhere, so that a sandbox without any asks no further

	mu       sync.RWMutex
	settings map[string]*setting // by name; what is on nowhere is not in it
}

func newFaults() *faults {
	f := &faults{list: allFaults(), byName: map[string]*fault{}, settings: map[string]*setting{}}
	for i := range f.list {
		f.byName[f.list[i].name] = &f.list[i]
	}
	return f
}

// on returns the faults that are on for a tenant, or with an empty ctx those that are on for all.
func (f *faults) on(ctx string) []activeFault {
	if f.busy.Load() == 0 {
		return nil
	}
	f.mu.RLock()
	defer f.mu.RUnlock()
	var active []activeFault
	for i := range f.list {
		if c, on := f.settings[f.list[i].name].of(ctx); on {
			active = append(active, activeFault{&f.list[i], c.delay})
		}
	}
	return active
}

// is reports whether a fault is on for a tenant, or with an empty ctx for all.
func (f *faults) is(name, ctx string) bool {
	if f.busy.Load() == 0 {
		return false
	}
	f.mu.RLock()
	defer f.mu.RUnlock()
	_, on := f.settings[name].of(ctx)
	return on
}

// strike takes one of the requests that a fault was to strike. It is false where there was none left.
func (f *faults) strike(name, ctx string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := f.settings[name]
	c, on := now.of(ctx)
	switch {
	case !on:
		return false
	case c.left == 0:
		return true
	case c.left == 1:
		f.end(name, ctx)
		return true
	}
	c.left--
	if now.all {
		now.whole = c
	} else {
		now.ctxs[ctx] = c
	}
	return true
}

func (s *setting) of(ctx string) (course, bool) {
	if s == nil {
		return course{}, false
	}
	if s.all {
		return s.whole, true
	}
	c, on := s.ctxs[ctx]
	return c, on
}

// switchOn turns a fault on for the tenant, or for all with an empty ctx. It returns words where it cannot.
func (f *faults) switchOn(name, ctx string, c course) string {
	wanted, known := f.byName[name]
	switch {
	case !known:
		return "There is no fault of this name; GET " + pathFaults + " lists them."
	case wanted.everybody && ctx != "":
		return "This fault can be on for all tenants only."
	case c.delay != 0 && !wanted.delayed:
		return "This fault takes no delay."
	case c.delay < 0 || c.delay > maxDelay:
		return "The delay must be more than 0 and at most " + maxDelay.String() + "."
	case c.left != 0 && wanted.wire == nil:
		return "This fault cannot count: it stays on until it is switched off."
	case c.left < 0 || c.left > maxTimes:
		return "A fault strikes once to a million times, or always where nothing is said."
	}
	if wanted.delayed && c.delay == 0 {
		c.delay = defaultDelay
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	now := f.settings[name]
	switch {
	case ctx == "":
		f.settings[name] = &setting{all: true, whole: c}
	case now == nil:
		f.settings[name] = &setting{ctxs: map[string]course{ctx: c}}
	case now.all:
		return "The fault is on for all tenants: switch it off for all first."
	default:
		now.ctxs[ctx] = c
	}
	f.busy.Store(int32(len(f.settings))) // there are about a hundred
	return ""
}

// switchOff turns a fault off for the tenant, or everywhere with an empty ctx.
func (f *faults) switchOff(name, ctx string) string {
	if f.byName[name] == nil {
		return "There is no fault of this name; GET " + pathFaults + " lists them."
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	now := f.settings[name]
	if now == nil {
		return ""
	}
	if ctx != "" && now.all {
		return "The fault is on for all tenants: switch it off for all."
	}
	if ctx == "" {
		now.ctxs = nil
	}
	f.end(name, ctx)
	return ""
}

// end takes one place off a fault that is on. The caller holds mu.
func (f *faults) end(name, ctx string) {
	now := f.settings[name]
	delete(now.ctxs, ctx)
	if len(now.ctxs) == 0 {
		delete(f.settings, name)
	}
	f.busy.Store(int32(len(f.settings))) // there are about a hundred
}

// clear turns everything off.
func (f *faults) clear() {
	f.mu.Lock()
	defer f.mu.Unlock()
	clear(f.settings)
	f.busy.Store(0)
}

// faultRow is a fault as the list and the control page show it.
type faultRow struct {
	Name        string   `json:"name"`
	Group       string   `json:"group"`
	Description string   `json:"description"`
	PerTenant   bool     `json:"per_tenant"`
	TakesDelay  bool     `json:"takes_delay"`
	TakesTimes  bool     `json:"takes_times"`
	On          bool     `json:"on"`
	All         bool     `json:"all"`
	Tenants     []string `json:"tenants"`
	// Delay and Left are those of a fault that is on for all.
	Delay string `json:"delay,omitempty"`
	Left  int    `json:"left,omitempty"`
	// courses are how the fault goes on: by the tenants, or under "" for all.
	courses map[string]course
}

// rows describes all faults, and where they are on.
func (f *faults) rows() []faultRow {
	f.mu.RLock()
	defer f.mu.RUnlock()
	rows := make([]faultRow, 0, len(f.list))
	for i := range f.list {
		rows = append(rows, f.list[i].row(f.settings[f.list[i].name]))
	}
	return rows
}

func (f *fault) row(now *setting) faultRow {
	row := faultRow{
		Name: f.name, Group: f.group, Description: f.about,
		PerTenant: !f.everybody, TakesDelay: f.delayed, TakesTimes: f.wire != nil, Tenants: []string{},
	}
	switch {
	case now == nil:
	case now.all:
		row.On, row.All, row.Delay, row.Left = true, true, now.whole.delayText(), now.whole.left
		row.courses = map[string]course{"": now.whole}
	default:
		row.On, row.courses = true, maps.Clone(now.ctxs)
		row.Tenants = slices.Sorted(maps.Keys(now.ctxs))
	}
	return row
}

// delayText is the delay for people, and nothing where there is none.
func (c course) delayText() string {
	if c.delay == 0 {
		return ""
	}
	return c.delay.String()
}

// serveFaults lists all faults as JSON.
func (s *Sandbox) serveFaults(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set(hCache, noStore)
	s.answerJSON(w, http.StatusOK, s.faults.rows())
}

// one describes a fault that there is.
func (f *faults) one(name string) faultRow {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return f.byName[name].row(f.settings[name])
}
