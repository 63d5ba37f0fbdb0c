package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"partnerdesk/app/person"
)

// TestMain lets the scripts run this test binary as the program, in a process of its own.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"console": main})
}

// TestScripts carries out the scripts in testdata/script. Each has a data directory of its own, and no
// operating system's secret store: the key lies in a file, on every machine.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			env.Setenv("PARTNERDESK_DATA", filepath.Join(env.WorkDir, "data"))
			env.Setenv("HOME", filepath.Join(env.WorkDir, "home"))
			env.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
			env.Setenv("TZ", "UTC")
			env.Values[newsstand{}] = &newsstand{}
			// The race detector would keep each process for a second after its end.
			env.Setenv("GORACE", "atexit_sleep_ms=0")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"approve":  approve,
			"exits":    exits,
			"waitfile": waitFile,
			"waitlog":  waitLog,
			"secrets":  secrets,
			"canary":   canary,
			"granted":  granted,
			"unpack":   unpack,
			"control":  control,
			"ownerly":  ownerOnly,
			"keyless":  keyless,
			"begins":   begins,
			"utf16":    writeUTF16,
			"term":     terminate,
			"verified": verifyWithOpenSSL,
			"spoil":    spoil,
			"releases": releases,
		},
	})
}

// spoil FILE OLD NEW changes bytes in a file, in place.
func spoil(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 || len(args[1]) != len(args[2]) {
		ts.Fatalf("usage: spoil FILE OLD NEW, of the same length")
	}
	path := ts.MkAbs(args[0])
	content, err := os.ReadFile(path)
	ts.Check(err)
	if !strings.Contains(string(content), args[1]) {
		ts.Fatalf("%s does not hold %s", args[0], args[1])
	}
	ts.Check(os.WriteFile(path, []byte(strings.ReplaceAll(string(content), args[1], args[2])), 0o600))
}

// command builds a process with the script's environment and folder.
func command(ts *testscript.TestScript, args []string) *exec.Cmd {
	if len(args) == 0 {
		ts.Fatalf("no command is given")
	}
	path := args[0]
	for _, dir := range filepath.SplitList(ts.Getenv("PATH")) {
		name := filepath.Join(dir, args[0])
		if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() {
			path = name
			break
		}
	}
	cmd := exec.Command(path, args[1:]...)
	cmd.Dir = ts.MkAbs(".")
	cmd.Env = os.Environ()
	for _, name := range []string{"PARTNERDESK_DATA", "PARTNERDESK_CLIENT_SECRET", "PARTNERDESK_PRIVATE_KEY", "PARTNERDESK_KEY_PASSPHRASE", "PARTNERDESK_PASSPHRASE", "PARTNERDESK_NEW_PASSPHRASE", "PARTNERDESK_BACKUP_PASSPHRASE", "HOME", "DBUS_SESSION_BUS_ADDRESS", "TZ", "GORACE", "PATH"} {
		cmd.Env = append(cmd.Env, name+"="+ts.Getenv(name))
	}
	return cmd
}

// exits STATUS COMMAND...: the command ends with exactly that status.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits STATUS COMMAND...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	cmd := command(ts, args[1:])
	cmd.Stdout, cmd.Stderr = ts.Stdout(), ts.Stderr()
	finish(ts, cmd.Run(), want)
}

func finish(ts *testscript.TestScript, err error, want int) {
	got := 0
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		got = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("run: %v", err)
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}

// happens looks again and again until done, as what another process does cannot be waited for otherwise. It
// gives up after a minute, which is for machines under load.
func happens(done func() bool) bool {
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	enough := time.NewTimer(time.Minute)
	defer enough.Stop()
	for !done() {
		select {
		case <-again.C:
		case <-enough.C:
			return false
		}
	}
	return true
}

func watch(ts *testscript.TestScript, what string, done func() bool) {
	if !happens(done) {
		ts.Fatalf("%s: not in time", what)
	}
}

// waitfile FILE: waits until another process has written the file.
func waitFile(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: waitfile FILE")
	}
	watch(ts, "waitfile "+args[0], func() bool {
		_, err := os.Stat(ts.MkAbs(args[0]))
		return err == nil
	})
}

// waitlog REGEXP [FILE]: waits until a line of the journal, or of another file, matches.
func waitLog(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 || len(args) > 2 {
		ts.Fatalf("usage: waitlog REGEXP [FILE]")
	}
	wanted, err := regexp.Compile("(?m)" + args[0])
	ts.Check(err)
	where := filepath.Join(ts.Getenv("PARTNERDESK_DATA"), "journal", "*.jsonl")
	if len(args) == 2 {
		where = ts.MkAbs(args[1])
	}
	watch(ts, "waitlog "+args[0], func() bool {
		files, err := filepath.Glob(where)
		ts.Check(err)
		for _, name := range files {
			if b, err := os.ReadFile(name); err == nil && wanted.Match(b) {
				return true
			}
		}
		return false
	})
}

// term COMMAND: sends SIGTERM to the background process that carries the command out.
func terminate(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: term COMMAND")
	}
	for _, cmd := range ts.BackgroundCmds() {
		if slices.Contains(cmd.Args, args[0]) {
			ts.Check(cmd.Process.Signal(syscall.SIGTERM))
			return
		}
	}
	ts.Fatalf("%s does not run in the background", args[0])
}

// ownerly PATH...: nobody but the owner may use the files, nor those in the folders.
func ownerOnly(ts *testscript.TestScript, neg bool, args []string) {
	for _, arg := range args {
		ts.Check(filepath.Walk(ts.MkAbs(arg), func(path string, info os.FileInfo, err error) error {
			if err == nil && info.Mode().Perm()&0o077 != 0 {
				err = fmt.Errorf("%s has mode %v", path, info.Mode())
			}
			return err
		}))
	}
}

// approve [--user LOGIN] [--ctx CTX] [--decision D] [--status N] COMMAND...: runs a sign-in, reads the
// address that it prints, and does in a browser's stead what a person would do there.
func approve(ts *testscript.TestScript, neg bool, args []string) {
	p := person.Person{User: "admin@sandbox.example", ContextID: "Cust10001", Decision: "approve"}
	want := 0
	for len(args) > 1 && strings.HasPrefix(args[0], "--") {
		switch args[0] {
		case "--user":
			p.User = args[1]
		case "--ctx":
			p.ContextID = args[1]
		case "--decision":
			p.Decision = args[1]
		case "--status":
			n, err := strconv.Atoi(args[1])
			ts.Check(err)
			want = n
		}
		args = args[2:]
	}
	cmd := command(ts, args)
	cmd.Stderr = ts.Stderr()
	stdout, err := cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	address, rest, err := firstAddress(stdout)
	if err == nil {
		var page string
		page, err = p.SignIn(context.Background(), address)
		ts.Logf("the browser ends at: %s", page)
	}
	if err != nil {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		ts.Fatalf("approve: %v", err)
	}
	_, err = io.Copy(ts.Stdout(), rest)
	finish(ts, errors.Join(err, cmd.Wait()), want)
}
