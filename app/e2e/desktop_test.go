//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"partnerdesk/core/sandbox"
)

const (
	administrator = "admin@sandbox.example"
	leaveWithin   = 20 * time.Second
)

// desktop is the built program on a data directory of its own.
type desktop struct {
	t    *testing.T
	data string
	cmd  *exec.Cmd
	out  bytes.Buffer // read it only after the program has ended
	done chan error
}

// binary is the built desktop.
func binary(t *testing.T) string {
	t.Helper()
	path := os.Getenv("PARTNERDESK_E2E_BINARY")
	if path == "" {
		t.Fatal("PARTNERDESK_E2E_BINARY must name the built desktop; `make e2e` sets it")
	}
	return path
}

// launch starts the desktop for a user whose home folder is home and who has set nothing.
func launch(t *testing.T, s *screen, b *browser, home string) *desktop {
	t.Helper()
	d := &desktop{t: t, data: filepath.Join(home, ".local", "share", "partnerdesk"), cmd: exec.Command(binary(t)), done: make(chan error, 1)}
	d.cmd.Env = s.env("HOME="+home, "XDG_DATA_HOME=", "PARTNERDESK_DATA=", "PATH="+b.path())
	d.cmd.Stdout, d.cmd.Stderr = &d.out, &d.out
	must(t, d.cmd.Start())
	go func() { d.done <- d.cmd.Wait() }()
	t.Cleanup(func() { _ = d.cmd.Process.Kill() })
	s.eventually("the window", func() bool {
		id, err := s.try("xdotool", "search", "--onlyvisible", "--name", "^Partnerdesk$")
		return err == nil && id != ""
	})
	return d
}

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
			d.t.Fatalf("the desktop ended with %v:\n%s", err, d.out.String())
		}
	case <-time.After(leaveWithin):
		d.t.Fatal("the desktop does not leave")
	}
}

// sandbox finds the one that the desktop serves.
func (d *desktop) sandbox(s *screen) sandbox.Ready {
	d.t.Helper()
	var ready sandbox.Ready
	s.eventually("the sandbox", func() bool {
		var err error
		ready, err = sandbox.Find(d.t.Context(), filepath.Join(d.data, "sandbox"))
		return err == nil
	})
	return ready
}

// counters are what the sandbox says that it was asked.
func counters(t *testing.T, ready sandbox.Ready) sandbox.Counters {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), pageTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, ready.BaseURL+"/control/counters", nil)
	must(t, err)
	res, err := http.DefaultClient.Do(req)
	must(t, err)
	defer func() { _ = res.Body.Close() }()
	var answer struct{ Total sandbox.Counters }
	must(t, json.NewDecoder(io.LimitReader(res.Body, 1<<20)).Decode(&answer))
	return answer.Total
}

func TestFromAnEmptyDataDirectoryToTwoCompanies(t *testing.T) {
	s := newScreen(t)
	b := newBrowser(t, s)
	home := t.TempDir()
	d := launch(t, s, b, home)
	ready := d.sandbox(s)
	s.awaitText("Welcome to Partnerdesk")
	s.shoot("1-first-start")

	// Sign in: one click in the window, three in the browser.
	s.clickText("Sign in with SuperID")
	address := b.opened()
	s.awaitText("Waiting for your approval")
	s.shoot("2-waiting")
	tenant := administered(t, ready)
	in(b, chromedp.Navigate(address))
	b.press("user-" + administrator)
	b.press("tenant-" + tenant.Ctx)
	b.press("approve")
	in(b, chromedp.WaitVisible(chromedp.CSS(".mark"))) // stands on the page of the loopback listener only
	if page := in(b, chromedp.Text(chromedp.CSS("body"))); !strings.Contains(page, tenant.CompanyName) || !strings.Contains(page, "close this") {
		t.Errorf("after the approval the browser says %q", page)
	}
	b.shoot("page-signed-in")

	// The tenant is there, and the poller logs on to it.
	s.awaitText(tenant.Ctx)
	s.eventually("the poller's log-on", func() bool { return counters(t, ready).PrincipalCalls > 0 })
	s.awaitText("Logged on to context " + tenant.Ctx)
	s.shoot("3-logged-on")

	// Both companies, each by one click.
	s.clickText("Create company as login user")
	s.eventually("the login user's company", func() bool { return counters(t, ready).ContactPosts == 1 })
	s.clickText("Create company as system user")
	s.eventually("the system user's company", func() bool { return counters(t, ready).ContactPosts == 2 })
	s.awaitText("Partnerdesk v1.0 (system user)")
	s.shoot("4-two-companies")

	assertCreators(t, b, ready, tenant.Ctx)
	if n := counters(t, ready).Exchanges; n != 1 {
		t.Errorf("%d exchanges for one tenant in one run", n)
	}
	d.quit(syscall.SIGTERM)
	assertNoSecrets(t, d, ready)

	// The next day: the tenant is still there and works without anybody signing in.
	d = launch(t, s, b, home)
	again := d.sandbox(s)
	if again.BaseURL != ready.BaseURL {
		t.Errorf("the sandbox has moved from %s to %s", ready.BaseURL, again.BaseURL)
	}
	s.eventually("the poller's log-on", func() bool { return counters(t, again).PrincipalCalls > 0 })
	s.awaitText(tenant.Ctx)
	s.run("xdotool", "key", "alt+F4") // as a person closes a window
	d.left()
	assertNoSecrets(t, d, again)
}

