package storage

import (
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	bolt "go.etcd.io/bbolt"

	"partnerdesk/core/tenant"
)

// layOut puts a store of an older schema version into dir, filled with the examples of these tests and a second
// tenant, Cust2. Version 1 was made by the program of commit c5bece3, in the days before exchanges were counted,
// and its key file holds the bytes 1 to 32; version 2 by that of commit 09f9b06, version 3 by that of
// commit c42fefd.
func layOut(t *testing.T, version int, dir string) {
	t.Helper()
	name := fmt.Sprintf("version%d", version)
	packed, err := os.Open(filepath.Join("testdata", name+".bolt.gz"))
	must(t, err)
	defer packed.Close()
	r, err := gzip.NewReader(packed)
	must(t, err)
	file, err := io.ReadAll(r)
	must(t, err)
	must(t, os.WriteFile(filepath.Join(dir, fileName), file, 0o600))
	key, err := os.ReadFile(filepath.Join("testdata", name+".key"))
	must(t, err)
	must(t, os.WriteFile(filepath.Join(dir, keyFileName), key, 0o600))
}

func TestAnOlderStoreIsMigratedWithAllThatItHolds(t *testing.T) {
	for version := 1; version < schemaVersion; version++ {
		t.Run(fmt.Sprint("version ", version), func(t *testing.T) { migrateOld(t, version) })
	}
}

func migrateOld(t *testing.T, version int) {
	ctx, dir := t.Context(), t.TempDir()
	layOut(t, version, dir)
	s := openTest(t, dir, noKeyring{})
	o := Options{Dir: dir, Keyring: noKeyring{}}
	if all := backupsOf(t, o); len(all) != 1 || all[0].Kind != BackupMigration || all[0].Schema != version || all[0].Problem != nil {
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
	if version == 1 {
		want["exchanges"] = map[tenant.Key]tenant.Exchanges{}
	}
	forgetLast(want)
	forgetLast(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	before := revisionOf(t, s)
	again := openTest(t, dir, noKeyring{})
	if now := revisionOf(t, again); now != before {
		t.Errorf("a store that lacks nothing was written to: %v", err)
	}
	after, err := content(ctx, again)
	must(t, err)
	forgetLast(after)
	if !cmp.Equal(want, after) {
		t.Error("opened again, it holds something else")
	}
	if p := s.Protection(); p.Kind != tenant.ByKeyFile || p.Generation < 1 || p.Since.IsZero() {
		t.Errorf("protection %v", p)
	}
	for _, record := range want["tenant Stage app/Cust1"].([]any)[2].([]string) {
		if !strings.HasPrefix(record, "canary-") {
			t.Errorf("a secret came out as %q", record)
		}
	}
	key := tenant.Key{Registration: "Stage app", ContextID: "Cust1"}
	must(t, failure(s.SaveTicket(ctx, tenant.Ticket{Key: key}))) // counts an exchange, in a bucket that was not there
	if e, err := s.Exchanges(ctx, key); err != nil || e.On(time.Now()) == 0 || e.Last.IsZero() {
		t.Errorf("%v, last %s, %v", e.Counts, e.Last, err)
	}
	_, taken, err := s.EndTick(ctx, tenant.Owner{PID: os.Getpid()}, time.Minute, tenant.Tick{At: time.Now(), Active: 1})
	must(t, err)
	if all, err := s.Ticks(ctx, time.Now().Add(-time.Minute)); err != nil || !taken || len(all) != 1 {
		t.Errorf("%d ticks, %v", len(all), err)
	}
	if got := fares(t, s, key); len(got) != 1 || got[0] != tenant.Resting {
		t.Errorf("its history begins with %v", got)
	}
	must(t, s.RotateDataKey(ctx))
}

func TestADamagedRecordStopsNoMigration(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	layOut(t, 1, dir)
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

// forgetLast drops the times of exchanges, and their days: those of the fixtures were made on another day than
// today, and version 2 did not note the time.
func forgetLast(all map[string]any) {
	for key, e := range all["exchanges"].(map[tenant.Key]tenant.Exchanges) {
		e.Day, e.Last = time.Time{}, time.Time{}
		all["exchanges"].(map[tenant.Key]tenant.Exchanges)[key] = e
	}
}
