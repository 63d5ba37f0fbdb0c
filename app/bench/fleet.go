package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
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

// control switches the sandbox, by the address of its control page.
type control struct{ address string }

// order is what the control page takes.
type order struct {
	Action string `json:"action"`
	Ctx    string `json:"ctx,omitempty"`
	Fault  string `json:"fault,omitempty"`
	On     *bool  `json:"on,omitempty"`
	Delay  string `json:"delay,omitempty"`
	Offset string `json:"offset,omitempty"`
}

// send carries out an order.
func (c control) send(ctx context.Context, o order) error {
	body, err := json.Marshal(o)
	if err != nil {
		return err
	}
	return c.ask(ctx, http.MethodPost, c.address, body, nil)
}

// fault switches a fault on or off, for one tenant or, with an empty ctx, for all.
func (c control) fault(ctx context.Context, name, ctxID string, on bool, delay time.Duration) error {
	o := order{Action: "fault", Fault: name, Ctx: ctxID, On: &on}
	if on && delay > 0 {
		o.Delay = delay.String()
	}
	return c.send(ctx, o)
}

// delayed makes every answer wait while do runs.
func (c control) delayed(ctx context.Context, delay time.Duration, do func() error) error {
	for _, name := range []string{"provider-slow", "services-slow"} {
		if err := c.fault(ctx, name, "", true, delay); err != nil {
			return err
		}
	}
	return errors.Join(do(), c.send(context.WithoutCancel(ctx), order{Action: "clear"}))
}

// counters are how often the sandbox was asked for what a visit takes.
type counters struct {
	Exchanges      int `json:"exchanges"`
	StatusCalls    int `json:"status_calls"`
	PrincipalCalls int `json:"principal_calls"`
}

// counted returns how often the sandbox was asked while do ran.
func (c control) counted(ctx context.Context, do func() error) (counters, error) {
	if err := c.send(ctx, order{Action: "reset"}); err != nil {
		return counters{}, err
	}
	if err := do(); err != nil {
		return counters{}, err
	}
	var answer struct{ Total counters }
	err := c.ask(ctx, http.MethodGet, c.address+"/counters", nil, &answer)
	return answer.Total, err
}

// ask makes a request on a connection of its own, so that none is left among those that are counted.
func (c control) ask(ctx context.Context, method, address string, body []byte, into any) error {
	r, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	transport := &http.Transport{DisableKeepAlives: true}
	answer, err := transport.RoundTrip(r)
	if err != nil {
		return fmt.Errorf("control the sandbox: %w", err)
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(answer.Body)
	switch {
	case err != nil:
		return fmt.Errorf("control the sandbox: %w", err)
	case answer.StatusCode != http.StatusOK:
		return fmt.Errorf("control the sandbox: %s: %s", answer.Status, said)
	case into != nil:
		return json.Unmarshal(said, into)
	}
	return nil
}
