//go:build e2e

package e2e

import (
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// sit starts the desktop on a screen of its own, for a user who has never started it before.
func sit(t *testing.T) *desktop {
	t.Helper()
	return launch(t, newScreen(t), newOpener(t), t.TempDir())
}

// launch starts the desktop for a user of this computer whose home folder is home and who has set nothing.
func launch(t *testing.T, s *screen, o *opener, home string) *desktop {
	t.Helper()
	return launchOn(t, s, o, here{t, home})
}

// here is this computer, with the programs as they were built and a home folder.
type here struct {
	t    *testing.T
	home string
}

// The variables that name the built programs.
const (
	desktopBinary = "PARTNERDESK_E2E_BINARY"
	consoleBinary = "PARTNERDESK_E2E_CONSOLE"
)

func (h here) desktop(s *screen, o *opener) *exec.Cmd {
	cmd := exec.Command(setBy(h.t, "make e2e", desktopBinary))
	cmd.Env = s.env("HOME="+h.home, "XDG_DATA_HOME=", "PARTNERDESK_DATA=", theme(), "PATH="+o.path())
	return cmd
}

func (h here) console(s *screen, args ...string) *exec.Cmd {
	cmd := exec.Command(setBy(h.t, "make e2e", consoleBinary), append([]string{"--data", h.data()}, args...)...)
	cmd.Env = s.env()
	return cmd
}

func (h here) data() string { return dataOf(h.home) }

func (h here) lendsKeyboard() bool { return true }

func (h here) settle(*screen) {} // the window manager sees to it

func (h here) leave(d *desktop) {
	h.t.Helper()
	d.quit(syscall.SIGTERM)
}

// dataOf is the data directory of a user who has set nothing.
func dataOf(home string) string { return filepath.Join(home, ".local", "share", "partnerdesk") }
