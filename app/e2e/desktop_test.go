//go:build e2e || packages

package e2e

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"partnerdesk/app/person"
	"partnerdesk/core/sandbox"
)

const (
	administrator = "admin@sandbox.example"
	leaveWithin   = 20 * time.Second
)

// desktop is the program with the window on a data directory of its own, and the console on the same one.
type desktop struct {
	t    *testing.T
	s    *screen
	o    *opener
	on   machine
	data string // as this computer sees it
	cmd  *exec.Cmd
	out  string // the file with what it has printed
	done chan error
}

// machine is where the programs under test are installed, and the home of who uses them.
type machine interface {
	// desktop and console are the commands that start the programs.
	desktop(s *screen, o *opener) *exec.Cmd
	console(s *screen, args ...string) *exec.Cmd
	// data is the user's data directory, as this computer sees it.
	data() string
	// lendsKeyboard is whether a program that raises its window gets the keyboard too, without a click into it.
	lendsKeyboard() bool
	// settle is called when the window has come: it must lie whole on the screen.
	settle(s *screen)
	// leave ends the desktop in the way of the machine, and expects that it ends cleanly.
	leave(d *desktop)
}

// launchOn starts the desktop on a machine. It is dark, which is read best, unless the test has set another theme.
func launchOn(t *testing.T, s *screen, o *opener, on machine) *desktop {
	t.Helper()
	d := &desktop{t: t, s: s, o: o, on: on, data: on.data(), cmd: on.desktop(s, o), done: make(chan error, 1)}
	// A file, as what the program starts may hold a pipe open for longer than the program lives.
	printed, err := os.CreateTemp(t.TempDir(), "printed")
	must(t, err)
	d.out = printed.Name()
	d.cmd.Stdout, d.cmd.Stderr = printed, printed
	must(t, d.cmd.Start())
	must(t, printed.Close())
	go func() { d.done <- d.cmd.Wait() }()
	t.Cleanup(func() { _ = d.cmd.Process.Kill() })
	s.eventually("the window", func() bool {
		id, err := s.try("xdotool", "search", "--onlyvisible", "--name", "^"+title+"$")
		return err == nil && id != ""
	})
	on.settle(s)
	return d
}

// theme is what the window shall look like: dark, unless the test has set another.
func theme() string { return "FYNE_THEME=" + cmp.Or(os.Getenv("FYNE_THEME"), "dark") }

// setBy is the path that a variable names, which a target of the Makefile sets.
func setBy(t *testing.T, target, variable string) string {
	t.Helper()
	path := os.Getenv(variable)
	if path == "" {
		t.Fatalf("%s must name what is tested; `%s` sets it", variable, target)
	}
	return path
}

// title is the window's.
const title = "Partnerdesk"

// quit ends the program and expects it to leave cleanly and soon. A race that the detector has seen makes
// the exit status 66.
func (d *desktop) quit(signal os.Signal) {
	d.t.Helper()
	must(d.t, d.cmd.Process.Signal(signal))
	d.left()
}

// left expects that the program leaves.
func (d *desktop) left() {
	d.t.Helper()
	select {
	case err := <-d.done:
		if err != nil {
			d.t.Fatalf("the desktop ended with %v:\n%s", err, d.printed())
		}
	case <-time.After(leaveWithin):
		d.t.Fatal("the desktop does not leave")
	}
}

// printed is what the program has printed so far.
func (d *desktop) printed() []byte {
	d.t.Helper()
	text, err := os.ReadFile(d.out)
	must(d.t, err)
	return text
}

// close closes the window as a person does, and expects that the program leaves.
func (d *desktop) close() {
	d.t.Helper()
	d.s.key("alt+F4")
	d.left()
}

// sandbox finds the one that the desktop serves.
func (d *desktop) sandbox() sandbox.Ready {
	d.t.Helper()
	var ready sandbox.Ready
	d.s.eventually("the sandbox", func() bool {
		var err error
		ready, err = sandbox.Find(d.t.Context(), filepath.Join(d.data, "sandbox"))
		return err == nil
	})
	return ready
}

// counted is what the sandbox was asked, about all tenants and about none.
type counted struct {
	sandbox.Counters
	MetadataReads int `json:"metadata_reads"`
}

// counters are what the sandbox says that it was asked.
func counters(t *testing.T, ready sandbox.Ready) counted {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), pageTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, ready.BaseURL+"/control/counters", nil)
	must(t, err)
	res, err := http.DefaultClient.Do(req)
	must(t, err)
	defer func() { _ = res.Body.Close() }()
	var answer struct{ Total counted }
	must(t, json.NewDecoder(io.LimitReader(res.Body, 1<<20)).Decode(&answer))
	return answer.Total
}

