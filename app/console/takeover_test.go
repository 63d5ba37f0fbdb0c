package main

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
)

// The console polls in a process of its own when the desktop comes: it shows whose poller it is and takes over
// while the console lives, which stands by and polls again when the desktop has gone.
func TestTheDesktopTakesPollingOverFromTheConsole(t *testing.T) {
	defer goleak.VerifyNone(t)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
	data := filepath.Join(t.TempDir(), "data")
	desk := openApp(t, "desktop", data)
	key := signInTo(t, desk, "Cust10001").Tenant.Key
	console := exec.CommandContext(t.Context(), "console", "--data", data, "poll", "--interval", "5s")
	var out bytes.Buffer
	console.Stdout, console.Stderr = &out, &out
	if err := console.Start(); err != nil {
		t.Fatal(err)
	}
	poller := func() workbench.PollerView {
		o, err := desk.Workbench.Overview(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return o.Poller
	}
	ticks := func(since time.Time) int {
		list, err := desk.Workbench.Ticks(t.Context(), since)
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	eventually(t, "the console's tick", func() bool { return ticks(time.Time{}) > 0 })
	awaitWell(t, desk, key)
	if p := poller(); p.Here || p.Lease.Program != "console" || p.Lease.PID != console.Process.Pid {
		t.Errorf("before: polled by %v", p.Lease.Owner)
	}

	desk.Polling.Start()
	asked := time.Now()
	if err := desk.Workbench.TakeOver(t.Context()); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the take-over", func() bool { return poller().Here })
	if p := poller(); p.Asking || p.AskedBy.PID != 0 || time.Since(asked) > workbench.TakeOverPatience {
		t.Errorf("after: %v still asks", p.AskedBy)
	}
	eventually(t, "a tick of the desktop's", func() bool { return ticks(asked) > 0 && poller().Here })
	if view, err := desk.Workbench.Tenant(t.Context(), key); err != nil || view.Verdict != tenant.Well {
		t.Errorf("the tenant is %v, %v", view.Verdict, err)
	}

	desk.Polling.Stop()
	eventually(t, "the console's turn", func() bool { return poller().Lease.PID == console.Process.Pid })
	if n := countersOf(t, desk, key); n.Exchanges != 1 {
		t.Errorf("%d exchanges, as two take turns with one ticket", n.Exchanges)
	}
	if err := console.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := console.Wait(); err != nil {
		t.Errorf("the console ended with %v: %s", err, out.String())
	}
	closeApp(t, desk)
}
