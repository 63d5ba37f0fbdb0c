package storage

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

var operations = flag.Int("operations", 300, "how many operations each of two processes does on the same records")

const (
	roleContend = "contend "
	rolePoll    = "poll "
	leaseLog    = "lease.log"
)

var contended = tenant.Key{Registration: "Stage app", ContextID: "Cust1"}

// contend does operations on records that the other process changes too: each adds one to a count.
func contend(ctx context.Context, dir, times string) error {
	n, err := strconv.Atoi(times)
	if err != nil {
		return err
	}
	s, err := Open(ctx, Options{Dir: dir, Keyring: noKeyring{}})
	for i := 0; i < n && err == nil; i++ {
		switch i % 3 {
		case 0:
			err = s.UpdateSettings(ctx, func(s *tenant.Settings) error { s.PollInterval++; return nil })
		case 1:
			err = failure(s.SaveTicket(ctx, tenant.Ticket{Key: contended, Text: secret.New("canary-ticket")}))
		case 2:
			err = renewCounting(ctx, s, fmt.Sprint(os.Getpid(), " ", i))
		}
	}
	return err
}

// renewCounting renews the login as two programs do that may use a refresh token at the same time: one of them wins,
// and the other begins again with what the winner has stored. The refresh token is a count of those who won.
func renewCounting(ctx context.Context, s *Store, mark string) error {
	stored, err := s.Login(ctx, contended)
	for err == nil {
		count, _ := strconv.Atoi(stored.RefreshToken.Reveal())
		next := stored
		next.AccessToken, next.RefreshToken = secret.New(mark), secret.New(strconv.Itoa(count+1))
		if stored, err = s.RenewLogin(ctx, next, stored.RefreshToken); err == nil && stored.AccessToken.Equal(next.AccessToken) {
			return nil
		}
	}
	return err
}

func TestTwoProcessesLoseNoneOfManyOperations(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	s := openTest(t, dir, noKeyring{})
	fill(t, s)
	must(t, s.UpdateSettings(ctx, func(s *tenant.Settings) error { s.PollInterval = 0; return nil }))
	before, err := s.Exchanges(ctx, contended)
	must(t, err)
	role := fmt.Sprint(roleContend, *operations)
	for _, child := range []*roleProcess{startRole(t, dir, role), startRole(t, dir, role)} {
		child.finish()
	}
	done, err := s.Settings(ctx)
	must(t, err)
	login, err := s.Login(ctx, contended)
	must(t, err)
	counted, err := s.Exchanges(ctx, contended)
	must(t, err)
	n := *operations
	for what, got := range map[string][2]string{
		"settings":  {fmt.Sprint(int(done.PollInterval)), fmt.Sprint(2 * ((n + 2) / 3))},
		"exchanges": {fmt.Sprint(sum(counted.Counts) - sum(before.Counts)), fmt.Sprint(2 * ((n + 1) / 3))},
		"renewals":  {login.RefreshToken.Reveal(), fmt.Sprint(2 * (n / 3))},
	} {
		if got[0] != got[1] {
			t.Errorf("%s: %s of %s updates arrived", what, got[0], got[1])
		}
	}
}

func sum(counts []int) (total int) {
	for _, n := range counts {
		total += n
	}
	return total
}

// pollOften takes the lease and gives it back, again and again, and notes both in a file. A note of having it comes after
// it was taken, and one of giving it back before that is done.
func pollOften(ctx context.Context, dir, times string) error {
	n, err := strconv.Atoi(times)
	if err != nil {
		return err
	}
	s, err := Open(ctx, Options{Dir: dir, Keyring: noKeyring{}})
	if err != nil {
		return err
	}
	notes, err := os.OpenFile(filepath.Join(dir, leaseLog), os.O_APPEND|os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	owner := tenant.Owner{Program: "console", Host: roleHost, PID: os.Getpid(), Started: time.Now()}
	for had := 0; had < n && err == nil; {
		var taken bool
		if _, taken, err = s.TakeLease(ctx, owner, time.Hour); err != nil || !taken {
			continue
		}
		had++
		_, noted := fmt.Fprintln(notes, "took", owner.PID)
		// What a poller does meanwhile lets the other one come near.
		worked := s.UpdateSettings(ctx, func(s *tenant.Settings) error { s.PollInterval++; return nil })
		_, err = fmt.Fprintln(notes, "gives", owner.PID)
		err = errors.Join(noted, worked, err, s.ReleaseLease(ctx, owner))
	}
	return errors.Join(err, notes.Close())
}

// The notes of both processes stand in one file in the order in which the system appended them, so no clock is
// needed to see that nobody had the lease while the other one had it.
func TestTheLeaseOfTwoProcessesIsNeverHeldTwice(t *testing.T) {
	dir := t.TempDir()
	openTest(t, dir, noKeyring{})
	role := fmt.Sprint(rolePoll, *operations)
	for _, child := range []*roleProcess{startRole(t, dir, role), startRole(t, dir, role)} {
		child.finish()
	}
	notes, err := os.Open(filepath.Join(dir, leaseLog))
	must(t, err)
	defer notes.Close()
	holder, taken, handovers, last := "", map[string]int{}, 0, ""
	for lines := bufio.NewScanner(notes); lines.Scan(); {
		word, pid, _ := strings.Cut(lines.Text(), " ")
		switch {
		case word == "took" && holder == "":
			holder = pid
			taken[pid]++
			if pid != last {
				handovers++
			}
			last = pid
		case word == "gives" && holder == pid:
			holder = ""
		default:
			t.Fatalf("process %s %s while %q holds the lease", pid, word, holder)
		}
	}
	if len(taken) != 2 || handovers < 2 {
		t.Errorf("taken %v, handed over %d times", taken, handovers)
	}
	for pid, n := range taken {
		if n != *operations {
			t.Errorf("process %s had it %d times", pid, n)
		}
	}
	t.Logf("%d times each, handed over %d times", *operations, handovers)
}

// The lease of a poller that was killed, which gave nothing back, is taken over at the second tick at the latest.
func TestTheLeaseOfAKilledPollerIsTakenOverWithinTwoTicks(t *testing.T) {
	ctx, dir, now := t.Context(), t.TempDir(), newClock()
	openTest(t, dir, noKeyring{})
	child := startRole(t, dir, "lease") // for an hour of real time
	child.expect("taken")
	now.now = time.Now()
	s := openWith(t, Options{Dir: dir, Keyring: noKeyring{}, Now: now.Now})
	us := tenant.Owner{Program: "desktop", Host: roleHost, PID: os.Getpid(), Started: now.Now()}
	tick := func() bool {
		now.advance(tenant.DefaultPollInterval)
		_, taken, err := s.TakeLease(ctx, us, 2*tenant.DefaultPollInterval)
		must(t, err)
		return taken
	}
	if tick() {
		t.Fatal("taken from a process that lives")
	}
	must(t, child.cmd.Process.Kill())
	_ = child.cmd.Wait()
	if !processGone(child.cmd.Process.Pid) {
		t.Skip("here only the lease's end tells that its holder is gone")
	}
	ticks := 1
	for ; !tick(); ticks++ {
		if ticks == 2 {
			t.Fatal("two ticks later the lease is still the dead process's")
		}
	}
	t.Logf("taken over at tick %d", ticks)
}
