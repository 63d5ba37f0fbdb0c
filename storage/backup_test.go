package storage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	bolt "go.etcd.io/bbolt"

	"partnerdesk/core/tenant"
)

// told collects what a store says of its backups.
type told struct {
	made   []Backup
	failed []error
}

func (c *told) hear(b Backup, err error) {
	if err != nil {
		c.failed = append(c.failed, err)
		return
	}
	c.made = append(c.made, b)
}

// oneRun opens the store as a program does, works, and ends.
func oneRun(t *testing.T, o Options, work func(*Store)) *told {
	t.Helper()
	s, err := Open(t.Context(), o)
	must(t, err)
	heard := &told{}
	s.KeepBackups(heard.hear)
	work(s)
	must(t, s.Close()) // waits, so that heard is complete
	return heard
}

func save(t *testing.T, s *Store, name string) {
	t.Helper()
	must(t, s.SaveRegistration(t.Context(), exampleRegistration(name)))
}

// tamperRecord changes a record behind the program's back.
func tamperRecord(t *testing.T, s *Store, bucket, key string) {
	t.Helper()
	tamper(t, s, func(tx *bolt.Tx) error {
		b := tx.Bucket([]byte(bucket))
		return b.Put([]byte(key), append(bytes.Clone(b.Get([]byte(key))), ' '))
	})
}

func backupsOf(t *testing.T, o Options) []Backup {
	t.Helper()
	all, err := Backups(t.Context(), o)
	must(t, err)
	return all
}

func kinds(all []Backup) string {
	var words []string
	for _, b := range all {
		words = append(words, string(b.Kind)+" "+b.At.Format("01-02"))
	}
	return strings.Join(words, ", ")
}

func TestTheFirstWriteOfADayIsBackedUpOnce(t *testing.T) {
	now := newClock()
	o := Options{Dir: t.TempDir(), Keyring: newMemoryKeyring(), Now: now.Now}
	if heard := oneRun(t, o, func(*Store) {}); len(heard.made)+len(heard.failed) != 0 {
		t.Errorf("an empty store: %v", heard)
	}
	onlySandbox := func(s *Store) {
		r := exampleRegistration(tenant.SandboxName)
		r.Environment = tenant.Sandbox
		must(t, s.SaveRegistration(t.Context(), r))
	}
	if heard := oneRun(t, o, onlySandbox); len(heard.made)+len(heard.failed) != 0 {
		t.Errorf("what every first start leaves: %v", heard)
	}
	if heard := oneRun(t, o, func(s *Store) { save(t, s, "r") }); len(heard.made) != 1 || len(heard.failed) != 0 {
		t.Fatalf("the first write: %v", heard)
	}
	if heard := oneRun(t, o, func(s *Store) { save(t, s, "again") }); len(heard.made)+len(heard.failed) != 0 {
		t.Errorf("the same day in another program: %v", heard)
	}
	now.advance(15 * time.Hour) // 0:00 UTC: the day has ended
	heard := oneRun(t, o, func(*Store) {})
	if len(heard.made) != 1 {
		t.Fatalf("a start on the next day, without a write: %v", heard)
	}
	all := backupsOf(t, o)
	if got := kinds(all); got != "daily 03-02, daily 03-01" {
		t.Errorf("the backups are %s", got)
	}
	if all[0].Problem != nil || all[0].Name != heard.made[0].Name || all[0].Size != heard.made[0].Size || all[0].Size == 0 {
		t.Errorf("made %v, found %v", heard.made[0], all[0])
	}
}

func TestAProgramThatRunsOnBacksUpEachDay(t *testing.T) {
	now := newClock()
	o := Options{Dir: t.TempDir(), Keyring: newMemoryKeyring(), Now: now.Now}
	heard := make(chan Backup, 1)
	s := openWith(t, o)
	s.KeepBackups(func(b Backup, err error) {
		if err != nil {
			t.Error(err)
		}
		heard <- b
	})
	for n := range keepDaily + 3 {
		save(t, s, fmt.Sprint("r", n))
		if b := <-heard; !b.At.Equal(now.Now()) {
			t.Errorf("on day %d one of %s was made", n, b.At)
		}
		s.daily.running.Wait()
		now.advance(24 * time.Hour)
	}
	all := backupsOf(t, o)
	if len(all) != keepDaily || !all[0].At.Equal(now.Now().Add(-24*time.Hour)) || slices.ContainsFunc(all, func(b Backup) bool { return b.Problem != nil }) {
		t.Errorf("kept: %s", kinds(all))
	}
}