func TestAConsentThatIsRefusedIsSaidInTheWindow(t *testing.T) {
	s := newScreen(t)
	b := newBrowser(t, s)
	d := launch(t, s, b, t.TempDir())
	ready := d.sandbox(s)
	s.clickText("Sign in with SuperID")
	in(b, chromedp.Navigate(b.opened()))
	b.press("user-user@sandbox.example") // who is no administrator
	b.press("cancel")
	in(b, chromedp.WaitVisible(chromedp.CSS(".mark")))
	b.shoot("page-refused")
	s.awaitText("Dismiss")
	s.shoot("5-refused")
	if n := counters(t, ready); n != (sandbox.Counters{}) {
		t.Errorf("after a refusal the sandbox was asked %+v", n)
	}
	s.clickText("Sign in with SuperID")
	b.opened()
	s.clickText("Cancel")
	s.awaitText("Welcome to Partnerdesk")
	s.shoot("6-cancelled")
	d.quit(syscall.SIGINT)
	assertNoSecrets(t, d, ready)
}

func TestWithoutOpenGLTheProgramSaysSo(t *testing.T) {
	s := newScreen(t, "-extension", "GLX")
	assertNoScreen(t, s.env("PARTNERDESK_DATA="+t.TempDir()), "OpenGL")
}

func TestWithoutAScreenTheProgramSaysSo(t *testing.T) {
	assertNoScreen(t, append(os.Environ(), "DISPLAY=", "WAYLAND_DISPLAY=", "PARTNERDESK_DATA="+t.TempDir()), "no screen")
}

func assertNoScreen(t *testing.T, env []string, why string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), leaveWithin)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary(t))
	cmd.Env = env
	out, _ := cmd.CombinedOutput() // the status is looked at below
	if cmd.ProcessState.ExitCode() != 3 || !bytes.Contains(out, []byte(why)) || !bytes.Contains(out, []byte("console")) {
		t.Errorf("it ended with %s and said:\n%s", cmd.ProcessState, out)
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

// assertCreators looks at the sandbox's own page, as a person would look in the CRM.
func assertCreators(t *testing.T, b *browser, ready sandbox.Ready, ctx string) {
	t.Helper()
	in(b, chromedp.Navigate(ready.BaseURL+"/tenants/"+ctx))
	creators := in(b, chromedp.Evaluate[[]string](`[...document.querySelectorAll(".creator .sub")].map(e => e.textContent)`))
	credentials := in(b, chromedp.Evaluate[[]string](`[...document.querySelectorAll("td.credential")].map(e => e.textContent)`))
	b.shoot("page-companies")
	if len(creators) != 2 || creators[0] == creators[1] || len(credentials) != 2 || credentials[0] == credentials[1] {
		t.Errorf("the sandbox shows companies created by %q with %q", creators, credentials)
	}
}

// assertNoSecrets looks for every secret of the run in everything that the desktop has written. The
// sandbox's own folder is the service's, not the client's.
func assertNoSecrets(t *testing.T, d *desktop, ready sandbox.Ready) {
	t.Helper()
	secrets := []string{ready.ClientSecret, strings.Split(ready.PrivateKeyPEM, "\n")[3], "7T:", "8A:Cust", "eyJ"}
	for _, tenant := range ready.Tenants {
		secrets = append(secrets, tenant.SystemUserToken)
	}
	look := func(where string, content []byte) {
		for i, secret := range secrets {
			if bytes.Contains(content, []byte(secret)) {
				t.Errorf("%s holds secret number %d", where, i)
			}
		}
	}
	look("what the desktop printed", d.out.Bytes())
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
