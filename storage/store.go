// Package storage keeps registrations, tenants, logins, tickets, visits, counts of exchanges, settings
// and the poller lease in one bbolt file that the desktop and the console share.
//
// The file is opened for each piece of work and closed again, so that neither program shuts the other
// out. Every secret in it is sealed, and every record carries a keyed checksum, so that a value which was
// damaged, changed or moved to another record is noticed rather than believed.
//
// What is written lasts: a commit is on the disk when it returns, and one that was cut off, by a crash or a
// full disk, leaves the file as it was. Against all else there are backups, in the folder "backups": the last
// seven daily ones, one before each migration, and one after each change of what protects the key. Each is a
// whole store, made under the file's lock, sealed as the file is, and looked through before it gets its name. It
// opens with the key of its time, which it names itself, so the backups from before a change of the key are
// good only as long as that key exists.
//
// A file that is damaged, or gone while there are backups, is refused and left alone: Open names the newest
// good backup, and Recover puts it in the place of the file, which it keeps aside. What was changed since the
// backup is lost then, and nothing else. What is where:
//
//	file.go      the bbolt file: lock, fairness, panics and faults turned into errors
//	inspect.go   a look through the file's pages before bbolt is trusted with them
//	open.go      create, check, unlock, migrate
//	backup.go    copies of the file: made, checked, named, pruned; backup_daily.go makes one each day
//	recover.go   the way back from a backup
//	wrap.go      the data key, and what it is wrapped with: keyring.go, keyfile.go
//	seal.go      the seal on a secret and the checksum on a record
//	exclusive.go locks between the programs, for work that is not the file's
//	record.go    one typed record per bucket, for all the files named after what they store
package storage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	bolt "go.etcd.io/bbolt"
)

// Store is the shared file. It is safe for use by many goroutines, and by many processes at once. The
// context of a call bounds its wait for the file's lock; work that has the lock is not interrupted.
type Store struct {
	file       *file
	now        func() time.Time
	protection Protection
	// unlocked is nil once the store is closed.
	unlocked atomic.Pointer[unlocked]
	daily    daily
}

// unlocked is what opening the store found out: which store it is, and its keys.
type unlocked struct {
	identity identity
	keys     *keys
}

// Path returns the file's path.
func (s *Store) Path() string { return s.file.path }

func (s *Store) dir() string { return filepath.Dir(s.file.path) }

// Protection says what guards the data key, for a window to show.
func (s *Store) Protection() Protection { return s.protection }

// Close waits for a backup that is being made and forgets the key. The file needs no closing: it is open only
// while work is done.
func (s *Store) Close() error {
	s.daily.stop()
	s.unlocked.Store(nil)
	return nil
}

// Revision returns a number that changes with every commit, by this process or another. It is cheap
// enough to ask many times a second.
func (s *Store) Revision(ctx context.Context) (uint64, error) {
	var revision uint64
	err := s.view(ctx, "read revision", func(w *work) error {
		revision = w.revision()
		return nil
	})
	return revision, err
}

// work is one transaction with the keys that its records need.
type work struct {
	tx   *bolt.Tx
	keys *keys
	// schema is the version that the records of this transaction are bound to.
	schema int
}

func (w *work) revision() uint64 { return uint64(w.tx.ID()) }

// errUnchanged ends an update that turned out to have nothing to write: no commit, no new revision.
var errUnchanged = errors.New("nothing to change")

// view does work that only reads. Op is for the log, verb first.
func (s *Store) view(ctx context.Context, op string, do func(*work) error) error {
	return s.do(ctx, op, task{run: s.transaction(do)})
}

// update does work in one transaction that is committed unless do returns an error.
func (s *Store) update(ctx context.Context, op string, do func(*work) error) error {
	err := s.do(ctx, op, task{write: true, run: s.transaction(do)})
	if err == nil {
		s.backUpToday()
	}
	return err
}

func (s *Store) do(ctx context.Context, op string, t task) error {
	if s.unlocked.Load() == nil {
		return fmt.Errorf("%s: the store is closed: %w", op, os.ErrClosed)
	}
	if err := s.file.do(ctx, t); err != nil && !errors.Is(err, errUnchanged) {
		return fmt.Errorf("%s: %w", op, err)
	}
	return nil
}

// transaction makes do run only on the store that was opened. The file may have been replaced since, or
// migrated by a newer program: then this process has the wrong keys or the wrong idea of the records.
func (s *Store) transaction(do func(*work) error) func(*bolt.Tx) error {
	return func(tx *bolt.Tx) error {
		u := s.unlocked.Load()
		if u == nil {
			return fmt.Errorf("the store is closed: %w", os.ErrClosed)
		}
		found, err := readIdentity(tx, s.file.path)
		if err != nil {
			return err
		}
		if !bytes.Equal(found.raw, u.identity.raw) || found.schema != u.identity.schema {
			return replacedProblem(s.file.path)
		}
		return do(&work{tx: tx, keys: u.keys, schema: u.identity.schema})
	}
}
