package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// The screen is larger than the windows, so that the window manager leaves them their size.
const (
	screenWidth  = 1400
	screenHeight = 900
)

// display is a screen in memory, with a window manager.
type display struct {
	name    string
	server  *exec.Cmd
	manager *exec.Cmd
	pixels  *os.File
}

// newDisplay starts the screen. What it shows lies in a file in dir.
func newDisplay(ctx context.Context, dir string) (*display, error) {
	numbers, tell, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("start a screen: %w", err)
	}
	defer func() { _ = numbers.Close() }() // it was only read
	d := &display{server: exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", fmt.Sprintf("%dx%dx24", screenWidth, screenHeight),
		"-br", "-nolisten", "tcp", "-fbdir", dir)}
	d.server.ExtraFiles = []*os.File{tell}
	err = d.server.Start()
	_ = tell.Close() // it is the server's now
	if err != nil {
		return nil, fmt.Errorf("start a screen: %w", err)
	}
	number, err := bufio.NewReader(numbers).ReadString('\n')
	if err == nil {
		d.name = ":" + strings.TrimSpace(number)
		d.pixels, err = os.Open(filepath.Join(dir, "Xvfb_screen0"))
	}
	if err == nil {
		d.manager = exec.CommandContext(ctx, "openbox")
		d.manager.Env = append(os.Environ(), "DISPLAY="+d.name)
		err = d.manager.Start()
	}
	if err != nil {
		d.close()
		return nil, fmt.Errorf("start a screen: %w", err)
	}
	return d, nil
}

// close ends the screen and the window manager, and waits for both. Ending by a signal is how they end.
func (d *display) close() {
	if d.manager != nil && d.manager.Process != nil {
		_ = d.manager.Process.Kill()
		_ = d.manager.Wait()
	}
	if d.pixels != nil {
		_ = d.pixels.Close() // it was only read
	}
	_ = d.server.Process.Signal(os.Interrupt)
	_ = d.server.Wait()
}

// An X window dump begins with numbers of four bytes, the highest byte first (X11/XWDFile.h); these are the places of
// those that are needed.
const (
	dumpHeaderSize   = 0 * 4
	dumpBytesPerLine = 12 * 4
	dumpColors       = 19 * 4
	dumpHeader       = 25 * 4
	dumpColor        = 12 // bytes of an entry in the table of colours
)

// line returns the pixels of a line of the screen that any window covers, four bytes each. In the screen's middle the
// pointer stands.
func (d *display) line() ([]byte, error) {
	var header [dumpHeader]byte
	if _, err := d.pixels.ReadAt(header[:], 0); err != nil {
		return nil, fmt.Errorf("look at the screen: %w", err)
	}
	number := func(at int) int64 { return int64(binary.BigEndian.Uint32(header[at:])) }
	perLine := number(dumpBytesPerLine)
	if perLine != screenWidth*4 {
		return nil, fmt.Errorf("look at the screen: a line has %d bytes", perLine)
	}
	line := make([]byte, perLine)
	begin := number(dumpHeaderSize) + number(dumpColors)*dumpColor
	if _, err := d.pixels.ReadAt(line, begin+screenHeight/3*perLine); err != nil {
		return nil, fmt.Errorf("look at the screen: %w", err)
	}
	return line, nil
}

// drawn reports whether a window has drawn itself where the screen is black without one. A window of which nothing is
// drawn yet leaves black what it covers, and the window manager draws only around it.
func (d *display) drawn() (bool, error) {
	line, err := d.line()
	if err != nil {
		return false, err
	}
	for at := len(line) / 4; at < len(line)*3/4; at += 4 {
		if line[at] != 0 || line[at+1] != 0 || line[at+2] != 0 {
			return true, nil
		}
	}
	return false, nil
}

// glance is how often the screen is looked at: more often than it is drawn.
const glance = time.Millisecond

// await waits until a window has drawn itself, or until the screen is black again.
func (d *display) await(ctx context.Context, want bool) error {
	const patience = 20 * time.Second
	until := time.Now().Add(patience)
	for {
		is, err := d.drawn()
		switch {
		case err != nil || is == want:
			return err
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case time.Now().After(until):
			return errors.New("the screen does not change")
		}
		time.Sleep(glance)
	}
}
