package storage

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"
)

const benchTenants = 10_000

func benchStore(b *testing.B) *Store {
	b.Helper()
	s := openTest(b, b.TempDir(), newMemoryKeyring())
	key := fill(b, s)
	must(b, s.update(b.Context(), "fill", func(w *work) error {
		for n := range benchTenants - 1 {
			customer, login := exampleTenant(key.Registration, fmt.Sprintf("Cust%d", 10_000+n))
			k := recordKey(customer.Key)
			if err := errors.Join(tenants.put(w, k, customer), logins.put(w, k, login), visits.put(w, k, exampleVisit(customer.Key))); err != nil {
				return err
			}
		}
		return nil
	}))
	return s
}

// average runs do often enough for a steady figure.
func average(b *testing.B, do func() error) time.Duration {
	b.Helper()
	const times = 20
	must(b, do()) // warm
	began := time.Now()
	for range times {
		must(b, do())
	}
	return time.Since(began) / times
}

// bareScan reads every byte of the tenants with bbolt alone.
func bareScan(path string) (int, error) {
	db, err := bolt.Open(path, 0o600, &bolt.Options{ReadOnly: true})
	if err != nil {
		return 0, err
	}
	read := 0
	err = db.View(func(tx *bolt.Tx) error {
		return tx.Bucket([]byte(bucketTenants)).ForEach(func(k, v []byte) error {
			for _, c := range v {
				read += int(c)
			}
			return nil
		})
	})
	return read, errors.Join(err, db.Close())
}

// perOperation is what one round of the benchmark took so far.
func perOperation(b *testing.B) float64 { return float64(b.Elapsed()) / float64(b.N) }

// BenchmarkList10000TenantsAgainstBareScan holds a list, unsealed and checked, against bbolt reading the same bytes.
func BenchmarkList10000TenantsAgainstBareScan(b *testing.B) {
	s := benchStore(b)
	bare := average(b, func() error { _, err := bareScan(s.Path()); return err })
	b.ResetTimer()
	for range b.N {
		if all, err := s.Tenants(b.Context()); err != nil || len(all) != benchTenants {
			b.Fatal(len(all), err)
		}
	}
	b.ReportMetric(perOperation(b)/float64(bare), "x-floor")
}

// bareWrite writes the records of a bucket with bbolt alone, in one transaction that waits for the disk.
func bareWrite(path, bucket string, records map[string][]byte) error {
	db, err := bolt.Open(path, 0o600, &bolt.Options{FreelistType: bolt.FreelistMapType})
	if err != nil {
		return err
	}
	err = db.Update(func(tx *bolt.Tx) error {
		for _, k := range slices.Sorted(maps.Keys(records)) {
			if err := tx.Bucket([]byte(bucket)).Put([]byte(k), records[k]); err != nil {
				return err
			}
		}
		return nil
	})
	return errors.Join(err, db.Close())
}

// BenchmarkUpdate10000VisitsAgainstBareWrite holds a batch of updates, each read, checked and summed anew, against
// bbolt writing the same bytes in one transaction.
func BenchmarkUpdate10000VisitsAgainstBareWrite(b *testing.B) {
	s := benchStore(b)
	records := map[string][]byte{}
	must(b, s.view(b.Context(), "read", func(w *work) error {
		return w.tx.Bucket([]byte(bucketVisits)).ForEach(func(k, v []byte) error {
			records[string(k)] = bytes.Clone(v)
			return nil
		})
	}))
	bare := average(b, func() error { return bareWrite(s.Path(), bucketVisits, records) })
	known, err := s.Visits(b.Context())
	must(b, err)
	learned := slices.Collect(maps.Values(known))
	if len(learned) != benchTenants {
		b.Fatal(len(learned))
	}
	b.ResetTimer()
	for range b.N {
		must(b, s.SaveVisits(b.Context(), learned))
	}
	b.ReportMetric(perOperation(b)/float64(bare), "x-floor")
}

func BenchmarkSnapshotOf10000Tenants(b *testing.B) {
	s := benchStore(b)
	for range b.N {
		if _, err := s.Snapshot(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkOpenWorkCloseAgainstHeldOpen reads and writes one record of 10,000, with the file opened for
// each and with it held open.
func BenchmarkOpenWorkCloseAgainstHeldOpen(b *testing.B) {
	s := benchStore(b)
	customer, _ := exampleTenant("Stage app", "Cust10005")
	k := recordKey(customer.Key)
	read := func(w *work) error { _, err := tenants.need(w, k); return err }
	write := func(w *work) error { return tenants.put(w, k, customer) }
	db, err := bolt.Open(s.Path(), 0o600, &bolt.Options{FreelistType: bolt.FreelistMapType})
	must(b, err)
	heldRead := average(b, func() error { return db.View(s.transaction(read)) })
	heldWrite := average(b, func() error { return db.Update(s.transaction(write)) })
	must(b, db.Close())
	b.Run("read", func(b *testing.B) {
		for range b.N {
			must(b, s.view(b.Context(), "read", read))
		}
		b.ReportMetric(perOperation(b)/float64(heldRead), "x-floor")
	})
	b.Run("write", func(b *testing.B) {
		for range b.N {
			must(b, s.update(b.Context(), "write", write))
		}
		b.ReportMetric(perOperation(b)/float64(heldWrite), "x-floor")
	})
	b.Run("revision", func(b *testing.B) {
		for range b.N {
			revisionOf(b, s)
		}
	})
}

func BenchmarkLookThrough10000Tenants(b *testing.B) {
	s := benchStore(b)
	for range b.N {
		if _, err := check(b.Context(), newFile(s.Path())); err != nil {
			b.Fatal(err)
		}
	}
}
