//go:build !linux && !darwin && !freebsd && !windows

package journal

import "errors"

// freeSpace is not known on this system, and then nothing is said about it.
func freeSpace(string) (int64, error) { return 0, errors.ErrUnsupported }
