package measure

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// ProcessorTime is what a living process has taken of the processor until now, to a hundredth of a second. It
// needs the /proc of Linux, as all that looks at a process does.
func ProcessorTime(pid int) (time.Duration, error) {
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

// Memory is what a living process holds, in bytes.
type Memory struct {
	// Resident is what the system counts for it. Of that, Proportional has of each page that is shared only the
	// process's part.
	Resident, Proportional uint64
}

// MemoryOf tells what a living process holds.
func MemoryOf(pid int) (Memory, error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	if err != nil {
		return Memory{}, fmt.Errorf("look at a process: %w", err)
	}
	var m Memory
	if m.Resident, err = Field(raw, "Rss"); err == nil {
		m.Proportional, err = Field(raw, "Pss")
	}
	return m, err
}

// Field finds a line like "VmRSS:   1234 kB" in what the system tells of a process, and returns its bytes.
func Field(told []byte, name string) (uint64, error) {
	for line := range bytes.Lines(told) {
		value, found := strings.CutPrefix(string(line), name+":")
		if !found {
			continue
		}
		n, err := strconv.ParseUint(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64)
		if err != nil {
			return 0, fmt.Errorf("look at a process: read its %s: %w", name, err)
		}
		return n << 10, nil
	}
	return 0, fmt.Errorf("look at a process: its %s is missing", name)
}