// tenantRow is a tenant as the console lists it.
type tenantRow struct {
	Registration, Ctx, Verdict string
	CompanyName                string `json:"company_name"`
	Trouble                    *struct{ Cause string }
}

// tenants are the stored ones, as the console sees them.
func (d *desktop) tenants() []tenantRow {
	d.t.Helper()
	var rows []tenantRow
	must(d.t, json.Unmarshal([]byte(d.console("tenants")), &rows))
	return rows
}

// console runs the console on the desktop's data and returns what it printed, as JSON.
func (d *desktop) console(args ...string) string {
	d.t.Helper()
	return d.s.finish(d.on.console(d.s, append([]string{"--json"}, args...)...))
}

// awaitVerdict waits until the store has a verdict, with a cause where it has one.
func (d *desktop) awaitVerdict(ctx, verdict, cause string) {
	d.t.Helper()
	d.s.eventually("the verdict "+verdict, func() bool {
		return slices.ContainsFunc(d.tenants(), func(r tenantRow) bool {
			return r.Ctx == ctx && r.Verdict == verdict && (cause == "" && r.Trouble == nil || r.Trouble != nil && r.Trouble.Cause == cause)
		})
	})
}

// signIn signs in to a tenant with the keyboard, and with somebody at the browser who approves. It returns when
// the poller has logged on to it.
func (d *desktop) signIn(ready sandbox.Ready) sandbox.ReadyTenant {
	d.t.Helper()
	d.awaitReady()
	d.s.key("ctrl+i")
	tenant := administered(d.t, ready)
	d.approve(tenant.Ctx)
	d.awaitVerdict(tenant.Ctx, "well", "")
	return tenant
}

// awaitReady waits until the window takes keys, and the sign-in is the one thing to do: its button is then blue.
func (d *desktop) awaitReady() {
	d.t.Helper()
	d.s.eventually("the window ready to sign in", func() bool { return d.s.front() == title && d.s.highlighted(inBar) })
}

// approve does in the browser what an administrator does.
func (d *desktop) approve(ctx string) {
	d.t.Helper()
	_, err := person.Person{User: administrator, ContextID: ctx, Decision: "approve"}.SignIn(d.t.Context(), d.o.opened())
	must(d.t, err)
}

// order has the sandbox's control page change something.
func order(t *testing.T, ready sandbox.Ready, what map[string]any) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), pageTimeout)
	defer cancel()
	body, err := json.Marshal(what)
	must(t, err)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, ready.ControlURL, bytes.NewReader(body))
	must(t, err)
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	must(t, err)
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		t.Fatalf("the sandbox answers the order %v with %s", what["action"], res.Status)
	}
}

// administered returns a tenant that the administrator may approve for.
func administered(t *testing.T, ready sandbox.Ready) sandbox.ReadyTenant {
	t.Helper()
	for _, user := range ready.Users {
		if user.Login != administrator {
			continue
		}
		for _, tenant := range ready.Tenants {
			if len(user.Tenants) > 1 && tenant.Ctx == user.Tenants[0] {
				return tenant
			}
		}
	}
	t.Fatal("the sandbox has no administrator of several tenants")
	return sandbox.ReadyTenant{}
}

// ticketOrJWT is what a ticket and a signed token look like. Their first three letters alone stand by chance in one of
// some hundred data files: what is sealed there is as good as random.
var ticketOrJWT = regexp.MustCompile(`7T:[A-Za-z0-9+/]{16}|eyJ[A-Za-z0-9_-]{8,}\.eyJ`)

// assertNoSecrets looks for every secret of the run in everything that the desktop has written. The
// sandbox's own folder is the service's, not the client's.
func assertNoSecrets(t *testing.T, d *desktop, ready sandbox.Ready) {
	t.Helper()
	secrets := []string{ready.ClientSecret, strings.Split(ready.PrivateKeyPEM, "\n")[3], "8A:Cust"}
	for _, tenant := range ready.Tenants {
		secrets = append(secrets, tenant.SystemUserToken)
	}
	look := func(where string, content []byte) {
		for i, secret := range secrets {
			if bytes.Contains(content, []byte(secret)) {
				t.Errorf("%s holds secret number %d", where, i)
			}
		}
		if what := ticketOrJWT.Find(content); what != nil {
			t.Errorf("%s holds what begins with %q", where, what[:6])
		}
	}
	look("what the desktop printed", d.printed())
	must(t, filepath.WalkDir(d.data, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if entry.Name() == "sandbox" {
				return fs.SkipDir
			}
			return nil
		}
		content, err := os.ReadFile(path)
		look(entry.Name(), content)
		return err
	}))
}
