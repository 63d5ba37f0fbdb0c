package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestMain lets the test's own program be the processes that measure, as the bench's is.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == partArgument {
		main()
		return
	}
	os.Exit(m.Run())
}

// TestTheTableHasEveryRow measures all rows at a size at which the ratios mean nothing. What is measured checks
// itself: that all tenants were logged on to, by as many requests as the floor made, and that the file holds them.
func TestTheTableHasEveryRow(t *testing.T) {
	if _, err := lookAtMyself(); err != nil {
		t.Skip("this system does not tell what a process holds: ", err)
	}
	t.Setenv("GORACE", "atexit_sleep_ms=0") // which each of a dozen processes would sleep for otherwise
	var out bytes.Buffer
	said, err := os.Create(filepath.Join(t.TempDir(), "said"))
	if err != nil {
		t.Fatal(err)
	}
	defer said.Close()
	args := strings.Fields("-tenants 20 -few 5 -sample 3 -repeat 1 -ticks 4 -delay 1ms -settle 0s")
	err = run(context.Background(), args, nil, &out, said)
	words, readErr := os.ReadFile(said.Name())
	if err != nil || readErr != nil {
		t.Fatalf("%v, %v\n%s", err, readErr, words)
	}
	for _, row := range []string{
		"cold tick, 20 tenants", "behind a delay of 1ms", "warm tick, 20 tenants", "memory, 20 tenants, tick 4",
		"goroutines", "open files", "connections after 4 ticks",
	} {
		line := ""
		for l := range strings.Lines(out.String()) {
			if strings.Contains(l, row) {
				line = l
			}
		}
		if fields := strings.Fields(line); len(fields) == 0 || fields[len(fields)-1] != "yes" && fields[len(fields)-1] != "no" {
			t.Errorf("%q is no row with a verdict: %q", row, line)
		}
	}
	if bytes.Contains(words, []byte("remove the folder")) {
		t.Errorf("the bench left its folder behind: %s", words)
	}
	t.Logf("%s%s", words, &out)
}

func TestNothingMayBeLeftBehind(t *testing.T) {
	for ours, met := range map[int]bool{6: false, 7: true, 8: false} { // one fewer is odd as well
		if row := same("", ours, "", 7); row.Met != met {
			t.Errorf("%d beside 7: met is %v", ours, row.Met)
		}
	}
}

func TestARowThatThereIsNotIsRefused(t *testing.T) {
	if err := run(context.Background(), []string{"-only", "nothing"}, nil, new(bytes.Buffer), os.Stderr); err == nil {
		t.Error("measured a row that there is not")
	}
}
