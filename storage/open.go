package storage

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"

	bolt "go.etcd.io/bbolt"

	"partnerdesk/core/secret"
)

// The files in the data directory. What is unfinished has the suffix until it gets its name, and may be
// thrown away.
const (
	fileName         = "partnerdesk.bolt"
	keyFileName      = "partnerdesk.key"
	unfinishedSuffix = ".new"
)

// Options say where the store is and what it may use of the outer world.
type Options struct {
	// Dir is the data directory. It is created, for its owner only, when it is missing.
	Dir string
	// Now is the clock of the poller lease and of the day that an exchange counts for; nil means time.Now.
	Now func() time.Time
	// Keyring is where the key is kept; nil means the operating system's secret store.
	Keyring Keyring
	// Passphrase gets the passphrase of a store that is protected by one: attempt counts from 1 to 3, and is more
	// than 1 where the passphrase before was wrong. Nil means that there is no way to ask.
	Passphrase func(ctx context.Context, attempt int) (secret.Text, error)
}

// Open creates the store where there is none, checks the file, unlocks its key and migrates it. It leaves
// the file closed. A file that is damaged, or gone while there are backups of it, is ErrDamaged and a problem
// that names the newest good backup; see [Recover].
func Open(ctx context.Context, o Options) (*Store, error) {
	o = o.complete()
	s, err := open(ctx, o)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", offerBackup(ctx, o, err))
	}
	return s, nil
}

func (o Options) complete() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Keyring == nil {
		o.Keyring = systemKeyring{}
	}
	return o
}

// path is where the data file lies.
func (o Options) path() string { return filepath.Join(o.Dir, fileName) }

func open(ctx context.Context, o Options) (*Store, error) {
	if o.Dir == "" {
		return nil, errors.New("no data directory is given")
	}
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, machineProblem("create data directory", o.path(), err)
	}
	f := newFile(o.path())
	f.now = o.Now
	vault := o.vault()
	if err := ensure(ctx, f.path, vault, o.Now()); err != nil {
		return nil, err
	}
	found, keys, err := unlockFile(ctx, f, vault.unlock)
	if err != nil {
		return nil, err
	}
	if found.schema < schemaVersion {
		if err := backupBeforeMigration(ctx, f, found.schema); err != nil {
			return nil, err
		}
		if found.schema, err = upgrade(ctx, f, keys); err != nil {
			return nil, err
		}
	}
	tighten(f.path)
	s := &Store{file: f, now: o.Now, vault: vault}
	s.changes, s.looks = newJoint(commitEvery, s.update), newJoint(lookEvery, s.view)
	s.unlocked.Store(&unlocked{identity: found, keys: keys})
	s.tidyLeftovers(ctx)
	return s, nil
}

// unlockFile looks the file through and unlocks what it finds. The other program may change the protection in
// between, and take the old key from its place: then it looks again.
func unlockFile(ctx context.Context, f *file, unlock func(context.Context, identityRecord) (*keys, error)) (identity, *keys, error) {
	const looks = 3
	found, err := check(ctx, f)
	for look := 1; err == nil; look++ {
		var keys *keys
		if keys, err = unlock(ctx, found.record); err == nil {
			return found, keys, nil
		}
		again, errAgain := check(ctx, f)
		if look == looks || errAgain != nil || bytes.Equal(again.raw, found.raw) {
			break
		}
		found, err = again, nil
	}
	return identity{}, nil, err
}

// identity says which store a file is: its schema version, and the record that names it and holds its
// wrapped data key.
type identity struct {
	schema int
	raw    []byte
	record identityRecord
}

type identityRecord struct {
	// ID is random. It names the store in the operating system's secret store.
	ID string `json:"id"`
	// Generation counts the data keys that the store has had.
	Generation int            `json:"generation"`
	Protection protectionKind `json:"protection"`
	// Place names where the wrapping key lies; empty for a store's first one.
	Place string `json:"place,omitempty"`
	// Passphrase says how a passphrase gives the wrapping key; nil with the other protections.
	Passphrase *derivation `json:"passphrase,omitempty"`
	Wrapped    []byte      `json:"wrapped_key"`
	CreatedAt  time.Time   `json:"created_at"`
	// ChangedAt is when the protection or the data key was changed last; zero if never.
	ChangedAt time.Time `json:"changed_at,omitzero"`
	// RestoredAt is when a backup was put in the place of the file. A program that had opened the file before
	// sees by it that this is another one.
	RestoredAt time.Time `json:"restored_at,omitzero"`
}

const (
	metaSchema   = "schema"
	metaIdentity = "identity"
)

// readIdentity leaves the record undecoded: each transaction only compares it.
func readIdentity(tx *bolt.Tx, path string) (identity, error) {
	meta := tx.Bucket([]byte(bucketMeta))
	if meta == nil {
		return identity{}, damagedProblem(path, errors.New("it holds no store of this program"))
	}
	schema, err := strconv.Atoi(string(meta.Get([]byte(metaSchema))))
	if err != nil || schema < 1 {
		return identity{}, damagedProblem(path, errors.New("its schema version cannot be read"))
	}
	if schema > schemaVersion {
		return identity{}, newerProblem(path, schema)
	}
	return identity{schema: schema, raw: bytes.Clone(meta.Get([]byte(metaIdentity)))}, nil
}

// check looks the file through and finds out which store it is, without writing a byte.
func check(ctx context.Context, f *file) (found identity, err error) {
	err = f.do(ctx, task{run: func(tx *bolt.Tx) error {
		if err := inspectFile(f.path, tx); err != nil {
			return damagedProblem(f.path, err)
		}
		if found, err = readIdentity(tx, f.path); err != nil {
			return err
		}
		if found.record, err = decodeIdentity(found.raw); err != nil {
			return damagedProblem(f.path, err)
		}
		return nil
	}})
	return found, err
}

