package storage

import (
	"context"
	"fmt"
	"time"

	"partnerdesk/core/tenant"
)

type leaseRecord struct {
	Owner     ownerRecord `json:"owner"`
	Heartbeat time.Time   `json:"heartbeat"`
	Until     time.Time   `json:"until"`
	Last      tickRecord  `json:"last"`
	// AskedBy is the process that waits to take over.
	AskedBy    ownerRecord `json:"asked_by,omitzero"`
	AskedUntil time.Time   `json:"asked_until,omitzero"`
}

type ownerRecord struct {
	Program string    `json:"program"`
	Host    string    `json:"host"`
	PID     int       `json:"pid"`
	Started time.Time `json:"started"`
}

type tickRecord struct {
	At        time.Time     `json:"at"`
	Took      time.Duration `json:"took_ns"`
	Active    int           `json:"active"`
	LoggedOn  int           `json:"logged_on"`
	Exchanges int           `json:"exchanges"`
	Resting   int           `json:"resting"`
	Failed    int           `json:"failed"`
	Attention int           `json:"needs_attention,omitempty"`
	Visited   int           `json:"visited,omitempty"`
	UnderWay  int           `json:"under_way,omitempty"`
	Paused    int           `json:"paused,omitempty"`
	Requests  int           `json:"requests,omitempty"`
}

var leases = table[tenant.Lease, leaseRecord]{
	bucket: bucketLease,
	noun:   "poller lease",
	pack: func(l tenant.Lease, _ *box) leaseRecord {
		l.Started, l.Last.At, l.AskedBy.Started = l.Started.UTC(), l.Last.At.UTC(), l.AskedBy.Started.UTC()
		return leaseRecord{
			Owner:     ownerRecord(l.Owner),
			Heartbeat: l.Heartbeat.UTC(),
			Until:     l.Until.UTC(),
			Last:      tickRecord(l.Last),

			AskedBy:    ownerRecord(l.AskedBy),
			AskedUntil: l.AskedUntil.UTC(),
		}
	},
	unpack: func(r leaseRecord, _ *box) tenant.Lease {
		return tenant.Lease{
			Owner:     tenant.Owner(r.Owner),
			Heartbeat: r.Heartbeat,
			Until:     r.Until,
			Last:      tenant.Tick(r.Last),

			AskedBy:    tenant.Owner(r.AskedBy),
			AskedUntil: r.AskedUntil,
		}
	},
}

// TakeLease takes or keeps the right to poll for as long as asked. It takes a lease that is free, has ended or is the
// owner's own, and one whose holder was a process on the owner's host that no longer runs. Otherwise it returns the
// holder's lease and false, as it does for a free one that somebody else has asked for.
func (s *Store) TakeLease(ctx context.Context, owner tenant.Owner, forHowLong time.Duration) (tenant.Lease, bool, error) {
	return s.takeLease(ctx, "take poller lease", owner, forHowLong, nil)
}

// EndTick keeps the lease as TakeLease does, and leaves the summary of a tick: with the lease, and for a day among
// the ticks. It keeps neither where the lease is another's by now.
func (s *Store) EndTick(ctx context.Context, owner tenant.Owner, forHowLong time.Duration, tick tenant.Tick) (tenant.Lease, bool, error) {
	return s.takeLease(ctx, "end tick", owner, forHowLong, &tick)
}

func (s *Store) takeLease(ctx context.Context, op string, owner tenant.Owner, forHowLong time.Duration, tick *tenant.Tick) (tenant.Lease, bool, error) {
	var l tenant.Lease
	var taken bool
	err := s.update(ctx, op, func(w *work) error {
		stored, err := leases.orNone(w, onlyKey)
		if err != nil {
			return err
		}
		now := s.now().UTC()
		if !free(stored, owner, now) {
			l = stored
			return errUnchanged
		}
		taken = true
		l = stored
		l.Owner, l.Heartbeat, l.Until = owner, now, now.Add(forHowLong)
		if !l.Asked(now) {
			l.AskedBy, l.AskedUntil = tenant.Owner{}, time.Time{}
		}
		if tick == nil {
			return keepLease(w, l)
		}
		l.Last = *tick
		return firstError(keepLease(w, l), keepTick(w, *tick, now))
	})
	if err != nil {
		return tenant.Lease{}, false, err
	}
	return l, taken, nil
}

// keepLease stores the lease in a transaction that changes nothing else but the ticks, and says so: see work.revision.
func keepLease(w *work, l tenant.Lease) error {
	b, err := leases.in(w)
	if err != nil {
		return err
	}
	if _, err := b.NextSequence(); err != nil {
		return fmt.Errorf("count the changes of the lease: %w", err)
	}
	return leases.put(w, onlyKey, l)
}

// free reports whether asker may have the lease.
func free(l tenant.Lease, asker tenant.Owner, now time.Time) bool {
	switch {
	case l.Same(asker):
		return l.Held(now) || !l.Asked(now) || abandoned(l.AskedBy, asker)
	case l.Held(now) && !abandoned(l.Owner, asker):
		return false
	}
	return l.AskedBy.Same(asker) || !l.Asked(now) || abandoned(l.AskedBy, asker)
}

// abandoned reports whether the holder was a process of the asker's host that has ended.
func abandoned(holder, asker tenant.Owner) bool {
	return holder.Host == asker.Host && processGone(holder.PID)
}

// AskForLease asks the holder to hand over to asker, who waits until then, and returns the lease. Where nobody else
// holds it there is nothing to ask for: it can be taken. Of two who ask, the later one gets it.
func (s *Store) AskForLease(ctx context.Context, asker tenant.Owner, until time.Time) (tenant.Lease, error) {
	var l tenant.Lease
	err := s.update(ctx, "ask for the poller lease", func(w *work) error {
		stored, err := leases.orNone(w, onlyKey)
		if err != nil {
			return err
		}
		l = stored
		if l.Same(asker) || free(l, asker, s.now().UTC()) {
			return errUnchanged
		}
		l.AskedBy, l.AskedUntil = asker, until.UTC()
		return keepLease(w, l)
	})
	return l, err
}

// ReleaseLease ends the owner's lease now, so that another process need not wait for its end. The last
// tick stays readable, and whoever has asked for the lease is the one who gets it. A lease that another process
// holds is left alone.
func (s *Store) ReleaseLease(ctx context.Context, owner tenant.Owner) error {
	return s.update(ctx, "release poller lease", func(w *work) error {
		stored, found, err := leases.get(w, onlyKey)
		if err != nil {
			return err
		}
		now := s.now().UTC()
		if !found || !stored.Same(owner) || !stored.Held(now) {
			return errUnchanged
		}
		stored.Until = now
		return keepLease(w, stored)
	})
}
