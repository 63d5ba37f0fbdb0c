package storage

import (
	"fmt"
	"strconv"

	bolt "go.etcd.io/bbolt"
)

// schemaVersion is the one that this program reads and writes. Raise it with a migration, whenever a
// record changes in a way that an older program would misread.
const schemaVersion = 4

// migration brings a store to the version to from the one before. As secrets and checksums are bound to
// the version, it must write every record that it keeps anew: read with work of the version before, write
// with work of its own.
type migration struct {
	to   int
	what string
	run  func(before, after *work) error
}

// migrations lists all of them in order. The first makes a new store, so that every store has come the
// same way.
func migrations() []migration {
	return []migration{
		{to: 1, what: "lay out the buckets", run: layOutBuckets},
		{to: 2, what: "count exchanges, name the key's place", run: addBuckets},
		{to: 3, what: "keep the ticks of a day", run: addBuckets},
		{to: 4, what: "keep how tokens were validated, how tenants fared, and the last results of companies", run: addHistories},
	}
}

// migrate runs what the store has not been through yet. All of it is one transaction: a step that fails
// leaves the file as it was.
func migrate(tx *bolt.Tx, keys *keys, from int, steps []migration) error {
	at := from
	for _, m := range steps {
		if m.to <= at {
			continue
		}
		before := &work{tx: tx, keys: keys, schema: at}
		after := &work{tx: tx, keys: keys, schema: m.to}
		if err := m.run(before, after); err != nil {
			return fmt.Errorf("migrate to version %d (%s): %w", m.to, m.what, err)
		}
		at = m.to
	}
	if err := tx.Bucket([]byte(bucketMeta)).Put([]byte(metaSchema), []byte(strconv.Itoa(at))); err != nil {
		return fmt.Errorf("write schema version: %w", err)
	}
	return nil
}

func layOutBuckets(_, after *work) error {
	for _, name := range []string{
		bucketRegistrations, bucketTenants, bucketLogins, bucketTickets, bucketVisits, bucketSettings, bucketLease,
	} {
		if _, err := after.tx.CreateBucket([]byte(name)); err != nil {
			return fmt.Errorf("create bucket %s: %w", name, err)
		}
	}
	return nil
}

// addBuckets makes the buckets that came after version 1, all at once whatever the version, as records are read
// and written anew from all of them.
//
// Programs of version 1 look for the key in one place only, and would take a store whose key has moved for one
// whose key is lost. Those of version 2 would poll on when asked to hand over, and write visits and settings
// without what they do not know. Those of version 3 would leave behind what version 4 keeps of a tenant that they
// remove. That is what the versions keep them from.
func addBuckets(before, after *work) error {
	for _, name := range []string{bucketExchanges, bucketLeftovers, bucketTicks, bucketValidations, bucketHistories, bucketCompanies} {
		if _, err := after.tx.CreateBucketIfNotExists([]byte(name)); err != nil {
			return fmt.Errorf("create bucket %s: %w", name, err)
		}
	}
	return sealAnew(before, after)
}

// addHistories begins each tenant's history with how it fares.
func addHistories(before, after *work) error {
	if err := addBuckets(before, after); err != nil {
		return err
	}
	return seedHistories(after)
}
