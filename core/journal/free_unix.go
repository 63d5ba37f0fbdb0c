//go:build linux || darwin || freebsd

package journal

import "syscall"

// freeSpace returns how many bytes this user can still write to the disk that dir lies on.
func freeSpace(dir string) (int64, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, err
	}
	// The types of both fields differ from system to system, and what is left for users may be negative.
	return int64(s.Bavail) * int64(s.Bsize), nil
}
