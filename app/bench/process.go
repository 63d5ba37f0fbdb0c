package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"time"
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
	for line := range bytes.Lines(status) {
		name, value, _ := strings.Cut(string(line), ":")
		switch name {
		case "VmRSS":
			l.Resident, err = kilobytes(value)
		case "VmHWM":
			l.Peak, err = kilobytes(value)
		}
		if err != nil {
			return look{}, fmt.Errorf("look at the process: %w", err)
		}
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

// kilobytes reads "   1234 kB".
func kilobytes(value string) (uint64, error) {
	n, err := strconv.ParseUint(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64)
	return n << 10, err
}

// processorTime is what a living process has taken of the processor until now, to a hundredth of a second.
func processorTime(pid int) (time.Duration, error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, fmt.Errorf("look at a process: %w", err)
	}
	// The second field is the program's name in brackets, and may hold anything (proc_pid_stat(5)).
	_, rest, _ := strings.Cut(string(raw[bytes.LastIndexByte(raw, ')')+1:]), " ")
	fields := strings.Fields(rest)
	const user, system = 14 - 3, 15 - 3 // as fields begins with the third
	if len(fields) <= system {
		return 0, errors.New("look at a process: its times are missing")
	}
	var ticks uint64
	for _, field := range []string{fields[user], fields[system]} {
		n, err := strconv.ParseUint(field, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("look at a process: %w", err)
		}
		ticks += n
	}
	const perSecond = 100 // of Linux, to programs, on all machines
	return time.Duration(ticks) * time.Second / perSecond, nil
}
