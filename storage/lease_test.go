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
	last := tenant.Tick{At: now.Now(), Took: time.Second, Active: 5, LoggedOn: 4, Exchanges: 3, Resting: 2, Failed: 1, Attention: 1}

	held, taken, err := a.EndTick(ctx, desktop, time.Minute, last)
	must(t, err)
	want := tenant.Lease{Owner: desktop, Heartbeat: now.Now(), Until: now.Now().Add(time.Minute), Last: last}
	if diff := cmp.Diff(want, held); diff != "" || !taken {
		t.Errorf("free: %v %s", taken, diff)
	}
	now.advance(30 * time.Second)
	held, taken, err = b.TakeLease(ctx, console, time.Minute)
	must(t, err)
	if diff := cmp.Diff(want, held); diff != "" || taken {
		t.Errorf("held by the other: %v %s", taken, diff)
	}
	held, taken, err = a.TakeLease(ctx, desktop, time.Minute)
	must(t, err)
	if !taken || !held.Until.Equal(now.Now().Add(time.Minute)) {
		t.Errorf("kept: %v %v", taken, held)
	}
	now.advance(time.Minute) // to the moment at which it ends
	if _, taken, err = b.EndTick(ctx, console, time.Minute, last); err != nil || !taken {
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
	if _, taken, err = a.EndTick(ctx, desktop, time.Minute, last); err != nil || !taken {
		t.Errorf("after the release: %v %v", taken, err)
	}
}

func TestALeaseOfADeadProcessIsTakenOver(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	s := openTest(t, dir, noKeyring{})
	us := tenant.Owner{Program: "desktop", Host: roleHost, PID: os.Getpid(), Started: time.Now()}
	child := startRole(t, dir, "lease")
	child.expect("taken")
	if l, taken, err := s.TakeLease(ctx, us, time.Minute); err != nil || taken || l.PID != child.cmd.Process.Pid {
		t.Errorf("while it lives: %v %v %v", l, taken, err)
	}
	must(t, child.cmd.Process.Kill())
	_ = child.cmd.Wait()
	elsewhere := us
	elsewhere.Host = "another host"
	if _, taken, err := s.TakeLease(ctx, elsewhere, time.Minute); err != nil || taken {
		t.Errorf("from another host: %v %v", taken, err)
	}
	want := processGone(child.cmd.Process.Pid) // false where only time can tell
	if _, taken, err := s.TakeLease(ctx, us, time.Minute); err != nil || taken != want {
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

// TestALeaseIsHandedOverToWhoeverAsked walks through a take-over: nobody but the one who asked gets a lease that
// was given back for it, unless it waits no longer.
func TestALeaseIsHandedOverToWhoeverAsked(t *testing.T) {
	ctx, now := t.Context(), newClock()
	s := openWith(t, Options{Dir: t.TempDir(), Keyring: newMemoryKeyring(), Now: now.Now})
	owner := func(program string, started int) tenant.Owner {
		return tenant.Owner{Program: program, Host: "h", PID: os.Getpid(), Started: now.Now().Add(time.Duration(started))}
	}
	console, desktop, third := owner("console", 0), owner("desktop", 1), owner("console", 2)
	take := func(o tenant.Owner, want bool) tenant.Lease {
		t.Helper()
		l, taken, err := s.TakeLease(ctx, o, time.Minute)
		must(t, err)
		if taken != want {
			t.Errorf("%s took the lease: %t", o.Program, taken)
		}
		return l
	}
	ask := func(o tenant.Owner) tenant.Lease {
		t.Helper()
		l, err := s.AskForLease(ctx, o, now.Now().Add(20*time.Second))
		must(t, err)
		return l
	}
	if l := ask(desktop); l.Held(now.Now()) || l.Asked(now.Now()) {
		t.Errorf("a free lease needs no asking: %v", l)
	}
	take(console, true)
	if l := ask(desktop); !l.Same(console) || !l.AskedBy.Same(desktop) || !l.Asked(now.Now()) {
		t.Errorf("asked for: %v", l)
	}
	take(desktop, false)
	if l := take(console, true); !l.Asked(now.Now()) {
		t.Error("the holder does not hear of it")
	}
	must(t, s.ReleaseLease(ctx, console))
	signals, err := s.Signals(ctx)
	must(t, err)
	if l := signals.Lease; l.Held(now.Now()) || !l.AskedBy.Same(desktop) {
		t.Errorf("given back: %v", l)
	}
	take(third, false)
	take(console, false)
	if l := take(desktop, true); l.Asked(now.Now()) || l.AskedBy.PID != 0 {
		t.Errorf("handed over: %v", l)
	}
	ask(console)
	must(t, s.ReleaseLease(ctx, desktop))
	now.advance(20 * time.Second) // it did not come
	take(third, true)
}

func TestTheTicksOfADayAreKept(t *testing.T) {
	ctx, now := t.Context(), newClock()
	s := openWith(t, Options{Dir: t.TempDir(), Keyring: newMemoryKeyring(), Now: now.Now})
	me := tenant.Owner{Program: "console", Host: "h", PID: os.Getpid()}
	end := func(tick tenant.Tick) {
		t.Helper()
		tick.At = now.Now()
		if _, taken, err := s.EndTick(ctx, me, time.Minute, tick); err != nil || !taken {
			t.Fatal(taken, err)
		}
	}
	began := now.Now()
	for n := range 30 {
		end(tenant.Tick{Active: n + 1, Visited: n, Took: time.Second, Exchanges: 2, Failed: 1, Requests: 3, UnderWay: 4, Paused: 5})
		now.advance(time.Hour)
	}
	all, err := s.Ticks(ctx, began)
	must(t, err)
	if len(all) != 25 || all[0].Active != 6 || all[24].Active != 30 || !all[24].At.Equal(now.Now().Add(-time.Hour)) {
		t.Fatalf("%d ticks", len(all))
	}
	want := tenant.Tick{At: all[24].At, Active: 30, Visited: 29, Took: time.Second, Exchanges: 2, Failed: 1, Requests: 3, UnderWay: 4, Paused: 5}
	if diff := cmp.Diff(want, all[24]); diff != "" {
		t.Error(diff)
	}
	if some, err := s.Ticks(ctx, now.Now().Add(-2*time.Hour)); err != nil || len(some) != 2 {
		t.Errorf("%d ticks of two hours, %v", len(some), err)
	}
	end(tenant.Tick{}) // nobody to visit
	now.advance(-72 * time.Hour)
	end(tenant.Tick{Active: 1}) // the clock was ahead all the time
	if all, err := s.Ticks(ctx, time.Time{}); err != nil || len(all) != 1 {
		t.Errorf("%d ticks, %v", len(all), err)
	}
}
