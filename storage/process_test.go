package storage

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"partnerdesk/core/tenant"
)

// A test that needs a second process starts its own binary again, which then plays a role instead of
// running tests. The processes share a key file, as they cannot share a keyring in memory.
const (
	roleVariable = "STORAGE_TEST_ROLE"
	dirVariable  = "STORAGE_TEST_DIR"
	roleHost     = "one host"
	roleFull     = "full disk"
	roleReadOnly = "read-only directory"
	updatesEach  = 200
	// roleTime ends a role whose test is gone: longer than the longest test.
	roleTime = 10 * time.Minute
)

func playRole(role string) int {
	ctx, cancel := context.WithTimeout(context.Background(), roleTime)
	defer cancel()
	if err := play(ctx, role, os.Getenv(dirVariable)); err != nil {
		fmt.Println("failed:", err)
		return 1
	}
	return 0
}

func play(ctx context.Context, role, dir string) error {
	_, _ = fmt.Println("started")
	if role == "create" {
		if _, err := bufio.NewReader(os.Stdin).ReadString('\n'); err != nil {
			return err
		}
	}
	for prefix, play := range map[string]func(ctx context.Context, dir, how string) error{
		"change ": changeUntil, roleWrite: writeUntilKilled, roleContend: contend, rolePoll: pollOften,
	} {
		if how, ok := strings.CutPrefix(role, prefix); ok {
			return play(ctx, dir, how)
		}
	}
	switch role {
	case "secret service":
		return secretService(ctx, dir)
	case "secret service guest":
		return secretServiceGuest(ctx, dir)
	case roleFull, roleReadOnly:
		return playMachine(ctx, role, dir)
	}
	s, err := Open(ctx, Options{Dir: dir, Keyring: noKeyring{}})
	if err != nil {
		return err
	}
	switch role {
	case "create":
		return s.SaveRegistration(ctx, exampleRegistration(fmt.Sprint("by ", os.Getpid())))
	case "update":
		return updateOften(ctx, s)
	case "exclusive":
		return countAlone(ctx, s)
	case "back up":
		var failed error
		s.KeepBackups(func(_ Backup, err error) { failed = err })
		if err := s.Close(); err != nil {
			return err
		}
		return failed
	case "hold":
		return holdExclusive(ctx, s)
	case "lease":
		owner := tenant.Owner{Program: "console", Host: roleHost, PID: os.Getpid(), Started: time.Now()}
		if _, taken, err := s.TakeLease(ctx, owner, time.Hour); err != nil || !taken {
			return fmt.Errorf("take lease: %v, %w", taken, err)
		}
		fmt.Println("taken")
		_, err := io.Copy(io.Discard, os.Stdin) // until the test ends it
		return err
	}
	return errors.New("unknown role " + role)
}

// updateOften adds one to the poll interval again and again: a lost update shows in the sum.
func updateOften(ctx context.Context, s *Store) error {
	for range updatesEach {
		err := s.UpdateSettings(ctx, func(s *tenant.Settings) error { s.PollInterval++; return nil })
		if err != nil {
			return err
		}
	}
	return nil
}

type roleProcess struct {
	t     *testing.T
	cmd   *exec.Cmd
	in    io.WriteCloser
	lines *bufio.Scanner
	// stderr is whole once the process has ended.
	stderr *bytes.Buffer
}

func startRole(t *testing.T, dir, role string) *roleProcess {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), roleVariable+"="+role, dirVariable+"="+dir)
	in, err := cmd.StdinPipe()
	must(t, err)
	out, err := cmd.StdoutPipe()
	must(t, err)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	must(t, cmd.Start())
	t.Cleanup(func() {
		_ = in.Close()
		_ = cmd.Wait()
	})
	p := &roleProcess{t, cmd, in, bufio.NewScanner(out), &stderr}
	p.expect("started")
	return p
}

func (p *roleProcess) expect(line string) {
	p.t.Helper()
	if !p.lines.Scan() || p.lines.Text() != line {
		p.t.Fatalf("the other process says %q", p.lines.Text())
	}
}

func (p *roleProcess) finish() {
	p.t.Helper()
	for p.lines.Scan() {
		p.t.Errorf("the other process says %q", p.lines.Text())
	}
	if err := p.cmd.Wait(); err != nil {
		p.t.Errorf("the other process: %v", err)
	}
}

func TestTwoProcessesLoseNoUpdate(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	s, second := openTest(t, dir, noKeyring{}), openTest(t, dir, noKeyring{})
	child := startRole(t, dir, "update")
	var work sync.WaitGroup
	errs := make([]error, 2)
	for n, store := range []*Store{s, second} {
		work.Go(func() { errs[n] = updateOften(ctx, store) })
	}
	for range updatesEach { // reads get their turn too
		if _, err := s.Snapshot(ctx); err != nil {
			t.Error(err)
		}
	}
	work.Wait()
	child.finish()
	must(t, errors.Join(errs...))
	settings, err := s.Settings(ctx)
	must(t, err)
	if got := settings.PollInterval - tenant.DefaultPollInterval; got != 3*updatesEach {
		t.Errorf("%d of %d updates arrived", got, 3*updatesEach)
	}
}

