package storage

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"

	bolt "go.etcd.io/bbolt"
)

// TestAHealthyFileIsNeverTakenForADamagedOne lets bbolt write all the shapes that a file can have: small
// and large values, deep trees, emptied buckets, long free lists. A false alarm would lock a person out.
func TestAHealthyFileIsNeverTakenForADamagedOne(t *testing.T) {
	path := filepath.Join(t.TempDir(), "any")
	db, err := bolt.Open(path, 0o600, &bolt.Options{NoSync: true, FreelistType: bolt.FreelistMapType})
	must(t, err)
	defer func() { must(t, db.Close()) }()
	random := rand.New(rand.NewPCG(1, 2))
	for round := range 150 {
		must(t, db.Update(func(tx *bolt.Tx) error { return changeAtRandom(tx, random) }))
		err := db.View(func(tx *bolt.Tx) error { return inspectFile(path, tx) })
		if err != nil {
			t.Fatalf("after transaction %d: %v", round, err)
		}
	}
	db2, err := bolt.Open(filepath.Join(t.TempDir(), "new"), 0o600, nil) // as bbolt lays it out
	must(t, err)
	must(t, db2.View(func(tx *bolt.Tx) error { return inspectFile(db2.Path(), tx) }))
	must(t, db2.Close())
}

// changeAtRandom puts or removes up to two hundred records in one of five buckets, or drops the bucket.
func changeAtRandom(tx *bolt.Tx, random *rand.Rand) error {
	name := []byte(fmt.Sprint("bucket", random.IntN(5)))
	b, err := tx.CreateBucketIfNotExists(name)
	if err != nil {
		return err
	}
	if random.IntN(40) == 0 {
		return tx.DeleteBucket(name)
	}
	removing := random.IntN(3) == 0
	for range random.IntN(200) {
		key := []byte(fmt.Sprint(random.IntN(2000)))
		if removing {
			err = b.Delete(key)
		} else {
			size := random.IntN(600)
			if random.IntN(50) == 0 {
				size = 20_000 // more than a page
			}
			err = b.Put(key, bytes.Repeat([]byte("v"), size))
		}
		if err != nil {
			return err
		}
	}
	return nil
}
