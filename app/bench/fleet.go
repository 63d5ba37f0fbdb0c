package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"partnerdesk/core/sandbox"
	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
	"partnerdesk/storage"
)

// bench is one run: its folder and the sandbox in it.
type bench struct {
	sizes
	dir     string
	server  *exec.Cmd
	ready   sandbox.Ready
	control control
	stderr  *os.File
}

// begin makes the folder, builds the console, and serves the sandbox by it.
func begin(ctx context.Context, s sizes, stderr *os.File) (*bench, error) {
	dir, err := os.MkdirTemp("", "partnerdesk-bench-*")
	if err != nil {
		return nil, fmt.Errorf("make the bench's folder: %w", err)
	}
	b := &bench{sizes: s, dir: dir, stderr: stderr}
	if err := b.serve(ctx); err != nil {
		b.end()
		return nil, err
	}
	return b, nil
}

// end stops the sandbox, waits for it, and removes the folder.
func (b *bench) end() {
	if b.server != nil && b.server.Process != nil {
		// Whoever interrupts the bench interrupts its whole group; then the signal finds nobody.
		_ = b.server.Process.Signal(os.Interrupt)
		_ = b.server.Wait()
	}
	if err := os.RemoveAll(b.dir); err != nil {
		fmt.Fprintln(b.stderr, "bench: remove the folder:", err)
	}
}

func (b *bench) readyFile() string { return filepath.Join(b.dir, "ready.json") }

// serve starts the sandbox and waits until it is up.
func (b *bench) serve(ctx context.Context) error {
	console := filepath.Join(b.dir, "console")
	build := exec.CommandContext(ctx, "go", "build", "-o", console, "partnerdesk/app/console")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if said, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("build the console: %w: %s", err, said)
	}
	data := filepath.Join(b.dir, "sandbox")
	if err := makeStore(ctx, data, tenant.Portable{}); err != nil {
		return err
	}
	b.server = exec.Command(console, "--data", data, "sandbox", "--tenants", strconv.Itoa(max(b.tenants, b.few)), "--seed", "1",
		"--ready-file", b.readyFile())
	b.server.Stderr = b.stderr
	if err := b.server.Start(); err != nil {
		return fmt.Errorf("start the sandbox: %w", err)
	}
	until := time.Now().Add(30 * time.Second)
	for {
		ready, err := readReady(b.readyFile())
		if err == nil {
			b.ready, b.control = ready, control{ready.ControlURL}
			return nil
		}
		if !errors.Is(err, os.ErrNotExist) || time.Now().After(until) {
			return fmt.Errorf("wait for the sandbox: %w", err)
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func readReady(name string) (sandbox.Ready, error) {
	var ready sandbox.Ready
	raw, err := os.ReadFile(name)
	if err == nil {
		err = json.Unmarshal(raw, &ready)
	}
	return ready, err
}

// noKeyring keeps the bench out of the secret store of whoever runs it: the key goes to a file then.
type noKeyring struct{}

var errNoKeyring = errors.New("the bench uses none")

func (noKeyring) Get(string, string) (string, error) { return "", errNoKeyring }
func (noKeyring) Set(string, string, string) error   { return errNoKeyring }
func (noKeyring) Delete(string, string) error        { return errNoKeyring }

func makeStore(ctx context.Context, dir string, content tenant.Portable) error {
	store, err := storage.Open(ctx, storage.Options{Dir: dir, Keyring: noKeyring{}})
	if err != nil {
		return fmt.Errorf("make a data directory: %w", err)
	}
	if len(content.Registrations) > 0 {
		_, err = store.Import(ctx, content, tenant.ImportOptions{})
	}
	if err = errors.Join(err, store.Close()); err != nil {
		return fmt.Errorf("fill a data directory: %w", err)
	}
	return nil
}

// fleet makes a data directory in which an administrator has signed in to the first n tenants.
func (b *bench) fleet(ctx context.Context, name string, n int) (string, error) {
	dir := filepath.Join(b.dir, name)
	content := tenant.Portable{Registrations: []tenant.Registration{{
		Name: tenant.SandboxName, Environment: tenant.Sandbox, Base: b.ready.BaseURL, ClientID: b.ready.ClientID,
		ClientSecret: secret.New(b.ready.ClientSecret), PrivateKey: secret.New(b.ready.PrivateKeyPEM), RedirectURI: tenant.DefaultRedirectURI,
	}}}
	now := time.Now()
	for _, t := range b.ready.Tenants[:n] {
		content.Tenants = append(content.Tenants, tenant.PortableTenant{Tenant: tenant.Tenant{
			Key:         tenant.Key{Registration: tenant.SandboxName, ContextID: t.Ctx},
			CompanyName: t.CompanyName, Serial: t.Serial, SystemUserToken: secret.New(t.SystemUserToken),
			Active: true, AddedAt: now, SignedInAt: now, SignedInAs: "admin@sandbox.example",
		}})
	}
	return dir, makeStore(ctx, dir, content)
}
