package storage

import (
	"errors"
	"fmt"
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

func BenchmarkList10000TenantsAgainstBareScan(b *testing.B) {
	s := benchStore(b)
	bare := average(b, func() error { _, err := bareScan(s.Path()); return err })
	b.ResetTimer()
	for range b.N {
		if all, err := s.Tenants(b.Context()); err != nil || len(all) != benchTenants {
			b.Fatal(len(all), err)
		}
	}
	b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(bare), "×bare")
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
		b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(heldRead), "×held")
	})
	b.Run("write", func(b *testing.B) {
		for range b.N {
			must(b, s.update(b.Context(), "write", write))
		}
		b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(heldWrite), "×held")
	})
	b.Run("revision", func(b *testing.B) {
		for range b.N {
			_, err := s.Revision(b.Context())
			must(b, err)
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
