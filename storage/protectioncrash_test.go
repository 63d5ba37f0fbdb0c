package storage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"partnerdesk/core/tenant"
)

// folderKeyring is a secret store that two processes share: a folder, a file for each entry.
type folderKeyring string

func (k folderKeyring) entry(account string) string { return filepath.Join(string(k), account) }

func (k folderKeyring) Get(_, account string) (string, error) {
	b, err := os.ReadFile(k.entry(account))
	if errors.Is(err, fs.ErrNotExist) {
		err = tenant.ErrNotFound
	}
	return string(b), err
}

func (k folderKeyring) Set(_, account, secret string) error {
	return os.WriteFile(k.entry(account), []byte(secret), 0o600)
}

func (k folderKeyring) Delete(_, account string) error {
	err := os.Remove(k.entry(account))
	if errors.Is(err, fs.ErrNotExist) {
		err = tenant.ErrNotFound
	}
	return err
}

// shared are the options with which the processes of these tests open a store.
func shared(dir string) Options {
	return Options{Dir: dir, Keyring: folderKeyring(dir + "-ring"), Passphrase: says(canaryPassphrase)}
}

// changeUntil is the other process: it changes the protection, and dies at a step. The role is the name of the
// change and the step.
func changeUntil(ctx context.Context, dir, role string) error {
	s, err := Open(ctx, shared(dir))
	if err != nil {
		return err
	}
	cheaply(s)
	change, step, _ := strings.Cut(role, " at ")
	s.atStep = func(reached string) {
		if reached != step {
			return
		}
		me, err := os.FindProcess(os.Getpid())
		if err == nil {
			err = me.Kill()
		}
		fmt.Println("killed", err)
		time.Sleep(time.Minute) // the system ends it long before
	}
	return changeAs(ctx, s, change)
}

func changeAs(ctx context.Context, s *Store, change string) error {
	if change == "rotation" {
		return s.RotateDataKey(ctx)
	}
	return s.ChangeProtection(ctx, tenant.ProtectionKind(change), canaryPassphrase)
}

// A program that is killed at any step of a change leaves a store that opens with the protection that its record
// says, with all its content, and the next start leaves exactly the one key that is needed.
func TestAChangeThatIsKilledAtAnyStepLosesNothing(t *testing.T) {
	all := []string{stepNoted, stepKept, stepSealed, stepSwitched, stepWiped}
	for _, c := range []struct {
		from, change string
		steps        []string
	}{
		{"keyring", "key-file", all},
		{"keyring", "keyring", all},
		{"keyring", "passphrase", []string{stepSealed, stepSwitched, stepWiped}}, // nothing lies anywhere
		{"keyring", "rotation", all},
		{"passphrase", "keyring", []string{stepNoted, stepKept, stepSealed, stepSwitched}}, // nothing is to be wiped
		{"passphrase", "rotation", []string{stepSealed, stepSwitched}},
		{"key-file", "keyring", all},
		{"key-file", "passphrase", []string{stepSealed, stepSwitched, stepWiped}},
		{"key-file", "rotation", all},
	} {
		for _, step := range c.steps {
			t.Run(c.from+" to "+c.change+" until "+step, func(t *testing.T) {
				dieWhileChanging(t, c.from, c.change, step)
			})
		}
	}
}

func dieWhileChanging(t *testing.T, from, change, step string) {
	t.Helper()
	ctx, dir := t.Context(), filepath.Join(t.TempDir(), "data")
	must(t, os.Mkdir(dir+"-ring", 0o700))
	s := cheaply(openWith(t, shared(dir)))
	fill(t, s)
	if from != "keyring" {
		must(t, s.ChangeProtection(ctx, tenant.ProtectionKind(from), canaryPassphrase))
	}
	want, err := content(ctx, s)
	must(t, err)
	before := s.Protection()

	child := startRole(t, dir, "change "+change+" at "+step)
	for child.lines.Scan() {
		if line := child.lines.Text(); !strings.HasPrefix(line, "killed <nil>") {
			t.Errorf("the other process says %q", line)
		}
	}
	if err := child.cmd.Wait(); err == nil {
		t.Fatalf("the change never came to %q", step)
	}

	switched := step == stepSwitched || step == stepWiped
	if !switched || change != "passphrase" {
		wantContent(t, s, want) // the program that was there all along goes on
	}
	next := cheaply(openWith(t, shared(dir)))
	wantContent(t, next, want)
	p, err := next.CurrentProtection(ctx)
	must(t, err)
	wantKind, wantGeneration := tenant.ProtectionKind(from), before.Generation
	if switched && change == "rotation" {
		wantGeneration++
	} else if switched {
		wantKind = tenant.ProtectionKind(change)
	}
	if p.Kind != wantKind || p.Generation != wantGeneration || p.OldKeys != 0 {
		t.Errorf("killed when it was %s: %v", step, p)
	}
	wantPlaces(t, dir, wantKind)
	must(t, changeAs(ctx, next, change)) // the way on
	wantContent(t, next, want)
}

// wantPlaces checks that there is a key where it must be, and none anywhere else.
func wantPlaces(t *testing.T, dir string, kind tenant.ProtectionKind) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.key*"))
	must(t, err)
	ring, err := os.ReadDir(dir + "-ring")
	must(t, err)
	want := map[tenant.ProtectionKind][2]int{tenant.ByKeyring: {1, 0}, tenant.ByKeyFile: {0, 1}}[kind]
	if got := [2]int{len(ring), len(files)}; got != want {
		t.Errorf("by %s: %d keys in the keyring, %d in files", kind, got[0], got[1])
	}
}
