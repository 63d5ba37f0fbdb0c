package storage

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

// backedUp is a store with one of everything, two backups, and something that is in no backup.
type backedUp struct {
	t *testing.T
	Options
	now *clock
	s   *Store
	// older and newer are the backups, and want what the newer one holds.
	older, newer Backup
	want         map[string]any
}

func newBackedUp(t *testing.T) *backedUp {
	t.Helper()
	now := newClock()
	b := &backedUp{t: t, now: now, Options: Options{Dir: t.TempDir(), Keyring: newMemoryKeyring(), Now: now.Now}}
	b.s = openWith(t, b.Options)
	var err error
	save(t, b.s, "first")
	b.older, err = b.s.BackupNow(t.Context())
	must(t, err)
	now.advance(time.Hour)
	fill(t, b.s)
	b.newer, err = b.s.BackupNow(t.Context())
	must(t, err)
	b.want, err = content(t.Context(), b.s)
	must(t, err)
	save(t, b.s, "in no backup")
	now.advance(time.Hour)
	return b
}

// damage cuts a file, and returns what is left of it.
func (b *backedUp) damage(path string) []byte {
	b.t.Helper()
	must(b.t, os.Truncate(path, 5000))
	left, err := os.ReadFile(path)
	must(b.t, err)
	return left
}

func (b *backedUp) backup(which Backup) string { return filepath.Join(b.Dir, backupFolder, which.Name) }

// refused opens the store, which must name the backup that Recover would take.
func (b *backedUp) refused(which Backup) {
	b.t.Helper()
	_, err := Open(b.t.Context(), b.Options)
	if !errors.Is(err, ErrDamaged) {
		b.t.Fatalf("open: %v", err)
	}
	e := wantProblem(b.t, err)
	if !strings.Contains(e.Next, which.Name) || !strings.Contains(e.Next, tenant.Moment(which.At, time.Local)) || !strings.Contains(e.Next, "partnerdesk-console recover") {
		b.t.Errorf("the offer is %q", e.Next)
	}
	wantSilent(b.t, err)
}

func (b *backedUp) recovered(name string, which Backup) Recovery {
	b.t.Helper()
	done, err := Recover(b.t.Context(), b.Options, name)
	must(b.t, err)
	if done.Backup.Name != which.Name || !done.Backup.At.Equal(which.At) {
		b.t.Errorf("recovered from %v", done.Backup)
	}
	return done
}

func (b *backedUp) holds(want map[string]any) {
	b.t.Helper()
	got, err := content(b.t.Context(), openWith(b.t, b.Options))
	must(b.t, err)
	if diff := cmp.Diff(want, got); diff != "" {
		b.t.Error(diff)
	}
}

func TestADamagedStoreComesBackFromItsNewestBackup(t *testing.T) {
	b := newBackedUp(t)
	left := b.damage(b.s.Path())
	b.refused(b.newer)
	must(t, os.WriteFile(b.s.Path()+restoringSuffix, []byte("left by a crash"), 0o600))
	done := b.recovered("", b.newer)
	b.holds(b.want)
	if want := b.s.Path() + ".damaged-20260301T110000Z"; done.Aside != want {
		t.Errorf("set aside as %s", done.Aside)
	}
	aside, err := os.ReadFile(done.Aside)
	must(t, err)
	if !bytes.Equal(aside, left) {
		t.Error("the damaged file was changed")
	}
	if exists(b.s.Path() + restoringSuffix) {
		t.Error("an unfinished file is left")
	}
	// The program that has been running all the while has an idea of the store that is no longer true.
	if e := wantProblem(t, b.s.SaveRegistration(t.Context(), exampleRegistration("r"))); !strings.Contains(e.Why, "replaced") {
		t.Errorf("the running program: %v", e)
	}

	b.damage(b.s.Path()) // the same second once more
	if again := b.recovered("", b.newer); again.Aside != done.Aside+"-2" {
		t.Errorf("set aside as %s", again.Aside)
	}
	b.holds(b.want)
}

func TestARecordThatCannotBeTrustedIsReasonEnough(t *testing.T) {
	b := newBackedUp(t)
	tamperRecord(t, b.s, bucketRegistrations, "first")
	if _, err := b.s.Registration(t.Context(), "first"); !strings.Contains(wantProblem(t, err).Next, "partnerdesk-console recover") {
		t.Errorf("explained as %v", err)
	}
	b.recovered("", b.newer)
	b.holds(b.want)
}

