package main

import (
	"io"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"partnerdesk/app"
)

// unit is a systemd unit: its settings by section and name, in their order.
type unit map[string]map[string][]string

// The units: of a server, and of a person.
const (
	systemUnit = "systemd/partnerdesk-console.service"
	userUnit   = "../../assets/linux/partnerdesk-console.user.service"
)

func readUnit(t *testing.T, file string) unit {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	u, section := unit{}, ""
	for line := range strings.Lines(string(b)) {
		line = strings.TrimSpace(line)
		if name, isSection := strings.CutPrefix(line, "["); isSection {
			section = strings.TrimSuffix(name, "]")
			u[section] = map[string][]string{}
			continue
		}
		if line == "" || line[0] == '#' {
			continue
		}
		key, value, found := strings.Cut(line, "=")
		if !found || section == "" {
			t.Fatalf("the unit has the line %q", line)
		}
		u[section][key] = append(u[section][key], value)
	}
	return u
}

// service returns the one value of a setting of the service.
func (u unit) service(t *testing.T, key string) string {
	t.Helper()
	values := u["Service"][key]
	if len(values) != 1 {
		t.Fatalf("%s is set %d times", key, len(values))
	}
	return values[0]
}

// systemd must not be promised what this program does not keep.
func TestTheUnitFitsTheProgram(t *testing.T) {
	u := readUnit(t, systemUnit)
	start := strings.Fields(u.service(t, "ExecStart"))
	command, s, err := parse(start[1:], strings.NewReader(""), io.Discard, io.Discard)
	if err != nil {
		t.Fatalf("its command line: %v", err)
	}
	if poll, ok := command.(*pollCommand); !ok || poll.Once {
		t.Errorf("it runs %T", command)
	}
	name, file, _ := strings.Cut(u.service(t, "LoadCredential"), ":")
	if s.dataPassphraseFile != "${CREDENTIALS_DIRECTORY}/"+name || !strings.HasPrefix(file, "/etc/") {
		t.Errorf("the passphrase is read from %s, and loaded from %s as %s", s.dataPassphraseFile, file, name)
	}
	if got := u.service(t, "Environment"); got != app.DataVariable+"=/var/lib/"+u.service(t, "StateDirectory") {
		t.Errorf("the data directory is %s", got)
	}
	checkSupervision(t, u)
}

// A person's own service runs the same command, by the same rules, as that person.
func TestTheUserUnitFitsTheProgram(t *testing.T) {
	u := readUnit(t, userUnit)
	start := strings.Fields(u.service(t, "ExecStart"))
	command, _, err := parse(start[1:], strings.NewReader(""), io.Discard, io.Discard)
	if poll, ok := command.(*pollCommand); err != nil || !ok || poll.Once || start[0] != "@bindir@/partnerdesk-console" {
		t.Errorf("it runs %s, which is %T, %v", start, command, err)
	}
	if u.service(t, "Type") != "notify" || u["Service"]["User"] != nil || !slices.Equal(u["Install"]["WantedBy"], []string{"default.target"}) {
		t.Errorf("it is no unit of a person: %v, %v", u["Service"], u["Install"])
	}
	checkSupervision(t, u)
}

// checkSupervision holds what systemd is told of the end and the life of the program.
func checkSupervision(t *testing.T, u unit) {
	t.Helper()
	if got := u.service(t, "RestartPreventExitStatus"); got != strconv.Itoa(exitUsage) {
		t.Errorf("it is not restarted after status %s", got)
	}
	seconds := func(key string) time.Duration {
		n, err := strconv.Atoi(u.service(t, key))
		if err != nil {
			t.Fatalf("%s: %v", key, err)
		}
		return time.Duration(n) * time.Second
	}
	if stop := seconds("TimeoutStopSec"); stop <= 5*time.Second {
		t.Errorf("it is killed after %s, and may take 5 s to leave", stop)
	}
	// The watchdog must not be quicker than /healthz, nor fed later than systemd waits.
	if watchdog := seconds("WatchdogSec"); watchdog < aliveWithin || watchdog/2 <= aliveEvery {
		t.Errorf("its watchdog waits %s", watchdog)
	}
}

func TestTheUnitMayDoNothingElse(t *testing.T) {
	u := readUnit(t, systemUnit)
	for key, want := range map[string]string{
		"Type": "notify", "Restart": "on-failure", "User": "partnerdesk", "StateDirectoryMode": "0700", "UMask": "0077",
		"NoNewPrivileges": "yes", "CapabilityBoundingSet": "", "AmbientCapabilities": "", "ProtectSystem": "strict", "ProtectHome": "yes",
		"PrivateTmp": "yes", "PrivateDevices": "yes", "MemoryDenyWriteExecute": "yes", "RestrictNamespaces": "yes", "LockPersonality": "yes",
		"RestrictSUIDSGID": "yes", "RestrictAddressFamilies": "AF_UNIX AF_INET AF_INET6", "SystemCallArchitectures": "native", "LimitCORE": "0",
	} {
		if got := u.service(t, key); got != want {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
	if got := u["Service"]["SystemCallFilter"]; !slices.Equal(got, []string{"@system-service", "~@privileged"}) {
		t.Errorf("the system calls are %q", got)
	}
}

// Every command line of the page must be one that the program takes, and its paths those of the unit.
func TestThePageOnTheServiceHoldsTrue(t *testing.T) {
	b, err := os.ReadFile("SERVICE.md")
	if err != nil {
		t.Fatal(err)
	}
	page := string(b)
	lines := regexp.MustCompile(`(?m)^[^#\n]*?(?:\bpd|\bpartnerdesk-console) ((?:--data-passphrase-file \S+ )?(?:poll|backup|restore|protection|tenants|registration|sign-in|settings|log)\b.*)$`).FindAllStringSubmatch(fenced(page), -1)
	if len(lines) < 12 {
		t.Errorf("only %d command lines are found", len(lines))
	}
	for _, line := range lines {
		if _, _, err := parse(words(line[1]), strings.NewReader(""), io.Discard, io.Discard); err != nil {
			t.Errorf("%s: %v", line[1], err)
		}
	}
	u := readUnit(t, systemUnit)
	_, passphrase, _ := strings.Cut(u.service(t, "LoadCredential"), ":")
	for _, want := range []string{
		passphrase, "/var/lib/" + u.service(t, "StateDirectory"), "--system --home-dir /var/lib/partnerdesk --shell /usr/sbin/nologin " + u.service(t, "User"),
		"/usr/local/bin/", "poll --metrics 127.0.0.1:9464", "not been heard of for " + u.service(t, "WatchdogSec") + " seconds", "failed after " + u.service(t, "RestartSec") + " seconds",
		"| " + strconv.Itoa(exitDone) + " |", "| " + strconv.Itoa(exitFailed) + " |", "| " + strconv.Itoa(exitUsage) + " |",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not tell of %q", want)
		}
	}
}

// fenced returns what stands in the page's blocks for the shell.
func fenced(page string) string {
	var all strings.Builder
	for _, block := range regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(page, -1) {
		all.WriteString(block[1])
	}
	return all.String()
}

// words splits a command line as a shell does, as far as the page goes.
func words(line string) []string {
	var all []string
	for _, w := range regexp.MustCompile(`"[^"]*"|\S+`).FindAllString(line, -1) {
		all = append(all, strings.Trim(w, `"`))
	}
	return all
}
