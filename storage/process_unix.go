//go:build unix

package storage

import (
	"errors"
	"syscall"
)

// processGone reports whether no process has that id. It errs on the side of life: an id that was given
// to a new process counts as running, and the lease's time decides.
func processGone(pid int) bool {
	return pid > 0 && errors.Is(syscall.Kill(pid, 0), syscall.ESRCH)
}
