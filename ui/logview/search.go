package logview

import (
	"context"
	"time"
)

const (
	// typingPause is how long a changed text must stand before it is searched for.
	typingPause = 100 * time.Millisecond
	// tellEvery is how often a search says how far it is. One that takes less says nothing.
	tellEvery = 200 * time.Millisecond
)

// hunt is one kind of search over everything kept, for the filter or for what
// is to be found. It runs beside the UI thread; its fields belong to that.
type hunt struct {
	cancel     context.CancelFunc
	generation int
	running    bool
	done       float64 // how far it is, where that has been told
}

// stop ends what runs; its answer is thrown away.
func (h *hunt) stop() {
	h.generation++
	h.running = false
	h.done = 0
	if h.cancel != nil {
		h.cancel()
	}
}

// start begins a search after a pause, and hands over its rows on the UI thread
// unless another one was begun or it was stopped.
func (v *View) start(h *hunt, m *matcher, pause time.Duration, found func(rows)) {
	h.stop()
	ctx, cancel := context.WithCancel(v.ctx)
	h.cancel, h.running = cancel, true
	generation := h.generation
	hop := func(f func()) {
		v.do(func() {
			if generation == h.generation && !v.closed {
				f()
			}
		})
	}
	v.background.Go(func() {
		defer cancel()
		timer := time.NewTimer(pause)
		defer timer.Stop()
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		ids, next := m.scanStore(ctx, v.store, paced(func(done, all int) {
			hop(func() { h.done = float64(done) / float64(all); v.tellProgress() })
		}))
		if ctx.Err() != nil {
			return
		}
		hop(func() {
			h.running, h.done = false, 0
			found(rows{store: v.store, match: m, ids: ids, next: next})
			v.tellProgress()
		})
	})
}

// paced passes on what it is told, but not more often than [tellEvery].
func paced(tell func(done, all int)) func(done, all int) {
	last := time.Now()
	return func(done, all int) {
		if now := time.Now(); now.Sub(last) >= tellEvery {
			last = now
			tell(done, all)
		}
	}
}

// Progress returns how much of everything kept the running searches have looked
// at, from 0 to 1, and whether there is one that takes its time.
func (v *View) Progress() (done float64, slow bool) {
	for _, h := range []*hunt{&v.filtering, &v.finding} {
		if h.running && h.done > 0 {
			return h.done, true
		}
	}
	return 1, false
}

func (v *View) tellProgress() {
	if v.OnProgress != nil {
		v.OnProgress()
	}
}

// CancelSearch ends the searches that are running. The lines of the filter
// before stay, and nothing is looked for if the search for that was running.
func (v *View) CancelSearch() {
	if v.filtering.running {
		v.filtering.stop()
		v.wanted = v.rows.filter()
	}
	if v.finding.running {
		v.clearFind()
		v.tellMatches()
	}
	v.tellProgress()
}

// SetFilter changes what is shown. The search runs beside the UI thread, after
// a short pause while text is being typed; until it is done, the lines of the
// filter before stay. It fails for an expression that is none, and changes
// nothing then. Call it on the UI thread.
func (v *View) SetFilter(f Filter) error {
	if f == v.wanted || v.closed {
		return nil
	}
	m, err := newMatcher(f)
	if err != nil {
		return err
	}
	pause := time.Duration(0)
	if f.Search != v.wanted.Search {
		pause = typingPause
	}
	v.wanted = f
	if m.everything() { // nothing to search for: at once
		v.filtering.stop()
		v.swap(rows{store: v.store})
		v.tellProgress()
		return nil
	}
	v.start(&v.filtering, m, pause, v.swap)
	return nil
}

// swap shows other rows, with the same line at the top if it is among them,
// else the next one that is.
func (v *View) swap(r rows) {
	top := v.rows.line(v.top)
	v.rows = r
	v.catchUp(&v.rows)
	v.top = v.rows.rowOf(top)
	v.settle()
	v.redraw()
	v.refind()
	v.tellNewLines()
	if v.OnCounts != nil {
		v.OnCounts()
	}
}

// catchUp takes over what the store has gained, and asks for another update if
// there is more of that than the UI thread should filter in one go.
func (v *View) catchUp(r *rows) {
	if r.sync() {
		v.updates.ask()
	}
}
