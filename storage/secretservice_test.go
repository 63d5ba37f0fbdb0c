//go:build linux

package storage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

// The real secret store of a Linux desktop: GNOME's keyring daemon, on a session bus and in folders of its own.
const (
	keyringProgram  = "gnome-keyring-daemon"
	keyringPassword = "canary-login-password"
	loginCollection = "/org/freedesktop/secrets/collection/login"
)

func TestTheSecretServiceKeepsTheKey(t *testing.T) {
	for _, name := range []string{keyringProgram, "dbus-run-session", "dbus-send"} {
		if _, err := exec.LookPath(name); err != nil {
			t.Fatalf("%s is missing: this test needs the packages gnome-keyring and dbus (.ci/install test)", name)
		}
	}
	home, err := os.MkdirTemp("", "ring") // a short name, as sockets lie in it
	must(t, err)
	t.Cleanup(func() { must(t, os.RemoveAll(home)) })
	run := filepath.Join(home, "run")
	must(t, os.Mkdir(run, 0o700))
	cmd := exec.CommandContext(t.Context(), "dbus-run-session", "--", os.Args[0])
	for _, v := range os.Environ() {
		switch name, _, _ := strings.Cut(v, "="); name {
		case "DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "GNOME_KEYRING_CONTROL":
		default:
			cmd.Env = append(cmd.Env, v)
		}
	}
	cmd.Env = append(cmd.Env, "HOME="+home, "XDG_DATA_HOME="+filepath.Join(home, "share"), "XDG_RUNTIME_DIR="+run,
		"XDG_CONFIG_HOME="+filepath.Join(home, "config"), "XDG_CACHE_HOME="+filepath.Join(home, "cache"),
		roleVariable+"=secret service", dirVariable+"="+filepath.Join(home, "data"))
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	cmd.WaitDelay = 10 * time.Second
	if err := cmd.Run(); err != nil || !strings.Contains(said.String(), "\nall is well\n") {
		t.Errorf("in the session: %v\n%s", err, said.String())
	}
	if strings.Contains(said.String(), "canary-client-secret") {
		t.Error("a secret was told")
	}
}

// secretService is the story that a session of its own plays. An error ends it.
func secretService(ctx context.Context, dir string) error {
	stop, err := startKeyring(ctx)
	if err != nil {
		return err
	}
	if err := keptByTheKeyring(ctx, dir); err != nil {
		return err
	}
	if err := lockedKeyring(ctx, dir); err != nil {
		return err
	}
	stop() // a new login
	if stop, err = startKeyring(ctx); err != nil {
		return err
	}
	defer stop()
	if err := throughAllProtections(ctx, dir); err != nil {
		return err
	}
	if err := missingEntry(ctx, dir); err != nil {
		return err
	}
	_, err = fmt.Println("all is well")
	return err
}

// startKeyring unlocks the login keyring as a desktop's login does, and waits until the bus knows it.
func startKeyring(ctx context.Context) (stop func(), err error) {
	cmd := exec.CommandContext(ctx, keyringProgram, "--foreground", "--unlock", "--components=secrets")
	cmd.Stdin, cmd.Stderr, cmd.Stdout = strings.NewReader(keyringPassword), io.Discard, io.Discard
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	stop = func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}
	for range 500 {
		out, err := exec.CommandContext(ctx, "dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus", "/",
			"org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets").Output()
		if err == nil && bytes.Contains(out, []byte("boolean true")) {
			return stop, nil
		}
		if pause(ctx, 10*time.Millisecond) != nil {
			break
		}
	}
	stop()
	return nil, errors.New("the keyring never came to the bus")
}

// keptByTheKeyring makes a store, and has another process open it.
func keptByTheKeyring(ctx context.Context, dir string) error {
	s, err := Open(ctx, Options{Dir: dir})
	if err != nil {
		return err
	}
	if p := s.Protection(); p.Kind != tenant.ByKeyring {
		return fmt.Errorf("the new store is protected by %q", p.Kind)
	}
	if err := s.SaveRegistration(ctx, exampleRegistration("r")); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = append(os.Environ(), roleVariable+"=secret service guest")
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "read it") {
		return fmt.Errorf("the second process: %w: %s", err, out)
	}
	return nil
}

