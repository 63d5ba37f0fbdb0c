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
//	wrap.go      the data key, and what it is wrapped with: keyring.go, passphrase.go, keyfile.go
//	protection.go another wrapping or another data key, whatever cuts it off; leftovers.go, scrub.go
//	seal.go      the seal on a secret and the checksum on a record
//	portable.go  what moves to and from elsewhere, each in one transaction
//	exclusive.go locks between the programs, for work that is not the file's
//	together.go  what many goroutines want at once, in one transaction
//	histories.go how each tenant fared, by its changes
//	validations.go how the id token of each tenant's last sign-in was validated
//	companies.go what came of the last companies of each tenant
//	roster.go    what the poller plans by
//	signals.go   what tells pollers and windows that something has changed
//	record.go    one typed record per bucket, for all the files named after what they store
package storage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	bolt "go.etcd.io/bbolt"

	"partnerdesk/core/tenant"
)

// Store is the shared file. It is safe for use by many goroutines, and by many processes at once. The
// context of a call bounds its wait for the file's lock; work that has the lock is not interrupted.
type Store struct {
	file  *file
	now   func() time.Time
	vault *vault
	// unlocked is nil once the store is closed.
	unlocked atomic.Pointer[unlocked]
	// anew lets one goroutine at a time unlock the file again.
	anew sync.Mutex
	// atStep, where it is set, is called after each step of a change of the protection: tests cut it off there.
	atStep func(step string)
	daily  daily
	// changes and looks are shared by those that come at once.
	changes, looks *joint
	glance         glance
}

func (s *Store) reached(step string) {
	if s.atStep != nil {
		s.atStep(step)
	}
}

var errClosed = fmt.Errorf("the store is closed: %w", os.ErrClosed)

// unlocked is what opening the store found out: which store it is, and its keys.
type unlocked struct {
	identity identity
	keys     *keys
}

// Path returns the file's path.
func (s *Store) Path() string { return s.file.path }

func (s *Store) dir() string { return filepath.Dir(s.file.path) }

// Close waits for a backup that is being made and forgets the key. The file needs no closing: it is open only
// while work is done.
func (s *Store) Close() error {
	s.daily.stop()
	s.unlocked.Store(nil)
	return nil
}

// work is one transaction with the keys that its records need.
type work struct {
	tx   *bolt.Tx
	keys *keys
	// schema is the version that the records of this transaction are bound to.
	schema int
	// record is the store's identity.
	record identityRecord
	// now is the clock; nil in a migration, which dates nothing.
	now func() time.Time
	// desk is made with the first record.
	desk *desk
	// damaged are the records that lists have passed over.
	damaged []tenant.Damaged
	// replanned is true once the roster's revision is that of this transaction.
	replanned bool
}

// revision changes with every commit, by this process or another, except for those that keep the lease: a poller makes
// one of those every few seconds, and nobody need read everything again for it. The lease's bucket counts them.
func (w *work) revision() (uint64, error) {
	lease, err := leases.in(w)
	if err != nil {
		return 0, err
	}
	return uint64(w.tx.ID()) - lease.Sequence(), nil
}

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
	err := s.file.do(ctx, t)
	for tries := 0; tries < 3; tries++ {
		other, changed := errors.AsType[otherIdentity](err)
		if !changed {
			break
		}
		if err = s.unlockAnew(ctx, other.known); err == nil {
			err = s.file.do(ctx, t)
		}
	}
	if err == nil || errors.Is(err, errUnchanged) {
		return nil
	}
	if _, changed := errors.AsType[otherIdentity](err); changed {
		err = replacedProblem(s.file.path)
	}
	return fmt.Errorf("%s: %w", op, err)
}

// otherIdentity ends a transaction before its work, on a file that is not as it was unlocked.
type otherIdentity struct{ known *unlocked }

// Error is for the log, should it ever get there.
func (otherIdentity) Error() string { return "the store's identity has changed" }

// unlockAnew takes in what the other program made of the store's identity: another protection, another data key.
// The keyring and the key file give out the new key by themselves.
func (s *Store) unlockAnew(ctx context.Context, before *unlocked) error {
	s.anew.Lock()
	defer s.anew.Unlock()
	if s.unlocked.Load() != before {
		return nil // closed, or another goroutine has done it
	}
	found, keys, err := unlockFile(ctx, s.file, func(ctx context.Context, record identityRecord) (*keys, error) {
		if record.ID != before.identity.record.ID {
			return nil, replacedProblem(s.file.path)
		}
		return s.vault.unlockAnew(ctx, record, before)
	})
	if err != nil {
		return err
	}
	if found.schema != before.identity.schema || !found.record.RestoredAt.Equal(before.identity.record.RestoredAt) {
		return replacedProblem(s.file.path)
	}
	s.unlocked.CompareAndSwap(before, &unlocked{identity: found, keys: keys})
	return nil
}

// transaction makes do run only on the store that was opened. The file may have been replaced since, given new
// keys, or migrated by a newer program: then this process has the wrong keys or the wrong idea of the records.
func (s *Store) transaction(do func(*work) error) func(*bolt.Tx) error {
	return func(tx *bolt.Tx) error {
		u := s.unlocked.Load()
		if u == nil {
			return errClosed
		}
		found, err := readIdentity(tx, s.file.path)
		if err != nil {
			return err
		}
		if !bytes.Equal(found.raw, u.identity.raw) || found.schema != u.identity.schema {
			return otherIdentity{u}
		}
		return do(&work{tx: tx, keys: u.keys, schema: u.identity.schema, record: u.identity.record, now: s.now})
	}
}
