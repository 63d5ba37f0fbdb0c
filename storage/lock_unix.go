//go:build unix && !aix && !solaris && !illumos

package storage

import (
	"os"
	"syscall"
)

// unlock gives up bbolt's lock on a file.
func unlock(f *os.File) error { return syscall.Flock(int(f.Fd()), syscall.LOCK_UN) }
