package storage

import (
	"context"
	"errors"
	"os"

	bolt "go.etcd.io/bbolt"
)

// scrub overwrites the pages of the file that hold nothing any more. bbolt leaves their content: the data key in its
// old wrapping, secrets under the old data key. Somebody with the old key and a copy of the file could read
// them for as long as nothing else is written there.
//
// It fails where the file cannot be written past bbolt. Then the old content stays until its pages are used again.
func (s *Store) scrub(ctx context.Context) error {
	return s.update(ctx, "overwrite free pages", func(w *work) error { return scrubFile(s.file.path, w.tx) })
}

// scrubFile overwrites what the transaction before tx does not use. tx must be committed: its meta page then takes
// the place of the one whose pages may be overwritten here, so that both meta pages lead to whole trees.
func scrubFile(path string, tx *bolt.Tx) (err error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return machineProblem("open file", path, err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return machineProblem("look at file", path, err)
	}
	size := uint64(tx.DB().Info().PageSize)
	i := &inspector{file: f, pageSize: size, filePages: uint64(info.Size()) / size, used: map[uint64]bool{}}
	freelist, err := i.inspectTree(uint64(tx.ID()) - 1)
	if err == nil && freelist != noFreelist {
		_, err = i.read(freelist) // its own pages are used
	}
	if err != nil {
		return damagedProblem(path, err)
	}
	empty := make([]byte, size)
	for page := range i.filePages {
		if i.used[page] {
			continue
		}
		if _, err := f.WriteAt(empty, int64(page*size)); err != nil {
			return machineProblem("overwrite free page", path, err)
		}
	}
	if err := f.Sync(); err != nil {
		return machineProblem("overwrite free pages", path, err)
	}
	return nil
}
