package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	bolt "go.etcd.io/bbolt"

	"partnerdesk/app"
	"partnerdesk/app/bench/measure"
	"partnerdesk/core/poller"
	"partnerdesk/core/tenant"
)

// warmRepeat is how often a tick of some milliseconds is measured.
const warmRepeat = 20

// warmTicks are ticks in which nobody is due: all tenants have had their visit in the regular tick before. Each is
// measured from the end of the last to its own, with all that the poller does in between; the best counts.
func warmTicks(ctx context.Context, t task) (result, error) {
	var r result
	err := with(ctx, t.Data, nil, func(a *app.App) error {
		var began time.Time
		err := pollUntil(ctx, unbounded(a), func(p *poller.Poller, n int, tick tenant.Tick) (bool, error) {
			took := time.Since(began)
			switch {
			case tick.Active != t.Tenants:
				return true, fmt.Errorf("the tick saw %d of %d tenants", tick.Active, t.Tenants)
			case n == 1 && tick.LoggedOn != t.Tenants, n > 1 && tick.Visited != 0:
				return true, fmt.Errorf("tick %d logged on to %d tenants", n, tick.LoggedOn)
			case n > 1 && (r.Took == 0 || took < r.Took):
				r.Took = took
			}
			began = time.Now()
			p.PollNow()
			return n > warmRepeat, nil
		})
		if err != nil {
			return err
		}
		for range warmRepeat {
			began := time.Now()
			if _, err := a.Store.Roster(ctx); err != nil {
				return err
			}
			if took := time.Since(began); r.Roster == 0 || took < r.Roster {
				r.Roster = took
			}
		}
		return nil
	})
	return r, err
}

// bareScan is the floor of a warm tick: it opens the data file and touches each byte of the records that a tick
// plans by, without an idea of what they mean.
func bareScan(_ context.Context, t task) (result, error) {
	var r result
	for range warmRepeat {
		began := time.Now()
		db, err := bolt.Open(filepath.Join(t.Data, "partnerdesk.bolt"), 0o600, &bolt.Options{ReadOnly: true, Timeout: time.Second})
		if err != nil {
			return r, err
		}
		records := 0
		var record []byte
		err = db.View(func(tx *bolt.Tx) error {
			for _, name := range []string{"tenants", "visits"} {
				bucket := tx.Bucket([]byte(name))
				if bucket == nil {
					return fmt.Errorf("there is no bucket %s", name)
				}
				if err := bucket.ForEach(func(k, v []byte) error {
					records++
					record = append(append(record[:0], k...), v...)
					return nil
				}); err != nil {
					return err
				}
			}
			return nil
		})
		if err := errors.Join(err, db.Close()); err != nil {
			return r, err
		}
		if records != 2*t.Tenants {
			return r, fmt.Errorf("the file holds %d records of tenants and visits, and not %d", records, 2*t.Tenants)
		}
		if took := time.Since(began); r.Took == 0 || took < r.Took {
			r.Took = took
		}
	}
	return r, nil
}

// measureWarm measures a tick with nothing to do.
func measureWarm(ctx context.Context, b *bench) ([]measure.Row, error) {
	data, err := b.fleet(ctx, "warm", b.tenants)
	if err != nil {
		return nil, err
	}
	ours, err := b.part(ctx, task{Part: "warm", Data: data, Tenants: b.tenants})
	if err != nil {
		return nil, err
	}
	floor, err := b.part(ctx, task{Part: "scan", Data: data, Tenants: b.tenants})
	if err != nil {
		return nil, err
	}
	what := fmt.Sprintf("warm tick, %s tenants, nothing due", measure.Count(b.tenants))
	const scan = "bare scan of the same records"
	return []measure.Row{
		measure.AtMost(what, ours.Took, scan, floor.Took, 5),
		measure.Judged(what+", in time", measure.Short(ours.Took), "", "", "", "< "+measure.Short(warmAim), ours.Took < warmAim),
		measure.Explaining("reading the roster, where something has changed", ours.Roster, scan, floor.Took),
	}, nil
}

// warmAim is how long a warm tick may take.
const warmAim = 50 * time.Millisecond
