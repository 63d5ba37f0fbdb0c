package storage

import (
	"errors"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"

	"partnerdesk/core/tenant"
)

// migrateTo runs steps on a store's file and returns the version that it then has.
func migrateTo(t *testing.T, s *Store, steps []migration) (int, error) {
	t.Helper()
	var version int
	keys := s.unlocked.Load().keys
	err := s.file.do(t.Context(), task{write: true, run: func(tx *bolt.Tx) error {
		return migrate(tx, keys, schemaVersion, steps)
	}})
	must(t, s.file.do(t.Context(), task{run: func(tx *bolt.Tx) error {
		version = int(tx.Bucket([]byte(bucketMeta)).Get([]byte(metaSchema))[0] - '0')
		return nil
	}}))
	return version, err
}

func TestMigrationsRunForwardInOrderFromWhereTheStoreIs(t *testing.T) {
	s := openTest(t, t.TempDir(), newMemoryKeyring())
	key := fill(t, s)
	var ran []string
	step := func(to int, run func(before, after *work) error) migration {
		return migration{to: to, what: "test", run: func(before, after *work) error {
			ran = append(ran, string(rune('0'+before.schema))+"→"+string(rune('0'+after.schema)))
			return run(before, after)
		}}
	}
	rewrite := func(before, after *work) error {
		customer, err := tenants.need(before, recordKey(key))
		if err != nil {
			return err
		}
		customer.CompanyName += "+"
		return tenants.put(after, recordKey(key), customer)
	}
	steps := append(migrations(), step(schemaVersion+1, rewrite), step(schemaVersion+2, rewrite))
	version, err := migrateTo(t, s, steps)
	must(t, err)
	if version != schemaVersion+2 || strings.Join(ran, " ") != "4→5 5→6" {
		t.Errorf("version %d after %v", version, ran)
	}
	must(t, s.file.do(t.Context(), task{run: func(tx *bolt.Tx) error {
		w := &work{tx: tx, keys: s.unlocked.Load().keys, schema: schemaVersion + 2}
		customer, err := tenants.need(w, recordKey(key))
		if err == nil && (!strings.HasSuffix(customer.CompanyName, "++") || customer.SystemUserToken.Reveal() != "canary-system-user-token") {
			t.Errorf("migrated to %v", customer)
		}
		return err
	}}))
}

func TestAMigrationThatFailsLeavesTheStore(t *testing.T) {
	ctx, s := t.Context(), openTest(t, t.TempDir(), newMemoryKeyring())
	fill(t, s)
	no := errors.New("no")
	version, err := migrateTo(t, s, []migration{
		{to: schemaVersion + 1, what: "empty the tenants", run: func(_, after *work) error { return after.tx.DeleteBucket([]byte(bucketTenants)) }},
		{to: schemaVersion + 2, what: "fail", run: func(_, _ *work) error { return no }},
	})
	if !errors.Is(err, no) || version != schemaVersion {
		t.Errorf("version %d: %v", version, err)
	}
	all, err := content(ctx, s)
	must(t, err)
	if _, there := all["tenant "+(tenant.Key{Registration: "Stage app", ContextID: "Cust1"}).String()]; !there {
		t.Error("the tenant is lost")
	}
}

func TestTheListOfMigrationsEndsAtTheSchemaVersion(t *testing.T) {
	at := 0
	for _, m := range migrations() {
		if m.to != at+1 {
			t.Errorf("from version %d the list goes to %d", at, m.to)
		}
		at = m.to
	}
	if at != schemaVersion {
		t.Errorf("the list ends at version %d", at)
	}
}
