//go:build unix && !aix && !solaris && !illumos

package storage

import (
	"errors"
	"os"
	"syscall"
)

// tryLock takes bbolt's lock on a file for writing, and returns false if another process has it.
func tryLock(f *os.File) (bool, error) {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return false, nil
	}
	return err == nil, err
}

// unlock gives up bbolt's lock on a file.
func unlock(f *os.File) error { return syscall.Flock(int(f.Fd()), syscall.LOCK_UN) }
