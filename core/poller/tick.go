package poller

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"partnerdesk/core/journal"
	"partnerdesk/core/tenant"
)

// kind is why there is a tick.
type kind int

const (
	regular kind = iota // its time has come
	extra               // something has changed between two regular ones
	single              // the only one, by Once
)

// round is one tick under way.
type round struct {
	*shift
	kind          kind
	began         time.Time
	startUntil    time.Time // no visit begins later, so that the next tick finds its time free
	demonstration bool
	due           map[*environment][]*entry
	tick          tenant.Tick // Resting is guarded by mu while visits are started
}

// tick takes the lease, starts the visits that are due, and sums up.
func (s *shift) tick(ctx context.Context, k kind) (tenant.Tick, error) {
	if k != extra {
		s.schedule(s.Now())
	}
	if err := s.take(ctx); err != nil {
		return tenant.Tick{}, err
	}
	if s.unplanned() || s.signals.Roster != s.revision {
		if err := s.load(ctx); err != nil {
			return tenant.Tick{}, err
		}
		// An interval that has become shorter counts at once.
		if sooner := s.cadence.Add(s.interval()); sooner.Before(s.next) {
			s.next = sooner
		}
	}
	began := s.Now()
	s.tellMaintenance(ctx, began)
	r := s.plan(k, began)
	if len(r.due) > 0 {
		r.carryOut(ctx)
	}
	return r.finish(ctx)
}

// schedule makes now the beginning of a regular tick, and says when the next one is: an interval after the time of
// this one, or, where this one is late, after now.
func (s *shift) schedule(now time.Time) {
	s.cadence = now
	s.next = s.next.Add(s.interval())
	if !s.next.After(now) || s.next.After(now.Add(s.interval())) {
		s.next = now.Add(s.interval())
	}
}

// unplanned reports whether there is no schedule yet.
func (s *shift) unplanned() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.entries == nil
}

// carryOut starts the visits and waits for those that end soon, or by Once for all. Meanwhile it saves what they
// learn, and goes on looking at the signals.
func (r *round) carryOut(ctx context.Context) {
	starting, stop, over := r.bounds(ctx)
	defer stop()
	dispatched := r.dispatch(starting)
	batch, second := time.NewTicker(saveEvery), time.NewTicker(lookEvery)
	defer batch.Stop()
	defer second.Stop()
	leaving := ctx.Done()
	for started, ended := false, false; !started || !ended && !r.quiet(); {
		select {
		case <-dispatched:
			started, dispatched = true, nil
		case <-r.news:
			if r.unsavedCount() >= batchSize {
				_ = r.save(ctx) // it has told of its trouble, and is tried again
			}
		case <-batch.C:
			_ = r.save(ctx)
		case <-second.C:
			r.look(ctx)
			if r.cut() {
				stop()
				ended = true
			}
		case <-over:
			stop()
			ended = true
		case <-leaving:
			stop()
			ended, leaving = true, nil
		}
	}
	if ctx.Err() != nil || r.asked() {
		r.settle(ctx)
		return
	}
	r.cutShort = r.holding && r.cut()
}

// bounds returns the context in which visits may be started, and a channel that says when the tick must end. A
// clock that is not the machine's has no timers: there the tick's end is seen at each visit.
func (r *round) bounds(ctx context.Context) (starting context.Context, stop context.CancelFunc, over <-chan time.Time) {
	toStart := r.interval() * 8 / 10
	r.startUntil = r.began.Add(toStart)
	if !r.realTime {
		starting, stop = context.WithCancel(ctx)
		return starting, stop, nil
	}
	starting, stop = context.WithTimeout(ctx, toStart)
	if r.kind != single {
		over = time.After(r.interval() * 9 / 10)
	}
	return starting, stop, over
}

// quiet reports whether no visit is under way that the tick waits for.
func (r *round) quiet() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.kind == single {
		return r.underWay == 0
	}
	return r.young == 0
}

// cut reports whether the tick ends early: the lease is asked for or lost, or somebody new is to be visited, for
// whom another tick begins at once. What was not visited then comes in its turn.
func (r *round) cut() bool {
	return !r.holding || r.asked() || r.kind != single && r.replanned()
}

// replanned reports whether the schedule is to be made anew. Exchanges may change the roster all the time, as they
// tell more of tenants that were imported: reading it must not take more than a fifth of the tick.
func (r *round) replanned() bool {
	return r.signals.Roster != r.revision && r.Now().Sub(r.loaded) >= 4*r.loadTook
}

// finish saves what is left, sums up, and leaves the summary with the lease, where the other program sees it.
func (r *round) finish(ctx context.Context) (tenant.Tick, error) {
	saved := r.save(ctx)
	t := r.sum()
	bounded, cancel := r.storing()
	defer cancel()
	lease, ours, err := r.Store.EndTick(bounded, r.Owner, leaseFor(r.interval()), t)
	level := slog.LevelInfo
	switch {
	case t.Failed > 0:
		level = slog.LevelWarn
	case t.Visited == 0:
		level = slog.LevelDebug // nothing was done, and that every few seconds
	}
	r.Log.Log(ctx, level, t.Summary(), journal.Step(tenant.StepPoll), slog.Duration("took", t.Took.Round(time.Millisecond)))
	switch {
	case err != nil:
		err = fmt.Errorf("end the tick: %w", err)
	case !ours:
		err = r.held(ctx, lease)
	default:
		r.signals.Lease = lease
		if saved == nil {
			r.noTrouble()
		}
	}
	return t, errors.Join(saved, err, context.Cause(ctx))
}

// sum completes the tick with what the visits came to that were saved since the last one.
func (r *round) sum() tenant.Tick {
	r.mu.Lock()
	defer r.mu.Unlock()
	t, c := r.tick, r.counts
	t.LoggedOn, t.Exchanges, t.Failed, t.Visited, t.Requests = c.LoggedOn, c.Exchanges, c.Failed, c.Visited, c.Requests
	t.Resting += c.Resting
	t.UnderWay = r.underWay
	t.Took = r.Now().Sub(r.began)
	r.counts = tenant.Tick{}
	r.stats.Ticks++
	r.stats.Last = t
	return t
}