// encodeIdentity puts a plain checksum before the record, as there is no key yet to check it with: a
// flipped bit must read as damage, and not as a key that somebody lost.
func encodeIdentity(record identityRecord) ([]byte, error) {
	raw, err := json.Marshal(record)
	if err != nil {
		return nil, fmt.Errorf("encode store identity: %w", err)
	}
	sum := sha256.Sum256(raw)
	return append(sum[:], raw...), nil
}

func decodeIdentity(raw []byte) (record identityRecord, err error) {
	if len(raw) < sumSize || sha256.Sum256(raw[sumSize:]) != [sumSize]byte(raw[:sumSize]) {
		return record, errors.New("the record that names the store is damaged")
	}
	if err := json.Unmarshal(raw[sumSize:], &record); err != nil {
		return record, errors.New("the record that names the store cannot be read")
	}
	return record, nil
}

// ensure creates the store if there is none. It is laid out in a file of another name, under that file's
// lock, and gets its own name when it is complete: whoever sees it sees all of it, and two programs that
// start at the same moment end with one store and one key.
func ensure(ctx context.Context, path string, v *vault, now time.Time) error {
	fresh := newFile(path + unfinishedSuffix)
	if exists(path) {
		if !exists(fresh.path) {
			return nil
		}
		// A start was cut off between naming the store and tidying. Left alone, this second name of the
		// same file would bring the store back after somebody has moved it aside.
		return tidy(fresh.path)
	}
	if err := refuseToForget(path); err != nil {
		return err
	}
	t := task{write: true, create: true,
		run: func(tx *bolt.Tx) error {
			if exists(path) {
				return errUnchanged // the other program was faster
			}
			return layOutOnce(ctx, tx, v, now)
		},
		committed: func() error { return publish(fresh.path, path) },
	}
	err := fresh.do(ctx, t)
	if errors.Is(err, ErrDamaged) {
		// An earlier start was cut off. Nothing that anybody stored can be in an unfinished file.
		if err := os.Remove(fresh.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return machineProblem("remove unfinished store", path, err)
		}
		err = fresh.do(ctx, t)
	}
	if errors.Is(err, errNoLinks) {
		err = renameOnce(fresh.path, path)
	}
	if err != nil && !errors.Is(err, errUnchanged) {
		return err
	}
	return tidy(fresh.path)
}

// layOutOnce makes the content of a new store, unless an earlier start was cut off just after it had.
func layOutOnce(ctx context.Context, tx *bolt.Tx, v *vault, now time.Time) error {
	if tx.Bucket([]byte(bucketMeta)) != nil {
		return nil
	}
	if _, err := tx.CreateBucket([]byte(bucketMeta)); err != nil {
		return fmt.Errorf("create bucket %s: %w", bucketMeta, err)
	}
	record, keys, err := v.begin(ctx, now)
	if err != nil {
		return err
	}
	raw, err := encodeIdentity(record)
	if err != nil {
		return err
	}
	if err := writeIdentity(tx, raw); err != nil {
		return err
	}
	return migrate(tx, keys, 0, migrations())
}

// refuseToForget keeps a store whose file is gone from becoming an empty one: somebody wants it back.
func refuseToForget(path string) error {
	backups, err := listBackups(filepath.Dir(path))
	if err != nil {
		return err
	}
	if len(backups) == 0 || exists(path) { // created by another program meanwhile
		return nil
	}
	return goneProblem(path)
}

func writeIdentity(tx *bolt.Tx, raw []byte) error {
	if err := tx.Bucket([]byte(bucketMeta)).Put([]byte(metaIdentity), raw); err != nil {
		return fmt.Errorf("write store identity: %w", err)
	}
	return nil
}

// upgrade brings the file to the schema version of this program.
func upgrade(ctx context.Context, f *file, keys *keys) (int, error) {
	err := f.do(ctx, task{write: true, run: func(tx *bolt.Tx) error {
		found, err := readIdentity(tx, f.path) // again: the other program may have been faster
		if err != nil {
			return err
		}
		return migrate(tx, keys, found.schema, migrations())
	}})
	if err != nil {
		return 0, fmt.Errorf("migrate store: %w", err)
	}
	return schemaVersion, nil
}

// errNoLinks is for file systems on which a file cannot have two names.
var errNoLinks = errors.New("the file system has no links")

// publish gives a finished file its name, and never takes the name from another file.
func publish(unfinished, path string) error {
	err := os.Link(unfinished, path)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return nil
	}
	return fmt.Errorf("%w: %w", errNoLinks, err)
}

// renameOnce is publish for a file that is closed, where there are no links.
func renameOnce(unfinished, path string) error {
	if exists(path) {
		return nil
	}
	if err := os.Rename(unfinished, path); err != nil && !exists(path) {
		return machineProblem("name new file", path, err)
	}
	return nil
}

// tidy removes what is left of an unfinished file, and makes the names in its directory last.
func tidy(unfinished string) error {
	if err := os.Remove(unfinished); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return machineProblem("remove unfinished file", unfinished, err)
	}
	if err := syncDir(filepath.Dir(unfinished)); err != nil {
		return machineProblem("sync data directory", unfinished, err)
	}
	return nil
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

// tighten takes a file that was copied here away from other users' eyes. It may fail, as on a file system
// without owners: what is secret in the file is sealed.
func tighten(path string) {
	if info, err := os.Stat(path); err == nil && othersMayRead(info) {
		_ = os.Chmod(path, 0o600)
	}
}