func TestAStoreThatIsGoneDoesNotBecomeAnEmptyOne(t *testing.T) {
	b := newBackedUp(t)
	must(t, os.Remove(b.s.Path()))
	b.refused(b.newer)
	must(t, os.WriteFile(b.s.Path()+unfinishedSuffix, nil, 0o600)) // a start that was cut off
	b.refused(b.newer)
	if exists(b.s.Path()) {
		t.Fatal("there is a file again")
	}
	if done := b.recovered("", b.newer); done.Aside != "" {
		t.Errorf("set aside: %q", done.Aside)
	}
	b.holds(b.want)
}

func TestABackupThatIsDamagedIsPassedOver(t *testing.T) {
	b := newBackedUp(t)
	b.damage(b.s.Path())
	b.damage(b.backup(b.newer))
	b.refused(b.older)
	before := directoryTree(t, b.Dir)
	_, err := Recover(t.Context(), b.Options, b.newer.Name)
	if e := wantProblem(t, err); !strings.Contains(e.What, b.newer.Name) || !strings.Contains(e.Why, "does not hold together") {
		t.Errorf("the damaged one: %v", e)
	}
	if diff := cmp.Diff(before, directoryTree(t, b.Dir)); diff != "" {
		t.Error(diff)
	}
	b.recovered("", b.older)
	if registrations, err := openWith(t, b.Options).Registrations(t.Context()); err != nil || len(registrations) != 1 {
		t.Errorf("%d registrations: %v", len(registrations), err)
	}
}

func TestWhatCannotBeRecoveredIsLeftAlone(t *testing.T) {
	b := newBackedUp(t)
	refuse := func(what string, o Options, name, words string) {
		t.Helper()
		before := directoryTree(t, b.Dir)
		_, err := Recover(t.Context(), o, name)
		if e := wantProblem(t, err); !strings.Contains(e.Sentence(), words) {
			t.Errorf("%s: %v", what, e)
		}
		wantSilent(t, err)
		if diff := cmp.Diff(before, directoryTree(t, b.Dir)); diff != "" {
			t.Errorf("%s: %s", what, diff)
		}
	}
	refuse("a good store", b.Options, "", "holds together")
	refuse("no such name", b.Options, "none.bolt", "There is none")
	refuse("a path", b.Options, "../"+fileName, "There is none")
	locked := b.Options
	locked.Keyring = noKeyring{}
	refuse("a locked keyring", locked, b.newer.Name, "did not hand it out")
	b.damage(b.s.Path())
	refuse("a locked keyring and a damaged store", locked, "", "did not hand it out")
	_, err := Open(t.Context(), locked)
	if e := wantProblem(t, err); !errors.Is(err, ErrDamaged) || !strings.Contains(e.Next, b.newer.Name) {
		t.Errorf("the offer of a locked keyring: %v", e)
	}
	b.damage(b.backup(b.newer))
	b.damage(b.backup(b.older))
	refuse("no good backup", b.Options, "", "does not hold together")
	for _, found := range backupsOf(t, b.Options) {
		if !errors.Is(found.Problem, ErrDamaged) {
			t.Errorf("%s: %v", found.Name, found.Problem)
		}
	}
	must(t, os.RemoveAll(filepath.Join(b.Dir, backupFolder)))
	refuse("no backup at all", b.Options, "", "There is none")
	if _, err := Open(t.Context(), b.Options); !strings.Contains(wantProblem(t, err).Next, "sign in to each tenant") {
		t.Errorf("without a backup: %v", err)
	}
	must(t, os.Remove(b.s.Path())) // for the check at the test's end there shall be a store
	openWith(t, b.Options)
}

func TestAGoodStoreGoesBackToABackupThatIsNamed(t *testing.T) {
	b := newBackedUp(t)
	done := b.recovered(b.older.Name, b.older)
	if !strings.HasPrefix(done.Aside, b.s.Path()+replacedSuffix) {
		t.Errorf("set aside as %s", done.Aside)
	}
	if registrations, err := openWith(t, b.Options).Registrations(t.Context()); err != nil || len(registrations) != 1 {
		t.Errorf("%d registrations: %v", len(registrations), err)
	}
	must(t, os.Rename(done.Aside, b.s.Path())) // and forward again: nothing was lost
	if registrations, err := b.s.Registrations(t.Context()); err != nil || len(registrations) != 3 {
		t.Errorf("%d registrations: %v", len(registrations), err)
	}
}

