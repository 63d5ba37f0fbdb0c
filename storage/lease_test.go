package storage

import (
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"partnerdesk/core/tenant"
)

// TestTheLeaseIsHeldByOne walks the lease through its life.
func TestTheLeaseIsHeldByOne(t *testing.T) {
	ctx, dir, ring, now := t.Context(), t.TempDir(), newMemoryKeyring(), newClock()
	a := openWith(t, Options{Dir: dir, Keyring: ring, Now: now.Now})
	b := openWith(t, Options{Dir: dir, Keyring: ring, Now: now.Now})
	desktop := tenant.Owner{Program: "desktop", Host: "h", PID: os.Getpid(), Started: now.Now()}
	console := tenant.Owner{Program: "console", Host: "h", PID: os.Getpid(), Started: now.Now().Add(time.Second)}
	last := tenant.Tick{At: now.Now(), Took: time.Second, Active: 5, LoggedOn: 4, Exchanges: 3, Resting: 2, Failed: 1}

	held, taken, err := a.TakeLease(ctx, desktop, time.Minute, last)
	must(t, err)
	want := tenant.Lease{Owner: desktop, Heartbeat: now.Now(), Until: now.Now().Add(time.Minute), Last: last}
	if diff := cmp.Diff(want, held); diff != "" || !taken {
		t.Errorf("free: %v %s", taken, diff)
	}
	now.advance(30 * time.Second)
	held, taken, err = b.TakeLease(ctx, console, time.Minute, tenant.Tick{})
	must(t, err)
	if diff := cmp.Diff(want, held); diff != "" || taken {
		t.Errorf("held by the other: %v %s", taken, diff)
	}
	held, taken, err = a.TakeLease(ctx, desktop, time.Minute, last)
	must(t, err)
	if !taken || !held.Until.Equal(now.Now().Add(time.Minute)) {
		t.Errorf("kept: %v %v", taken, held)
	}
	now.advance(time.Minute) // to the moment at which it ends
	if _, taken, err = b.TakeLease(ctx, console, time.Minute, last); err != nil || !taken {
		t.Errorf("ended: %v %v", taken, err)
	}
	must(t, a.ReleaseLease(ctx, desktop)) // not its own any more
	shot, err := a.Snapshot(ctx)
	must(t, err)
	if l := shot.Lease; !l.Held(now.Now()) || !l.Same(console) {
		t.Errorf("released by the wrong one: %v", l)
	}
	must(t, b.ReleaseLease(ctx, console))
	shot, err = b.Snapshot(ctx)
	must(t, err)
	if l := shot.Lease; l.Held(now.Now()) || l.Last != last {
		t.Errorf("released: %v", shot.Lease)
	}
	if _, taken, err = a.TakeLease(ctx, desktop, time.Minute, last); err != nil || !taken {
		t.Errorf("after the release: %v %v", taken, err)
	}
}

func TestALeaseOfADeadProcessIsTakenOver(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	s := openTest(t, dir, noKeyring{})
	us := tenant.Owner{Program: "desktop", Host: roleHost, PID: os.Getpid(), Started: time.Now()}
	child := startRole(t, dir, "lease")
	child.expect("taken")
	if l, taken, err := s.TakeLease(ctx, us, time.Minute, tenant.Tick{}); err != nil || taken || l.PID != child.cmd.Process.Pid {
		t.Errorf("while it lives: %v %v %v", l, taken, err)
	}
	must(t, child.cmd.Process.Kill())
	_ = child.cmd.Wait()
	elsewhere := us
	elsewhere.Host = "another host"
	if _, taken, err := s.TakeLease(ctx, elsewhere, time.Minute, tenant.Tick{}); err != nil || taken {
		t.Errorf("from another host: %v %v", taken, err)
	}
	want := processGone(child.cmd.Process.Pid) // false where only time can tell
	if _, taken, err := s.TakeLease(ctx, us, time.Minute, tenant.Tick{}); err != nil || taken != want {
		t.Errorf("after its death: %v %v", taken, err)
	}
}

func TestProcessGoneErrsOnTheSideOfLife(t *testing.T) {
	for _, pid := range []int{os.Getpid(), os.Getppid(), 0, -1} {
		if processGone(pid) {
			t.Errorf("process %d is said to be gone", pid)
		}
	}
}
