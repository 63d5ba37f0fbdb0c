package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"

	"partnerdesk/app/bench/measure"
)

// look is what a process holds.
type look struct {
	// Resident is what the system counts, Peak the most that it was, and Heap what the program itself still uses;
	// in bytes.
	Resident, Peak, Heap           uint64
	Goroutines, Files, Connections int
}

// lookAtMyself tells what this process holds, after a collection. It needs the /proc of Linux.
func lookAtMyself() (look, error) {
	debug.FreeOSMemory()
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return look{}, fmt.Errorf("look at the process: %w", err)
	}
	l := look{Goroutines: runtime.NumGoroutine(), Heap: memory.HeapAlloc}
	if l.Resident, err = measure.Field(status, "VmRSS"); err == nil {
		l.Peak, err = measure.Field(status, "VmHWM")
	}
	if err != nil {
		return look{}, err
	}
	const files = "/proc/self/fd"
	entries, err := os.ReadDir(files)
	if err != nil {
		return look{}, fmt.Errorf("look at the process: %w", err)
	}
	for _, e := range entries {
		target, err := os.Readlink(filepath.Join(files, e.Name()))
		if errors.Is(err, os.ErrNotExist) {
			continue // that of reading the folder
		}
		l.Files++
		if strings.HasPrefix(target, "socket:") {
			l.Connections++
		}
	}
	return l, nil
}