func TestManyProcessesCreateOneStore(t *testing.T) {
	dir := t.TempDir()
	children := make([]*roleProcess, 6)
	for n := range children {
		children[n] = startRole(t, dir, "create")
	}
	for _, c := range children { // all of them stand at the line
		_, err := io.WriteString(c.in, "go\n")
		must(t, err)
	}
	for _, c := range children {
		c.finish()
	}
	registrations, err := openTest(t, dir, noKeyring{}).Registrations(t.Context())
	must(t, err)
	if len(registrations) != len(children) {
		t.Errorf("%d of %d registrations are there", len(registrations), len(children))
	}
	for _, r := range registrations {
		if r.ClientSecret.Reveal() != "canary-client-secret" {
			t.Error("a secret was sealed with another key")
		}
	}
	wantFiles(t, dir, fileName, keyFileName)
}

func wantFiles(t *testing.T, dir string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	must(t, err)
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if strings.Join(got, " ") != strings.Join(names, " ") {
		t.Errorf("the directory holds %v", got)
	}
}

func TestManyGoroutinesCreateOneStoreWithAKeyring(t *testing.T) {
	dir, ring := t.TempDir(), newMemoryKeyring()
	var work sync.WaitGroup
	errs := make([]error, 8)
	for n := range errs {
		work.Go(func() {
			s, err := Open(t.Context(), Options{Dir: dir, Keyring: ring})
			if err == nil {
				err = s.SaveRegistration(t.Context(), exampleRegistration(fmt.Sprint("r", n)))
			}
			errs[n] = err
		})
	}
	work.Wait()
	must(t, errors.Join(errs...))
	registrations, err := openTest(t, dir, ring).Registrations(t.Context())
	must(t, err)
	if len(registrations) != len(errs) || len(ring.entries) != 1 {
		t.Errorf("%d registrations, %d keys", len(registrations), len(ring.entries))
	}
	wantFiles(t, dir, fileName)
}

// holdLock keeps the file as another program would, until the test or the returned func ends it.
func holdLock(t *testing.T, path string) func() {
	t.Helper()
	db, err := bolt.Open(path, 0o600, &bolt.Options{Timeout: time.Second})
	must(t, err)
	release := sync.OnceFunc(func() { _ = db.Close() })
	t.Cleanup(release)
	return release
}

func TestTheWaitForTheLockIsBounded(t *testing.T) {
	s := openTest(t, t.TempDir(), newMemoryKeyring())
	holdLock(t, s.Path())
	check := func(name string, ctx context.Context, want error) {
		began := time.Now()
		_, readErr := s.Tenants(ctx)
		writeErr := s.SaveRegistration(ctx, exampleRegistration("r"))
		for _, err := range []error{readErr, writeErr} {
			if e := wantProblem(t, err); !e.Temporary || !strings.Contains(e.Why, "locked") {
				t.Errorf("%s: %v", name, e)
			}
			if want != nil && !errors.Is(err, want) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("%s took %s", name, took)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	<-ctx.Done()
	if _, err := s.Tenants(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("an expired context: %v", err)
	}
	short, cancelShort := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancelShort()
	if _, err := s.Tenants(short); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a short context: %v", err)
	} else {
		wantProblem(t, err)
	}
	if s.file.patience != 10*time.Second {
		t.Errorf("the patience is %s", s.file.patience)
	}
	s.file.patience = 50 * time.Millisecond
	check("patience", t.Context(), nil)
}

func TestACancelledWaitIsNoProblem(t *testing.T) {
	s := openTest(t, t.TempDir(), newMemoryKeyring())
	holdLock(t, s.Path())
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { _, err := s.Tenants(ctx); done <- err }()
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) || tenant.Explain(err).What != "Cancelled." {
		t.Errorf("cancelled: %v", err)
	}
}

func TestTheWaitEndsWhenTheLockIsFree(t *testing.T) {
	s := openTest(t, t.TempDir(), newMemoryKeyring())
	release := holdLock(t, s.Path())
	done := make(chan error)
	go func() { done <- s.SaveRegistration(t.Context(), exampleRegistration("r")) }()
	release()
	must(t, <-done)
}

func TestABusyStoreStepsBack(t *testing.T) {
	var turn turn
	now := newClock()
	var worked, pauses int
	for range 1000 { // back to back, a millisecond each
		if d := turn.due(now.Now()); d > 0 {
			pauses++
			now.advance(d)
		}
		now.advance(time.Millisecond)
		turn.done(now.Now())
		worked++
	}
	if pauses < 8 || pauses > 10 {
		t.Errorf("%d pauses in %d ms of work", pauses, worked)
	}
	now.advance(time.Second)
	if d := turn.due(now.Now()); d != 0 {
		t.Errorf("a rested store waits %s", d)
	}
}
