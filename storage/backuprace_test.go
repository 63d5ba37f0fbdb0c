package storage

import (
	"sync"
	"testing"
)

// The backup of a day is made beside all other work. A change of the key in its midst, by the same program or by the
// other, is no reason for it to fail: it takes the store as it finds it.
func TestABackupMeetsARotation(t *testing.T) {
	for name, other := range map[string]bool{"of the same program": false, "of the other program": true} {
		t.Run(name, func(t *testing.T) {
			ctx, l := t.Context(), newLair(t)
			s := l.open()
			fill(t, s)
			rotating := s
			if other {
				rotating = l.open()
			}
			var work sync.WaitGroup
			work.Go(func() {
				for range 20 {
					if err := rotating.RotateDataKey(ctx); err != nil {
						t.Error(err)
					}
				}
			})
			for range 60 {
				if _, err := s.BackupNow(ctx); err != nil {
					t.Error(err)
				}
			}
			work.Wait()
		})
	}
}
