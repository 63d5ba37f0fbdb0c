//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"testing"
)

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
	cmd := exec.CommandContext(ctx, setBy(t, "make e2e", desktopBinary))
	cmd.Env = env
	out, _ := cmd.CombinedOutput() // the status is looked at below
	if cmd.ProcessState.ExitCode() != 3 || !bytes.Contains(out, []byte(why)) || !bytes.Contains(out, []byte("console")) {
		t.Errorf("it ended with %s and said:\n%s", cmd.ProcessState, out)
	}
}