// TestNobodyWorksOnAFileWhileItIsReplaced has another program write while the file is to be set aside.
func TestNobodyWorksOnAFileWhileItIsReplaced(t *testing.T) {
	b := newBackedUp(t)
	release := holdLock(t, b.s.Path())
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	for what, wait := range map[string]func() error{
		"recover": func() error { _, err := Recover(ctx, b.Options, b.newer.Name); return err },
		"swap":    func() error { _, err := swap(ctx, "none", b.s.Path(), "none"); return err },
	} {
		if err := wait(); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: %v", what, err)
		}
	}
	release()
	b.recovered(b.newer.Name, b.newer)
	b.holds(b.want)
}

// TestAFileThatLostItsNameIsNotWrittenTo is about the moment between opening the file and having its lock.
func TestAFileThatLostItsNameIsNotWrittenTo(t *testing.T) {
	b := newBackedUp(t)
	opened, err := os.Open(b.s.Path())
	must(t, err)
	defer opened.Close()
	if b.s.file.replaced(opened) {
		t.Error("it is the same file")
	}
	b.recovered(b.newer.Name, b.newer)
	if !b.s.file.replaced(opened) {
		t.Error("it is another file")
	}
	must(t, os.Rename(b.s.Path(), b.s.Path()+".moved"))
	if !b.s.file.replaced(opened) {
		t.Error("there is no file of that name")
	}
	must(t, os.Rename(b.s.Path()+".moved", b.s.Path()))
}

// TestABackupOpensOnlyWithTheKeyOfItsTime says what a change of the key means for the backups before it, and that
// there is always one that opens.
func TestABackupOpensOnlyWithTheKeyOfItsTime(t *testing.T) {
	b := newBackedUp(t)
	for what, change := range map[string]func() error{
		"another place": func() error { return b.s.ChangeProtection(t.Context(), tenant.ByKeyFile, secret.Text{}) },
		"a new key":     func() error { return b.s.RotateDataKey(t.Context()) },
	} {
		b.now.advance(time.Minute)
		must(t, change())
		all := backupsOf(t, b.Options)
		if all[0].Problem != nil || all[0].Kind != BackupChange || !all[0].At.Equal(b.now.Now()) {
			t.Errorf("%s: the newest is %v", what, all[0])
		}
		for _, before := range all[1:] {
			if e := wantProblem(t, before.Problem); e.Cause != tenant.CauseDataKey {
				t.Errorf("%s: %s: %v", what, before.Name, e)
			}
		}
	}
	want, err := content(t.Context(), b.s)
	must(t, err)
	b.damage(b.s.Path())
	b.recovered("", backupsOf(t, b.Options)[0])
	b.holds(want)
}

// TestAPassphraseIsAskedForOnceForAllBackups has a person in front of many backups that open with the same words.
func TestAPassphraseIsAskedForOnceForAllBackups(t *testing.T) {
	b := newBackedUp(t)
	b.s.vault.costs = derivation{Passes: 1, Memory: minMemory, Lanes: 1}
	must(t, b.s.ChangeProtection(t.Context(), tenant.ByPassphrase, secret.New("canary words")))
	want, err := content(t.Context(), b.s)
	must(t, err)
	b.now.advance(time.Minute)
	newest, err := b.s.BackupNow(t.Context())
	must(t, err)
	b.damage(b.s.Path())
	b.refused(newest) // without asking
	asked := 0
	b.Passphrase = func(context.Context, int) (secret.Text, error) { asked++; return secret.New("canary words"), nil }
	all := backupsOf(t, b.Options)
	if asked != 1 || all[0].Problem != nil || all[1].Problem != nil || all[2].Problem == nil {
		t.Errorf("asked %d times: %v", asked, all)
	}
	b.recovered("", newest)
	if asked > 3 { // listing, recovering, and opening what was recovered
		t.Errorf("asked %d times", asked)
	}
	b.holds(want)
}

// directoryTree maps the files of a directory and its folders, but for the locks, to their content.
func directoryTree(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	must(t, filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() || filepath.Base(filepath.Dir(path)) == lockFolder {
			return err
		}
		b, err := os.ReadFile(path)
		all[path] = string(b)
		return err
	}))
	return all
}
