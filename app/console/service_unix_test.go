//go:build unix

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"partnerdesk/app"
	"partnerdesk/core/journal"
	"partnerdesk/core/tenant"
)

// notifySocket is where a systemd would listen.
type notifySocket struct {
	*net.UnixConn
	path string
	seen []string
}

func listenAsSystemd(t *testing.T) *notifySocket {
	t.Helper()
	dir, err := os.MkdirTemp("", "pd") // the path of a socket must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	path := filepath.Join(dir, "notify")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return &notifySocket{UnixConn: conn, path: path}
}

// hears waits for a message that fits, or finds one that came before.
func (n *notifySocket) hears(t *testing.T, pattern string) {
	t.Helper()
	if !slices.ContainsFunc(n.seen, regexp.MustCompile(pattern).MatchString) {
		n.hearsAgain(t, pattern)
	}
}

// hearsAgain waits for a new message that fits.
func (n *notifySocket) hearsAgain(t *testing.T, pattern string) {
	t.Helper()
	wanted := regexp.MustCompile(pattern)
	if err := n.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	buffer := make([]byte, 4096)
	for {
		length, err := n.Read(buffer)
		if err != nil {
			t.Fatalf("systemd waits for %s and has heard %q: %v", pattern, n.seen, err)
		}
		n.seen = append(n.seen, string(buffer[:length]))
		if wanted.Match(buffer[:length]) {
			return
		}
	}
}

// service is a console that polls, as a process of its own.
type service struct {
	*exec.Cmd
	stdout, stderr strings.Builder
}

func startService(t *testing.T, data string, environment []string, args ...string) *service {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	s := &service{Cmd: exec.CommandContext(ctx, "console", append([]string{"--data", data, "poll"}, args...)...)}
	s.Env = append(os.Environ(), "GORACE=atexit_sleep_ms=0")
	s.Env = append(s.Env, environment...)
	s.Stdout, s.Stderr = &s.stdout, &s.stderr
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		_ = s.Wait() // after a test that has failed
	})
	return s
}

// leaves tells the service to leave, and waits until it has. It must have ended well within the time.
func (s *service) leaves(t *testing.T, within time.Duration) {
	t.Helper()
	if err := s.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	tooLate := time.AfterFunc(within, func() { _ = s.Process.Kill() })
	defer tooLate.Stop()
	if err := s.Wait(); err != nil {
		t.Fatalf("the service ended with %v; it said %s%s", err, &s.stdout, &s.stderr)
	}
}

// far is a bound that only a service that hangs reaches.
const far = time.Minute

func TestSystemdSupervisesTheServiceConsole(t *testing.T) {
	defer goleak.VerifyNone(t)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
	data := filepath.Join(t.TempDir(), "data")
	desk := openApp(t, "desktop", data)
	defer closeApp(t, desk)
	signInTo(t, desk, "Cust10001")

	systemd := listenAsSystemd(t)
	environment := []string{"NOTIFY_SOCKET=" + systemd.path, "WATCHDOG_USEC=2000000"}
	console := startService(t, data, environment)
	systemd.hears(t, `^READY=1$`)
	systemd.hears(t, `^STATUS=Polled 1 active tenant: 1 logged on, 1 exchanged, 0 resting, 0 failed$`)
	systemd.hears(t, `^WATCHDOG=1$`)
	systemd.hearsAgain(t, `^WATCHDOG=1$`)

	// A second one stands by, and is as ready.
	second := listenAsSystemd(t)
	other := startService(t, data, []string{"NOTIFY_SOCKET=" + second.path})
	second.hears(t, `^STATUS=Standing by\. The console on .* \(process `+fmt.Sprint(console.Process.Pid)+`\) polls already\.$`)
	second.hears(t, `^READY=1$`)
	other.leaves(t, far)
	second.hears(t, `^STOPPING=1$`)

	console.leaves(t, far)
	systemd.hears(t, `^STOPPING=1$`)
	for _, heard := range second.seen {
		if heard == "WATCHDOG=1" {
			t.Error("a watchdog was fed that is not there")
		}
	}
}

// slowDown lets the web services of a tenant answer after a delay.
func slowDown(t *testing.T, a *app.App, key tenant.Key, delay string) {
	t.Helper()
	client := &http.Client{Timeout: 30 * time.Second}
	defer client.CloseIdleConnections()
	order := fmt.Sprintf(`{"action":"fault","fault":"services-slow","on":true,"ctx":%q,"delay":%q}`, key.ContextID, delay)
	res, err := client.Post(a.Sandbox.BaseURL()+"/control", "application/json", strings.NewReader(order))
	if err != nil {
		t.Fatal(err)
	}
	if err := res.Body.Close(); err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("slow down: HTTP %d, %v", res.StatusCode, err)
	}
}

