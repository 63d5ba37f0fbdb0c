package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// tags are those that the Makefile builds the desktop with: it is the program that people start.
const tags = "migrated_fynedo"

// build builds the programs.
func (b *bench) build(ctx context.Context) error {
	for name, of := range map[string]string{
		"desktop": "partnerdesk/app/desktop", "empty": "partnerdesk/app/bench/window/empty", "log": "partnerdesk/app/bench/window/log",
	} {
		build := exec.CommandContext(ctx, "go", "build", "-tags", tags, "-o", b.program(name), of)
		if said, err := build.CombinedOutput(); err != nil {
			return fmt.Errorf("build the program %s: %w: %s", name, err, said)
		}
	}
	return nil
}

func (b *bench) program(name string) string { return filepath.Join(b.dir, name) }

// command is a program on the screen. Its settings and caches lie in the bench's folder, and it cannot reach the
// secret store of whoever runs the bench. The light look is one that is never black.
func (b *bench) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	home := filepath.Join(b.dir, "home")
	cmd := exec.CommandContext(ctx, b.program(name), args...)
	cmd.Stderr = b.stderr
	cmd.Env = append(os.Environ(), "DISPLAY="+b.screen.name, "WAYLAND_DISPLAY=", "DBUS_SESSION_BUS_ADDRESS=", "LANG=en_US.UTF-8", "FYNE_THEME=light",
		"HOME="+home, "XDG_CONFIG_HOME="+filepath.Join(home, ".config"), "XDG_CACHE_HOME="+filepath.Join(home, ".cache"))
	return cmd
}

// stop ends a program and waits until its window is gone.
func (b *bench) stop(ctx context.Context, cmd *exec.Cmd) error {
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		return fmt.Errorf("end %s: %w", cmd.Path, err)
	}
	const patience = 20 * time.Second
	// A program that ends does so within a second; one that hangs must not hang the bench.
	watchdog := time.AfterFunc(patience, func() { _ = cmd.Process.Kill() })
	defer watchdog.Stop()
	err := cmd.Wait()
	var ended *exec.ExitError
	if errors.As(err, &ended) {
		if status, ok := ended.Sys().(syscall.WaitStatus); ok && status.Signaled() && status.Signal() == syscall.SIGINT {
			err = nil // the empty window has no handler for the signal
		}
	}
	if err != nil {
		return fmt.Errorf("end %s: %w", cmd.Path, err)
	}
	return b.screen.await(ctx, false)
}

// desktop starts the desktop on a data directory.
func (b *bench) desktop(ctx context.Context, data string) (*exec.Cmd, error) {
	cmd := b.command(ctx, "desktop", "-data", data)
	return cmd, cmd.Start()
}

func (b *bench) empty(ctx context.Context) (*exec.Cmd, error) {
	cmd := b.command(ctx, "empty")
	return cmd, cmd.Start()
}
