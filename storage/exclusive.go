package storage

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

const (
	// lockFolder holds the lock files, in the data directory. It and they are made when they are first
	// needed, and never deleted: a lock on a deleted file keeps nobody out.
	lockFolder = "locks"
	// lockFiles is how many there are. Two names may share one, and then wait for each other needlessly, which
	// among this many costs less than a file for each tenant there ever was.
	lockFiles = 256
	// lockEvery is the time between two looks at a lock that is taken: what it protects are network requests.
	lockEvery = 20 * time.Millisecond
)

// Exclusive takes the lock of that name, which one goroutine of one process on this data directory holds at
// a time, and returns the func that gives it back. It waits for the lock until ctx ends. The operating
// system frees the lock of a process that dies.
//
// The lock keeps two programs from doing the same thing twice; it does not protect the store, which has a
// lock of its own. Where it fails although ctx has not ended, the file system has no locks, or no room.
func (s *Store) Exclusive(ctx context.Context, name string) (release func(), err error) {
	return exclusive(ctx, s.dir(), name)
}

func exclusive(ctx context.Context, dir, name string) (release func(), err error) {
	path := filepath.Join(dir, lockFolder, lockFile(name))
	lock := flock.New(path, flock.SetPermissions(0o600))
	taken, err := lock.TryLock()
	if errors.Is(err, fs.ErrNotExist) {
		if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, machineProblem("create lock folder", path, err)
		}
		taken, err = lock.TryLock()
	}
	if err == nil && !taken {
		_, err = lock.TryLockContext(ctx, lockEvery)
	}
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return nil, fmt.Errorf("wait for lock: %w", err)
	}
	if err != nil {
		return nil, machineProblem("take lock", path, err)
	}
	return func() { _ = lock.Unlock() }, nil
}

// lockFile names the file for a lock. It tells nothing of the name.
func lockFile(name string) string {
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(name)) // never fails
	return fmt.Sprintf("%02x.lock", sum.Sum32()%lockFiles)
}
