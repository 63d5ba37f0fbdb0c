package storage

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"partnerdesk/core/tenant"
)

const (
	// backupPatience bounds the wait for the lock of the backups and for the file, and with it how long Close
	// may have to wait for a backup.
	backupPatience = 20 * time.Second
	// backupRetry is the time after a backup that failed in which none is tried: a disk that is full must not
	// be filled anew with every write.
	backupRetry = time.Hour
)

// daily makes the backup of each day in the background.
type daily struct {
	running sync.WaitGroup

	mu   sync.Mutex
	told func(Backup, error) // nil until somebody wants backups
	busy bool
	over bool
	// done is the last day that has its backup, and failed when the last attempt failed.
	done   string
	failed time.Time
}

// begin reports whether a backup is due, and takes the work.
func (d *daily) begin(now time.Time) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.told == nil || d.busy || d.over || d.done == day(now) || now.Sub(d.failed).Abs() < backupRetry {
		return false
	}
	d.busy = true
	d.running.Add(1)
	return true
}

func (d *daily) end(now time.Time, settled bool, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.busy = false
	if settled {
		d.done = day(now)
	}
	if err != nil {
		d.failed = now
	}
}

// stop waits for the backup that is being made, and lets none follow.
func (d *daily) stop() {
	d.mu.Lock()
	d.over = true
	d.mu.Unlock()
	d.running.Wait()
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// KeepBackups makes a backup of each UTC day from now on: now, or with the first write of a day, in the
// background. Whichever program comes first makes it. told, which must not be nil, hears of each that was
// made and of each that failed, in a goroutine of the store; Close waits for it.
//
// A crash in the midst of it costs nothing but the copy: the next write, or the next start, makes it.
func (s *Store) KeepBackups(told func(Backup, error)) {
	s.daily.mu.Lock()
	s.daily.told = told
	s.daily.mu.Unlock()
	s.backUpToday()
}

// backUpToday starts the backup of the day if it is due. It costs a lock that nobody holds.
func (s *Store) backUpToday() {
	now := s.now()
	if !s.daily.begin(now) {
		return
	}
	go func() {
		defer s.daily.running.Done()
		ctx, cancel := context.WithTimeout(context.Background(), backupPatience)
		defer cancel()
		made, settled, err := s.makeDaily(ctx, now)
		s.daily.end(now, settled, err)
		if err != nil || made.Name != "" {
			s.daily.told(made, err)
		}
	}()
}

// errNothingToLose keeps a store that holds nothing yet from taking the place of the day's backup.
var errNothingToLose = errors.New("nothing to lose")

// somethingToLose fails while the store holds no more than a first start puts into it: the sandbox.
func somethingToLose(w *work) error {
	known, err := registrations.list(w)
	if err != nil {
		return err
	}
	for _, r := range known {
		if r.Environment != tenant.Sandbox {
			return nil
		}
	}
	all, err := tenants.list(w)
	if err == nil && len(all) == 0 {
		err = errNothingToLose
	}
	return err
}

// makeDaily makes the backup of the day of now, unless it is there. The day is settled when it is there.
func (s *Store) makeDaily(ctx context.Context, now time.Time) (made Backup, settled bool, err error) {
	release, err := s.Exclusive(ctx, backupLock)
	if err != nil {
		return Backup{}, false, fmt.Errorf("back up the store: %w", err)
	}
	defer release()
	all, err := listBackups(s.dir())
	if err != nil {
		return Backup{}, false, err
	}
	for _, b := range all {
		if b.Kind == BackupDaily && day(b.At) == day(now) {
			return Backup{}, true, nil
		}
	}
	made, err = s.copy(ctx, Backup{Kind: BackupDaily, At: now.UTC()}, somethingToLose)
	if errors.Is(err, errNothingToLose) {
		return Backup{}, false, nil
	}
	return made, made.Name != "", err
}

// BackupNow makes a backup at once. Call it after a change of what protects the data key: the backups from
// before the change open only with the key of before.
func (s *Store) BackupNow(ctx context.Context) (Backup, error) {
	release, err := s.Exclusive(ctx, backupLock)
	if err != nil {
		return Backup{}, fmt.Errorf("back up the store: %w", err)
	}
	defer release()
	return s.copy(ctx, Backup{Kind: BackupChange, At: s.now().UTC()}, func(*work) error { return nil })
}

// copy makes a backup of the store that was opened. The caller holds the lock of the backups. Somebody may change the
// keys meanwhile: the copy is checked with those that the transaction found which was copied.
func (s *Store) copy(ctx context.Context, b Backup, read func(*work) error) (Backup, error) {
	if s.unlocked.Load() == nil {
		return Backup{}, fmt.Errorf("back up the store: %w", errClosed)
	}
	c := &copier{source: s.file, made: b, do: func(ctx context.Context, t task) error { return s.do(ctx, "copy the file", t) }}
	c.read = s.transaction(func(w *work) error {
		c.keys = w.keys
		return read(w)
	})
	made, err := c.backUp(ctx)
	if err != nil {
		err = fmt.Errorf("back up the store: %w", err)
	}
	return made, err
}
