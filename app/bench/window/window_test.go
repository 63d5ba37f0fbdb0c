package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"partnerdesk/app"
	"partnerdesk/app/bench/window/pulse"
	"partnerdesk/core/journal"
	"partnerdesk/core/tenant"
)

// TestTheDataDirectoryHoldsWhatIsMeasured reads back what the desktop will read, and has a poller plan by it: a bench
// of a window at rest must not visit anybody.
func TestTheDataDirectoryHoldsWhatIsMeasured(t *testing.T) {
	const tenants, lines = 20, 300
	dir := t.TempDir()
	if err := fill(t.Context(), dir, tenants, lines); err != nil {
		t.Fatal(err)
	}
	a, err := app.New(t.Context(), app.Options{Program: "desktop", Data: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}()
	o, err := a.Workbench.Overview(t.Context())
	if err != nil || len(o.Tenants) != tenants || len(o.Damaged) != 0 {
		t.Fatalf("there are %d tenants, %v damaged, %v", len(o.Tenants), o.Damaged, err)
	}
	active := 0
	for _, v := range o.Tenants {
		if v.Active {
			active++
		}
		if v.Active && !v.RetryAt.After(time.Now().Add(time.Hour)) {
			t.Errorf("%s would be visited at %v", v.Key, v.RetryAt)
		}
	}
	if active == 0 || active == tenants {
		t.Errorf("%d of %d tenants are active", active, tenants)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	found := 0
	err = journal.Follow(ctx, app.JournalDir(dir), journal.FollowOptions{Last: 2 * lines}, func(events []journal.Event) {
		for _, e := range events {
			if e.Program == "console" && e.Step == tenant.StepWebServices {
				found++
			}
		}
		cancel()
	})
	if err != nil || found != lines {
		t.Errorf("the journal has %d lines, %v", found, err)
	}
}

// TestTheFirstFrameIsSeenBesideThePointer draws as an X server does, into a file of its format.
func TestTheFirstFrameIsSeenBesideThePointer(t *testing.T) {
	const colors = 256
	begin := dumpHeader + 60 + colors*dumpColor
	dump := make([]byte, begin+screenWidth*screenHeight*4)
	dump[dumpHeaderSize+3] = dumpHeader + 60
	dump[dumpBytesPerLine+2], dump[dumpBytesPerLine+3] = screenWidth*4>>8, screenWidth*4&0xff
	dump[dumpColors+2] = colors >> 8
	paint := func(x, y int) { dump[begin+(y*screenWidth+x)*4] = 0xff }
	see := func() bool {
		t.Helper()
		name := filepath.Join(t.TempDir(), "screen")
		if err := os.WriteFile(name, dump, 0o600); err != nil {
			t.Fatal(err)
		}
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = f.Close() }()
		drawn, err := (&display{pixels: f}).drawn()
		if err != nil {
			t.Fatal(err)
		}
		return drawn
	}
	paint(screenWidth/2, screenHeight/2) // the pointer
	for x := range 60 {
		paint(x, screenHeight/3) // the frame that a window manager draws
	}
	if see() {
		t.Error("a window was seen that has drawn nothing")
	}
	paint(screenWidth/2, screenHeight/3)
	if !see() {
		t.Error("a window that has drawn itself was not seen")
	}
}

func TestTheLogsAimsAreForTheWorstDelays(t *testing.T) {
	floor := pulse.Result{P99: 0.2, Max: 1}
	for name, c := range map[string]struct {
		ours  pulse.Result
		unmet int
	}{
		"quick":         {pulse.Result{P95: 20, P99: 12, Max: 33}, 0},
		"often late":    {pulse.Result{P99: 12.1, Max: 33}, 1},
		"late once":     {pulse.Result{P99: 1, Max: 34}, 1},
		"late, and how": {pulse.Result{P99: 40, Max: 400}, 2},
	} {
		unmet := 0
		for _, row := range logRows("", c.ours, floor) {
			if !row.Met {
				unmet++
			}
		}
		if unmet != c.unmet {
			t.Errorf("%s: %d aims are not met", name, unmet)
		}
	}
}

func TestTheMedianCounts(t *testing.T) {
	for want, all := range map[int64][]int64{3: {3}, 4: {9, 4, 1}, 2: {8, 2, 7, 1}} {
		if got := median(all); got != want {
			t.Errorf("the median of %v is %d", all, got)
		}
	}
}

func TestWhatCannotBeMeasuredIsRefused(t *testing.T) {
	for _, args := range []string{"-only nothing", "-starts 0", "more"} {
		var out bytes.Buffer
		if err := run(t.Context(), strings.Fields(args), &out, &out); err == nil {
			t.Errorf("%q was measured", args)
		}
	}
}
