package storage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	bolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
	"golang.org/x/sync/semaphore"
)

const (
	// patience is the longest wait for the other program to give the file free.
	patience = 10 * time.Second
	// retryEvery is the time between two looks at a lock that another process holds. bbolt's own 50 ms
	// would make two busy programs wait mostly for their clocks.
	retryEvery = 2 * time.Millisecond
	// readers is how many reads of one process may run at once; a write takes all of them.
	readers = 64
)

// file is the bbolt file as the store uses it: opened for one transaction, then closed.
type file struct {
	path     string
	patience time.Duration
	// gate orders the goroutines of this process; the file's lock orders the processes.
	gate *semaphore.Weighted
	turn turn
	// now dates what is made of the file.
	now func() time.Time

	mu      sync.Mutex
	damaged *damage
}

func newFile(path string) *file {
	return &file{path: path, patience: patience, gate: semaphore.NewWeighted(readers), now: time.Now}
}

// task is one piece of work on the file.
type task struct {
	write bool
	// create lets the file come into being; without it a missing file is a problem.
	create bool
	run    func(*bolt.Tx) error
	// committed runs after the commit, while the lock is still held.
	committed func() error
}

// do waits for the lock, within the context and the file's patience, and does the task.
func (f *file) do(ctx context.Context, t task) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("open store: %w", err)
	}
	began := time.Now()
	wait, cancel := context.WithTimeout(ctx, f.patience)
	defer cancel()
	share := int64(1)
	if t.write {
		share = readers
	}
	if f.gate.Acquire(wait, share) != nil {
		return f.busy(ctx, began)
	}
	defer f.gate.Release(share)
	if pause(wait, f.turn.due(time.Now())) != nil {
		return f.busy(ctx, began)
	}
	defer func() { f.turn.done(time.Now()) }()
	for {
		err := f.attempt(t)
		if !errors.Is(err, berrors.ErrTimeout) {
			return err
		}
		if pause(wait, retryEvery) != nil {
			return f.busy(ctx, began)
		}
	}
}

// busy says why the wait for the lock ended without it. A cancelled wait is no problem of anybody's.
func (f *file) busy(ctx context.Context, began time.Time) error {
	err := ctx.Err()
	if errors.Is(err, context.Canceled) {
		return fmt.Errorf("wait for store: %w", err)
	}
	if err == nil {
		err = berrors.ErrTimeout
	}
	return busyProblem(f.path, time.Since(began), err)
}

// attempt does the task if the lock is free now, and returns bbolt's ErrTimeout if it is not.
//
// A damaged file can make bbolt panic, or fault in the memory that it maps. Both end here as an error. The
// handle is then unlocked and closed directly: bbolt's own Close would wait for mutexes that the panic
// left held, and closing alone would not unlock, as the memory map still refers to the file.
func (f *file) attempt(t task) (err error) {
	if err := f.stillDamaged(); err != nil {
		return err
	}
	var handle *os.File
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		if callers, ok := p.(callersPanic); ok {
			panic(callers.value)
		}
		if handle != nil {
			_ = errors.Join(unlock(handle), handle.Close())
		}
		err = f.noteDamage(fmt.Errorf("panic: %v", p))
	}()
	db, err := bolt.Open(f.path, 0o600, &bolt.Options{
		Timeout:      1, // one try: the wait is ours, so that a context can end it
		ReadOnly:     !t.write,
		NoStatistics: true,
		FreelistType: bolt.FreelistMapType,
		OpenFile: func(path string, flag int, mode fs.FileMode) (*os.File, error) {
			handle, err = openHandle(path, flag, mode, t.create)
			return handle, err
		},
	})
	if err != nil {
		return f.explainOpen(err)
	}
	if f.replaced(handle) {
		if err := db.Close(); err != nil {
			return machineProblem("close store", f.path, err)
		}
		return berrors.ErrTimeout // as if the lock had not been free: the file of that name is tried next
	}
	return f.transact(db, t)
}

