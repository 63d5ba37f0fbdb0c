package main

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

// A person at a terminal reads lines like those of the tutorial's console: when, and what.
func TestEventsAreLinesForAPerson(t *testing.T) {
	defer goleak.VerifyNone(t)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
	data := filepath.Join(t.TempDir(), "data")
	desk := openApp(t, "desktop", data)
	defer closeApp(t, desk)
	signInTo(t, desk, "Cust10001")

	terminal, person := terminalPair(t)
	cmd := exec.CommandContext(t.Context(), "console", "--data", data, "poll", "--once")
	cmd.Env = append(os.Environ(), "GORACE=atexit_sleep_ms=0")
	cmd.Stdout = terminal
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if err := terminal.Close(); err != nil { // the process has its own
		t.Fatal(err)
	}
	var lines []string
	screen := bufio.NewScanner(person)
	for screen.Scan() {
		lines = append(lines, strings.TrimRight(screen.Text(), "\r"))
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	all := strings.Join(lines, "\n")
	for _, want := range []string{
		"^TIME  The service console has started$",
		"^TIME  Cust10001: Signing the system user token and exchanging it for a ticket$",
		"^TIME  Cust10001: The answer passed all [0-9]+ checks; its ticket is good for six hours after each use$",
		"^TIME  Logged on to context Cust10001 as SYS-PD$",
		"^TIME  Polled 1 active tenant: 1 logged on, 1 exchanged, 0 resting, 0 failed",
		"^TIME  The service console has ended$",
	} {
		if !regexp.MustCompile("(?m)" + strings.Replace(want, "TIME", "[0-2][0-9]:[0-5][0-9]:[0-5][0-9]", 1)).MatchString(all) {
			t.Errorf("%s is missing in:\n%s", want, all)
		}
	}
	if strings.Contains(all, "{") {
		t.Errorf("a person is shown JSON:\n%s", all)
	}
}
