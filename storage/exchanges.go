package storage

import (
	"context"
	"fmt"
	"time"

	bolt "go.etcd.io/bbolt"

	"partnerdesk/core/tenant"
)

type exchangesRecord struct {
	Day    time.Time `json:"day"`
	Counts []int     `json:"counts"`
}

// exchanges counts the exchanges of each tenant.
var exchanges = table[tenant.Exchanges, exchangesRecord]{
	bucket: bucketExchanges,
	noun:   "count of exchanges",
	pack: func(e tenant.Exchanges, _ *box) exchangesRecord {
		return exchangesRecord{Day: e.Day.UTC(), Counts: e.Counts}
	},
	unpack: func(r exchangesRecord, x *box) tenant.Exchanges {
		return tenant.Exchanges{Key: tenantKey(x.key), Day: r.Day, Counts: r.Counts}
	},
}

// addBuckets makes the buckets that stores of this schema version have not had from the beginning. A program
// that does not know them never looks for them, so they need no version of their own.
func addBuckets(ctx context.Context, f *file) error {
	return f.do(ctx, task{write: true, run: func(tx *bolt.Tx) error {
		if _, err := tx.CreateBucketIfNotExists([]byte(bucketExchanges)); err != nil {
			return damagedProblem(f.path, fmt.Errorf("create bucket %s: %w", bucketExchanges, err))
		}
		return nil
	}})
}

// countExchange notes an exchange, in the transaction that stores what it brought.
func countExchange(w *work, key tenant.Key, at time.Time) error {
	e, _, err := exchanges.get(w, recordKey(key))
	if err != nil {
		return err
	}
	return exchanges.put(w, recordKey(key), e.Add(at))
}

// Exchanges returns how often a tenant's system user token was exchanged, by either program. It counts what
// brought a ticket that was stored.
func (s *Store) Exchanges(ctx context.Context, key tenant.Key) (tenant.Exchanges, error) {
	var e tenant.Exchanges
	err := s.view(ctx, "read count of exchanges", func(w *work) (err error) {
		e, _, err = exchanges.get(w, recordKey(key))
		return err
	})
	return e, err
}
