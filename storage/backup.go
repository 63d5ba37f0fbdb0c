package storage

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	bolt "go.etcd.io/bbolt"
)

const (
	// backupFolder holds the backups, in the data directory.
	backupFolder = "backups"
	// backupLock is taken by whoever makes, removes or puts back a backup.
	backupLock = "backups"
	// keepDaily and keepChanges are how many backups of a kind stay. Of those before a migration, the newest
	// of each schema version stays: only an older program can read it.
	keepDaily   = 7
	keepChanges = 3
)

// BackupKind says why a backup was made.
type BackupKind string

// The kinds.
const (
	// BackupDaily is the one of a UTC day.
	BackupDaily BackupKind = "daily"
	// BackupMigration was made before a newer version of the program changed the file.
	BackupMigration BackupKind = "before migration"
	// BackupChange was asked for, as after a change of what protects the key.
	BackupChange BackupKind = "change"
)

// Backup is a copy of the data file. Its secrets are sealed with the data key of its time, and that key lies
// in it, wrapped as it was then: a backup can be used for as long as that wrapping key exists.
type Backup struct {
	// Name is the file's name in the folder "backups" of the data directory.
	Name string
	Kind BackupKind
	At   time.Time
	// Schema is the version that a backup before a migration has; 0 for the other kinds.
	Schema int
	// Size is in bytes.
	Size int64
	// Problem says why it cannot be used; nil for one that was looked through and is good.
	Problem error
}

const (
	backupPrefix = "partnerdesk-"
	backupSuffix = ".bolt"
	backupTime   = "20060102T150405.000Z"
	dailyWord    = "daily"
	changeWord   = "change"
	schemaWord   = "schema" // and its version
)

// ahead is how far in the future a backup may lie before its clock counts as wrong.
const ahead = 24 * time.Hour

// fileName is the name that tells everything about a backup but its content.
func (b Backup) fileName() string {
	word := changeWord
	switch b.Kind {
	case BackupDaily:
		word = dailyWord
	case BackupMigration:
		word = schemaWord + strconv.Itoa(b.Schema)
	}
	return backupPrefix + b.At.UTC().Format(backupTime) + "-" + word + backupSuffix
}

// parseBackup reads a name, and returns false for a file that is no backup of this program.
func parseBackup(name string) (Backup, bool) {
	b := Backup{Name: name, Kind: BackupChange}
	middle, prefixed := strings.CutPrefix(name, backupPrefix)
	middle, suffixed := strings.CutSuffix(middle, backupSuffix)
	at, word, parted := strings.Cut(middle, "-")
	var err error
	if b.At, err = time.Parse(backupTime, at); err != nil || !prefixed || !suffixed || !parted {
		return Backup{}, false
	}
	if version, found := strings.CutPrefix(word, schemaWord); found {
		b.Kind = BackupMigration
		b.Schema, _ = strconv.Atoi(version)
	} else if word == dailyWord {
		b.Kind = BackupDaily
	}
	return b, b.fileName() == name
}

// listBackups returns what is there by its name, the newest first. No folder is no backup.
func listBackups(dir string) ([]Backup, error) {
	entries, err := os.ReadDir(filepath.Join(dir, backupFolder))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, machineProblem("list backups", filepath.Join(dir, backupFolder), err)
	}
	var all []Backup
	for _, e := range entries {
		b, ok := parseBackup(e.Name())
		if !ok || !e.Type().IsRegular() {
			continue
		}
		if info, err := e.Info(); err == nil {
			b.Size = info.Size()
			all = append(all, b)
		}
	}
	slices.SortStableFunc(all, func(a, b Backup) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.Name, a.Name)) })
	return all, nil
}

// copier makes one backup. What it takes from the file is read under the file's lock; all that is slow, as
// making the copy last, happens afterwards.
type copier struct {
	source *file
	made   Backup
	// do does the task that copies, on the source.
	do func(context.Context, task) error
	// read runs in the transaction that is copied. An error ends the copy.
	read func(*bolt.Tx) error
	// keys check the records of the copy; without keys only its pages and its identity are checked.
	keys *keys
}

// backUp copies, checks and names the copy, in this order, and then removes the backups that it makes
// superfluous. The caller holds the lock of the backups.
func (c *copier) backUp(ctx context.Context) (Backup, error) {
	folder := filepath.Join(filepath.Dir(c.source.path), backupFolder)
	if err := makeBackupFolder(folder); err != nil {
		return Backup{}, err
	}
	c.made.Name = c.made.fileName()
	unfinished := filepath.Join(folder, c.made.Name+unfinishedSuffix)
	err := c.write(ctx, unfinished)
	if err == nil {
		err = c.verify(ctx, unfinished)
	}
	if err == nil {
		err = nameBackup(unfinished, filepath.Join(folder, c.made.Name))
	}
	if err != nil {
		// Half a copy is of no use, and would keep the room that may be what was missing.
		if removed := os.Remove(unfinished); removed != nil && !errors.Is(removed, fs.ErrNotExist) {
			err = errors.Join(err, removed)
		}
		return Backup{}, err
	}
	return c.made, prune(filepath.Dir(c.source.path), c.made)
}

