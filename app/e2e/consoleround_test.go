//go:build packages

package e2e

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"partnerdesk/app/person"
	"partnerdesk/core/sandbox"
)

// sharing is a machine with a folder that this computer sees too.
type sharing interface {
	machine
	shared() (here, there string)
}

// consoleRound does with an installed console what a partner does first: a sandbox, a sign-in by the address that the
// console prints, a company by each of both users, a tick of the poller.
func consoleRound(s *screen, on sharing) {
	s.t.Helper()
	if said, _, _ := strings.Cut(s.finish(on.console(s, "--version")), "\n"); said != "Partnerdesk "+distVersion(s.t) {
		s.t.Errorf("--version says %q", said)
	}
	ready := serveSandbox(s, on)
	tenant := last(s.t, ready)
	before := counters(s.t, ready)

	signIn(s, on, tenant.Ctx)
	var rows []tenantRow
	must(s.t, json.Unmarshal([]byte(s.finish(on.console(s, "--json", "tenants"))), &rows))
	if !slices.ContainsFunc(rows, func(r tenantRow) bool { return r.Ctx == tenant.Ctx && r.CompanyName == tenant.CompanyName }) {
		s.t.Errorf("after the sign-in the console lists %+v", rows)
	}
	for _, actor := range []string{"login-user", "system-user"} {
		s.finish(on.console(s, "--json", "company", "create", "--tenant", tenant.Ctx, "--as", actor, "--name", "Packed by the "+actor))
	}
	s.finish(on.console(s, "--json", "poll", "--once"))
	after := counters(s.t, ready)
	if after.ContactPosts != before.ContactPosts+2 || after.Exchanges <= before.Exchanges || after.PrincipalCalls <= before.PrincipalCalls {
		s.t.Errorf("the sandbox was asked %+v, and before %+v", after, before)
	}
}

// serveSandbox has the console serve a sandbox until the test ends.
func serveSandbox(s *screen, on sharing) sandbox.Ready {
	s.t.Helper()
	here, there := on.shared()
	server := on.console(s, "sandbox", "--ready-file", there+"/ready")
	start(s.t, server)
	var ready sandbox.Ready
	s.eventually("the console's sandbox", func() bool {
		text, err := os.ReadFile(filepath.Join(here, "ready"))
		return err == nil && json.Unmarshal(text, &ready) == nil
	})
	return ready
}

// signIn signs in with an address that the console only prints.
func signIn(s *screen, on machine, ctx string) {
	s.t.Helper()
	cmd := on.console(s, "--json", "sign-in", "--no-browser")
	out, err := cmd.StdoutPipe()
	must(s.t, err)
	start(s.t, cmd)
	late := time.AfterFunc(pageTimeout, func() { _ = cmd.Process.Kill() })
	defer late.Stop()
	lines := bufio.NewScanner(out)
	if !lines.Scan() {
		s.t.Fatal("the console prints no address")
	}
	var printed struct{ URL string }
	must(s.t, json.Unmarshal(lines.Bytes(), &printed))
	_, err = person.Person{User: administrator, ContextID: ctx, Decision: "approve"}.SignIn(s.t.Context(), printed.URL)
	must(s.t, err)
	var signed strings.Builder
	for lines.Scan() {
		signed.WriteString(lines.Text())
	}
	if !strings.Contains(signed.String(), ctx) {
		s.t.Errorf("after the approval the console says %q", signed.String())
	}
}

// last is a tenant that the administrator may approve for, and that no other test of the machine signs in to.
func last(t *testing.T, ready sandbox.Ready) sandbox.ReadyTenant {
	t.Helper()
	taken := administered(t, ready)
	for _, user := range ready.Users {
		for _, tenant := range ready.Tenants {
			if user.Login == administrator && tenant.Ctx != taken.Ctx && slices.Contains(user.Tenants, tenant.Ctx) {
				return tenant
			}
		}
	}
	t.Fatal("the sandbox has no second tenant")
	return sandbox.ReadyTenant{}
}

// distVersion is the version in the names of what `make dist` has made.
func distVersion(t *testing.T) string {
	t.Helper()
	name := filepath.Base(made(t, "partnerdesk_*_amd64.deb"))
	return strings.TrimSuffix(strings.TrimPrefix(name, "partnerdesk_"), "_amd64.deb")
}

func TestTheArchiveInstallsAndUninstalls(t *testing.T) {
	dir := t.TempDir()
	run(t, "tar", "-C", dir, "-xf", made(t, "partnerdesk-[0-9]*-linux-amd64.tar.xz"))
	unpacked, err := filepath.Glob(filepath.Join(dir, "*"))
	must(t, err)
	if len(unpacked) != 1 {
		t.Fatalf("the archive holds %q, not one folder", unpacked)
	}
	for _, way := range []struct{ install, uninstall, setting, below string }{
		{"install", "uninstall", "DESTDIR=", "usr/local"},
		{"user-install", "user-uninstall", "HOME=", ".local"},
	} {
		t.Run(way.install, func(t *testing.T) {
			to := t.TempDir()
			run(t, "make", "-C", unpacked[0], way.install, way.setting+to)
			assertInstalled(t, filepath.Join(to, way.below))
			run(t, "make", "-C", unpacked[0], way.uninstall, way.setting+to)
			if left := run(t, "find", to, "-not", "-type", "d"); left != "" {
				t.Errorf("%s leaves behind %s", way.uninstall, left)
			}
		})
	}
}

// assertInstalled sees that both programs run from below a folder, and that the menu finds the desktop.
func assertInstalled(t *testing.T, prefix string) {
	t.Helper()
	run(t, filepath.Join(prefix, "bin/partnerdesk"), "-help")
	if said := run(t, filepath.Join(prefix, "bin/partnerdesk-console"), "--version"); !strings.Contains(said, distVersion(t)) {
		t.Errorf("--version says %q", said)
	}
	entries, err := filepath.Glob(filepath.Join(prefix, "share/applications/*.desktop"))
	must(t, err)
	if len(entries) != 1 {
		t.Fatalf("the menu has the entries %q", entries)
	}
	command, icon := menuEntry(t, entries[0])
	if !strings.HasSuffix(prefix+"/bin/partnerdesk", command[0]) {
		t.Errorf("the menu starts %q", command)
	}
	icons, err := filepath.Glob(filepath.Join(prefix, "share/icons/hicolor/*/apps/"+icon+".*"))
	must(t, err)
	if len(icons) == 0 {
		t.Errorf("the menu's icon %q is not there", icon)
	}
}
