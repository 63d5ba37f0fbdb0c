package storage

import (
	"context"
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

// TakeLease takes or keeps the right to poll for as long as asked, and leaves last for others to see. It
// takes a lease that is free, has ended or is the owner's own, and one whose holder was a process on the
// owner's host that no longer runs. Otherwise it returns the holder's lease and false.
func (s *Store) TakeLease(ctx context.Context, owner tenant.Owner, forHowLong time.Duration, last tenant.Tick) (tenant.Lease, bool, error) {
	var l tenant.Lease
	var taken bool
	err := s.update(ctx, "take poller lease", func(w *work) error {
		stored, err := leases.orNone(w, onlyKey)
		if err != nil {
			return err
		}
		now := s.now().UTC()
		if stored.Held(now) && !stored.Same(owner) && !abandoned(stored.Owner, owner) {
			l = stored
			return errUnchanged
		}
		l = tenant.Lease{Owner: owner, Heartbeat: now, Until: now.Add(forHowLong), Last: last}
		taken = true
		return leases.put(w, onlyKey, l)
	})
	if err != nil {
		return tenant.Lease{}, false, err
	}
	return l, taken, nil
}

// abandoned reports whether the holder was a process of the asker's host that has ended.
func abandoned(holder, asker tenant.Owner) bool {
	return holder.Host == asker.Host && processGone(holder.PID)
}

// ReleaseLease ends the owner's lease now, so that another process need not wait for its end. The last
// tick stays readable. A lease that another process holds is left alone.
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
		return leases.put(w, onlyKey, stored)
	})
}