func TestManyProgramsMakeOneBackup(t *testing.T) {
	dir := t.TempDir()
	save(t, openTest(t, dir, noKeyring{}), "r")
	children := make([]*roleProcess, 4)
	for n := range children {
		children[n] = startRole(t, dir, "back up")
	}
	for _, c := range children {
		c.finish()
	}
	all := backupsOf(t, Options{Dir: dir, Keyring: noKeyring{}})
	if len(all) != 1 || all[0].Problem != nil {
		t.Errorf("%d backups: %v", len(all), all)
	}
}

func TestABackupIsSealedWholeAndTheOwnersOnly(t *testing.T) {
	dir, ring := t.TempDir(), newMemoryKeyring()
	s := openTest(t, dir, ring)
	fillPages(t, s)
	want, err := content(t.Context(), s)
	must(t, err)
	b, err := s.BackupNow(t.Context())
	must(t, err)
	path := filepath.Join(dir, backupFolder, b.Name)
	raw, err := os.ReadFile(path)
	must(t, err)
	for _, canary := range canaries {
		if strings.Contains(string(raw), canary) {
			t.Errorf("%s lies open in the backup", canary)
		}
	}
	if runtime.GOOS != "windows" {
		for p, want := range map[string]fs.FileMode{filepath.Dir(path): 0o700, path: 0o600} {
			if got := mode(t, p); got != want {
				t.Errorf("%s has the mode %s", p, got)
			}
		}
	}
	elsewhere := t.TempDir() // where only the backup and the key are
	must(t, os.WriteFile(filepath.Join(elsewhere, fileName), raw, 0o600))
	got, err := content(t.Context(), openTest(t, elsewhere, ring))
	must(t, err)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestADamagedStoreIsNotBackedUp(t *testing.T) {
	now := newClock()
	o := Options{Dir: t.TempDir(), Keyring: newMemoryKeyring(), Now: now.Now}
	s := openWith(t, o)
	key := fill(t, s)
	for n := range keepDaily { // all places are taken by good ones
		if _, _, err := s.makeDaily(t.Context(), now.Now()); err != nil {
			t.Fatal(n, err)
		}
		now.advance(24 * time.Hour)
	}
	before := backupsOf(t, o)
	healthy, err := os.ReadFile(s.Path())
	must(t, err)
	tamperRecord(t, s, bucketVisits, recordKey(key))
	heard := &told{}
	s.KeepBackups(heard.hear)
	s.daily.running.Wait()
	if len(heard.failed) != 1 || len(heard.made) != 0 || !errors.Is(heard.failed[0], ErrDamaged) {
		t.Errorf("a damaged record: %v", heard)
	}
	if e := wantProblem(t, heard.failed[0]); !strings.Contains(e.Next, "partnerdesk-console recover") {
		t.Errorf("explained as %v", e)
	}
	if diff := cmp.Diff(before, backupsOf(t, o)); diff != "" {
		t.Error(diff)
	}
	entries, err := os.ReadDir(filepath.Join(o.Dir, backupFolder))
	must(t, err)
	if len(entries) != keepDaily {
		t.Errorf("%v is left", entries)
	}

	must(t, os.WriteFile(s.Path(), healthy, 0o600))
	save(t, s, "soon after") // a failure is not repeated with every write
	s.daily.running.Wait()
	if len(heard.failed)+len(heard.made) != 1 {
		t.Errorf("soon after: %v", heard)
	}
	now.advance(backupRetry)
	save(t, s, "later")
	s.daily.running.Wait()
	if len(heard.made) != 1 {
		t.Errorf("later: %v", heard)
	}
}

// TestABackupThatWasCutOffIsNoBackup leaves what a crash leaves, and what is none of ours.
func TestABackupThatWasCutOffIsNoBackup(t *testing.T) {
	dir, ring := t.TempDir(), newMemoryKeyring()
	s := openTest(t, dir, ring)
	save(t, s, "r")
	first, err := s.BackupNow(t.Context())
	must(t, err)
	folder := filepath.Join(dir, backupFolder)
	cut := filepath.Join(folder, Backup{Kind: BackupDaily, At: time.Now()}.fileName()+unfinishedSuffix)
	must(t, os.WriteFile(cut, []byte("half"), 0o600))
	must(t, os.WriteFile(filepath.Join(folder, "notes.txt"), []byte("mine"), 0o600))
	must(t, os.WriteFile(filepath.Join(folder, "partnerdesk-20260301T090000.000Z-other.bolt"), nil, 0o600))
	if all := backupsOf(t, Options{Dir: dir, Keyring: ring}); len(all) != 1 || all[0].Name != first.Name {
		t.Errorf("found %v", all)
	}
	second, err := s.BackupNow(t.Context())
	must(t, err)
	entries, err := os.ReadDir(folder)
	must(t, err)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	for _, want := range []string{first.Name, second.Name, "notes.txt"} {
		if !slices.Contains(names, want) {
			t.Errorf("%s is gone", want)
		}
	}
	if exists(cut) {
		t.Error("what was cut off is still there")
	}
}

func TestAMigrationBeginsWithABackup(t *testing.T) {
	dir, ring := t.TempDir(), newMemoryKeyring()
	s := openTest(t, dir, ring)
	fill(t, s)
	must(t, backupBeforeMigration(t.Context(), s.file, schemaVersion))
	o := Options{Dir: dir, Keyring: ring}
	all := backupsOf(t, o)
	if len(all) != 1 || all[0].Kind != BackupMigration || all[0].Schema != schemaVersion || all[0].Problem != nil {
		t.Errorf("the backups are %v", all)
	}
	must(t, backupBeforeMigration(t.Context(), s.file, schemaVersion-1)) // somebody was faster
	if again := backupsOf(t, o); len(again) != 1 {
		t.Errorf("the backups are %v", again)
	}
	must(t, os.RemoveAll(filepath.Join(dir, backupFolder)))
	must(t, os.WriteFile(filepath.Join(dir, backupFolder), nil, 0o600)) // no folder can be made there
	wantProblem(t, backupBeforeMigration(t.Context(), s.file, schemaVersion))
}

func TestWhichBackupsAreTooMany(t *testing.T) {
	at := newClock().Now()
	ago := func(days int, kind BackupKind, schema int) Backup {
		b := Backup{Kind: kind, Schema: schema, At: at.AddDate(0, 0, -days)}
		b.Name = b.fileName()
		return b
	}
	made := ago(0, BackupDaily, 0)
	all := []Backup{
		ago(-400, BackupDaily, 0), // of a clock that was wrong
		ago(-399, BackupDaily, 0),
		made,
		ago(1, BackupDaily, 0), ago(2, BackupChange, 0), ago(3, BackupDaily, 0), ago(4, BackupDaily, 0), ago(5, BackupMigration, 2),
		ago(6, BackupMigration, 2), ago(7, BackupMigration, 1), ago(8, BackupChange, 0), ago(9, BackupChange, 0), ago(10, BackupChange, 0),
		ago(11, BackupDaily, 0), ago(12, BackupDaily, 0),
	}
	if got := kinds(superfluous(all, made)); got != "before migration 02-23, change 02-19, daily 04-04" {
		t.Errorf("superfluous: %s", got)
	}
	all = append(all, ago(13, BackupDaily, 0), ago(14, BackupDaily, 0), ago(15, BackupDaily, 0))
	if got := kinds(superfluous(all, made)); got != "before migration 02-23, change 02-19, daily 02-15, daily 02-14, daily 04-05, daily 04-04" {
		t.Errorf("superfluous: %s", got)
	}
}

func TestABackupsNameTellsWhatItIs(t *testing.T) {
	at := time.Date(2026, 3, 1, 9, 0, 3, 123e6, time.UTC)
	for _, want := range []Backup{{Kind: BackupDaily, At: at}, {Kind: BackupMigration, At: at, Schema: 12}, {Kind: BackupChange, At: at}} {
		want.Name = want.fileName()
		if got, ok := parseBackup(want.Name); !ok || got != want {
			t.Errorf("%s is read as %v, %v", want.Name, got, ok)
		}
	}
	for _, name := range []string{"", fileName, "partnerdesk-20260301T090003.123Z-daily.bolt.new", "partnerdesk-20260301T090003.123Z-schema.bolt", "partnerdesk-x-daily.bolt", "partnerdesk-20260301T090003.123Z.bolt"} {
		if b, ok := parseBackup(name); ok {
			t.Errorf("%q is read as %v", name, b)
		}
	}
}

func TestAClosedStoreMakesNoBackup(t *testing.T) {
	dir, ring := t.TempDir(), newMemoryKeyring()
	s, err := Open(t.Context(), Options{Dir: dir, Keyring: ring})
	must(t, err)
	save(t, s, "r")
	must(t, s.Close())
	s.KeepBackups(func(b Backup, err error) { t.Errorf("made %v, %v", b, err) })
	if _, err := s.BackupNow(t.Context()); !errors.Is(err, os.ErrClosed) {
		t.Errorf("closed: %v", err)
	}
	if exists(filepath.Join(dir, backupFolder)) {
		t.Error("there is a folder for backups")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := openTest(t, dir, ring).BackupNow(ctx); !errors.Is(err, context.Canceled) || tenant.Explain(err).What != "Cancelled." {
		t.Errorf("cancelled: %v", err)
	}
}

func BenchmarkBackup(b *testing.B) {
	s := openTest(b, b.TempDir(), newMemoryKeyring())
	fillPages(b, s)
	for b.Loop() {
		_, err := s.BackupNow(b.Context())
		must(b, err)
	}
}