// replaced reports whether the name went to another file between opening this one and having its lock. What
// would be written now would be lost.
func (f *file) replaced(handle *os.File) bool {
	opened, err := handle.Stat()
	if err != nil {
		return false // whoever reads or writes it finds out
	}
	named, err := os.Stat(f.path)
	return err != nil || !os.SameFile(opened, named)
}

func (f *file) transact(db *bolt.DB, t task) error {
	var refused error
	run := func(tx *bolt.Tx) error {
		refused = t.run(tx)
		return refused
	}
	defer func() {
		p := recover()
		if _, ok := p.(callersPanic); ok {
			_ = db.Close() // bbolt is whole
		}
		if p != nil {
			panic(p)
		}
	}()
	transact := db.View
	if t.write {
		transact = db.Update
	}
	err := transact(run)
	if err == nil && t.committed != nil {
		refused = t.committed()
	}
	closed := db.Close()
	switch {
	case refused != nil:
		return refused
	case err != nil:
		return machineProblem("commit", f.path, err)
	case closed != nil:
		return machineProblem("close store", f.path, closed)
	}
	return nil
}

// openHandle opens the file without bbolt's habit of creating what is missing and of laying out anew what
// is empty: either would turn a lost store into an empty one without a word.
func openHandle(path string, flag int, mode fs.FileMode, create bool) (*os.File, error) {
	if !create {
		flag &^= os.O_CREATE
	}
	handle, err := os.OpenFile(path, flag, mode)
	if err != nil || create {
		return handle, err
	}
	info, err := handle.Stat()
	if err == nil && info.Size() == 0 {
		err = errEmptyFile
	}
	if err != nil {
		return nil, errors.Join(err, handle.Close())
	}
	return handle, nil
}

var errEmptyFile = errors.New("the file is empty")

// explainOpen finds the problem behind bbolt's refusal to open the file.
func (f *file) explainOpen(err error) error {
	switch {
	case errors.Is(err, berrors.ErrTimeout):
		return err
	case errors.Is(err, fs.ErrNotExist):
		return missingProblem(f.path, err)
	case errors.Is(err, errEmptyFile), errors.Is(err, berrors.ErrInvalid), errors.Is(err, berrors.ErrChecksum),
		errors.Is(err, berrors.ErrVersionMismatch), strings.Contains(err.Error(), "file size too small"):
		return damagedProblem(f.path, err)
	}
	return machineProblem("open file", f.path, err)
}

// damage remembers a file that made bbolt panic. Each such panic leaves a memory map behind, so the same
// file is not tried again until somebody has changed it.
type damage struct {
	size    int64
	changed time.Time
	problem error
}

func (f *file) noteDamage(cause error) error {
	problem := damagedProblem(f.path, cause)
	if info, err := os.Stat(f.path); err == nil {
		f.mu.Lock()
		f.damaged = &damage{size: info.Size(), changed: info.ModTime(), problem: problem}
		f.mu.Unlock()
	}
	return problem
}

func (f *file) stillDamaged() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.damaged == nil {
		return nil
	}
	info, err := os.Stat(f.path)
	if err == nil && info.Size() == f.damaged.size && info.ModTime().Equal(f.damaged.changed) {
		return f.damaged.problem
	}
	f.damaged = nil
	return nil
}

// callersPanic carries a panic of a caller's function through attempt, which would otherwise take it for
// a damaged file.
type callersPanic struct{ value any }

// turn keeps a program that works without a pause from starving the other one. The lock is not a queue:
// who releases it and takes it again within microseconds wins against one who looks every two
// milliseconds. So after a burst of work the busy one steps back for long enough to be overtaken.
type turn struct {
	mu          sync.Mutex
	since, last time.Time
}

const (
	burst    = 100 * time.Millisecond
	stepBack = 3 * retryEvery
)

// due returns how long to step back before the next piece of work.
func (t *turn) due(now time.Time) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	if now.Sub(t.last) > retryEvery {
		t.since = now
	}
	if now.Sub(t.since) < burst {
		return 0
	}
	t.since = now
	return stepBack
}

func (t *turn) done(now time.Time) {
	t.mu.Lock()
	t.last = now
	t.mu.Unlock()
}

// pause waits for d, or until the context ends.
func pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
