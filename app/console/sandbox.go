package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"partnerdesk/app"
	"partnerdesk/core/journal"
	"partnerdesk/core/sandbox"
	"partnerdesk/core/tenant"
)

type sandboxCommand struct {
	Listen    string `default:"127.0.0.1:0" placeholder:"ADDR" help:"A loopback address; port 0 for last time's port, or any (default ${default})."`
	Tenants   int    `placeholder:"N" help:"How many tenants to make at the first start (default 5)."`
	Seed      uint64 `placeholder:"N" help:"Makes the first start repeatable: the same seed makes the same tenants."`
	ReadyFile string `placeholder:"F" help:"Write all that a client needs to F, as JSON and readable by you only, once the sandbox is up."`
}

// maxSandboxTenants is more than anybody's fleet.
const maxSandboxTenants = 10_000

// Validate refuses an address that others could reach, and numbers out of range.
func (c *sandboxCommand) Validate() error {
	host, port, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return fmt.Errorf("--listen: %q is no address and port", c.Listen)
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return fmt.Errorf("--listen: %q is no port", port)
	}
	if !tenant.IsLoopback(host) {
		return fmt.Errorf("--listen: %q is no loopback address, and the sandbox asks for no passwords", host)
	}
	if c.Tenants < 0 || c.Tenants > maxSandboxTenants {
		return fmt.Errorf("--tenants: %d does not lie between 1 and %d", c.Tenants, maxSandboxTenants)
	}
	return nil
}

// Run serves the sandbox of the data directory until ctx ends, and lets the data directory's registration
// point at it.
func (c *sandboxCommand) Run(ctx context.Context, s *session) error {
	return s.with(ctx, func(a *app.App) error {
		if err := c.clearReadyFile(); err != nil {
			return err
		}
		served, err := c.start(ctx, a)
		if err != nil {
			return err
		}
		if err := c.serve(ctx, s, a, served); err != nil {
			return errors.Join(err, served.Close())
		}
		return served.Close()
	})
}

func (c *sandboxCommand) start(ctx context.Context, a *app.App) (*sandbox.Sandbox, error) {
	dir := app.SandboxDir(a.Data)
	served, err := sandbox.Start(ctx, sandbox.Options{
		Dir: dir, Listen: c.Listen, Tenants: c.Tenants, Seed: c.Seed, Log: a.Log.With(journal.Component("sandbox")),
	})
	switch {
	case err == nil:
		a.Log.InfoContext(ctx, "Serving the sandbox", journal.Component("sandbox"), slog.String("base_url", served.Ready().BaseURL))
		return served, nil
	case errors.Is(err, sandbox.ErrServedElsewhere):
		return nil, servedElsewhere(ctx, dir, err)
	}
	next := "Look into the folder " + dir + ". If it is damaged, move it away: the next start makes a new one, with other keys."
	if network := new(net.OpError); errors.As(err, &network) {
		next = "Choose another port with --listen, or leave it out."
	}
	return nil, &tenant.Problem{Op: "serve the sandbox", Err: err, Explanation: tenant.CauseSandbox.Explain(
		"The sandbox could not be started.", tenant.Sentence(err), next)}
}

func servedElsewhere(ctx context.Context, dir string, err error) error {
	where := ""
	if ready, findErr := sandbox.Find(ctx, dir); findErr == nil {
		where = " at " + ready.BaseURL
	}
	return &tenant.Problem{Op: "serve the sandbox", Err: err, Explanation: tenant.CauseElsewhere.Explain(
		"The sandbox of this data directory is running already"+where+".", "Another process serves it.",
		"Use that one, or end the other process first.")}
}

// serve tells everybody who must know where the sandbox is, and waits.
func (c *sandboxCommand) serve(ctx context.Context, s *session, a *app.App, served *sandbox.Sandbox) error {
	// The host finds this very sandbox and points the registration at it. It is closed at once: its watch
	// would take over when the serving ends, which is what the person asked for.
	if err := errors.Join(a.Sandbox.Ensure(ctx), a.Sandbox.Close()); err != nil {
		return err
	}
	ready := served.Ready()
	if c.ReadyFile != "" {
		if err := writeReadyFile(c.ReadyFile, ready); err != nil {
			return readyFileProblem("write", c.ReadyFile, err)
		}
	}
	where := whereabouts(ready)
	if c.Tenants != 0 && c.Tenants != where.Tenants {
		s.out.note("This data directory's sandbox was made earlier, with %s; --tenants changes nothing.\n",
			tenant.Plural(where.Tenants, "tenant"))
	}
	if err := s.out.value(where, where.write); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

// sandboxPlace says where a sandbox is. It holds none of the secrets that the ready file has.
type sandboxPlace struct {
	BaseURL    string              `json:"base_url"`
	Hosts      []string            `json:"hosts"`
	TenantsURL string              `json:"tenants_url"`
	ControlURL string              `json:"control_url"`
	Tenants    int                 `json:"tenants"`
	Users      []sandbox.ReadyUser `json:"users"`
}

func whereabouts(r sandbox.Ready) sandboxPlace {
	return sandboxPlace{
		BaseURL: r.BaseURL, Hosts: r.Hosts, TenantsURL: r.BaseURL + "/tenants", ControlURL: r.ControlURL, Tenants: len(r.Tenants), Users: r.Users,
	}
}

func (p sandboxPlace) write(w io.Writer) {
	fmt.Fprintf(w, "The sandbox is up:\t%s\n", p.BaseURL)
	fmt.Fprintf(w, "Numbered hosts:\t%s\n", strings.Join(p.Hosts, ", "))
	fmt.Fprintf(w, "Tenants and companies:\t%s\n", p.TenantsURL)
	fmt.Fprintf(w, "Make it misbehave:\t%s\n", p.ControlURL)
	const shown = 5
	for _, u := range p.Users[:min(shown, len(p.Users))] {
		role := "no administrator"
		if u.IsAdministrator {
			role = "administrator of " + tenant.Plural(len(u.Tenants), "tenant")
		}
		fmt.Fprintf(w, "Sign in as:\t%s (%s)\n", u.Login, role)
	}
	if more := len(p.Users) - shown; more > 0 {
		fmt.Fprintf(w, "\tand %d more\n", more)
	}
	fmt.Fprintln(w, "Ctrl+C ends it.")
}

// clearReadyFile removes what an earlier start left: whoever waits for the file must not find that one.
func (c *sandboxCommand) clearReadyFile() error {
	if c.ReadyFile == "" {
		return nil
	}
	info, err := os.Lstat(c.ReadyFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err == nil && info.IsDir():
		err = errors.New("it is a folder")
	case err == nil:
		err = os.Remove(c.ReadyFile)
	}
	if err != nil {
		return readyFileProblem("replace", c.ReadyFile, err)
	}
	return nil
}

// writeReadyFile writes the file whole or not at all, for the owner only.
func writeReadyFile(name string, ready sandbox.Ready) error {
	b, err := json.MarshalIndent(ready, "", "  ")
	if err != nil {
		return fmt.Errorf("encode: %w", err)
	}
	// CreateTemp makes the file with mode 0600.
	f, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*")
	if err != nil {
		return err
	}
	_, err = f.Write(append(b, '\n'))
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		_ = os.Remove(f.Name()) // the first error says more
	}
	return err
}

func readyFileProblem(verb, name string, err error) error {
	return &tenant.Problem{Op: verb + " the ready file", Err: err, Explanation: tenant.CauseFiles.Explain(
		fmt.Sprintf("The ready file %s could not be written.", name), tenant.Sentence(err),
		"Name a file in a folder that you may write to.")}
}