// slowAnswers counts the requests that the sandbox has kept, or keeps, waiting.
func slowAnswers(t *testing.T, a *app.App) int {
	t.Helper()
	client := &http.Client{Timeout: 30 * time.Second}
	defer client.CloseIdleConnections()
	res, err := client.Get(a.Sandbox.BaseURL() + "/control/counters")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	var answer struct {
		Total struct {
			SlowAnswers int `json:"slow_answers"`
		}
	}
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil {
		t.Fatal(fmt.Errorf("read the counters: %w", err))
	}
	return answer.Total.SlowAnswers
}

// A service that is told to leave in the middle of a visit lets the visit end, keeps its result, gives the lease back,
// and has not failed.
func TestAServiceLeavesAfterTheVisitInFlight(t *testing.T) {
	defer goleak.VerifyNone(t)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
	data := filepath.Join(t.TempDir(), "data")
	desk := openApp(t, "desktop", data)
	defer closeApp(t, desk)
	key := signInTo(t, desk, "Cust10001").Tenant.Key
	slowDown(t, desk, key, "1s")

	console := startService(t, data, nil, "--interval", "1h")
	eventually(t, "the visit to begin", func() bool { return slowAnswers(t, desk) > 0 })
	console.leaves(t, far)
	if o, err := desk.Workbench.Overview(t.Context()); err != nil || o.Poller.Lease.Held(time.Now()) {
		t.Errorf("the lease is still %+v's, %v", o.Poller.Lease.Owner, err)
	}
	if view, err := desk.Workbench.Tenant(t.Context(), key); err != nil || view.Verdict != tenant.Well {
		t.Errorf("the visit in flight came to %q, %v", view.Verdict, err)
	}
	said := console.stdout.String()
	loggedOn, ended := strings.Index(said, "Logged on to context Cust10001 as SYS-PD"), strings.Index(said, endMessage)
	if loggedOn < 0 || ended < loggedOn {
		t.Errorf("it said %s", said)
	}
}

// A tenant that hangs does not hold the service up: it would take 20 seconds to give the visit up, and a minute until
// the answer.
func TestAServiceLeavesAlthoughATenantHangs(t *testing.T) {
	defer goleak.VerifyNone(t)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
	data := filepath.Join(t.TempDir(), "data")
	desk := openApp(t, "desktop", data)
	defer closeApp(t, desk)
	key := signInTo(t, desk, "Cust10001").Tenant.Key
	slowDown(t, desk, key, "1m")

	console := startService(t, data, nil, "--interval", "1h")
	eventually(t, "the visit to begin", func() bool { return slowAnswers(t, desk) > 0 })
	console.leaves(t, 15*time.Second)
	if o, err := desk.Workbench.Overview(t.Context()); err != nil || o.Poller.Lease.Held(time.Now()) {
		t.Errorf("the lease is still %+v's, %v", o.Poller.Lease.Owner, err)
	}
}

// Somebody who does not want to wait says so by a second signal.
func TestASecondSignalEndsTheServiceAtOnce(t *testing.T) {
	defer goleak.VerifyNone(t)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
	data := filepath.Join(t.TempDir(), "data")
	desk := openApp(t, "desktop", data)
	defer closeApp(t, desk)
	key := signInTo(t, desk, "Cust10001").Tenant.Key
	slowDown(t, desk, key, "1m")

	systemd := listenAsSystemd(t)
	console := startService(t, data, []string{"NOTIFY_SOCKET=" + systemd.path}, "--interval", "1h")
	eventually(t, "the visit to begin", func() bool { return slowAnswers(t, desk) > 0 })
	if err := console.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	systemd.hears(t, `^STOPPING=1$`) // it waits for the visit now
	left := make(chan error, 1)
	go func() { left <- console.Wait() }()
	var err error
	eventually(t, "the service's end", func() bool {
		// The first signal may be under work still, and then swallows the second.
		_ = console.Process.Signal(syscall.SIGTERM)
		select {
		case err = <-left:
			return true
		default:
			return false
		}
	})
	exit, failed := errors.AsType[*exec.ExitError](err)
	if !failed {
		t.Fatal("it ended as after one signal")
	}
	if status, ok := exit.Sys().(syscall.WaitStatus); !ok || status.Signal() != syscall.SIGTERM {
		t.Errorf("it ended with %v", exit)
	}
}

