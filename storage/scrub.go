package storage

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"

	bolt "go.etcd.io/bbolt"

	"partnerdesk/core/tenant"
)

// scrub overwrites the pages of the file that hold nothing any more. bbolt leaves their content: the data key in its
// old wrapping, secrets under the old data key. Somebody with the old key and a copy of the file could read
// them for as long as nothing else is written there.
func (s *Store) scrub(ctx context.Context) error {
	return s.update(ctx, "overwrite free pages", func(w *work) error {
		if err := scrubFile(s.file.path, w.tx); err != nil {
			return problem(tenant.CauseFiles, "overwrite free pages",
				"The protection is changed, but parts of the data file still open with the old key.",
				fmt.Sprintf("The operating system did not let them be overwritten: %v.", err),
				"Change the protection again, when the disk works. Until then, keep copies of the file and the old key apart.", err)
		}
		return nil
	})
}

// scrubFile overwrites what was free when tx began, past bbolt, which keeps the lock meanwhile. tx must then be
// committed: its meta page takes the place of the one that may still lead to these pages, so that both lead to
// whole trees.
func scrubFile(path string, tx *bolt.Tx) (err error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	size := int64(tx.DB().Info().PageSize)
	if err := sameTransaction(f, size, uint64(tx.ID())-1); err != nil {
		return err
	}
	empty := make([]byte, size)
	for id := 0; ; id++ {
		page, err := tx.Page(id)
		if err != nil {
			return err
		}
		if page == nil { // behind the last
			return f.Sync()
		}
		if page.Type != "free" {
			continue
		}
		if _, err := f.WriteAt(empty, int64(id)*size); err != nil {
			return err
		}
	}
}

// sameTransaction makes sure that nobody has put another file in the place of the one that bbolt has open.
func sameTransaction(f io.ReaderAt, pageSize int64, committed uint64) error {
	const transactionAt = headerSize + 48 // in the meta page, which transactions write in turn
	raw := make([]byte, 8)
	if _, err := f.ReadAt(raw, int64(committed%2)*pageSize+transactionAt); err != nil {
		return err
	}
	if found := binary.NativeEndian.Uint64(raw); found != committed {
		return fmt.Errorf("the file was replaced: its transaction is %d, and should be %d", found, committed)
	}
	return nil
}
