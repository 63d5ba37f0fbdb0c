package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	bolt "go.etcd.io/bbolt"

	"partnerdesk/core/tenant"
)

const (
	// restoringSuffix is the name of a backup on its way to the place of the file. What a crash leaves of it is
	// thrown away by the next.
	restoringSuffix = ".restoring"
	// The names of files that were set aside end in one of these and the time.
	damagedSuffix  = ".damaged-"
	replacedSuffix = ".replaced-"
	asideTime      = "20060102T150405Z"
)

// Backups returns the backups in the data directory, newest first, each looked through as Open looks through
// the file and unlocked with the key that it was sealed with. It changes nothing.
func Backups(ctx context.Context, o Options) ([]Backup, error) {
	o = o.complete()
	all, err := listBackups(o.Dir)
	if err != nil {
		return nil, err
	}
	look := newExaminer(o)
	for i := range all {
		all[i].Problem = look.backup(ctx, all[i])
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("look through the backups: %w", err)
	}
	return all, nil
}

// examiner looks through files of one data directory. It unlocks those with the same key once: to ask a person
// for the same thing for each of ten backups would be no help.
type examiner struct {
	dir   string
	vault *vault
	known map[string]unlocking
}

// unlocking is how an attempt to unlock went.
type unlocking struct {
	keys *keys
	err  error
}

func newExaminer(o Options) *examiner {
	return &examiner{dir: o.Dir, vault: o.vault(), known: map[string]unlocking{}}
}

func (x *examiner) backup(ctx context.Context, b Backup) error {
	return x.file(ctx, filepath.Join(x.dir, backupFolder, b.Name))
}

// file looks through a file, its pages, identity, key and records, without changing it.
func (x *examiner) file(ctx context.Context, path string) error {
	f := newFile(path)
	found, err := check(ctx, f)
	if err != nil {
		return err
	}
	keys, err := x.unlock(ctx, found.record)
	if err != nil {
		return err
	}
	return checkRecords(ctx, f, keys, found.schema)
}

func (x *examiner) unlock(ctx context.Context, record identityRecord) (*keys, error) {
	same := record
	same.RestoredAt = time.Time{} // has nothing to do with the key
	raw, err := encodeIdentity(same)
	if err != nil {
		return nil, err
	}
	before, tried := x.known[string(raw)]
	if !tried {
		before.keys, before.err = x.vault.unlock(ctx, record)
		x.known[string(raw)] = before
	}
	return before.keys, before.err
}

// choose returns the newest good backup, or the one of that name if it is good.
func (x *examiner) choose(ctx context.Context, name string) (Backup, error) {
	all, err := listBackups(x.dir)
	if err != nil {
		return Backup{}, err
	}
	var wrong error // with the newest
	for _, b := range all {
		if name != "" && b.Name != name {
			continue
		}
		err := x.backup(ctx, b)
		if ctx.Err() != nil {
			return Backup{}, fmt.Errorf("look through the backups: %w", ctx.Err())
		}
		if err == nil {
			return b, nil
		}
		if wrong == nil {
			wrong = err
		}
	}
	if wrong == nil {
		return Backup{}, noBackupProblem(name, "There is none in "+filepath.Join(x.dir, backupFolder)+".")
	}
	return Backup{}, noBackupProblem(name, tenant.Explain(wrong).Why)
}

// offerBackup makes a refusal to open the file name the newest good backup, if the file is the reason. One whose
// key cannot be had at the moment is offered too: Recover finds out.
func offerBackup(ctx context.Context, o Options, err error) error {
	var p *tenant.Problem
	if !errors.Is(err, ErrDamaged) || !errors.As(err, &p) {
		return err
	}
	o.Passphrase = nil // nobody is asked for it to be told of a failure
	look := newExaminer(o)
	good, none := look.choose(ctx, "")
	if none != nil {
		if b, found := look.locked(ctx); found {
			good, none = b, nil
		}
	}
	if ctx.Err() != nil {
		return err
	}
	return offerProblem(p, good, none)
}

// locked returns the newest backup that is whole as far as one can tell without its key, where somebody may still
// hand that out.
func (x *examiner) locked(ctx context.Context) (Backup, bool) {
	all, err := listBackups(x.dir)
	if err != nil {
		return Backup{}, false
	}
	for _, b := range all {
		switch tenant.Explain(x.backup(ctx, b)).Cause {
		case tenant.CauseSecretStore, tenant.CauseInput: // it wants to be unlocked, or given a passphrase
			return b, true
		}
	}
	return Backup{}, false
}

// Recovery is what [Recover] did.
type Recovery struct {
	// Backup is the one that is in the place of the file now. What was changed after its time is lost.
	Backup Backup
	// Aside is the path of the file that was there before; empty if it was gone.
	Aside string
}

