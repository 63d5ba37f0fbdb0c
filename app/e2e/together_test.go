//go:build e2e

package e2e

import (
	"bytes"
	"fmt"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// service is the console's poller, in a process of its own.
type service struct {
	cmd *exec.Cmd

	mu      sync.Mutex
	printed bytes.Buffer
}

// Write keeps what the console prints.
func (p *service) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.printed.Write(b)
}

// said reports whether the console has printed a text.
func (p *service) said(text string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.Contains(p.printed.String(), text)
}

func serve(s *screen, data string) *service {
	s.t.Helper()
	p := &service{cmd: exec.Command(setBy(s.t, "make e2e", consoleBinary), "--data", data, "poll")}
	p.cmd.Env = s.env()
	p.cmd.Stdout, p.cmd.Stderr = p, p
	start(s.t, p.cmd)
	s.eventually("the console's poller", func() bool { return p.said("The service console has started") })
	return p
}

func TestTheWindowShowsWhoPollsAndTakesOver(t *testing.T) {
	s, o, home := newScreen(t), newOpener(t), t.TempDir()
	console := serve(s, dataOf(home))
	d := launch(t, s, o, home)
	s.awaitText("The console", onTop)
	ready := d.sandbox()
	tenant := d.signIn(ready) // the console's poller logs on to it
	s.awaitText("Well "+tenant.Ctx, inDetail)
	s.awaitText(fmt.Sprintf("process %d", console.cmd.Process.Pid), onTop)
	s.awaitText("Polled 1 active tenant", inLog) // nobody but the console polls
	s.shoot("together-1-console-polls")
	if !console.said("Logged on to context " + tenant.Ctx) {
		t.Error("the console did not log on to the tenant that the window signed in to")
	}

	s.clickText("Take over", onTop)
	s.awaitText("Polling here", onTop)
	s.eventually("the console standing by", func() bool { return console.said("Handed the polling over to") })
	s.shoot("together-2-taken-over")

	const name = "Konsollfirma"
	d.console("company", "create", "--tenant", tenant.Ctx, "--as", "system-user", "--name", name)
	if n := counters(t, ready).ContactPosts; n != 1 {
		t.Errorf("the sandbox counted %d saves", n)
	}
	s.awaitText(name, inDetail)
	s.shoot("together-3-created-by-console")
	if n := counters(t, ready).Exchanges; n != 1 {
		t.Errorf("%d exchanges for one ticket in three processes", n)
	}
	d.quit(syscall.SIGTERM)
	assertNoSecrets(t, d, ready)
}
