//go:build unix

package storage

import (
	"errors"
	"io/fs"
	"os"
)

// othersMayRead reports whether anybody but the owner may do anything with a file.
func othersMayRead(info fs.FileInfo) bool { return info.Mode().Perm()&0o077 != 0 }

// syncDir makes the names in a directory last through a power cut.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
