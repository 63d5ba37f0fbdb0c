package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"partnerdesk/core/journal"
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
)

// TestPlain keeps text from outside from steering the terminal or breaking a table.
func TestPlain(t *testing.T) {
	if got, want := plain("a\tb\nc\x1b[31md\u202ee\u0085f"), "a b c\ufffd[31md\ufffde\ufffdf"; got != want {
		t.Errorf("plain = %q, want %q", got, want)
	}
	if got := plain("Zakład Żółw 株式会社 شركة"); got != "Zakład Żółw 株式会社 شركة" {
		t.Errorf("plain changed ordinary text: %q", got)
	}
}

func TestEventLine(t *testing.T) {
	at := time.Date(2026, 1, 2, 8, 0, 0, 0, time.Local)
	tests := map[string]struct {
		event journal.Event
		want  string
	}{
		"news": {
			journal.Event{Time: at, Tenant: "Cust1", Message: "Logged on to context Cust1 as SYS"},
			"08:00:00  Logged on to context Cust1 as SYS",
		},
		"a message that does not name its tenant": {
			journal.Event{Time: at, Tenant: "Cust1", Message: "Signing"},
			"08:00:00  Cust1: Signing",
		},
		"trouble, with the server's words": {
			journal.Event{Time: at, Level: slog.LevelError, Message: "Could not log on", Fields: []journal.Field{
				{Key: "error.why", Value: "It was revoked."}, {Key: "error.next", Value: "Approve again."}, {Key: "error.server", Value: "No\x1b[2J."},
			}},
			"08:00:00  Could not log on. It was revoked. The server says: “No\ufffd[2J”. Approve again.",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := eventLine(test.event); got != test.want {
				t.Errorf("eventLine = %q, want %q", got, test.want)
			}
		})
	}
}

// TestWaitingForStandardInputCanBeCancelled holds a command that waits for somebody to type to Ctrl+C.
func TestWaitingForStandardInputCanBeCancelled(t *testing.T) {
	silent, typist := io.Pipe()
	t.Cleanup(func() { _ = typist.Close() })
	ctx, interrupt := context.WithCancel(t.Context())
	var stderr bytes.Buffer
	s := &session{stdin: interruptible{ctx, silent}, out: printer{stderr: &stderr}}
	typed := make(chan error, 1)
	go func() {
		_, err := io.WriteString(typist, "half a line") // read, and not the end
		interrupt()
		typed <- err
	}()
	_, err := s.readSecret("passphrase", standardInput)
	if sent := <-typed; sent != nil {
		t.Fatal(sent)
	}
	if got := s.out.finish(err); got != exitFailed || !strings.HasPrefix(stderr.String(), "Cancelled.") {
		t.Errorf("status %d, %q; want %d and that it was cancelled", got, stderr.String(), exitFailed)
	}
}

// TestOurs tells this process's events from those of the desktop, and of another console.
func TestOurs(t *testing.T) {
	for name, test := range map[string]struct {
		event journal.Event
		want  bool
	}{
		"the desktop's":       {journal.Event{Program: "desktop", Component: "poller"}, false},
		"another console's":   {journal.Event{Program: program, Component: "poller", Fields: []journal.Field{{Key: journal.ProcessKey, Value: "0"}}}, false},
		"this process's":      {journal.Event{Program: program, Component: "poller", Fields: []journal.Field{{Key: journal.ProcessKey, Value: strconv.Itoa(os.Getpid())}}}, true},
		"another component's": {journal.Event{Program: program, Component: "sandbox"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := ours(test.event); got != test.want {
				t.Errorf("ours = %t, want %t", got, test.want)
			}
		})
	}
}

func TestFinish(t *testing.T) {
	problem := &tenant.Problem{Op: "try", Err: errors.New("cause\x1b"), Explanation: tenant.Explanation{
		What: "It failed.", Why: "Because\nof it.", Server: "Authorization: SOTicket 7T:QQBCAEMARABFAEYARwBIAA==", Next: "Try.",
	}}
	for name, test := range map[string]struct {
		err    error
		status int
		want   string
	}{
		"nothing":   {nil, exitDone, ""},
		"a problem": {problem, exitFailed, "It failed.\n  Why:     Because of it.\n"},
		"wrong use": {wrongUse(errors.New("no such flag")), exitUsage, "The command line is wrong.\n  Why:   No such flag.\n"},
		// Who explained a failure knows better than the command line.
		"an explained problem in the command line": {wrongUse(problem), exitFailed, "It failed.\n"},
	} {
		t.Run(name, func(t *testing.T) {
			var stderr bytes.Buffer
			p := printer{stdout: io.Discard, stderr: &stderr, verbose: true}
			if got := p.finish(test.err); got != test.status {
				t.Errorf("status %d, want %d", got, test.status)
			}
			if got := stderr.String(); !strings.HasPrefix(got, test.want) || strings.Contains(got, "7T:") || strings.Contains(got, "\x1b") {
				t.Errorf("printed %q, want %q first, and no secret", got, test.want)
			}
		})
	}
}

func TestSeveralTenants(t *testing.T) {
	found := []workbench.TenantView{
		{Key: tenant.Key{Registration: "a", ContextID: "Cust1"}}, {Key: tenant.Key{Registration: "b", ContextID: "Cust1"}},
	}
	if why := tenant.Explain(severalTenants("Cust1", found)).Why; why != "It is stored under the registrations a, b." {
		t.Errorf("why = %q", why)
	}
}

func TestReadBounded(t *testing.T) {
	s := &session{stdin: strings.NewReader(strings.Repeat("x", maxSecretFile+1))}
	if _, err := s.readSecret("private key", standardInput); err == nil || !strings.Contains(tenant.Explain(err).Why, "longer than 64 KB") {
		t.Errorf("a secret that is too long: %v", err)
	}
	s.stdin = strings.NewReader("\xef\xbb\xbfvalue\r\n")
	got, err := s.readSecret("client secret", standardInput)
	if err != nil || got.Reveal() != "value" {
		t.Errorf("readSecret = %q, %v", got.Reveal(), err)
	}
	s.stdin = strings.NewReader("a\x00b")
	if _, err := s.readSecret("client secret", standardInput); err == nil {
		t.Error("a file that holds no text was taken")
	}
}

func TestMoment(t *testing.T) {
	for text, good := range map[string]bool{
		"1h": true, "90s": true, "0s": true, "2026-01-31T08:00:00Z": true, "2026-01-31T08:00:00.5+02:00": true,
		"": false, "-1h": false, "yesterday": false, "2026-01-31": false,
	} {
		var m moment
		if err := m.UnmarshalText([]byte(text)); (err == nil) != good {
			t.Errorf("%q: %v", text, err)
		}
	}
}
