package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"partnerdesk/core/tenant"
)

const (
	countsEach = 50
	countName  = "count"
)

// countAlone adds one to the number in a file again and again, without any care but the lock.
func countAlone(ctx context.Context, s *Store) error {
	path := filepath.Join(filepath.Dir(s.Path()), countName)
	for range countsEach {
		release, err := s.Exclusive(ctx, countName)
		if err != nil {
			return err
		}
		text, _ := os.ReadFile(path)
		n, _ := strconv.Atoi(string(text))
		err = os.WriteFile(path, []byte(strconv.Itoa(n+1)), 0o600)
		release()
		if err != nil {
			return err
		}
	}
	return nil
}

// holdExclusive keeps the lock until the test ends the process.
func holdExclusive(ctx context.Context, s *Store) error {
	if _, err := s.Exclusive(ctx, countName); err != nil {
		return err
	}
	fmt.Println("taken")
	_, err := io.Copy(io.Discard, os.Stdin)
	return err
}

func TestOneHoldsALockAmongProcessesAndGoroutines(t *testing.T) {
	dir := t.TempDir()
	s, second := openTest(t, dir, noKeyring{}), openTest(t, dir, noKeyring{})
	child := startRole(t, dir, "exclusive")
	var work sync.WaitGroup
	stores := []*Store{s, s, second}
	errs := make([]error, len(stores))
	for n, store := range stores {
		work.Go(func() { errs[n] = countAlone(t.Context(), store) })
	}
	work.Wait()
	child.finish()
	must(t, errors.Join(errs...))
	text, err := os.ReadFile(filepath.Join(dir, countName))
	must(t, err)
	if want := strconv.Itoa((len(stores) + 1) * countsEach); string(text) != want {
		t.Errorf("%s of %s counts arrived", text, want)
	}
}

func TestTheLockOfADeadProcessIsFree(t *testing.T) {
	dir := t.TempDir()
	s := openTest(t, dir, noKeyring{})
	child := startRole(t, dir, "hold")
	child.expect("taken")
	short, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	if _, err := s.Exclusive(short, countName); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("while it lives: %v", err)
	}
	must(t, child.cmd.Process.Kill())
	_ = child.cmd.Wait()
	release, err := s.Exclusive(t.Context(), countName)
	must(t, err)
	release()
}

func TestLockFilesAreFewAndForTheirOwnerOnly(t *testing.T) {
	dir := t.TempDir()
	s := openTest(t, dir, noKeyring{})
	for n := range 3 * lockFiles {
		release, err := s.Exclusive(t.Context(), "ticket of Cust"+strconv.Itoa(n))
		must(t, err)
		release()
		release() // once more does nothing
	}
	folder, err := os.Stat(filepath.Join(dir, lockFolder))
	must(t, err)
	files, err := os.ReadDir(filepath.Join(dir, lockFolder))
	must(t, err)
	if othersMayRead(folder) || len(files) > lockFiles || len(files) < lockFiles/2 {
		t.Errorf("%d files in a folder with the mode %s", len(files), folder.Mode())
	}
	for _, f := range files {
		info, err := f.Info()
		must(t, err)
		if othersMayRead(info) || info.Size() != 0 || strings.Contains(f.Name(), "Cust") {
			t.Errorf("%s has the mode %s and %d bytes", f.Name(), info.Mode(), info.Size())
		}
	}
}

func TestALockThatCannotBeMadeIsAProblemAndNotAWait(t *testing.T) {
	dir := t.TempDir()
	s := openTest(t, dir, noKeyring{})
	must(t, os.WriteFile(filepath.Join(dir, lockFolder), nil, 0o600)) // a file where the folder should be
	_, err := s.Exclusive(t.Context(), countName)
	if e := tenant.Explain(err); e.Cause != tenant.CauseFiles || errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("explained as %+v", e)
	}
}

func BenchmarkExclusive(b *testing.B) {
	s := openTest(b, b.TempDir(), newMemoryKeyring())
	for b.Loop() {
		release, err := s.Exclusive(b.Context(), countName)
		must(b, err)
		release()
	}
}