// The metrics are off until they are asked for, and then tell of the very poller that runs.
func TestTheServiceServesItsMetrics(t *testing.T) {
	defer goleak.VerifyNone(t)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
	data := filepath.Join(t.TempDir(), "data")
	desk := openApp(t, "desktop", data)
	defer closeApp(t, desk)
	signInTo(t, desk, "Cust10001")
	systemd := listenAsSystemd(t)
	console := startService(t, data, []string{"NOTIFY_SOCKET=" + systemd.path}, "--metrics", "127.0.0.1:0", "--request-budget", "50")
	systemd.hears(t, `^READY=1$`)
	client := &http.Client{Timeout: 30 * time.Second}
	defer client.CloseIdleConnections()
	read := func(path string) string {
		t.Helper()
		res, err := client.Get(metricsAddress(t, data) + path)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = res.Body.Close() }()
		body, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != http.StatusOK {
			t.Fatalf("%s: HTTP %d, %v: %s", path, res.StatusCode, err, body)
		}
		return string(body)
	}
	if health := read("/healthz"); health != "well\n" {
		t.Errorf("its health is %q", health)
	}
	numbers := read("/metrics")
	for _, want := range []string{
		`(?m)^partnerdesk_poller_ticks_total 1$`, `(?m)^partnerdesk_poller_log_ons_total 1$`, `(?m)^partnerdesk_poller_standing_by 0$`,
		`(?m)^partnerdesk_poller_last_tick_tenants\{outcome="active"\} 1$`, `(?m)^go_goroutines [1-9]`, `(?m)^partnerdesk_build_info\{version=".+"\} 1$`,
	} {
		if !regexp.MustCompile(want).MatchString(numbers) {
			t.Errorf("%s is missing in %s", want, numbers)
		}
	}
	// Two can not have one port, which is known before the first visit.
	address := strings.TrimPrefix(metricsAddress(t, data), "http://")
	second := startService(t, data, nil, "--metrics", address)
	err := second.Wait()
	if exit, ended := errors.AsType[*exec.ExitError](err); !ended || exit.ExitCode() != exitFailed || !strings.Contains(second.stderr.String(), "The metrics cannot be served at "+address+".") {
		t.Errorf("the second one ended with %v and said %s", err, &second.stderr)
	}
	console.leaves(t, far)
}

// While the store cannot be used the service goes on trying, and says so.
func TestTheServiceOutlivesTroubleWithTheStore(t *testing.T) {
	defer goleak.VerifyNone(t)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
	data := filepath.Join(t.TempDir(), "data")
	systemd := listenAsSystemd(t)
	console := startService(t, data, []string{"NOTIFY_SOCKET=" + systemd.path}, "--interval", "5s")
	systemd.hears(t, `^READY=1$`)

	file, err := os.Open(filepath.Join(data, "partnerdesk.bolt"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	systemd.hears(t, `^STATUS=In trouble, and trying again: `)
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_UN); err != nil {
		t.Fatal(err)
	}
	systemd.hearsAgain(t, `^STATUS=Polled 0 active tenants: `)
	console.leaves(t, far)
}

// metricsAddress finds in the journal where the metrics are served.
func metricsAddress(t *testing.T, data string) string {
	t.Helper()
	found := ""
	err := journal.Search(t.Context(), app.JournalDir(data), journal.Query{Text: "Serving the metrics at"}, func(e journal.Event) bool {
		_, found, _ = strings.Cut(strings.TrimSuffix(e.Message, "/metrics"), "Serving the metrics at ")
		return true
	})
	if err != nil || found == "" {
		t.Fatalf("the journal does not tell where the metrics are: %v", err)
	}
	return found
}

// Into a pipe or a log, each event is a JSON value on a line of its own.
func TestEventsAreJSONForAProgram(t *testing.T) {
	defer goleak.VerifyNone(t)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
	data := filepath.Join(t.TempDir(), "data")
	desk := openApp(t, "desktop", data)
	defer closeApp(t, desk)
	signInTo(t, desk, "Cust10001")
	systemd := listenAsSystemd(t)
	console := startService(t, data, []string{"NOTIFY_SOCKET=" + systemd.path})
	systemd.hears(t, `^READY=1$`)
	console.leaves(t, far)
	var messages []string
	for line := range strings.Lines(console.stdout.String()) {
		var event struct{ Time, Level, Message, Tenant string }
		if err := json.Unmarshal([]byte(line), &event); err != nil || event.Time == "" || event.Level == "" {
			t.Errorf("%q: %v", line, err)
		}
		messages = append(messages, event.Message)
	}
	all := strings.Join(messages, "\n")
	for _, want := range []string{startMessage, "Logged on to context Cust10001 as SYS-PD", "Polled 1 active tenant: ", endMessage} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is missing in %s", want, all)
		}
	}
}