func secretServiceGuest(ctx context.Context, dir string) error {
	s, err := Open(ctx, Options{Dir: dir})
	if err != nil {
		return err
	}
	if err := canRead(ctx, s); err != nil {
		return err
	}
	_, err = fmt.Println("read it")
	return err
}

func canRead(ctx context.Context, s *Store) error {
	r, err := s.Registration(ctx, "r")
	if err == nil && r.ClientSecret.Reveal() != "canary-client-secret" {
		err = errors.New("the secret came out as another")
	}
	return err
}

// lockedKeyring has nobody who could type a password: the store must say so, soon, and not make a new key.
func lockedKeyring(ctx context.Context, dir string) error {
	lock := exec.CommandContext(ctx, "dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.secrets", "/org/freedesktop/secrets",
		"org.freedesktop.Secret.Service.Lock", "array:objpath:"+loginCollection)
	if out, err := lock.CombinedOutput(); err != nil {
		return fmt.Errorf("lock the keyring: %w: %s", err, out)
	}
	began := time.Now()
	_, err := Open(ctx, Options{Dir: dir})
	if e := tenant.Explain(err); e.Cause != tenant.CauseSecretStore || !e.Temporary || !strings.Contains(e.Next, "Unlock the secret store") {
		return fmt.Errorf("a locked keyring: %s: %w", e.Cause, err)
	}
	if took := time.Since(began); took > 2*keyringPatience {
		return fmt.Errorf("it took %s", took)
	}
	// A new store does not wait for anybody.
	s, err := Open(ctx, Options{Dir: dir + "-new"})
	if err != nil {
		return fmt.Errorf("a new store: %w", err)
	}
	if p := s.Protection(); p.Kind != tenant.ByKeyFile {
		return fmt.Errorf("with a locked keyring, a new store is protected by %q", p.Kind)
	}
	return nil
}

// throughAllProtections goes from the keyring to each of the others and back.
func throughAllProtections(ctx context.Context, dir string) error {
	s, err := Open(ctx, Options{Dir: dir})
	if err != nil {
		return fmt.Errorf("after the next login: %w", err)
	}
	cheaply(s)
	for _, kind := range []tenant.ProtectionKind{tenant.ByPassphrase, tenant.ByKeyFile, tenant.ByKeyring} {
		before := s.unlocked.Load().identity.record
		if err := s.ChangeProtection(ctx, kind, canaryPassphrase); err != nil {
			return fmt.Errorf("change to %s: %w", kind, err)
		}
		if before.Protection == byKeyring {
			_, err := systemKeyring{}.Get(keyringService, account(before.ID, before.place()))
			if !errors.Is(err, tenant.ErrNotFound) {
				return fmt.Errorf("the old entry: %w", err)
			}
		}
		again, err := Open(ctx, Options{Dir: dir, Passphrase: says(canaryPassphrase)})
		if err != nil {
			return fmt.Errorf("open by %s: %w", kind, err)
		}
		p, err := again.CurrentProtection(ctx)
		if err != nil || p.Kind != kind || p.OldKeys != 0 {
			return fmt.Errorf("changed to %s: %v, %w", kind, p, err)
		}
		if err := canRead(ctx, again); err != nil {
			return err
		}
	}
	return s.RotateDataKey(ctx)
}

func missingEntry(ctx context.Context, dir string) error {
	s, err := Open(ctx, Options{Dir: dir})
	if err != nil {
		return err
	}
	record := s.unlocked.Load().identity.record
	if err := (systemKeyring{}).Delete(keyringService, account(record.ID, record.place())); err != nil {
		return err
	}
	_, err = Open(ctx, Options{Dir: dir})
	if e := tenant.Explain(err); e.Cause != tenant.CauseDataKey || errors.Is(err, tenant.ErrNotFound) {
		return fmt.Errorf("a missing entry: %s: %w", e.Cause, err)
	}
	// The program that still has it open can put it right.
	if err := s.ChangeProtection(ctx, tenant.ByKeyring, secret.Text{}); err != nil {
		return err
	}
	again, err := Open(ctx, Options{Dir: dir})
	if err == nil && !reflect.DeepEqual(again.Protection(), s.Protection()) {
		err = errors.New("the protections differ")
	}
	return err
}