// makeBackupFolder also removes what was cut off: under the lock, nobody works on it.
func makeBackupFolder(folder string) error {
	err := os.Mkdir(folder, 0o700)
	if err == nil {
		err = syncDir(filepath.Dir(folder))
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return machineProblem("create backup folder", folder, err)
	}
	left, err := filepath.Glob(filepath.Join(folder, backupPrefix+"*"+unfinishedSuffix))
	for _, path := range left {
		err = errors.Join(err, os.Remove(path))
	}
	if err != nil {
		return machineProblem("remove unfinished backup", folder, err)
	}
	return nil
}

func (c *copier) write(ctx context.Context, path string) error {
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return machineProblem("create backup", path, err)
	}
	err = c.do(ctx, task{run: func(tx *bolt.Tx) error {
		if err := inspectFile(c.source.path, tx); err != nil {
			return damagedProblem(c.source.path, err)
		}
		if err := c.read(tx); err != nil {
			return err
		}
		if c.made.Size, err = tx.WriteTo(out); err != nil {
			return machineProblem("write backup", path, err)
		}
		return nil
	}})
	if err == nil {
		if err = out.Sync(); err != nil {
			err = machineProblem("sync backup", path, err)
		}
	}
	if closed := out.Close(); err == nil && closed != nil {
		err = machineProblem("close backup", path, closed)
	}
	return err
}

func (c *copier) verify(ctx context.Context, path string) error {
	f := newFile(path)
	found, err := check(ctx, f)
	if err == nil && c.keys != nil {
		err = checkRecords(ctx, f, c.keys, found.schema)
	}
	return err
}

func nameBackup(unfinished, path string) error {
	err := os.Rename(unfinished, path)
	if err == nil {
		err = syncDir(filepath.Dir(path))
	}
	if err != nil {
		return machineProblem("name backup", path, err)
	}
	return nil
}

// prune removes what is superfluous beside the backup that was just made.
func prune(dir string, made Backup) error {
	all, err := listBackups(dir)
	if err != nil {
		return err
	}
	for _, b := range superfluous(all, made) {
		if err := os.Remove(filepath.Join(dir, backupFolder, b.Name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return machineProblem("remove old backup", dir, err)
		}
	}
	return nil
}

// superfluous says which backups are too many, among all of them, newest first. The one just made always
// stays. One that a clock gone wrong has dated into the future counts as the oldest: otherwise it would
// push out every good one.
func superfluous(all []Backup, made Backup) []Backup {
	var ordered, future []Backup
	for _, b := range all {
		if b.At.Sub(made.At) > ahead {
			future = append(future, b)
		} else {
			ordered = append(ordered, b)
		}
	}
	type class struct {
		kind   BackupKind
		schema int
	}
	keep := map[BackupKind]int{BackupDaily: keepDaily, BackupChange: keepChanges, BackupMigration: 1}
	kept := map[class]int{{made.Kind, made.Schema}: 1}
	var gone []Backup
	for _, b := range append(ordered, future...) {
		if b.Name == made.Name {
			continue
		}
		c := class{b.Kind, b.Schema}
		if kept[c] < keep[b.Kind] {
			kept[c]++
			continue
		}
		gone = append(gone, b)
	}
	return gone
}

// backupBeforeMigration keeps the file as it was, with the schema version from, before a migration changes it.
// It does nothing where another program has migrated the file meanwhile. The records are not checked: the migration
// reads every one of them, and says what it cannot read.
func backupBeforeMigration(ctx context.Context, f *file, from int) error {
	release, err := exclusive(ctx, filepath.Dir(f.path), backupLock)
	if err != nil {
		return err
	}
	defer release()
	c := &copier{
		source: f,
		do:     f.do,
		made:   Backup{Kind: BackupMigration, At: f.now().UTC(), Schema: from},
		read: func(tx *bolt.Tx) error {
			found, err := readIdentity(tx, f.path)
			if err == nil && found.schema != from {
				err = errUnchanged
			}
			return err
		},
	}
	if _, err := c.backUp(ctx); err != nil && !errors.Is(err, errUnchanged) {
		return fmt.Errorf("back up before migration: %w", err)
	}
	return nil
}

// checkRecords checks the sum of every record, without looking into it: the records of an older schema
// version are checked the same way.
func checkRecords(ctx context.Context, f *file, keys *keys, schema int) error {
	return f.do(ctx, task{run: func(tx *bolt.Tx) error {
		w := &work{tx: tx, keys: keys, schema: schema}
		return tx.ForEach(func(bucket []byte, b *bolt.Bucket) error {
			if string(bucket) == bucketMeta {
				return nil
			}
			return b.ForEach(func(key, value []byte) error {
				if _, err := w.box(string(bucket), string(key)).unpack(value); err != nil {
					return recordProblem(string(bucket), string(key), err)
				}
				return nil
			})
		})
	}})
}
