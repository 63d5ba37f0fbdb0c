//go:build unix

package storage

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"partnerdesk/core/tenant"
)

// A disk without room and a folder that is not one's own are played by processes of their own: the limit on
// the size of files, and the user who may not write, hold for a whole process.

// nobody is a user id that owns nothing of the tests.
const nobody = 65534

func playMachine(ctx context.Context, role, dir string) error {
	switch role {
	case roleFull:
		return fillDisk(ctx, dir)
	case roleReadOnly:
		return workReadOnly(ctx, dir)
	}
	return errors.New("unknown role " + role)
}

// limitFiles lets no file grow beyond so many bytes; writing more fails as it does on a full disk.
func limitFiles(bytes uint64) error {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	limit.Cur = min(bytes, limit.Max)
	return syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit)
}

const noLimit = 1 << 40

// refusedForRoom checks that an error tells a person what is wrong, and not that the data is damaged.
func refusedForRoom(what string, err error) error {
	var p *tenant.Problem
	if !errors.As(err, &p) || p.Cause != tenant.CauseFiles || !strings.Contains(p.Next, "room") || errors.Is(err, ErrDamaged) {
		return fmt.Errorf("%s: %w", what, errors.Join(errors.New("unexplained"), err))
	}
	return nil
}

// fillDisk runs out of room in every way that the store can, and goes on when there is room again.
func fillDisk(ctx context.Context, dir string) error {
	o := Options{Dir: dir, Keyring: noKeyring{}}
	s, err := Open(ctx, o)
	if err != nil {
		return err
	}
	defer s.Close()
	saved := 0
	grow := func() error {
		customer, login := exampleTenant("Stage app", fmt.Sprint("Cust", 100+saved))
		customer.CompanyName = strings.Repeat("x", 10_000)
		_, err := s.SaveSignIn(ctx, customer, login)
		if err == nil {
			saved++
		}
		return err
	}
	if err := errors.Join(s.SaveRegistration(ctx, exampleRegistration("Stage app")), grow(), limitFiles(300_000)); err != nil {
		return err
	}
	for err = grow(); err == nil; {
		err = grow()
	}
	if err := refusedForRoom("write", err); err != nil {
		return err
	}
	if err := complete(ctx, s, o, saved); err != nil {
		return fmt.Errorf("after a write without room: %w", err)
	}
	if err := limitFiles(100_000); err != nil {
		return err
	}
	_, err = s.BackupNow(ctx)
	if err := refusedForRoom("back up", err); err != nil {
		return err
	}
	if left, err := os.ReadDir(filepath.Join(dir, backupFolder)); err != nil || len(left) != 0 {
		return fmt.Errorf("of the backup is left: %v, %w", left, err)
	}
	if err := errors.Join(limitFiles(noLimit), grow()); err != nil {
		return fmt.Errorf("with room again: %w", err)
	}
	backup, err := s.BackupNow(ctx)
	if err != nil {
		return err
	}
	if err := errors.Join(limitFiles(100_000), os.Truncate(s.Path(), 5000)); err != nil {
		return err
	}
	_, err = Recover(ctx, o, "")
	if err := refusedForRoom("recover", err); err != nil {
		return err
	}
	if info, err := os.Stat(s.Path()); err != nil || info.Size() != 5000 || exists(s.Path()+restoringSuffix) {
		return fmt.Errorf("a recovery without room left traces: %w", err)
	}
	if err := limitFiles(noLimit); err != nil {
		return err
	}
	if done, err := Recover(ctx, o, ""); err != nil || done.Backup.Name != backup.Name {
		return fmt.Errorf("recovered from %s: %w", done.Backup.Name, err)
	}
	return complete(ctx, nil, o, saved)
}

// complete looks through the store and counts its tenants, both for the one that is open and for a new start.
func complete(ctx context.Context, running *Store, o Options, want int) error {
	fresh, err := Open(ctx, o)
	if err != nil {
		return err
	}
	defer fresh.Close()
	for _, s := range []*Store{running, fresh} {
		if s == nil {
			continue
		}
		tenants, err := s.Tenants(ctx)
		if err != nil || len(tenants) != want {
			return fmt.Errorf("%d of %d tenants: %w", len(tenants), want, err)
		}
	}
	return nil
}

func TestAFullDiskCostsNothingButTheWriteThatDidNotFit(t *testing.T) {
	dir := t.TempDir()
	startRole(t, dir, roleFull).finish()
	checkConsistent(t, filepath.Join(dir, fileName))
}

// workReadOnly uses a store in a folder that this process may only read.
func workReadOnly(ctx context.Context, dir string) error {
	if os.Geteuid() == 0 { // to whom every folder is open
		if err := errors.Join(syscall.Setgid(nobody), syscall.Setuid(nobody)); err != nil {
			return err
		}
	}
	s, err := Open(ctx, Options{Dir: dir, Keyring: noKeyring{}})
	if err != nil {
		return fmt.Errorf("read: %w", err)
	}
	defer s.Close()
	if err := complete(ctx, s, Options{Dir: dir, Keyring: noKeyring{}}, 1); err != nil {
		return err
	}
	if err := refusedForRoom("write", s.SaveRegistration(ctx, exampleRegistration("r"))); err != nil {
		return err
	}
	_, err = s.BackupNow(ctx)
	if err := refusedForRoom("back up", err); err != nil {
		return err
	}
	_, err = Open(ctx, Options{Dir: filepath.Join(dir, "new"), Keyring: noKeyring{}})
	return refusedForRoom("create", err)
}

func TestAFolderThatMayOnlyBeReadIsReadAndNotWritten(t *testing.T) {
	dir := t.TempDir()
	fill(t, openTest(t, dir, noKeyring{}))
	must(t, os.RemoveAll(filepath.Join(dir, lockFolder)))
	before := directoryTree(t, dir)
	if os.Geteuid() == 0 {
		must(t, os.Chmod(filepath.Dir(dir), 0o755))
		for path := range before {
			must(t, os.Chown(path, nobody, nobody))
		}
		must(t, os.Chown(dir, nobody, nobody))
	}
	must(t, os.Chmod(filepath.Join(dir, fileName), 0o400))
	must(t, os.Chmod(dir, 0o500))
	child := startRole(t, dir, roleReadOnly)
	child.finish()
	must(t, os.Chmod(dir, 0o700))
	must(t, os.Chmod(filepath.Join(dir, fileName), 0o600))
	if after := directoryTree(t, dir); len(after) != len(before) || after[filepath.Join(dir, fileName)] != before[filepath.Join(dir, fileName)] {
		t.Errorf("something was written: %d files", len(after))
	}
}
