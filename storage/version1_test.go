package storage

import (
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	bolt "go.etcd.io/bbolt"

	"partnerdesk/core/tenant"
)

// layOutVersion1 puts a store of schema version 1 into dir: made by the program of commit c5bece3, which filled it
// with the examples of these tests and a second tenant, Cust2, in the days before exchanges were counted. Its
// key file holds the bytes 1 to 32.
func layOutVersion1(t *testing.T, dir string) {
	t.Helper()
	packed, err := os.Open(filepath.Join("testdata", "version1.bolt.gz"))
	must(t, err)
	defer packed.Close()
	r, err := gzip.NewReader(packed)
	must(t, err)
	file, err := io.ReadAll(r)
	must(t, err)
	must(t, os.WriteFile(filepath.Join(dir, fileName), file, 0o600))
	key, err := os.ReadFile(filepath.Join("testdata", "version1.key"))
	must(t, err)
	must(t, os.WriteFile(filepath.Join(dir, keyFileName), key, 0o600))
}

func TestAStoreOfVersion1IsMigratedWithAllThatItHolds(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	layOutVersion1(t, dir)
	s := openTest(t, dir, noKeyring{})
	o := Options{Dir: dir, Keyring: noKeyring{}}
	if all := backupsOf(t, o); len(all) != 1 || all[0].Kind != BackupMigration || all[0].Schema != 1 || all[0].Problem != nil {
		t.Errorf("the backups are %v", all)
	}
	got, err := content(ctx, s)
	must(t, err)
	fresh := openTest(t, t.TempDir(), newMemoryKeyring())
	fill(t, fresh)
	customer, login := exampleTenant("Stage app", "Cust2")
	_, err = fresh.SaveSignIn(ctx, customer, login)
	must(t, err)
	want, err := content(ctx, fresh)
	must(t, err)
	want["exchanges"] = map[tenant.Key]tenant.Exchanges{}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	before, err := s.Revision(ctx)
	must(t, err)
	again := openTest(t, dir, noKeyring{})
	if now, err := again.Revision(ctx); err != nil || now != before {
		t.Errorf("a store that lacks nothing was written to: %v", err)
	}
	if after, err := content(ctx, again); err != nil || !cmp.Equal(want, after) {
		t.Errorf("opened again: %v", err)
	}
	if p := s.Protection(); p.Kind != tenant.ByKeyFile || p.Generation != 1 || p.Since.IsZero() {
		t.Errorf("protection %v", p)
	}
	for _, record := range want["tenant Stage app/Cust1"].([]any)[2].([]string) {
		if !strings.HasPrefix(record, "canary-") {
			t.Errorf("a secret came out as %q", record)
		}
	}
	key := tenant.Key{Registration: "Stage app", ContextID: "Cust1"}
	must(t, s.SaveTicket(ctx, tenant.Ticket{Key: key})) // counts an exchange, in a bucket that was not there
	if e, err := s.Exchanges(ctx, key); err != nil || len(e.Counts) != 1 {
		t.Errorf("%d days, %v", len(e.Counts), err)
	}
	must(t, s.RotateDataKey(ctx))
}

func TestADamagedRecordStopsNoMigration(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	layOutVersion1(t, dir)
	db, err := bolt.Open(filepath.Join(dir, fileName), 0o600, nil)
	must(t, err)
	must(t, db.Update(func(tx *bolt.Tx) error {
		if _, err := tx.CreateBucket([]byte(bucketExchanges)); err != nil { // as later programs of version 1 did
			return err
		}
		return tx.Bucket([]byte(bucketTenants)).Put([]byte("Stage app\x00Cust2"), []byte("nonsense"))
	}))
	must(t, db.Close())
	s := openTest(t, dir, noKeyring{})
	shot, err := s.Snapshot(ctx)
	must(t, err)
	damaged := tenant.Damaged{Record: "tenant", Key: tenant.Key{Registration: "Stage app", ContextID: "Cust2"}}
	if len(shot.Tenants) != 1 || !cmp.Equal(shot.Damaged, []tenant.Damaged{damaged}) {
		t.Errorf("%d tenants, damaged: %v", len(shot.Tenants), shot.Damaged)
	}
	must(t, s.RemoveTenant(ctx, damaged.Key))
}