// Recover puts a backup in the place of the data file: the newest good one, or with a name that one. The
// file is kept aside under a name of its own. At every moment there is either the old file or the new one;
// where the file system has no links there may be none, which Open refuses until Recover is done again.
//
// Without a name, a file that is not damaged is refused. A program that still runs on the old file gets a
// problem that tells it to start again.
func Recover(ctx context.Context, o Options, name string) (Recovery, error) {
	o = o.complete()
	done, err := recoverStore(ctx, o, name)
	if err != nil {
		return done, fmt.Errorf("recover store: %w", err)
	}
	s, err := Open(ctx, o)
	if err != nil {
		return done, fmt.Errorf("recover store: %w", err)
	}
	return done, s.Close()
}

func recoverStore(ctx context.Context, o Options, name string) (Recovery, error) {
	look := newExaminer(o)
	if _, err := look.choose(ctx, name); err != nil { // before the lock, which would make a folder
		return Recovery{}, err
	}
	release, err := exclusive(ctx, o.Dir, backupLock)
	if err != nil {
		return Recovery{}, err
	}
	defer release()
	suffix, err := look.needed(ctx, o.path(), name)
	if err != nil {
		return Recovery{}, err
	}
	backup, err := look.choose(ctx, name) // again: it may have been removed as too old
	if err != nil {
		return Recovery{}, err
	}
	restoring := o.path() + restoringSuffix
	if err := restore(ctx, o, backup, restoring, look); err != nil {
		if removed := os.Remove(restoring); removed != nil && !errors.Is(removed, fs.ErrNotExist) {
			err = errors.Join(err, removed)
		}
		return Recovery{}, err
	}
	aside, err := swap(ctx, restoring, o.path(), o.path()+suffix+o.Now().UTC().Format(asideTime))
	return Recovery{Backup: backup, Aside: aside}, err
}

// needed finds out whether the file may be replaced, and how it is named when it is set aside.
func (x *examiner) needed(ctx context.Context, path, name string) (suffix string, err error) {
	if !exists(path) {
		return damagedSuffix, nil
	}
	err = x.file(ctx, path)
	switch {
	case errors.Is(err, ErrDamaged):
		return damagedSuffix, nil
	case name != "" && ctx.Err() == nil: // somebody knows what they want
		return replacedSuffix, nil
	case err == nil:
		err = soundProblem(path)
	}
	return "", err
}

// restore makes a copy of the backup that is complete, on the disk, and marked as restored.
func restore(ctx context.Context, o Options, backup Backup, path string, look *examiner) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return machineProblem("remove unfinished file", path, err)
	}
	if err := copyFile(filepath.Join(o.Dir, backupFolder, backup.Name), path); err != nil {
		return machineProblem("copy backup", path, err)
	}
	err := newFile(path).do(ctx, task{write: true, run: func(tx *bolt.Tx) error {
		found, err := readIdentity(tx, path)
		if err != nil {
			return err
		}
		record, err := decodeIdentity(found.raw)
		if err != nil {
			return damagedProblem(path, err)
		}
		record.RestoredAt = o.Now().UTC()
		raw, err := encodeIdentity(record)
		if err != nil {
			return err
		}
		return writeIdentity(tx, raw)
	}})
	if err != nil {
		return err
	}
	return look.file(ctx, path)
}

// copyFile makes a new file that is on the disk when it returns.
func copyFile(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	if _, err := io.Copy(out, in); err != nil {
		return err
	}
	return out.Sync()
}

// swap sets the file aside and puts the restored one in its place, while no other program works on it.
func swap(ctx context.Context, restored, path, aside string) (string, error) {
	release, err := hold(ctx, path)
	if err != nil {
		return "", err
	}
	defer release()
	aside, err = setAside(path, aside)
	if err != nil {
		return "", err
	}
	err = os.Rename(restored, path)
	if err == nil {
		err = syncDir(filepath.Dir(path))
	}
	if err != nil {
		return aside, machineProblem("put backup in place", path, err)
	}
	return aside, nil
}

// setAside gives the file a second name, which is never that of another file, and returns it. Where there are
// no links, the file loses its first name.
func setAside(path, aside string) (string, error) {
	if !exists(path) {
		return "", nil
	}
	name := aside
	for n := 2; exists(name); n++ {
		name = fmt.Sprintf("%s-%d", aside, n)
	}
	if os.Link(path, name) == nil {
		return name, nil
	}
	if err := os.Rename(path, name); err != nil {
		return "", machineProblem("set file aside", path, err)
	}
	return name, nil
}

// hold takes the lock that bbolt works under, on a file that bbolt may not be able to open any more.
func hold(ctx context.Context, path string) (release func(), err error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return func() {}, nil
	}
	if err != nil {
		return nil, machineProblem("open file", path, err)
	}
	began := time.Now()
	wait, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		taken, err := tryLock(f)
		if taken {
			return func() { _ = errors.Join(unlock(f), f.Close()) }, nil
		}
		if err != nil {
			return nil, errors.Join(machineProblem("lock file", path, err), f.Close())
		}
		if pause(wait, retryEvery) != nil {
			return nil, errors.Join(newFile(path).busy(ctx, began), f.Close())
		}
	}
}
