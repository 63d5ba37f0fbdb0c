//go:build !unix

package storage

import "io/fs"

// othersMayRead cannot tell from a mode here: the access list of the data directory decides.
func othersMayRead(fs.FileInfo) bool { return false }

// syncDir has nothing to do where the file system keeps its names by itself.
func syncDir(string) error { return nil }
